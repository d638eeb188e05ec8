"""Tests of `sop verify --watch`."""
