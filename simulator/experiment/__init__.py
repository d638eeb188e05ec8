"""Experiments: TOML files of settings, read strictly, and the variants that they compare.

Knows what can be set, within which range and from which source. It leaves the effect of the settings to `simulator.model`.
"""

__all__ = ["experiment", "schedule", "settings", "sources", "values", "variants"]
