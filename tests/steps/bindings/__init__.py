"""Tests of what sentences are made of: `steps.definitions`, `steps.support` and `steps.bindings`."""
