"""Mutated exports: whatever is in a file, its rows are conserved, or it is refused in one line.

Each file is a function of its number, so one can be repeated alone::

    python -m tests.support.intake_mutations [--files 1000000] [--workers 2] [--again 12345]
"""

import argparse
import multiprocessing
import random
import re
import signal
import sys
import tempfile
import traceback
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

from orders.audit.tables import RowState
from orders.intake.errors import IntakeError
from orders.intake.mapping.reading import read_mapping
from orders.intake.mapping.source_mapping import AuditMapping
from orders.intake.reading import Intake, read_sources
from sop_engine.text import visible

FOLDER = Path(__file__).parents[1] / "samples" / "audit"
SECONDS = 10
PIECES = (
    b'"', b'""', b",", b"\n", b"\r", b"\r\n", b"\0", b"\xff", b"\xef\xbb\xbf", b"'", b" ", b"\xc2\xa0", b"\xe2\x80\x8b", b"1.23E+15", b"NA", b"-",
    b"31-06-2026 09:00", b"45810", b"Total", b"Grand Total", b";", b"\t", b'",', b',"', b"\xe2\x80\xa8", b"0", b"99999999999999999999", b"=1+1",
)  # fmt: skip


@cache
def _mapping() -> AuditMapping:
    return read_mapping(FOLDER / "audit.toml")


@cache
def _content(place: int) -> bytes:
    return _mapping().sources[place].file.read_bytes()


def mutated(number: int) -> tuple[int, bytes]:
    """Return which example file is changed, and its content with one to four changes."""
    rng = random.Random(number)  # noqa: S311 (mutations)
    place = rng.randrange(3)
    content = bytearray(_content(place))
    for _ in range(rng.randint(1, 4)):
        _change(content, rng)
    return place, bytes(content)


def _change(content: bytearray, rng: random.Random) -> None:
    at = rng.randrange(len(content) + 1)
    match rng.randrange(9):
        case 0 if content:
            content[min(at, len(content) - 1)] ^= 1 << rng.randrange(8)
        case 1:
            del content[at:]
        case 2:
            del content[at : at + rng.randint(1, 40)]
        case 3 | 4:
            content[at:at] = rng.choice(PIECES)
        case 5:
            start = rng.randrange(len(content) + 1)
            content[at:at] = content[start : start + rng.randint(1, 200)]
        case 6:
            rows = bytes(content).split(b"\n")
            rng.shuffle(rows)
            content[:] = b"\n".join(rows)
        case 7:
            rows = bytes(content).split(b"\n")
            row = rng.randrange(len(rows))
            cells = rows[row].split(b",")
            rng.shuffle(cells)
            rows[row] = b",".join(cells)
            content[:] = b"\n".join(rows)
        case _:
            content[:] = content.replace(rng.choice(PIECES[:6]), rng.choice(PIECES), rng.randint(1, 3))


def check(number: int, folder: Path) -> str:
    """Read file *number*; return ``read`` or ``refused``.

    Raises:
        AssertionError: rows are lost, or a message has more than one line.
    """
    place, content = mutated(number)
    source = _mapping().sources[place]
    file = folder / source.file.name
    file.write_bytes(content)
    try:
        intake = read_sources(replace(_mapping(), sources=(replace(source, file=file),)))
    except IntakeError as error:
        lines = str(error).count("\n") + 1
        if lines > 1:
            raise AssertionError(lines) from error
        return "refused"
    check_rows(intake)
    if b'"' not in content and source.encoding is None:
        expected = _lines(content)
        assert intake.rows.num_rows == expected, (intake.rows.num_rows, expected)
    return "read"


def _lines(content: bytes) -> int:
    """Return the number of lines, which without quotes are the rows."""
    for mark in (b"\xef\xbb\xbf",):
        content = content.removeprefix(mark)
    lines = re.split(rb"\r\n|\r|\n", content)
    return len(lines) - (not lines[-1])


def check_rows(intake: Intake) -> None:
    """Check that every row has one state, that the states add up, and that each row set aside has a reason."""
    rows = intake.rows.to_pylist()
    sources = intake.sources.to_pylist()
    assert [row["row"] for row in rows] == list(range(1, len(rows) + 1))
    counts = {str(state): sources[0][state.column] for state in RowState}
    assert sum(counts.values()) == sources[0]["rows"] == len(rows)
    for state, count in counts.items():
        assert sum(row["state"] == state for row in rows) == count
    assert all(bool(row["reasons"]) == (row["state"] == "set aside") for row in rows)
    used = {row["row"] for row in rows if row["state"] == "used"}
    canonical = intake.requests if intake.requests.num_rows else intake.documents
    actual = canonical.column("row").to_pylist()
    assert sorted(actual) == sorted(used) or (not intake.requests.num_rows and set(actual) <= used), (actual, used)
    for row in rows:
        for reason in row["reasons"] or ():
            assert visible(reason["message"]) is not None
            assert len(reason["text"] or "") <= 60


def run(first: int, count: int) -> dict[str, int]:
    """Check *count* files from number *first*; return how many were read and refused, and the numbers that failed."""
    result = {"read": 0, "refused": 0}
    with tempfile.TemporaryDirectory() as folder:
        for number in range(first, first + count):
            signal.alarm(SECONDS)
            try:
                result[check(number, Path(folder))] += 1
            except BaseException:
                sys.stderr.write(f"file {number} failed; repeat it with --again {number}\n")
                raise
            finally:
                signal.alarm(0)
    return result


def main(arguments: Sequence[str] | None = None) -> int:
    """Check many files in parallel."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=20_000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--again", type=int)
    options = parser.parse_args(arguments)
    if options.again is not None:
        place, content = mutated(options.again)
        print(place, content)  # noqa: T201
        with tempfile.TemporaryDirectory() as folder:
            try:
                print(check(options.again, Path(folder)))  # noqa: T201
            except Exception:  # noqa: BLE001
                traceback.print_exc()
                return 1
        return 0
    size = 1000
    parts = [(first, min(size, options.files - first)) for first in range(0, options.files, size)]
    with multiprocessing.get_context("spawn").Pool(options.workers) as pool:
        results = pool.starmap(run, parts)
    print({name: sum(result[name] for result in results) for name in ("read", "refused")})  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())
