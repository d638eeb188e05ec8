"""Sentences about returns."""
