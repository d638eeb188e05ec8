"""Answers of the document's owner, put into the registers and the features: tried, announced, and written together.

The registers are parsed and changed in `sop_engine.register`, the features in `steps.generation`; a run in a copy shows what holds.
"""

__all__ = ["announcement", "audited", "change_listing", "places", "question_files", "trial", "writing"]
