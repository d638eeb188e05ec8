"""Tests of the launcher, `run.py`."""
