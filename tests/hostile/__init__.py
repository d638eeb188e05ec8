"""Tests with input that nobody should write, and with processes that end at the wrong moment."""
