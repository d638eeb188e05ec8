"""From the records of a register to words, statements and gaps.

Knows the keys of each record and refuses what is wrong with its place. Both files of a rulebook are read by `sop_engine.reader`; whether
the statements fit each other is left to `sop_engine.verification`.
"""

__all__ = ["gaps", "words"]
