"""Tests with hostile input, and with processes that end at the wrong moment."""
