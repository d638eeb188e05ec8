"""The language of goals: measures by their names in the catalogue, comparisons, numbers with units, and one error for each mistake."""

import pytest

from reports.scenario.wording.measure_catalogue import TABLE
from simulator.errors import GoalError
from simulator.search.goals import Objective, accepted_names, read_goal, read_precision


@pytest.mark.parametrize(
    ("text", "measure", "sign", "bound", "words"),
    [
        ("SLA breached < 0.5 %", "SLA breached, share of orders", "<", 0.005, "SLA breached < 0.5 %"),
        ("sla breached<0.5%", "SLA breached, share of orders", "<", 0.005, "SLA breached < 0.5%"),
        ("SLA breached, share of orders ≤ 1 percent", "SLA breached, share of orders", "<=", 0.01, "SLA breached <= 1 percent"),
        ("time to dispatch <= 18", "time to dispatch, hours", "<=", 18.0, "time to dispatch <= 18 hours"),
        ("time to dispatch < 1.5 days", "time to dispatch, hours", "<", 36.0, "time to dispatch < 1.5 days"),
        ("From order to dispatch < 90 min", "time to dispatch, hours", "<", 1.5, "time to dispatch < 90 min"),
        ("wait for a packer, queue < 2 h", "wait for a packer, queue, minutes", "<", 120.0, "wait for a packer, queue < 2 h"),
        ("Wait for a picker, day and night < 20", "wait for a picker, minutes", "<", 20.0, "wait for a picker < 20 minutes"),
        ("packers busy > 80 %", "packers busy, share of staffed time", ">", 0.8, "packers busy > 80 %"),
        (
            "packers\N{RIGHT SINGLE QUOTATION MARK} overtime ≥ 1",
            "packers' overtime, hours a day",
            ">=",
            1.0,
            "packers' overtime >= 1 hours a day",
        ),
        ("late e-invoices < 3", "late e-invoices (GAP-17)", "<", 3.0, "late e-invoices < 3 orders"),
        ("cost < ₹ 30,000", "cost, rupees a day", "<", 30000.0, "cost < ₹ 30,000"),
        ("cost < 1,20,000 rupees a day", "cost, rupees a day", "<", 120000.0, "cost < 1,20,000 rupees a day"),
        ("cost of an order < Rs. 12.5", "cost of an order, rupees", "<", 12.5, "cost of an order < Rs. 12.5"),
    ],
)
def test_a_requirement_is_a_measure_a_comparison_and_a_number_with_its_unit(text, measure, sign, bound, words):
    (requirement,) = read_goal("--so-that", [text], TABLE).requirements

    assert (requirement.measure, requirement.sign, requirement.text) == (measure, sign, words)
    assert requirement.bound == pytest.approx(bound)


def test_goals_are_joined_by_and_or_given_one_by_one():
    together = read_goal("--so-that", ["Wait for a picker, day and night < 20 and SLA breached < 1 % and cost least"], TABLE)
    one_by_one = read_goal("--so-that", ["Wait for a picker, day and night < 20", "SLA breached < 1 %", "cost least"], TABLE)

    assert together == one_by_one
    assert together.objective == Objective("cost, rupees a day", is_least=True, text="cost least")
    assert together.text == "wait for a picker < 20 minutes and SLA breached < 1 % and cost least"


@pytest.mark.parametrize("entry", TABLE, ids=lambda entry: entry.name)
def test_every_measure_of_the_catalogue_can_be_named_in_three_ways(entry):
    names = accepted_names(TABLE)

    assert names[entry.name.casefold()] is entry
    assert entry in names.values()
    assert names[entry.title.casefold()].name == entry.name


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", 'expected a measure with <, <=, > or >= and a number, such as "SLA breached < 0.5 %", or "cost least"'),
        ("SLA breached", "expected a measure with <"),
        ("SLA breached = 0.5 %", "expected a measure with <"),
        ("SLA breachd < 0.5 %", "there is no measure `SLA breachd`; did you mean `SLA breached`?"),
        ("time to dispach < 4", "there is no measure `time to dispach`; did you mean `time to dispatch`?"),
        ("costs least", "there is no measure `costs`; did you mean `cost`?"),
        ("zebra < 4", "there is no measure `zebra`; expected one of `orders`, "),
        ("< 4", "there is no measure ``; expected one of"),
        ("SLA breached < 0.005", "SLA breached is a share: write the number with %, got `0.005`"),
        ("SLA breached < 5 hours", "SLA breached is a share: write the number with %, got `5 hours`"),
        ("SLA breached < 500 %", "expected a number from 0 to 100, got `500 %`"),
        ("SLA breached < -1 %", "expected a number from 0 to 100, got `-1 %`"),
        ("SLA breached < few", "expected a number with %, such as 0.5 %, got `few`"),
        ("time to dispatch < ", "expected a number of hours, got ``"),
        ("time to dispatch < nan", "expected a number of hours, got `nan`"),
        ("time to dispatch < 1e9", "expected a number of hours, got `1e9`"),
        ("time to dispatch < 5 weeks", "time to dispatch is in hours; "),
        ("time to dispatch < 5 %", "time to dispatch is in hours; "),
        ("cost < 5 dollars", "cost is in rupees a day; "),
        ("packing errors < 5 hours", "packing errors is in orders; "),
        ("cost least and time to dispatch least", "expected one least or most, got also `cost least`"),
        ("SLA breached < 1 % and", "SLA breached is a share: write the number with %, got `1 % and`"),
        ("SLA\x1b[2J < 1 %", "there is no measure"),
    ],
)
def test_a_goal_that_cannot_be_read_has_one_error_with_option_text_and_reason(text, reason):
    with pytest.raises(GoalError) as refused:
        read_goal("--so-that", [text], TABLE)

    assert str(refused.value).startswith("--so-that `")
    assert reason in str(refused.value)
    assert "\n" not in str(refused.value)
    assert "\x1b" not in str(refused.value)


@pytest.mark.parametrize(
    ("text", "measure", "half_width", "is_relative"),
    [
        ("time to dispatch ± 0.1", "time to dispatch, hours", 0.1, False),
        ("time to dispatch +- 6 minutes", "time to dispatch, hours", 0.1, False),
        ("time to dispatch +/- 1 %", "time to dispatch, hours", 0.01, True),
        ("SLA breached ± 0.1 %", "SLA breached, share of orders", 0.001, False),
        ("cost ± 500 rupees", "cost, rupees a day", 500.0, False),
    ],
)
def test_a_wanted_precision_is_a_half_width_in_the_unit_of_the_measure(text, measure, half_width, is_relative):
    wanted = read_precision("--until", text, TABLE)

    assert (wanted.measure, wanted.is_relative) == (measure, is_relative)
    assert wanted.half_width == pytest.approx(half_width)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("time to dispatch", "expected a measure, ± and a number"),
        ("time to dispatch ± 0", "expected a number above 0 after ±, got `0`"),
        ("time to dispatch ± -1", "expected a number above 0 after ±"),
        ("time to dispatch ± much", "expected a number of hours, got `much`"),
        ("SLA breached ± 0.1", "SLA breached is a share: write the number with %"),
        ("tme to dispatch ± 1", "did you mean `time to dispatch`?"),
    ],
)
def test_a_precision_that_cannot_be_read_has_one_error(text, reason):
    with pytest.raises(GoalError, match=r"^--until `") as refused:
        read_precision("--until", text, TABLE)

    assert reason in str(refused.value)
