"""Tests of `reports.document`."""
