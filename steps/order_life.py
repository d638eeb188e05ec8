"""Sentences about order_life."""
