"""What was so at the cancellation, from observed times and units: sets where the order of two events is not known."""

from datetime import date, timedelta

import pytest

from orders.audit.audit import audit
from orders.audit.tables import ALL, WORDS, Claim, Kind, Observed, System
from sop_engine import Reading
from tests.support.audit_tables import bits, interval, source, tables

AS_OF = date(2026, 7, 15)
MINUTE, DAY = "%d-%m-%Y %H:%M", "%d-%m-%Y"
HAS = ("posted", "invoiced", "pushed", "released", "packed", "cancelled", "invoice", "units", "canceller")


def at(name, text):
    """A time of 4 June, or a whole day if no hour is given."""
    return (
        interval(name, f"04-06-2026 {text}", MINUTE, timedelta(minutes=1)) if ":" in text else interval(name, text, DAY, timedelta(days=1))
    )


def request(**cells):
    return {
        "source": 0,
        "row": 2,
        "order_key": "A",
        "order_text": "A",
        "units": 2,
        "units_cancelled": 2,
        "is_cancellation": True,
        "canceller": bits("canceller", "seller"),
        "invoicing": bits("invoicing", "ERP"),
        "carried_out": Observed.YES,
        **at("cancelled", "12:00"),
        **cells,
    }


def audited(*requests, documents=(), has=HAS, reading=Reading.AS_PRACTISED, profile=None):
    oms = source(0, System.OMS, "oms.csv", has, (date(2026, 6, 1), date(2026, 6, 30), Claim.CANCELLATIONS))
    sources = [{**oms, "profile": profile}]
    if documents:
        sources.append(source(1, System.ERP, "erp.csv", ("dated", "value_paise"), (date(2026, 6, 1), AS_OF, Claim.DOCUMENTS)))
    rows = [{**row, "row": number} for number, row in enumerate(requests, 2)]
    return audit(tables(sources, rows, [{"source": 1, "row": 2 + n, **row} for n, row in enumerate(documents)]), AS_OF, reading)


def words(fact, result, place=0):
    mask = int(getattr(result.context.cancellations, fact)[place])
    return [word for number, word in enumerate(WORDS[fact]) if mask >> number & 1]


def rules(result):
    return [row["rule"] for row in result.findings.to_pylist()]


@pytest.mark.parametrize(
    ("times", "expected"),
    [
        ({}, ["not posted"]),
        (at("posted", "09:00"), ["posted"]),
        (at("posted", "12:00"), ["not posted", "posted"]),
        (at("posted", "13:00"), ["not posted"]),
        (at("posted", "09:00") | at("invoiced", "10:00"), ["generated"]),
        (at("posted", "09:00") | at("invoiced", "10:00") | at("pushed", "12:00"), ["generated", "pushed"]),
        (at("posted", "09:00") | at("invoiced", "04-06-2026"), ["posted", "generated"]),
        (at("posted", "09:00") | at("invoiced", "12:01"), ["posted"]),
        (at("posted", "09:00") | {"invoice_key": "I"}, ["posted", "generated"]),
        (at("posted", "09:00") | at("invoiced", "10:00") | at("pushed", "11:59"), ["pushed"]),
    ],
)
def test_the_e_invoice_is_what_its_times_leave(times, expected):
    assert words("e_invoice", audited(request(stage=bits("stage", "FULFILLABLE"), **times))) == expected


def test_what_a_source_has_no_column_for_is_unknown():
    assert words("e_invoice", audited(request(stage=bits("stage", "FULFILLABLE")), has=("cancelled",))) == list(WORDS["e_invoice"])


@pytest.mark.parametrize(
    ("times", "expected"),
    [
        (at("released", "09:00"), ["PROCESSING"]),
        (at("released", "09:00") | at("packed", "12:00"), ["PROCESSING", "PACKED"]),
        (at("released", "09:00") | at("packed", "11:00"), ["PACKED"]),
        ({}, ["CREATED", "UNFULFILLABLE", "FULFILLABLE"]),
    ],
)
def test_the_stage_is_what_its_times_leave(times, expected):
    assert words("stage", audited(request(**times), has=(*HAS, "ready", "dispatched"))) == expected


def test_todays_status_is_no_stage():
    """A delivered order was not delivered when it was cancelled."""
    assert words("stage", audited(request(channel_status="delivered"), has=("cancelled",)))[:2] == ["CREATED", "UNFULFILLABLE"]


def test_packed_and_cancelled_in_one_minute_is_an_open_question_of_gap_23():
    result = audited(request(**at("posted", "08:00"), **at("released", "09:00"), **at("packed", "12:00")))
    [finding] = [row for row in result.findings.to_pylist() if row["rule"] == "C-6"]

    assert "GAP-23" in finding["gaps"]
    assert finding["text"].startswith("It depends on the stage")


