"""Tests of the event log as OCEL 2.0."""
