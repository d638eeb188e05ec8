"""Tests of the registers as they are worked with."""
