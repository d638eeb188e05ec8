"""Tests of `sop_runs`."""
