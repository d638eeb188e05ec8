"""Read `audit.json` line by line, as `reports.audit.audit_json` writes it: an audit of any size, with one entry in memory at a time.

The file has one value, or one entry of a list, in each line.
"""

import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from reports.html.errors import ReportError
from sop_engine.input_files import parse_json, require_regular
from sop_engine.text import path_shown

AUDIT: Final = "audit.json"
NAME_THE_FOLDER: Final = "name the folder of an earlier audit, such as build/audits/2026-06-30"
_LIST = re.compile(rb'"(\w+)": \[\n')
_AROUND = (b"{\n", b"}\n", b"\n")
_VALUE = re.compile(rb'"(\w+)": (.+?),?\n', re.DOTALL)


@dataclass(frozen=True, slots=True)
class AffectedOrders:
    """How many orders of an audit each gap concerns: in a finding, a duty, or a row that was set aside; and the day of the audit."""

    as_of: str
    by_gap: Mapping[str, int]


def audit_lines(folder: Path) -> Iterator[tuple[str, Any]]:
    """Yield name and value of each value of the audit in *folder*, and name and entry of each entry of its lists, in their order.

    Raises:
        ReportError: there is no audit, or it is damaged.
        UnreadableFileError: the file is of another kind.
        OSError: it cannot be read.
    """
    file = folder / AUDIT
    if not file.is_file():
        raise ReportError(path_shown(folder), f"it has no {AUDIT}", NAME_THE_FOLDER)
    require_regular(file, NAME_THE_FOLDER, sys.maxsize)
    with file.open("rb") as lines:
        yield from _entries(lines, file)


def _entries(lines: Iterable[bytes], file: Path) -> Iterator[tuple[str, Any]]:
    in_list, line = "", b""
    for number, line in enumerate(lines, 1):
        match = _VALUE.fullmatch(line)
        try:
            if in_list and line == b"],\n":
                in_list = ""
            elif in_list and line != b"\n":
                yield in_list, parse_json(line.rstrip(b",\n"))
            elif begins := _LIST.fullmatch(line):
                in_list = begins[1].decode()
            elif match is not None:
                yield match[1].decode(), parse_json(match[2])
            elif line not in _AROUND:
                raise _damaged(file, f"line {number:,} does not have the form that `sop audit` writes")
        except ValueError as error:
            raise _damaged(file, f"line {number:,}: {error}") from None
    if line != b"}\n":
        raise _damaged(file, "it is cut off")


def affected_orders(folder: Path) -> AffectedOrders:
    """Count the orders of the audit in *folder* that each gap concerns.

    Raises:
        ReportError: there is no audit, or it is damaged.
        UnreadableFileError: the file is of another kind.
        OSError: it cannot be read.
    """
    orders: dict[str, set[str]] = defaultdict(set)
    as_of = ""
    try:
        for name, value in audit_lines(folder):
            if name == "as_of":
                as_of = str(value)
            elif name in {"findings", "duties"}:
                for gap in value["gaps"]:
                    orders[gap].add(value["order_key"])
            elif name == "set_aside" and value["order"]:
                for reason in value["reasons"]:
                    if reason["gap"]:
                        orders[reason["gap"]].add(value["order"].strip().upper())
    except (KeyError, TypeError, AttributeError) as error:
        raise _damaged(folder / AUDIT, f"it lacks {error}") from None
    return AffectedOrders(as_of, {gap: len(keys) for gap, keys in orders.items()})


def latest_audit(folder: Path) -> Path | None:
    """Return the audit of the latest day among the folders in *folder*, or None if there is none; what is no audit is passed over."""
    days: list[tuple[str, Path]] = []
    for file in folder.glob(f"*/{AUDIT}"):
        try:
            day = next((value for name, value in audit_lines(file.parent) if name == "as_of"), None)
        except (ReportError, OSError):
            continue
        if isinstance(day, str):
            days.append((day, file.parent))
    return max(days, default=(None, None))[1]


def _damaged(file: Path, why: str) -> ReportError:
    return ReportError(path_shown(file), f"it is not an audit of this program ({why})", NAME_THE_FOLDER)
