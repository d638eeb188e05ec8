"""Every writer of CSV: no cell can act as a formula in a spreadsheet, and a reader returns the texts that were written."""

import ast
import csv
import io
import json
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from itertools import product
from pathlib import Path

import pytest

from orders.log.columns import TEXT_COLUMNS, WORD_CODES, EventRow
from orders.log.event_log import Log
from orders.log.export.escaping import clean
from orders.log.export.formats import read_log
from orders.log.export.tables import write_log_csv, write_orders_csv
from orders.log.orders_table import ORDER_COLUMNS, ORDER_NUMBERS, OrderRow, OrdersTable
from orders.log.timestamps import START_MS
from reports.audit.csv_files import write_csv_files
from reports.site.context import context_of
from reports.site.pages.traceability import questions_csv
from sop_cli.answers.question_files import write_questions
from sop_cli.commands import table
from sop_engine.text import text_of_cell
from sop_runs.record.reader import read_record
from tests.support.audit_samples import material
from tests.support.run_samples import record, write

ROOT = Path(__file__).parents[2]
PACKAGES = ("orders", "reports", "simulator", "sop_cli", "sop_engine", "sop_runs", "steps")
SIGNS = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20", "\u2212")
BLANKS = ("", " ", "\n", "\t", "\r", "\u00a0", "\u200b", "\ufeff", "\u3000", " \n\u00a0", "'", "''")
LOOKING_BLANK = tuple("\u2800\u115f\u1160\u3164\uffa0\u17b4\u180b\u180e\u2060\u2065\ufe00\ufe0f\u034f\U000e0100\U000e0fff")
"""Characters without ink that are no spaces: letters, marks, selectors, formats, and unassigned ones that are to be ignored."""
SEPARATORS = (";", ",", "|", ";;", " ; ", "\u3164,")
FORMULAS = tuple(f"{blank}{sign}cmd|' /C calc'!A0" for blank, sign in product((*BLANKS, *LOOKING_BLANK, *SEPARATORS), SIGNS))
REAL = (
    "-5",
    "+91 22 1234",
    "=",
    "'s-Hertogenbosch",
    "' '",
    "\t",
    " two",
    "a = b",
    'quo"ted',
    "one, two",
    "12",
    "शून्य",
    "; two",
    ",",
    "\uffa0\ud55c",
    "\u0301a",
)
"""Real values, some of which look like formulas."""
TEXTS = (*FORMULAS, *REAL)


def log_csv(texts: Sequence[str], folder: Path) -> bytes:
    row = EventRow(None, 1, "created", "Ajio", "customer", at=START_MS)
    rows = [row._replace(at=START_MS + place, **dict.fromkeys(TEXT_COLUMNS, text)) for place, text in enumerate(texts)]
    orders = [OrderRow(1, texts[0])]
    write_log_csv([Log.from_rows(rows)], folder / "log-x.csv")
    write_orders_csv([OrdersTable.from_rows(orders)], folder / "orders-x.csv")
    return (folder / "log-x.csv").read_bytes()


def orders_csv(texts: Sequence[str], folder: Path) -> bytes:
    write_orders_csv([OrdersTable.from_rows(list(map(order_row, range(1, len(texts) + 1), texts)))], folder / "orders-x.csv")
    return (folder / "orders-x.csv").read_bytes()


def order_row(number: int, text: str) -> OrderRow:
    cells = {name: number if name in ORDER_NUMBERS else "" if name in WORD_CODES else text for name in ORDER_COLUMNS}
    return OrderRow(**cells)  # type: ignore[arg-type]


def table_csv(texts: Sequence[str], _: Path) -> bytes:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(table, "_decision_cells", lambda text: [text] * len(table.COLUMNS))
        return table._table_as_csv(texts).encode()


def question_csv(texts: Sequence[str], folder: Path) -> bytes:
    lines = [json.loads(json.dumps(line)) for line in record()]
    gaps = next(line for line in lines if line["type"] == "rulebook")["gaps"]
    pages = []
    for text in texts:
        gaps[0] |= dict.fromkeys(("title", "question", "chosen", "why"), text)
        pages.append(questions_csv(context_of(read_record(write(lines, folder)))).decode("utf-8-sig"))
    return "".join(pages).encode()


def questions_to_answer_csv(texts: Sequence[str], folder: Path) -> bytes:
    write_questions(folder / "questions.csv", [[text, text] for text in texts])
    return (folder / "questions.csv").read_bytes()


