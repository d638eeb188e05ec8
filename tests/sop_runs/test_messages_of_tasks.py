"""Messages about a table of tasks name the task of each row."""

from typing import Any

from sop_runs.claim_messages import differences
from sop_runs.record.schema import Claim

FACTS = {"canceller": "Ajio", "scope": "full", "invoicing": "ERP", "stage": "PROCESSING", "e_invoice": "pushed"}
REPORT, NOTE = "download the report of orders cancelled after posting", "make a credit note by hand and keep it in the ERP"
ROWS = [["download-report", "seller", "Ajio VMS Reports UI"], ["credit-note", "seller", "client's ERP"]]


def claims(actual: list[list[str]], **facts: str) -> list[Claim]:
    def claim(facet: str, expected: Any, got: Any, cell: tuple[int, int] | None = None) -> Claim:
        return Claim({"kind": "case", "facts": FACTS | facts}, "as-practised", facet, expected, got, expected == got, 3, cell)

    cells = [
        claim(facet, row[column], other[column], (number, column))
        for number, (row, other) in enumerate(zip(ROWS, actual, strict=True))
        for column, facet in ((1, "actor"), (2, "system"))
    ]
    return [claim("places", ROWS, actual), *cells]


def changed(row: int, column: int, word: str) -> list[list[str]]:
    return [[*cells[:column], word, *cells[column + 1 :]] if number == row else cells for number, cells in enumerate(ROWS)]


def test_a_part_of_a_row_is_named_with_its_task() -> None:
    case = "Ajio / full / ERP / PROCESSING / pushed"

    assert list(differences(claims(changed(0, 1, "Increff")))) == [
        f"the actor of the task `{REPORT}` for {case}: expected seller, got Increff"
    ]
    assert list(differences(claims(changed(1, 2, "WMS")))) == [
        f"the system of the task `{NOTE}` for {case}: expected client's ERP, got WMS"
    ]


def test_so_it_is_where_the_cases_of_a_scenario_differ() -> None:
    checked = [*claims(ROWS), *claims(changed(1, 1, "Increff"), e_invoice="generated")]

    [message] = [line for line in differences(checked) if "actor" in line]
    assert message.startswith(f"the actor of the task `{NOTE}` depends on the e-invoice: ")