def test_invoice_and_cancellation_on_one_day_make_one_answer_of_three_citations():
    result = audited(request(stage=bits("stage", "FULFILLABLE"), **at("posted", "09:00"), **at("invoiced", "04-06-2026"), invoice_key="I"))
    [duty] = result.duties.to_pylist()

    assert (duty["status"], duty["since"]) == ("open", date(2026, 6, 4))
    assert "GAP-17" in duty["gaps"]
    assert "SC-ERP-FULL-1.1.2a" in duty["clauses"]
    assert "C-6" not in rules(result)


@pytest.mark.parametrize(("units", "taken", "scope"), [(2, 2, ["full"]), (3, 2, ["partial"]), (None, 2, ["full", "partial"])])
def test_the_scope_comes_from_the_units(units, taken, scope):
    assert words("scope", audited(request(units=units, units_cancelled=taken, stage=4))) == scope


@pytest.mark.parametrize(
    ("quantities", "in_log", "in_export"),
    [
        ((1, 2), ["full"], ["full", "partial"]),
        ((2, 1), ["full"], ["full"]),
        ((2, 2), ["full"], ["full", "partial"]),
        ((1, 3), ["full"], ["full"]),
        ((1, 1), ["partial"], ["partial"]),
        ((2, 2, 2), ["CANCELLED"], ["full", "partial"]),
        ((1, 1, 1), ["full"], ["full", "partial"]),
    ],
)
def test_the_scope_is_of_the_units_left(quantities, in_log, in_export):
    """Two steps empty the order (GAP-39); in an export a later quantity can also be that of all requests until then."""
    rows = [request(units=3, units_cancelled=taken, stage=4, **at("cancelled", f"{9 + n}:00")) for n, taken in enumerate(quantities)]
    timed = [{name: value for name, value in row.items() if name != "stage"} for row in rows]
    last = len(quantities) - 1

    log = audited(*timed, profile="event-log")
    assert words("stage", log, last) == in_log or words("scope", log, last) == in_log
    assert words("scope", audited(*rows), last) == in_export


def test_a_request_that_failed_took_no_units():
    first = request(units=3, units_cancelled=1, stage=4, carried_out=Observed.NO, **at("cancelled", "09:00"))
    second = request(units=3, units_cancelled=2, stage=4, **at("cancelled", "11:00"))

    assert words("scope", audited(first, second), 1) == ["partial"]


def test_after_a_full_cancellation_the_order_is_cancelled():
    first, second = request(**at("posted", "08:00"), stage=4), request(**at("cancelled", "13:00"))
    result = audited(first, second)

    assert words("stage", result, 1) == ["CANCELLED"]
    assert "C-5" in rules(result)


def test_the_customers_cancellation_ends_the_order_too():
    customer = request(canceller=bits("canceller", "customer"), stage=4, **at("cancelled", "09:00"))
    result = audited(customer, request())

    assert words("stage", result) == ["CANCELLED"]
    assert {"C-5", "C-7"} <= set(rules(result))


def test_two_requests_of_one_moment_are_not_ordered():
    result = audited(request(), request(units_cancelled=1))

    assert ["CANCELLED" in words("stage", result, place) for place in (0, 1)] == [True, True]
    assert words("scope", result) == ["full", "partial"]


def test_of_two_requests_of_one_moment_that_which_found_the_order_cancelled_is_the_second():
    one, two = request(stage=bits("stage", "CANCELLED")), request(stage=4)

    for result in (audited(one, two), audited(two, one)):
        [finding] = [row for row in result.findings.to_pylist() if row["rule"] == "C-5"]
        assert not finding["cannot_tell"]


def test_of_two_whole_cancellations_at_different_stages_neither_certainly_took_effect():
    allowed = request(stage=4, invoice_key="I", **at("posted", "08:00"), **at("invoiced", "09:00"))
    refused = {**allowed, "stage": bits("stage", "PACKED")}
    result = audited(allowed, refused)

    assert rules(result) == ["C-6", "C-6"]
    assert [row["status"] for row in result.duties.to_pylist()] == ["uncertain"]
    assert "only one of them can have taken effect" in result.findings.to_pylist()[0]["text"]


def test_a_whole_cancellation_after_another_one_is_not_certainly_against_the_sop():
    allowed = request(stage=4, invoice_key="I", **at("posted", "08:00"), **at("invoiced", "09:00"))
    refused = {**allowed, "stage": bits("stage", "PACKED"), **at("cancelled", "14:00")}
    result = audited(allowed, refused)

    assert sorted(rules(result)) == ["C-6", "D-1"]
    assert [row["status"] for row in result.duties.to_pylist()] == ["open"]


def test_an_order_found_cancelled_without_its_cancellation_stays_open():
    result = audited(request(stage=bits("stage", "CANCELLED"), invoice_key="I", **at("invoiced", "09:00")))
    [finding] = [row for row in result.findings.to_pylist() if row["rule"] == "C-5"]

    assert finding["cannot_tell"]
    assert [row["status"] for row in result.duties.to_pylist()] == ["uncertain"]


