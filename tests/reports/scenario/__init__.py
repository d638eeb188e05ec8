"""Tests of the scenario report: figures, sentences and charts."""
