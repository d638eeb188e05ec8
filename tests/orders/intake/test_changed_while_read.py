"""A file that another program writes while it is read is refused, whatever the reader makes of it."""

import pyarrow as pa
import pytest
from openpyxl import Workbook
from pyarrow import parquet

from orders.intake.errors import IntakeError
from orders.intake.mapping.reading import read_mapping
from orders.intake.reading import read_sources
from tests.support.intake import ASSURE, AUDIT, HEADER, lines, orders

ROWS = lines(*orders(50))


def text(folder):
    (folder / "orders.csv").write_text(ROWS)
    return folder / "orders.csv"


def other_encoding(folder):
    (folder / "orders.csv").write_bytes(ROWS.encode("utf-16"))
    return folder / "orders.csv"


def workbook(folder):
    book = Workbook()
    for row in ROWS.splitlines():
        book.active.append(row.split(","))
    book.save(folder / "orders.xlsx")
    return folder / "orders.xlsx"


def columns(folder):
    cells = list(zip(*(row.split(",") for row in orders(50)), strict=True))
    parquet.write_table(pa.table(dict(zip(HEADER.split(","), cells, strict=True))), folder / "orders.parquet")
    return folder / "orders.parquet"


def parts(folder):
    (folder / "orders").mkdir()
    for name in ("a.csv", "b.csv"):
        (folder / "orders" / name).write_text(ROWS)
    return folder / "orders"


CHANGES = {
    "one byte": lambda content: content[:-9] + b"X" + content[-8:],
    "no UTF-8": lambda content: content[:-300] + b"\xff" * 300,
    "an open quote": lambda content: content.replace(b"SELLER", b'"ELLER'),
    "longer": lambda content: content * 2,
    "shorter": lambda content: content[: len(content) // 2],
    "empty": lambda _: b"",
    "removed": lambda _: None,
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
@pytest.mark.parametrize("make", [text, other_encoding, workbook, columns, parts])
def test_the_error_says_that_the_file_was_changed(tmp_path, make, change):
    file = make(tmp_path)
    (tmp_path / "audit.toml").write_text(f'{AUDIT}[[source]]\nfile = "{file.name}"\n{ASSURE}')
    written = file / "b.csv" if file.is_dir() else file

    def write(_):
        content = change(written.read_bytes()) if written.exists() else None
        written.unlink(missing_ok=True)
        if content is not None:
            written.write_bytes(content)

    with pytest.raises(IntakeError) as error:
        read_sources(read_mapping(tmp_path / "audit.toml"), progress=write)
    assert str(error.value) == f"{file.name}: it was changed while it was read; run it again when no program writes into it"


def test_a_part_that_is_added_meanwhile_is_a_change(tmp_path):
    file = parts(tmp_path)
    (tmp_path / "audit.toml").write_text(f'{AUDIT}[[source]]\nfile = "{file.name}"\n{ASSURE}')

    with pytest.raises(IntakeError, match="changed while it was read"):
        read_sources(read_mapping(tmp_path / "audit.toml"), progress=lambda _: (file / "c.csv").write_text(ROWS))
    read_sources(read_mapping(tmp_path / "audit.toml"), progress=lambda _: (file / "_SUCCESS").write_text(""))
