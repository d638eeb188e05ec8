"""Rosters: shifts, weekdays, holidays, breaks and temporary people, against a count minute by minute; and what a replication does with them."""

import re
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders.log.calendar import DAY, HOUR, MINUTE, NEVER
from orders.log.columns import Event
from orders.log.order_times import OrderTimes
from orders.log.stations import STATIONS
from simulator.analysis.checks import check
from simulator.analysis.measures import measure
from simulator.errors import ExperimentError
from simulator.experiment.experiment import Experiment, load, parse, setting_of
from simulator.experiment.roster import Roster
from simulator.experiment.schedule import checkers_of, clerks_of, headcount, roster_of
from simulator.study.simulate import record_replication, simulate
from tests.support.station_table import PAGE

PICKERS, PACKERS = STATIONS
CALENDAR = (
    "wms.shift_starts_at_hour=6",
    "wms.shift_ends_at_hour=22",
    "wms.shift_changes_at_hours=[14]",
    "wms.staff_by_shift=[1, 0.5]",
    "wms.staff_by_weekday=[1, 1, 1, 1, 1, 0.7, 0]",
    "wms.breaks_at_hours=[10, 18.5]",
    "wms.break_minutes=30",
    "wms.holidays=[2]",
    "wms.temporary_days=[3, 4]",
    "wms.temporary_packers=10",
    "wms.packers=7",
    "wms.pickers=4",
)


def people(experiment: Experiment, day: int, hour: float) -> int:
    return roster_of(experiment, PACKERS).staffing(int(day * DAY + hour * HOUR))[0]


@pytest.mark.parametrize(
    ("day", "hour", "expected"),
    [
        (0, 0, 0), (0, 5.99, 0), (0, 6, 7), (0, 9.99, 7), (0, 10, 0), (0, 10.49, 0), (0, 10.5, 7), (0, 13.99, 7), (0, 14, 4),
        (0, 18.5, 0), (0, 19, 4), (0, 21.99, 4), (0, 22, 0),
        (2, 12, 0), (3, 12, 17), (4, 15, 14), (3, 10.2, 0),
        (5, 8, 5), (5, 15, 2), (6, 12, 0), (7, 12, 7), (700, 12, 7), (700 + 6, 12, 0),
    ],
)  # fmt: skip
def test_people_follow_shift_weekday_holiday_break_and_temporary_days(day: int, hour: float, expected: int) -> None:
    assert people(load("ordinary_week_erp", CALENDAR), day, hour) == expected


def test_other_teams_have_the_same_calendar_and_their_own_numbers() -> None:
    experiment = load("ordinary_week_erp", [*CALENDAR, "wms.checkers=3", "erp.office_holidays=[1]", "erp.clerks=2"])
    at = [day * DAY + 12 * HOUR for day in range(8)]

    assert [roster_of(experiment, PICKERS).staffing(moment)[0] for moment in at] == [4, 4, 0, 4, 4, 3, 0, 4]
    assert [checkers_of(experiment.wms).staffing(moment)[0] for moment in at] == [3, 3, 0, 3, 3, 2, 0, 3]
    assert [clerks_of(experiment.erp).staffing(moment)[0] for moment in at] == [2, 0, 2, 2, 2, 0, 0, 2]


def test_a_share_of_people_is_a_whole_number_and_at_least_one() -> None:
    assert [headcount(7, share) for share in (0, 0.01, 0.5, 0.7, 1, 1.5)] == [0, 1, 4, 5, 7, 11]


