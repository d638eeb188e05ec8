"""Tests of `reports.site`, without a browser."""
