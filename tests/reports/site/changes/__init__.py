"""Tests of what changed between a run and what it is compared with."""
