"""The files of a small log, and ways to spoil a table."""

import csv
from pathlib import Path

from orders.log.export.formats import ENDINGS, LogFormat


def file_of(folder: Path, form: LogFormat) -> Path:
    return folder / f"log-base-0000.{ENDINGS[form]}"


def spoil_csv(file: Path, change) -> None:
    with file.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    rows = change(rows) or rows
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def cell(place: int, **cells: str):
    return lambda rows: rows[place].update(cells)


def without(*names: str):
    return lambda rows: [{name: value for name, value in row.items() if name not in names} for row in rows]
