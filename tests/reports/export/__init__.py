"""Tests of `reports.export`."""
