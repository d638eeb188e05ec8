"""The runs beside a run: how many examples there were and how many passed, one after the other."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MOST = 24
TAIL = 4096
"""Bytes at the end of a record in which its closing line lies."""


@dataclass(frozen=True, slots=True)
class PastRun:
    """A run of everything: its id, how it ended, and its counts."""

    run_id: str
    state: str
    written: int
    passed: int
    failed: int
    findings: int


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
