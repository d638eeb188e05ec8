"""The exit statuses of `sop`; ADR 7 defines them."""

GOOD, BAD_NEWS, MISUSE, OUR_FAULT, INTERRUPTED = 0, 1, 2, 3, 130
