"""The runs beside a run: how many examples there were and how many passed, one after the other."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MOST = 24
TAIL = 4096
"""Bytes at the end of a record in which its closing line lies."""
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_ID = re.compile(r"(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)")


@dataclass(frozen=True, slots=True)
class PastRun:
    """A run of everything: its id, how it ended, and its counts."""

    run_id: str
    state: str
    written: int
    passed: int
    failed: int
    findings: int

    @property
    def idle(self) -> int:
        """Examples that were written and did not run."""
        return max(0, self.written - self.passed - self.failed)

    @property
    def when(self) -> str:
        """When it began, in UTC, if its id says so; otherwise its id."""
        found = _ID.match(self.run_id)
        if found is None or not 1 <= int(found[2]) <= len(MONTHS):
            return self.run_id
        return f"{int(found[3])} {MONTHS[int(found[2]) - 1]} {found[1]}, {found[4]}:{found[5]}"

    @property
    def says(self) -> str:
        """How it went."""
        told = [f"{self.passed:,} of {self.written:,} passed"]
        told += [f"{self.failed:,} failed"] if self.failed else []
        told += [f"{self.idle:,} did not run"] if self.idle else []
        told += [f"{self.state}"] if self.state != "complete" else []
        return ", ".join(told)


def history(folder: Path | None) -> tuple[PastRun, ...]:
    """The run in *folder* and those before it, oldest first; runs of a selection and those that cannot be read are left out."""
    if folder is None or not folder.parent.is_dir():
        return ()
    earlier = sorted(each for each in folder.resolve().parent.iterdir() if each.is_dir() and each.name <= folder.resolve().name)
    return tuple(_runs(earlier))[-MOST:]


def _runs(folders: list[Path]) -> Iterator[PastRun]:
    for folder in folders:
        try:
            manifest, closing = _ends(folder / "run.ndjson")
            if manifest["type"] != "manifest" or manifest["selection"] is not None:
                continue
            if closing.get("type") != "closing":
                yield PastRun(folder.name, "incomplete", int(manifest["written"]), 0, 0, 0)
                continue
            counts = closing["counts"]
            yield PastRun(
                folder.name,
                str(closing["state"]),
                int(counts["written"]),
                int(counts["passed"]),
                int(counts["failed"]),
                int(closing["findings"]),
            )
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            continue


def _ends(file: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    with file.open("rb") as opened:
        first = json.loads(opened.readline())
        opened.seek(max(0, file.stat().st_size - TAIL))
        tail = opened.read().splitlines()
    try:
        last = json.loads(tail[-1])
    except (ValueError, IndexError):
        last = {}
    return first, last if isinstance(last, dict) else {}
