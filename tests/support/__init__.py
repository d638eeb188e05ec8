"""What tests share: samples, models written apart, and helpers. No tests."""
