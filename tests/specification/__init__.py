"""Tests of the specification itself: rulebook, features, and what was written apart to contradict them."""
