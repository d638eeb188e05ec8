"""The audit of files, as the driver of this project's engine makes it: the intake and the rules of `orders`, as `sop audit` runs them.

Nothing of the audit's libraries is imported before an audit is made.
"""

from datetime import date
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from sop_engine import Reading
from steps.driver.protocol import AuditAnswer, NotSupportedError

PACKAGE, EXTRA = "pyarrow", "logs"
"""The package that an audit of CSV files needs besides those of the main job, and the extra with it."""
_REASON_PARTS = ("id", "letter", "column", "text", "message", "remedy", "gap")


def audit_files(mapping_file: Path, as_of: date, reading: Reading) -> AuditAnswer:
    """Read the files that a mapping names, beside it, and audit them as of a day.

    Raises:
        NotSupportedError: a package that the audit needs is not installed.
        SopError: a file cannot be read.
    """
    if find_spec(PACKAGE) is None:
        raise NotSupportedError(
            f"not supported here: the audit needs the package `{PACKAGE}` of the extra `{EXTRA}`, which is not installed"
        )
    mapping = import_module("orders.intake.mapping.reading").read_mapping(mapping_file)
    intake = import_module("orders.intake.reading").read_sources(mapping, as_of)
    tables = import_module("orders.audit.tables").Tables(intake.rows, intake.requests, intake.documents, intake.sources)
    options = import_module("orders.audit.rules.context").Options(stock_in_erp=mapping.stock_in_erp)
    result = import_module("orders.audit.audit").audit(tables, as_of, reading, options)
    names = [source["name"] for source in intake.sources.to_pylist()]
    set_aside = [
        (names[row["source"]], row["row"], [{part: reason[part] for part in _REASON_PARTS} for reason in row["reasons"] or ()])
        for row in intake.rows.to_pylist()
        if row["state"] == "set aside"
    ]
    return AuditAnswer(
        findings=result.findings.to_pylist(),
        duties=result.duties.to_pylist(),
        cancelled_after_posting=result.cancelled_after_posting.to_pylist(),
        returned_units=result.returned_units.to_pylist(),
        set_aside=set_aside,
    )
