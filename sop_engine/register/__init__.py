"""The registers as they are worked with: readings that are tried, and changes that are written.

A change of a register is text in, text out: comments and layout stay, and the result is read again by `sop_engine.reader` before
anything is written.
"""

__all__ = ["answers", "entries", "gap_parts", "new_version", "question_rows", "readings", "record_text", "rulings"]
