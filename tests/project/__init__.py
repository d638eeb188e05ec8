"""Tests of the project: its files, tools, guides, launcher and wheel."""
