"""Tests of the Audit screen of the workbench: its methods, and its page in browsers."""
