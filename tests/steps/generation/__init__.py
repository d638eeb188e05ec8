"""Tests of `steps.generation`."""
