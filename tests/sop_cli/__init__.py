"""Tests of the `sop` command."""
