"""Tests of `steps.run`."""
