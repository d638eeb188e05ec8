"""Tests of what is written of an audit."""
