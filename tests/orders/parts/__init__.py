"""Tests of the audit of real orders."""
