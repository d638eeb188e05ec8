"""No name, address, phone number or e-mail address of a file is in any output: 200 planted, every byte searched."""

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from pyarrow import parquet

from reports.audit.writing import FILES
from sop_cli.main import main
from tests.support.audit_files import make_examples

pytestmark = pytest.mark.slow
PERSONAL = (
    "Customer Name",
    "Buyer Name",
    "Shipping Address Line 1",
    "Billing City",
    "Customer Email",
    "Notification Mobile",
    "Pincode",
    "Consignee",
)
"""Columns that are never kept."""
COLUMNS = "Channel Order ID,Order Qty,Cancelled Qty,Cancelled By,OMS Status,WMS Status,Posted At,E-Invoice No,E-Invoice At,Pushed At,Cancelled At,Result"
GOOD = "FN{},1,1,SELLER,FULFILLABLE,,20-06-2026 09:00,,,,20-06-2026 11:00,SUCCESS"
BAD = "FN{},1,1,SELLER,FULFILLABLE,,31-06-2026 09:00,,,,20-06-2026 11:00,SUCCESS"


def planted() -> tuple[str, list[str]]:
    """A file with a personal token in each slot, and the tokens: names and addresses in personal columns, e-mails and phones anywhere."""
    tokens: list[str] = []

    def token(kind: str) -> str:
        number = len(tokens)
        tokens.append({"name": f"Zaqiel{number:03}", "email": f"zaq{number:03}@mail.example", "phone": f"98{number:08}"}[kind])
        return tokens[-1]

    lines = [f"{COLUMNS},{','.join(PERSONAL)},Unknown Remark"]
    for number in range(15):
        personal = [token(("name", "email", "phone")[place % 3]) for place in range(len(PERSONAL))]
        remark = token("name")
        lines.append(",".join([(GOOD if number % 2 else BAD).format(f"{number:04}"), *personal, remark]))
    for place, name in enumerate(COLUMNS.split(",")):
        for kind in ("email", "phone"):
            if kind == "phone" and name in {"Channel Order ID", "E-Invoice No"}:
                continue  # ten digits are a number there
            cells = GOOD.format(f"9{place:03}{len(kind)}").split(",")
            cells[place] = token(kind)
            lines.append(",".join([*cells, *[""] * len(PERSONAL), f"call {token('phone')} or {token('email')}"]))
    return "\n".join([*lines, ""]), tokens


def texts_of(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Every byte of every output: files as they are, workbooks unzipped, tables dumped."""
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        yield file.name, file.read_bytes()
        if file.suffix == ".xlsx":
            with zipfile.ZipFile(file) as archive:
                yield from ((f"{file.name}/{name}", archive.read(name)) for name in archive.namelist())
        elif file.suffix == ".parquet":
            table = parquet.read_table(file)
            yield f"{file.name} as text", repr((table.schema.metadata, table.to_pylist())).encode()
        elif file.suffix == ".duckdb":
            with duckdb.connect(str(file), read_only=True) as database:
                for (name,) in database.sql("SHOW TABLES").fetchall():
                    rows = database.sql(f'SELECT * FROM "{name}"').fetchall()  # noqa: S608 (a name of a table)
                    yield f"{file.name} {name}", repr(rows).encode()


def leaks(folder: Path, printed: str, tokens: list[str]) -> list[tuple[str, str]]:
    search = re.compile("|".join(map(re.escape, tokens)).encode())
    parts = [("console", printed.encode()), *texts_of(folder)]
    return [(name, token.decode()) for name, content in parts for token in search.findall(content)]


def test_no_personal_token_of_200_is_in_any_output(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    content, tokens = planted()
    monkeypatch.chdir(tmp_path)
    (tmp_path / "given").mkdir()
    (tmp_path / "given" / "orders.csv").write_text(content, encoding="utf-8")
    assert len(set(tokens)) == len(tokens) >= 200
    status = main(["audit", "given/orders.csv", "--as-of", "2026-07-15", "--explain", "FN0001", "--yes"])
    assert main(["audit", "--as-of", "2026-07-15", "--strict", "--out", "none"]) == 2
    assert main(["audit", "--as-of", "2026-07-15", "--json", "--out", "json"]) == 3
    printed = "".join(capsys.readouterr())
    leaked = leaks(tmp_path / "build", printed, tokens) + leaks(
        tmp_path / "json", (tmp_path / "audit.toml").read_text(encoding="utf-8"), tokens
    )

    assert status == 3
    assert "internal error" not in printed
    assert {file.name for file in (tmp_path / "build/audits/2026-07-15").iterdir()} >= set(FILES)
    assert leaked == []


def test_the_search_would_find_a_token_in_each_output(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_examples(tmp_path)
    monkeypatch.chdir(tmp_path)
    main(["audit"])
    names = {name for name, _ in leaks(tmp_path / "build", "FN0009", ["FN0009", "fn0010", "FN0002", "quality_check"])}

    assert {name for name in FILES if not any(part.startswith(name) for part in names)} == set()
    assert "console" in names
