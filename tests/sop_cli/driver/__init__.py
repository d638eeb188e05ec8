"""Tests of `sop verify --driver`."""
