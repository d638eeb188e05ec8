"""Experiments: TOML files of settings, read strictly, and the variants that they compare.

Defines what can be set, within which range and from which source. `simulator.model` defines what the settings do.
"""

__all__ = ["experiment", "schedule", "settings", "sources", "variants"]
