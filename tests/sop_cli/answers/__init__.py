"""Tests of answers of the document's owner."""
