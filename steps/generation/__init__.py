"""Generated feature text: scenarios from simulated orders, proposals for missing examples, and renamed step sentences.

Writes an order or a situation with the step sentences of `steps.bindings`. The orders come from `simulator`.
"""

__all__ = [
    "aligned_features",
    "case_scenarios",
    "example_places",
    "feature_text",
    "feature_writer",
    "module_text",
    "proposals",
    "renaming",
    "version_copies",
]
