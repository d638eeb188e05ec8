"""Tests that no word of the rulebook or of the features changes unnoticed."""
