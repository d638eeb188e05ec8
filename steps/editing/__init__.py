"""Editing of feature files: offered values, fixes of findings, new files, renamed step sentences, and the engine's answer for a failed example.

Computes texts and changes of texts, and writes nothing. The findings are those of `steps.lint`, a run of a draft is one of `steps.run`.
"""

__all__ = ["accepted_answers", "drafts", "fixes", "module_text", "new_feature", "other_files", "renaming", "text_edits"]
