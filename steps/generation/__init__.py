"""Generated feature text: scenarios from simulated orders, and proposals for missing examples.

Writes an order or a situation with the step sentences of `steps.bindings`. The orders come from `simulator`.
"""

__all__ = [
    "aligned_features",
    "case_scenarios",
    "example_places",
    "feature_text",
    "feature_writer",
    "proposals",
    "version_copies",
]
