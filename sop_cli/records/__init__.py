"""Records of the registers, clauses and gaps: added or edited by options or prompts, proved, announced, and written.

The registers are changed as text in `sop_engine.register`; files are written by `sop_cli.answers`.
"""

__all__ = ["preview", "record_text"]
