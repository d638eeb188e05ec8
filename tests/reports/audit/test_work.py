"""What an audit lists, chosen in columns: the same as from each record by itself."""

from hashlib import sha256
from random import Random

import pyarrow as pa
import pytest

from orders.audit.result_tables import DUTIES, FINDINGS
from reports.audit import content, figures
from reports.audit.content import page_of
from reports.audit.figures import grid_of
from reports.audit.references import duty_references, numbered_duties, numbered_rows
from reports.audit.wording import OPEN, UNDECIDED, URGENCIES, is_question
from reports.audit.work import are_questions, credit_notes_by_age, findings_to_work_on, oldest_credit_notes
from sop_engine import load_rulebook
from tests.support.audit_samples import duty, finding, material, reason, request, table

STATUSES = ("open", "partly done", "done", "uncertain", "question")


def many_duties(count: int) -> pa.Table:
    rng = Random(3)  # noqa: S311 (duties)
    duties = [
        duty(
            f"FN{rng.randrange(20):04}",
            status=rng.choice(STATUSES),
            urgency=rng.choice([None, *URGENCIES]),
            days=rng.choice([None, 0, 7, 41]),
            invoice=rng.choice([None, "INV-1", "INV-2"]),
            task=rng.choice(["credit-note", "credit-note", "ask-ajio-to-cancel"]),
        )
        for _ in range(count)
    ]
    return table(DUTIES, duties)


def test_credit_notes_are_in_the_order_of_urgency_age_order_and_invoice() -> None:
    many = material(duties=many_duties(400))
    duties = many.duties.to_pylist()
    wanted = [place for place, one in enumerate(duties) if one["task"] == "credit-note" and one["status"] in (*OPEN, *UNDECIDED)]

    def by_age(place: int) -> tuple[object, ...]:
        one = duties[place]
        urgency = [*URGENCIES, None].index(one["urgency"])
        return one["status"] not in OPEN, urgency, -(one["days"] or 0), one["order_key"], one["invoice"] or ""

    by_hand = sorted(wanted, key=by_age)
    assert credit_notes_by_age(many).tolist() == by_hand
    oldest = sorted(
        (place for place in by_hand if duties[place]["status"] in OPEN),
        key=lambda place: (-(duties[place]["days"] or 0), duties[place]["order_key"]),
    )
    assert oldest_credit_notes(many, 7).tolist() == oldest[:7]


def test_a_reference_is_of_what_is_named_and_the_second_of_two_equal_ones_has_its_own() -> None:
    many = material(duties=many_duties(300))
    counts: dict[str, int] = {}
    expected = []
    for one in many.duties.to_pylist():
        name = "\0".join((one["order_key"], one["task"], one["invoice"] or ""))
        expected.append("D" + sha256(f"D\0{name}\0{counts.get(name, 0)}".encode()).hexdigest()[:11])
        counts[name] = counts.get(name, 0) + 1

    assert duty_references(many).to_pylist() == expected
    assert [reference for reference, _ in numbered_duties(many, credit_notes_by_age(many)[:3])] == [
        expected[place] for place in credit_notes_by_age(many)[:3]
    ]


def test_the_reference_of_a_row_is_of_its_order_and_all_its_reasons() -> None:
    parts = material()
    rows = parts.rows.to_pylist()
    twice = [reason("ROW-05", "G", "Posted At", "x", "no date", "correct"), reason("ROW-17", "E", "Units", None, "empty", "fill in")]  # type: ignore[arg-type]
    rows[10] |= {"reasons": twice, "order_key": "FN0010"}
    (reference, _), *_ = numbered_rows(material(rows=pa.Table.from_pylist(rows, parts.rows.schema)))

    assert reference == "R" + sha256(b"R\0FN0010\0ROW-05 x\0ROW-17 None\0" + b"0").hexdigest()[:11]


def test_findings_are_chosen_by_rule_and_strength_as_each_by_itself() -> None:
    rng = Random(4)  # noqa: S311 (findings)
    rules, strengths = ("C-1", "C-6", "D-1", "D-3", "R-1", "R-4", "T-1"), ("must", "ask", "info")
    findings = [
        finding(rng.choice(rules), rng.choice(strengths), f"FN{place}", "seen", cannot_tell=rng.random() < 0.3) for place in range(300)
    ]
    many = material(findings=table(FINDINGS, findings))

    assert are_questions(many.findings).tolist() == [is_question(one) for one in findings]
    for letters, is_system in (("CD", False), ("R", True), ("T", True)):
        assert findings_to_work_on(many, letters, asking=False).tolist() == [
            place
            for place, one in enumerate(findings)
            if one["rule"][0] in letters and one["rule"] != "D-1" and not is_question(one) and (is_system or one["strength"] == "must")
        ]
    assert findings_to_work_on(many, "CDRT", asking=True).tolist() == [
        place for place, one in enumerate(findings) if one["rule"] != "D-1" and is_question(one)
    ]


def test_a_list_of_very_many_findings_is_cut_and_counts_all_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    findings = [finding("C-1", "must", f"FN{place:05}", "seen", clauses=["SC-ERP-FULL-3"]) for place in range(60_000)]
    monkeypatch.setattr(content, "SHOWN", 5)
    page = page_of(material(findings=table(FINDINGS, findings)), None, load_rulebook())

    (group,) = page.against
    assert (group.count, len(group.entries), group.more) == (60_000, 5, 59_995)


@pytest.mark.parametrize("at_a_time", [500_000, 3])
def test_orders_are_counted_for_each_system(monkeypatch: pytest.MonkeyPatch, at_a_time: int) -> None:
    monkeypatch.setattr(figures, "ROWS_AT_A_TIME", at_a_time)
    grid = grid_of(material())

    assert grid.systems == ("Assure OMS", "client's ERP")
    assert grid.cells == (((5, 0), (1, 4)), ((1, 0), (1, 0)))


@pytest.mark.parametrize("at_a_time", [500_000, 7])
def test_orders_that_systems_share_are_those_of_plain_sets(monkeypatch: pytest.MonkeyPatch, at_a_time: int) -> None:
    monkeypatch.setattr(figures, "ROWS_AT_A_TIME", at_a_time)
    rng, systems = Random(4), ("Assure OMS", "client's ERP")  # noqa: S311 (orders)
    named = [(rng.randrange(2), rng.choice([None, *(f"FN{number}" for number in range(30))])) for _ in range(80)]
    rows = [request(row, key or "", "2026-06-03T10:00", source=source, order_key=key) for row, (source, key) in enumerate(named)]
    grid = grid_of(material(requests=table(material().requests.schema, rows), documents=material().documents.slice(0, 0)))
    orders = [{key for of_source, key in named if of_source == source and key} for source in range(2)]

    assert grid.systems == systems
    assert grid.cells == tuple(tuple((len(one & other), len(one - other)) for other in orders) for one in orders)