@given(
    st.lists(st.tuples(st.integers(0, 23), st.integers(0, 3)), max_size=4, unique_by=lambda step: step[0]),
    st.lists(st.integers(0, 4 * DAY), min_size=1, max_size=20),
)
def test_the_functions_over_many_times_agree_with_the_steps(steps: list[tuple[int, int]], times: list[int]) -> None:
    roster = Roster(lambda day: sorted((hour * HOUR, count) for hour, count in steps) if day % 3 else ())
    hours = [next((count for hour, count in sorted(steps, reverse=True) if hour <= k % 24), 0) if k // 24 % 3 else 0 for k in range(5 * 24)]
    at = np.array([*times, NEVER])

    def until(moment: int, heights: list[int]) -> int:
        return sum(heights[: moment // HOUR]) * HOUR + heights[moment // HOUR] * (moment % HOUR)

    assert roster.people_at(at).tolist() == [*(hours[moment // HOUR] for moment in times), 0]
    assert [roster.staffing(moment)[0] for moment in times] == roster.people_at(at).tolist()[:-1]
    assert roster.person_ms(at).tolist() == [*(until(moment, hours) for moment in times), NEVER]
    assert roster.staffed_ms(at).tolist() == [*(until(moment, [min(count, 1) for count in hours]) for moment in times), NEVER]
    for moment in times:
        count, following = roster.staffing(moment)
        assert following > moment
        assert following == NEVER or roster.staffing(following)[0] != count == roster.staffing(following - 1)[0]
    if any(count for _, count in steps):
        opened = roster.next_staffed_time(np.array(times))
        assert (roster.people_at(opened) > 0).all()
        for moment, begins in zip(times, opened.tolist(), strict=True):
            assert begins == moment or not any(hours[k] for k in range(moment // HOUR, min(begins // HOUR, len(hours))))
    changes = roster.steps(4)
    assert all(early < late and before != after for (early, before), (late, after) in pairwise(changes))


def test_people_who_are_always_there_have_one_step() -> None:
    roster = Roster.always(5)

    assert roster.staffing(0) == roster.staffing(10**12) == (5, NEVER)
    assert roster.steps(3) == [(0, 5)]


def test_the_example_of_the_guide_runs_and_does_what_it_says() -> None:
    text = PAGE.read_text(encoding="utf-8")
    (example,) = (block for block in re.findall(r"```toml\n(.*?)```", text, re.DOTALL) if "temporary_days" in block)
    experiment = parse(example.encode(), "calendar.toml", ["ajio.orders_per_day=200", "run.days=8"])
    log = simulate(experiment)

    assert [people(experiment, day, 12) for day in range(8)] == [7, 7, 7, 17, 17, 7, 0, 7]
    assert [people(experiment, 0, hour) for hour in (6, 10, 10.5, 14, 18.25, 21)] == [7, 0, 7, 4, 0, 4]
    assert [result for result in check([log], experiment) if not result.holds] == []
    section = text[text.index("## Who works when") : text.index("## Pulls")]
    keys = {key for row in re.findall(r"^\| (`wms.*?|`erp.*?) \|", section, re.MULTILINE) for key in re.findall(r"`([a-z_.]+)`", row)}
    defaults = load("ordinary_week_erp")
    assert {key for key in keys if not any(setting_of(defaults, key) == value for value in ((), 0, 0.0, 30.0, (1.0,) * 7))} == set()


REFUSALS = {
    "wms.shift_changes_at_hours=[5]": "`wms.shift_changes_at_hours`: must be ascending, within the hours of work, 6.0 to 22.0, got [5.0]",
    "wms.shift_changes_at_hours=[16, 12]": (
        "`wms.shift_changes_at_hours`: must be ascending, within the hours of work, 6.0 to 22.0, got [16.0, 12.0]"
    ),
    "wms.staff_by_shift=[1, 1]": (
        "`wms.staff_by_shift`: must have a number for each shift, 1 with 0 changes in wms.shift_changes_at_hours, got 2"
    ),
    "wms.staff_by_shift=[0]": "`wms.staff_by_shift`: must not all be 0",
    "wms.staff_by_shift=[-1]": "`wms.staff_by_shift`: must be a list of numbers from 0.0 to 10.0, got [-1]",
    "wms.staff_by_weekday=[0, 0, 0, 0, 0, 0, 0]": "`wms.staff_by_weekday`: must not all be 0",
    "wms.staff_by_weekday=[1]": "`wms.staff_by_weekday`: must be a list of 7 numbers from 0.0 to 10.0, got [1]",
    "wms.breaks_at_hours=[5]": "`wms.breaks_at_hours`: must begin and end within the hours of work, 6.0 to 22.0, got [5.0]",
    "wms.breaks_at_hours=[21.8]": "`wms.breaks_at_hours`: must begin and end within the hours of work, 6.0 to 22.0, got [21.8]",
    "wms.breaks_at_hours=[9, 9.25]": "`wms.breaks_at_hours`: must not overlap; each takes 30.0 minutes, got [9.0, 9.25]",
    'wms.breaks_at_hours="noon"': '`wms.breaks_at_hours`: must be a list of numbers from 0.0 to 24.0, got "noon"',
    "wms.break_minutes=0": "`wms.break_minutes`: must be a number from 1.0 to 240.0, got 0",
    "wms.holidays=[1.5]": "`wms.holidays`: must be a list of days, whole numbers from 0 to 730 or dates, such as [3, 2026-01-26], got [1.5]",
    "wms.holiday_staff_share=2": "`wms.holiday_staff_share`: must be a number from 0.0 to 1.0, got 2",
    "wms.temporary_days=[8]": "`wms.temporary_days`: must be days before run.days, 8, got 8",
    "wms.temporary_packers=-1": "`wms.temporary_packers`: must be a whole number from 0 to 100,000, got -1",
    "erp.office_holidays=[731]": "`erp.office_holidays`: must be a list of days, whole numbers from 0 to 730 or dates, such as [3, 2026-01-26], got [731]",
}


@pytest.mark.parametrize("change", REFUSALS)
def test_a_wrong_calendar_is_one_error_with_key_reason_and_range(change: str) -> None:
    with pytest.raises(ExperimentError) as error:
        load("ordinary_week_erp", [change])

    assert error.value.findings == (f"ordinary_week_erp.toml: {REFUSALS[change]}",)


def test_work_begins_only_with_the_people_of_the_roster() -> None:
    experiment = load("sale_days", [*CALENDAR, "ajio.orders_per_day=700", "ajio.sale_days=[3]", "run.days=7", "wms.checkers=1"])
    log = simulate(experiment)
    roster = roster_of(experiment, PACKERS)
    begun = log.where(Event.PACK_STARTED).columns["time_ms"]
    rows = [(row.time_ms, row.units) for row in log.rows() if row.event == Event.PACKERS]

    assert [result for result in check([log], experiment) if not result.holds] == []
    assert roster.people_at(begun).min() > 0
    assert {day for day in (begun // DAY).tolist() if day < 7} == {0, 1, 3, 4, 5}
    assert rows == roster.steps(7)
    assert {(at // DAY, units) for at, units in rows if at % DAY == 6 * HOUR} == {(0, 7), (1, 7), (3, 17), (4, 17), (5, 5)}
    assert measure([log], experiment)["packers busy, share of staffed time"] < 1


def test_each_work_has_a_person_of_the_roster_who_is_free() -> None:
    experiment = load("sale_days", [*CALENDAR, "ajio.orders_per_day=700", "ajio.sale_days=[3]", "run.days=7"])
    recorded = record_replication(experiment)
    order_times = OrderTimes(recorded.full_log)
    for station, team in zip(STATIONS, recorded.teams, strict=True):
        begun = order_times.at(Event(station.started))
        ended = np.minimum.reduce([order_times.ended, *(order_times.at(Event(event)) for event in station.ends)])
        worked = begun < NEVER
        persons, begun, ended = team.by_order[worked], begun[worked], ended[worked]

        assert (persons < roster_of(experiment, station).people_at(begun)).all()
        assert persons.min() == 0
        assert (team.by_order[~worked] == -1).all()
        assert team.people == persons.max() + 1
        by_person = np.lexsort([begun, persons])
        same = persons[by_person][1:] == persons[by_person][:-1]
        assert (begun[by_person][1:] >= ended[by_person][:-1])[same].all()


def test_ten_temporary_packers_on_the_sale_days_shorten_the_wait() -> None:
    sale = ("run.days=6", "ajio.orders_per_day=600", "wms.packers=3", "wms.pickers=4", "ajio.sale_days=[2, 3]")
    without, with_them = (
        measure([simulate(experiment)], experiment)
        for temporary in (0, 10)
        for experiment in [load("sale_days", [*sale, "wms.temporary_days=[2, 3]", f"wms.temporary_packers={temporary}"])]
    )

    assert with_them["wait for a packer, queue, minutes"] < without["wait for a packer, queue, minutes"] / 2
    assert with_them["SLA target missed, share of dispatched"] < without["SLA target missed, share of dispatched"]


def test_people_at_work_beyond_the_roster_are_overtime() -> None:
    """Two shifts of four and one packers: work that three of the four finish after the change is overtime."""
    one_shift = ("run.days=4", "ajio.orders_per_day=250", "wms.packers=4", "wms.pack_seconds_median=1500", "wms.pack_sigma=0.1")
    changes = ("wms.shift_changes_at_hours=[14]", "wms.staff_by_shift=[1, 0.25]")
    experiment = load("ordinary_week_erp", [*one_shift, *changes])
    log = simulate(experiment)
    measures = measure([log], experiment)

    assert measures["packers' overtime, hours a day"] > 0.3
    assert measures["packers busy, share of staffed time"] == pytest.approx(1, abs=0.05)
    assert measures["packers busy, share of staffed time"] <= 1
    assert [result for result in check([log], experiment) if not result.holds] == []


def test_a_break_stops_no_work_that_has_begun() -> None:
    experiment = load("ordinary_week_erp", ["run.days=3", "ajio.orders_per_day=600", "wms.packers=1", "wms.breaks_at_hours=[12]"])
    log = simulate(experiment)
    begun, packed = (log.where(event).columns["time_ms"] % DAY for event in (Event.PACK_STARTED, Event.PACKED))
    noon, end = 12 * HOUR, 12 * HOUR + 30 * MINUTE

    assert not ((begun >= noon) & (begun < end)).any()
    assert ((packed >= noon) & (packed < end)).any()
    assert (begun == end).any(), "work goes on at the end of the break"
