"""The life of one order from the files of an audit that is done, so that it is shown without auditing again."""

import json
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any, Final

import duckdb

from reports.audit.audit_json import JSON_FILE
from reports.audit.material import AuditMaterial
from reports.audit.order_life import order_key, order_life
from reports.audit.store import DATABASE, MEMORY
from reports.html.errors import ReportError
from sop_engine import Reading, SopError, load_rulebook
from sop_engine.errors import did_you_mean
from sop_engine.text import quoted

OF_ORDERS: Final = ("rows", "requests", "documents", "answers", "findings", "duties")
"""The tables whose rows name an order."""
NEAR: Final = 20
"""Orders with a like number of which the nearest is suggested."""
_AUDIT_AGAIN: Final = "audit the files again"


def stored_life(folder: Path, order: str) -> dict[str, Any]:
    """Return the life of *order* from the audit in *folder*; see `reports.audit.order_life.OrderLife`.

    Raises:
        SopError: no file of the audit names the order, or the audit is of another version of the program or of the rulebook.
    """
    head = _head_of(folder / JSON_FILE)
    rulebook = load_rulebook()
    if head["rulebook"] != {"name": rulebook.name, "sha256": rulebook.sha256}:
        raise SopError(f"the rulebook has changed since the audit {folder.name}; {_AUDIT_AGAIN}")
    key = order_key(order)
    try:
        with duckdb.connect(str(folder / DATABASE), read_only=True, config={"memory_limit": MEMORY, "threads": 2}) as database:
            sources = database.sql("SELECT * FROM sources").to_arrow_table()
            tables: dict[str, Any] = {
                name: database.sql(f'SELECT * FROM "{name}" WHERE order_key = ?', params=[key]).to_arrow_table()  # noqa: S608 (a name from the list above)
                for name in OF_ORDERS
            }
            if not any(table.num_rows for table in tables.values()):
                near = database.execute(
                    "SELECT DISTINCT order_key FROM (SELECT order_key FROM requests UNION ALL SELECT order_key FROM documents)"
                    " WHERE order_key <> '' ORDER BY levenshtein(order_key, ?), order_key LIMIT ?",
                    [key, NEAR],
                ).fetchall()
                raise ReportError(f"order {quoted(order)}", "no file of this audit names it", did_you_mean(key, [name for (name,) in near]))
    except duckdb.Error as error:
        raise SopError(f"{folder.name}: its tables cannot be read ({str(error).splitlines()[0][:80]}); {_AUDIT_AGAIN}") from None
    material = AuditMaterial(
        as_of=date.fromisoformat(head["as_of"]), reading=Reading(head["reading"]), sources=sources, **tables, explained=(order,)
    )
    return asdict(order_life(order, material))


def _head_of(file: Path) -> dict[str, Any]:
    """Return what `audit.json` says of the whole audit; it is in the first lines, so that a large file is not read whole.

    Raises:
        SopError: it has another form.
    """
    head: dict[str, Any] = {}
    try:
        with file.open(encoding="utf-8") as stream:
            next(stream)
            for line in stream:
                head |= json.loads(f"{{{line.strip().removesuffix(',')}}}")
                if "rulebook" in head:
                    return head
    except (OSError, ValueError, StopIteration):
        pass
    raise SopError(f"{file.parent.name}: {file.name} is not as this program writes it; {_AUDIT_AGAIN}")
