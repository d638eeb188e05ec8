"""Tests of the gate on a run of the specification."""
