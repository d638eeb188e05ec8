"""Experiments: TOML files of settings, read strictly, and the variants that they compare.

Knows what can be set, within which range, from which source and what else a setting needs. It leaves the effect of the settings to `simulator.model`.
"""

__all__ = [
    "dates",
    "effects",
    "expected_orders",
    "experiment",
    "orders_file",
    "own_orders",
    "plausible",
    "roster",
    "schedule",
    "settings",
    "sources",
    "values",
    "variants",
]
