"""Editing: what an editor of feature files offers: values, fixes of findings, the first text of a new file, and the engine's answer for a failed example.

Computes texts and changes of texts, and writes nothing. The findings are those of `steps.lint`, a run of a draft is one of `steps.run`.
"""

__all__ = ["accepted_answers", "drafts", "fixes", "new_feature", "other_files", "text_edits"]