def test_an_unknown_canceller_is_a_question_only_where_the_answer_differs():
    unknown = {"canceller": ALL["canceller"], "stage": 4, **at("posted", "09:00")}

    assert "C-9" in rules(audited(request(units=3, units_cancelled=1, **unknown)))
    assert "C-9" not in rules(audited(request(stage=bits("stage", "PACKED"), canceller=ALL["canceller"])))


def test_an_order_outside_the_sop_is_not_decided():
    result = audited(request(outside="JIT", stage=4))

    assert rules(result) == ["C-7"]
    assert result.answers.num_rows == 0


def test_an_invoice_of_the_erp_counts_where_the_oms_has_none():
    """The OMS learns of an e-invoice only when it is pushed."""
    invoice = {
        "kind": Kind.INVOICE,
        "number_key": "I",
        "number_text": "I",
        "order_key": "A",
        "value_paise": 100,
        **at("dated", "03-06-2026"),
    }
    result = audited(request(stage=4, **at("posted", "09:00")), documents=[invoice])

    assert words("e_invoice", result) == ["generated"]
    assert [row["status"] for row in result.duties.to_pylist()] == ["open"]


def test_what_is_dated_after_the_day_of_the_audit_is_left_out():
    assert audited(request(stage=4, cancelled_start=2_000_000_000_000, cancelled_end=2_000_000_060_000)).answers.num_rows == 0


def test_as_written_a_late_e_invoice_is_a_question():
    late = request(stage=4, invoice_key="I", **at("posted", "09:00"), **at("invoiced", "13:00"))

    assert [row["status"] for row in audited(late).duties.to_pylist()] == ["open"]
    assert [row["status"] for row in audited(late, reading=Reading.AS_WRITTEN).duties.to_pylist()] == ["question"]


ALL_TIMES = (*HAS, "ready", "dispatched")
LATER = {
    "posted": interval("posted", "20-07-2026", DAY, timedelta(days=1)),
    "packed": interval("packed", "20-07-2026", DAY, timedelta(days=1)),
}


def test_a_time_after_the_day_of_the_audit_is_unknown_and_does_not_say_that_nothing_happened():
    result = audited(request(**LATER["posted"], stage=4))

    assert words("e_invoice", result) == ["not posted", "posted"]
    assert words("e_invoice", audited(request(stage=4))) == ["not posted"]
    assert words("e_invoice", audited(request(stage=4), request(stage=4, **at("cancelled", "13:00"), **LATER["posted"]))) == [
        "not posted",
        "posted",
    ]
    assert "PACKED" in words("stage", audited(request(**at("released", "09:00"), **LATER["packed"])))
    assert "PACKED" not in words("stage", audited(request(**at("released", "09:00"))))


def test_an_order_number_at_two_locations_is_one_order_or_two():
    """Packed at one location, in process at the other; and cancelled at one before the other."""
    here = request(location="X", **at("released", "09:00"))
    there = request(location="Y", **at("released", "09:00"), **at("packed", "10:00"), **at("cancelled", "13:00"))
    one = audited({**here, "location": "Y"}, there, has=ALL_TIMES)
    two = audited(here, there, has=ALL_TIMES)

    assert words("stage", one) == ["PACKED"]
    assert words("stage", two) == ["PROCESSING", "PACKED"]
    assert words("stage", two, 1)[:1] == ["PACKED"]

    ended = {name: value for name, value in here.items() if not name.startswith("released")}
    after = {**ended, **at("cancelled", "13:00")}
    assert words("stage", audited(ended, after), 1) == ["CANCELLED"]
    assert words("stage", audited(ended, {**after, "location": "Y"}), 1) == ["CREATED", "UNFULFILLABLE", "FULFILLABLE", "CANCELLED"]


@pytest.mark.parametrize(
    ("taken", "parts", "scope", "canceller", "effect"),
    [
        (None, {}, ["full"], ["seller", "Ajio", "customer"], 1),
        (None, {"by_customer": 0, "by_seller": 0}, ["full"], ["seller", "Ajio", "customer"], 1),
        (0, {"by_customer": 0, "by_seller": 0}, ["full", "partial"], ["seller", "Ajio", "customer"], 2),
        (2, {"by_customer": 0, "by_seller": 0}, ["full"], ["Ajio"], 1),
    ],
    ids=["no-quantity", "parts-alone", "contradiction", "quantity"],
)
def test_the_status_cancelled_of_ajio_counts_without_a_quantity(taken, parts, scope, canceller, effect):
    cells = {"units_cancelled": taken, "canceller": ALL["canceller"], "carried_out": Observed.UNKNOWN, "channel_status": "cancelled"}
    rows = [request(row=2, **cells, **parts), request(row=3, **{**cells, "units_cancelled": 2}, by_customer=0, by_seller=0)]
    for chosen in (rows[:1], rows) if taken == 0 else (rows[:1],):
        result = audit(tables([source(0, System.AJIO, "ajio.csv", ("units", "units_cancelled"))], chosen), AS_OF)

        assert words("scope", result) == scope
        assert words("canceller", result) == canceller
        assert result.context.cancellations.effect.tolist() == [effect]
