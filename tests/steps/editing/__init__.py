"""Tests of the room of editing."""
