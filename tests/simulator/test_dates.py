"""Dates in calendars: they stand for the days that they are, in every place of an experiment; what is no such day is refused."""

import re
from datetime import date, timedelta

import pytest

from orders.arrivals import Arrivals
from orders.log.calendar import DAY_ZERO, HOUR
from orders.log.timestamps import START_MS, from_utc
from simulator.errors import ExperimentError
from simulator.experiment.dates import is_of_days
from simulator.experiment.experiment import load, parse, setting_fields, setting_of
from simulator.experiment.orders_file import load_with_orders
from simulator.study.simulate import simulate

DAY_KEYS = sorted(key for key, entry in setting_fields().items() if is_of_days(entry))
LONG = "run.days=60"


def test_the_settings_that_name_days():
    assert DAY_KEYS == ["ajio.sale_days", "erp.office_holidays", "wms.holidays", "wms.temporary_days"]


@pytest.mark.parametrize("key", DAY_KEYS)
@pytest.mark.parametrize("written", ["[2026-01-26, 5]", '["2026-01-26", 5]'])
def test_a_date_is_the_day_that_it_is(key, written):
    assert setting_of(load("ordinary_week_erp", [LONG, f"{key}={written}"]), key) == ((date(2026, 1, 26) - DAY_ZERO).days, 5)


@pytest.mark.parametrize("key", DAY_KEYS)
@pytest.mark.parametrize("form", ['set = {{ "{key}" = [2026-01-08] }}', "set.{key} = [2026-01-08]"])
def test_variants_and_sweeps_have_dates(key, form):
    text = f'description = "x"\n[[variant]]\nname = "a"\n[[variant]]\nname = "b"\n{form.format(key=key)}\n'
    (_, base), (spec, changed) = parse(text.encode(), "x.toml").variants
    swept = load("ordinary_week_erp", [f"sweep.key={key}", "sweep.values=[[], [2026-01-08]]"])

    assert (setting_of(base, key), setting_of(changed, key), spec.changes) == ((), (3,), {key: [3]})
    assert [setting_of(side, key) for _, side in swept.variants] == [(), (3,)]


def test_a_date_and_its_number_give_the_same_log():
    dated, numbered = (
        load("ordinary_week_erp", ["run.days=3", "run.warm_up_days=0", "ajio.orders_per_day=50", f"wms.holidays={days}"])
        for days in ("[2026-01-06]", "[1]")
    )

    assert simulate(dated).digest() == simulate(numbered).digest()
    assert dated.sha256 == numbered.sha256


@pytest.mark.parametrize("key", DAY_KEYS)
@pytest.mark.parametrize(
    ("written", "finding"),
    [
        ("[2026-01-04]", "must be days from Monday 5 January 2026 to "),
        ("[2036-01-04]", "must be days from Monday 5 January 2026 to "),
        ('["2026-02-30"]', "2026-02-30 is not a date of the calendar"),
        ("[2026-01-26T10:00:00]", "must be a list of days, whole numbers from 0 to "),
        ("2026-01-26", "must be a list of days, whole numbers from 0 to "),
        ('["Diwali"]', "must be a list of days, whole numbers from 0 to "),
        ('["26.01.2026"]', "must be a list of days, whole numbers from 0 to "),
    ],
)
def test_what_is_no_day_is_one_finding(key, written, finding):
    with pytest.raises(ExperimentError, match=re.escape(f"`{key}`: {finding}")) as caught:
        load("ordinary_week_erp", [LONG, f"{key}={written}"])

    assert len(caught.value.findings) == 1


def test_a_date_where_no_day_belongs_is_refused():
    with pytest.raises(ExperimentError, match=re.escape("`run.days`: must be a whole number from 1 to 366")):
        load("ordinary_week_erp", ["run.days=2026-01-26"])


def test_holidays_of_other_years_are_left_out_and_other_days_are_not():
    assert load("ordinary_week_erp", ["wms.holidays=[2025-10-02, 2026-01-26]"]).wms.holidays == (21,)
    with pytest.raises(ExperimentError, match=re.escape("got 2025-10-02")):
        load("ordinary_week_erp", ["ajio.sale_days=[2025-10-02, 2026-01-06]"])


def test_with_own_orders_a_date_is_that_of_the_calendar(tmp_path):
    """Diwali of 2026 is 8 November; the first order comes on Wednesday, 28 October, so day 0 is the 26th."""
    start = from_utc("2026-10-28T09:00:00+05:30")
    arrivals = Arrivals("x", "a" * 64, tuple(start + day * 24 * HOUR for day in range(14)), None)
    file = tmp_path / "shop.toml"
    file.write_text(
        'description = "x"\n[wms]\nholidays = [2026-01-26, 2026-11-08]\ntemporary_days = [2026-11-06]\ntemporary_packers = 2\n',
        encoding="utf-8",
    )
    chosen = load_with_orders(str(file), arrivals)

    assert (start - START_MS) // (24 * HOUR) % 7 == 2
    assert (chosen.wms.holidays, chosen.wms.temporary_days) == ((13,), (11,))
    assert date(2026, 10, 26) + timedelta(days=13) == date(2026, 11, 8)


def test_temporary_people_work_on_days_of_the_file_only():
    start = from_utc("2026-10-28T09:00:00+05:30")
    arrivals = Arrivals("x", "a" * 64, tuple(start + day * 24 * HOUR for day in range(14)), None)
    staff = "wms.temporary_packers=2"

    assert load_with_orders("ordinary_week_erp", arrivals, [staff, "wms.temporary_days=[15]"]).wms.temporary_days == (15,)
    with pytest.raises(ExperimentError, match=re.escape("--orders x: `wms.temporary_days`: must be days before run.days, 16, got 20")):
        load_with_orders("ordinary_week_erp", arrivals, [staff, "wms.temporary_days=[20]"])
