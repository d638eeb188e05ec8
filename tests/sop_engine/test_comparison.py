"""Differences between two decision tables, grouped into regions."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from sop_engine import ENGINE, FACTS, Reading
from sop_engine.comparison import Region, regions
from sop_engine.decision_table import Behaviour, TableRow
from sop_engine.statement import CASE, RETURN

WRITTEN, PRACTISED = Reading
NOW = Behaviour.of(ENGINE)


def with_parts(**parts: Any) -> Callable[[TableRow], TableRow]:
    """A row with other parts."""
    return lambda row: replace(row, **parts)


def behaviour_with(
    change: Callable[[TableRow], TableRow], *, subject: str = CASE, reading: Reading = PRACTISED, **facts: Sequence[str]
) -> Behaviour:
    """The present behaviour with *change* in every situation that *facts* cover."""
    names = FACTS if subject == CASE else ("quality_check",)
    rows = dict(NOW.rows)
    for key, row in NOW.rows.items():
        if key[:2] == (subject, reading) and all(dict(zip(names, key[2], strict=True))[fact] in words for fact, words in facts.items()):
            rows[key] = change(row)
    return Behaviour("after", "0", rows)


HEAD = {"canceller": ("seller",), "scope": ("full",), "invoicing": ("ERP",)}


def test_alike_changes_under_one_heading_are_one_region() -> None:
    where = {**HEAD, "stage": ("PACKED", "COMPLETED"), "e_invoice": ("generated", "pushed")}
    changed = regions(NOW, behaviour_with(with_parts(outcome="allowed"), **where))

    old = NOW.rows[CASE, PRACTISED, ("seller", "full", "ERP", "PACKED", "pushed")]
    assert changed == (
        Region(
            CASE,
            PRACTISED,
            where,
            ("outcome",),
            TableRow("refused", None if changed[0].before.tasks is None else (), (), ()),
            TableRow("allowed", None if changed[0].after.tasks is None else (), (), ()),
            4,
            old.outcome_by,
        ),
    )
    assert changed[0].before.tasks == ()
    assert [*changed[0].values()] == [("seller", "full", "ERP", stage, e) for stage in where["stage"] for e in where["e_invoice"]]


def test_each_part_that_changed_is_named_with_what_settled_it() -> None:
    where = {**HEAD, "stage": ("PACKED",), "e_invoice": ("pushed",)}
    old = NOW.rows[CASE, PRACTISED, ("seller", "full", "ERP", "PACKED", "pushed")]
    for changes, causes in (
        ({"tasks": (("must", "grn", "a", "b"),), "tasks_by": ("T-1",)}, (*old.tasks_by, "T-1")),
        ({"manner": "by phone", "tasks_by": ("T-1",)}, (*old.tasks_by, "T-1")),
        ({"outcome": "allowed", "outcome_by": ("O-1",)}, (*old.outcome_by, "O-1")),
        ({"clauses": (*old.clauses, "C-9")}, ("C-9",)),
        ({"clauses": ("C-9",)}, (*old.clauses, "C-9")),
        ({"gaps": ("GAP-99",)}, (*old.gaps, "GAP-99")),
        ({"stock": "saleable"}, ()),
        ({"offline_claim": True}, ()),
    ):
        (region,) = regions(NOW, behaviour_with(with_parts(**changes), **where))
        named = tuple(part for part in changes if not part.endswith("_by"))
        assert (region.parts, region.size, region.causes, region.facts) == (named, 1, causes, where)
        assert [getattr(region.before, part) for part in named] == [getattr(old, part) for part in named]
        assert [getattr(region.after, part) for part in named] == [new for part, new in changes.items() if part in named]
        assert (region.before.outcome, region.before.outcome_by, region.before.tasks_by) == (old.outcome, (), ())
    assert regions(NOW, behaviour_with(with_parts(outcome_by=("X",), tasks_by=("Y",)))) == ()


def test_changes_under_other_headings_readings_and_subjects_are_regions_of_their_own() -> None:
    both = behaviour_with(with_parts(stock="lost"), canceller=("Ajio",), stage=("PACKED",), e_invoice=("pushed",))
    assert [(r.facts["scope"], r.facts["invoicing"], r.size) for r in regions(NOW, both)] == [
        ((scope,), (invoicing,), 1) for scope in ("full", "partial") for invoicing in ("ERP", "RMS")
    ]
    units = behaviour_with(with_parts(manner="by phone"), subject=RETURN, reading=WRITTEN, quality_check=("fail", "missing"))
    (region,) = regions(NOW, units)
    assert (region.subject, region.reading, region.facts, region.size) == (RETURN, WRITTEN, {"quality_check": ("fail", "missing")}, 2)
    two = {**NOW.rows, **{key: row for key, row in units.rows.items() if key[0] == RETURN}}
    two |= {key: row for key, row in both.rows.items() if key[0] == CASE}
    assert len(regions(NOW, Behaviour("x", "0", two))) == 5


def test_a_shape_that_is_no_box_is_divided_into_several_regions() -> None:
    rows = dict(NOW.rows)
    shape = {("PACKED", "pushed"), ("PACKED", "posted"), ("COMPLETED", "posted")}
    for stage, e_invoice in shape:
        key = (CASE, PRACTISED, ("seller", "full", "ERP", stage, e_invoice))
        rows[key] = replace(rows[key], stock="lost")

    changed = regions(NOW, Behaviour("x", "0", rows))

    assert [(region.facts["stage"], region.facts["e_invoice"]) for region in changed] == [
        (("PACKED",), ("posted", "pushed")),
        (("COMPLETED",), ("posted",)),
    ]
    assert {values[3:] for region in changed for values in region.values()} == shape
