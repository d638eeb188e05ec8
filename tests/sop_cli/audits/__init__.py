"""Tests of `sop audit`."""
