"""Tests of `steps.driver`."""
