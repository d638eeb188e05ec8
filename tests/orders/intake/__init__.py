"""Tests of the intake of real orders."""
