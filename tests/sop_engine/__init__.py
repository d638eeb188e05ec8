"""Tests of `sop_engine`."""