def audit_csv(texts: Sequence[str], folder: Path) -> bytes:
    one = material()
    names = ("order_text", "text", "remedy", "document")
    findings = [{**one.findings.slice(0, 1).to_pylist()[0], **dict.fromkeys(names, text)} for text in texts]
    duties = [
        {**one.duties.slice(0, 1).to_pylist()[0], **dict.fromkeys(("order_text", "invoice", "done_by", "remark"), text)} for text in texts
    ]
    row = one.rows.slice(10, 1).to_pylist()[0]
    rows = [
        row | {"order_text": text, "reasons": [row["reasons"][0] | dict.fromkeys(("column", "text", "message", "remedy"), text)]}
        for text in texts
    ]
    tables = {"findings": findings, "duties": duties, "rows": rows}
    write_csv_files(
        folder,
        material(**{name: table.from_pylist(plain, table.schema) for name, plain in tables.items() for table in [getattr(one, name)]}),
    )
    contents = [(folder / f"{name}.csv").read_bytes().removeprefix(b"\xef\xbb\xbf") for name in tables]
    return b"".join(contents)


WRITERS: dict[str, tuple[Callable[[Sequence[str], Path], bytes], ...]] = {
    "reports/audit/csv_files.py": (audit_csv,),
    "orders/log/export/tables.py": (log_csv, orders_csv),
    "sop_cli/answers/question_files.py": (questions_to_answer_csv,),
    "sop_cli/commands/table.py": (table_csv,),
    "reports/site/pages/traceability.py": (question_csv,),
}
"""The functions that write CSV in each module that does."""
OF_FEATURES = "steps/support/audits.py"
"""Writes the tables of features into a temporary folder, as exports for the audit: their cells are as they stand."""


def modules_that_write_csv() -> Iterator[str]:
    for file in (file for package in PACKAGES for file in sorted((ROOT / package).rglob("*.py"))):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            name = node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
            if name in {"DictWriter", "write_csv"} or (isinstance(node, ast.Attribute) and ast.unparse(node) == "csv.writer"):
                yield file.relative_to(ROOT).as_posix()


def test_every_module_that_writes_csv_is_tested_here() -> None:
    assert set(modules_that_write_csv()) == {*WRITERS, OF_FEATURES}


def acts_as_formula(cell: str) -> bool:
    """Return whether a spreadsheet could take *cell* for a formula, by the rule of this test: blanks and separators are skipped, signs folded."""
    visible_text = cell.lstrip("".join((*map(chr, range(33)), *BLANKS[5:9], *LOOKING_BLANK, *";,|")))
    return not re.fullmatch(r"-?\d+", cell) and unicodedata.normalize("NFKC", visible_text)[:1] in set("=+-@\u2212")


@pytest.mark.parametrize("write_texts", [function for functions in WRITERS.values() for function in functions])
def test_no_cell_acts_as_a_formula_and_all_texts_can_be_read_back(
    write_texts: Callable[[Sequence[str], Path], bytes], tmp_path: Path
) -> None:
    texts = [text for text in map(clean, TEXTS) if text and (write_texts is not table_csv or "\r" not in text)]  # no word has one
    texts = texts[:: 20 if write_texts is question_csv else 1]
    content = write_texts(texts, tmp_path).decode("utf-8-sig")
    cells = [cell for row in csv.reader(io.StringIO(content, newline="")) for cell in row]

    assert [cell for cell in cells if acts_as_formula(cell)] == []
    assert set(texts) <= set(map(text_of_cell, cells))


def test_a_log_and_its_orders_are_read_as_they_were_written(tmp_path: Path) -> None:
    texts = [text for text in map(clean, TEXTS) if text]
    log_csv(texts, tmp_path)
    orders_csv(texts, tmp_path)

    log = read_log(tmp_path / "log-x.csv")

    for name in TEXT_COLUMNS:
        assert [getattr(row, name) for row in log.log.rows()] == texts
    assert list(log.orders.rows()) == list(map(order_row, range(1, len(texts) + 1), texts))


@pytest.mark.parametrize("text", ["'s-Hertogenbosch", "'", "'12'", "''", "''x"])
def test_a_text_of_another_program_that_begins_with_an_apostrophe_stays(text: str) -> None:
    assert text_of_cell(text) == text
