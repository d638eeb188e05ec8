"""Tests of `steps.language`."""
