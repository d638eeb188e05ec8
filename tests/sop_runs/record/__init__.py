"""Tests of run records: reading and writing them."""
