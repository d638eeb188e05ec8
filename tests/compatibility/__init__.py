"""Tests with other people's programs that read what is written here."""
