"""Tests of the workbench: its server through HTTP, and its parts without a server."""
