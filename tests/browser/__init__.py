"""Tests that open pages in Chromium."""
