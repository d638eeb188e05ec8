"""The questions as a table, with how many orders of the last audit of real orders each of them concerns."""

from pathlib import Path

from reports.audit.audit_lines import affected_orders, latest_audit
from sop_cli.paths import AUDITS
from sop_engine.reader import Rulebook
from sop_engine.register.question_rows import question_rows

"""The folder in which `sop audit` puts its folders."""


def rows_with_orders(rulebook: Rulebook, audit: Path | None = None) -> list[list[str]]:
    """Return the rows of `question_rows` with the orders of *audit*, otherwise of the latest one in `AUDITS`, where there is one.

    Raises:
        ReportError: *audit* is no audit, or it is damaged.
        UnreadableFileError: its file is of another kind.
    """
    audit = audit or latest_audit(AUDITS)
    if audit is None:
        return list(question_rows(rulebook))
    touched = affected_orders(audit)
    return list(question_rows(rulebook, touched.by_gap, touched.as_of))
