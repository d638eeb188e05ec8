"""Every finding and every duty of a grid of orders is a whole sentence: none has an empty slot."""

import re
from itertools import product

import pytest

from orders.audit.tables import WORDS, Kind, Observed
from sop_engine import Reading
from tests.support.audit_runs import back, cancelled, document, line, minute, note, run
from tests.support.audit_tables import bits

EMPTY_SLOT = re.compile(
    r"  |\bNone\b|\(\)|\( | \)| [,.:;]|``|“”|\"\"|\b(?:and|or|of|on|at|by|is|in|from|depends|row) +(?:(?:and|or|at)\b|:|[,.;)]|$)"
)
"""What is left of a sentence in which a part was empty."""
TIMES = {
    "never": dict.fromkeys(("posted_start", "posted_end", "invoiced_start", "invoiced_end", "invoice_key")),
    "posted": {"invoiced_start": None, "invoiced_end": None, "invoice_key": None},
    "generated": {},
    "late": minute("invoiced", 5),
    "in the same hour": {**minute("posted", 4), **minute("invoiced", 4)},
    "day only": {"invoiced_start": minute("invoiced", 4, 0)["invoiced_start"], "invoiced_end": minute("invoiced", 5, 0)["invoiced_start"]},
    "undated invoice": {"invoiced_start": None, "invoiced_end": None},
    "undated": {"cancelled_start": None, "cancelled_end": None},
}
STAGES = [
    *((stage,) for stage in WORDS["stage"]),
    ("PROCESSING", "PACKED"),
    ("FULFILLABLE", "PROCESSING", "PACKED", "READY_TO_DISPATCH"),
    WORDS["stage"],
]
SETS = {
    "canceller": (("seller",), ("Ajio",), ("seller", "Ajio"), WORDS["canceller"], ("customer",)),
    "invoicing": (("ERP",), ("RMS",), ("ERP", "RMS")),
    "stage": STAGES,
}


def requests():
    """An order for each combination of what a row of the OMS can say."""
    units = ({"units": 2, "units_cancelled": 2}, {"units": 2, "units_cancelled": 1}, {"units": 2, "units_cancelled": None})
    observed = [{"carried_out": word} for word in Observed] + [{"carried_out": Observed.NO, "packing_error": True}]
    grid = product(*SETS.values(), TIMES.values(), units, observed)
    for number, (*words, times, how_much, result) in enumerate(grid):
        facts = {name: bits(name, *chosen) for name, chosen in zip(SETS, words, strict=True)}
        yield cancelled(f"A{number}", **facts, **times, **how_much, **result)


def documents():
    """A document for some of the orders, with and without its number, value, day and original."""
    empty = ({}, {"value_paise": None}, {"dated_start": None, "dated_end": None}, {"original_key": None}, {"order_key": None})
    for number, (kind, cells) in enumerate(product((Kind.INVOICE, Kind.CREDIT_NOTE, Kind.PO, Kind.GRN), empty)):
        order = f"A{number * 40}"
        yield document(
            kind, f"I-{order}", **{"order_key": order, **({} if kind is Kind.INVOICE else {"original_key": f"I-{order}"}), **cells}
        )
        yield note(f"N{number}", f"I-A{number * 56}", **cells)
        yield back(f"A{number * 33}", **{name: value for name, value in cells.items() if name != "original_key"})
        yield line(f"A{number * 34}", **{name: value for name, value in cells.items() if name != "original_key"})


@pytest.mark.slow
@pytest.mark.parametrize("reading", Reading)
def test_no_message_has_an_empty_slot(reading):
    aside = [{"source": 0, "order_key": f"A{number}"} for number in range(0, 5000, 71)] + [{"source": 1, "number_key": "I-A9"}]
    result = run(list(requests()), list(documents()), aside, reading=reading)
    findings, duties = result.findings.to_pylist(), result.duties.to_pylist()
    texts = [text for finding in findings for text in (finding["text"], finding["remedy"], *(seen["text"] for seen in finding["seen"]))]
    texts += [text for duty in duties for text in (duty["remark"] or "unknown", *(seen["text"] for seen in duty["seen"]))]

    assert {finding["rule"] for finding in findings} >= {f"C-{number}" for number in range(1, 10)} - {"C-5"} | {"D-1", "R-1"}
    assert sorted({text for text in texts if not text or EMPTY_SLOT.search(text)}) == []
