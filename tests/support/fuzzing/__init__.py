"""The inputs of the fuzzer and the readers that they are given to, by subject; `tests.support.fuzz` runs them."""
