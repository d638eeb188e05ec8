"""Tests of `steps.lint`."""
