"""Tests of binding modules that a user adds to those of the program."""
