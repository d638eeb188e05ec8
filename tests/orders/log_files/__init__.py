"""Tests of the event log as files: what is written is what is read."""
