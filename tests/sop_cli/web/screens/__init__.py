"""Tests of the screens of the workbench."""
