"""The sentences about simulated weeks: what they count is really there, and a log that breaks a rule turns them red."""

import subprocess
import sys
from functools import cache

import pytest

from orders.log.columns import Event, EventRow
from orders.log.event_log import Log
from simulator.experiment.experiment import shipped_experiments
from simulator.study.simulate import simulate
from sop_engine import Outcome, Reading, Stage
from steps.definitions.discovery import built_in_modules
from steps.definitions.expressions import PARAMETER_TYPES
from steps.definitions.registry import Registry
from steps.language.document import source_of
from steps.run.executor import Result, execute
from steps.support import simulations as weeks

BUSY = (
    "| run.days | 2 |", "| run.warm_up_days | 0 |", "| ajio.orders_per_day | 100 |", "| oms.seller_cancellation_share | 0.3 |",
    "| erp.learns_of_cancellation_share | 0.0 |", "| oms.invoicing_erp_share | 1.0 |",
)  # fmt: skip
QUIET = (
    "| run.days | 2 |", "| run.warm_up_days | 0 |", "| ajio.orders_per_day | 30 |", "| oms.seller_cancellation_share | 0.0 |",
    "| ajio.customer_cancellation_share | 0.0 |", "| oms.seller_partial_share | 0.0 |", "| ajio.technical_cancellation_share | 0.0 |",
    "| ajio.breach_cancellation_share | 0.0 |", "| ajio.partial_cancellation_share | 0.0 |", "| wms.missing_unit_share | 0.0 |",
)  # fmt: skip
EMPTY = (*QUIET, "| ajio.weekday_weights | [0, 0, 0, 0, 0, 0, 1] |")
ABOUT_CANCELLATIONS = (
    "every cancellation is decided as the SOP decides its case",
    "no order is cancelled after it was packed",
    "no one works on an order after it was cancelled",
    "every order that was posted and then cancelled is in the VMS report of its day and in no other",
    "as many credit notes are due as cancelled orders have an e-invoice",
    "every credit note that is due is made",
    "the client has no duty in these weeks",
)
ABOUT_ORDERS = (
    "every order is either dispatched or cancelled in the end",
    "nothing reaches or leaves the client's ERP while it is down",
    "the same orders arrive in every variant",
    "fewer packers never mean fewer SLA breaches",
)


@cache
def registry() -> Registry:
    return Registry.from_modules(built_in_modules())


def run(then: str, settings: tuple[str, ...], experiment: str = "ordinary week erp", when: str = "the weeks are simulated") -> Result:
    given = f"Given the experiment {experiment}\nAnd these settings\n" + "\n".join(settings)
    text = f"Feature: F\nScenario: S\n{given}\nWhen {when}\nThen {then}\n"
    document = source_of(text.encode(), "x.feature")[0].document
    assert document is not None
    [instance] = document.examples
    return execute(instance, registry(), {"reading": Reading.AS_PRACTISED}.__getitem__)


def test_every_shipped_experiment_can_be_named():
    assert PARAMETER_TYPES.lookup_by_type_name("experiment") or registry()

    assert PARAMETER_TYPES.lookup_by_type_name("experiment").regexps == ["|".join(name.replace("_", " ") for name in shipped_experiments())]


def test_what_weeks_have_seen_is_listed_as_it_is_known():
    registry()

    assert PARAMETER_TYPES.lookup_by_type_name("happening").regexps == ["|".join(weeks.HAPPENINGS)]


@pytest.mark.parametrize("then", ABOUT_CANCELLATIONS)
def test_without_a_cancellation_nothing_about_cancellations_is_green(then):
    assert run(then, QUIET).status == "failed"


@pytest.mark.parametrize("then", ABOUT_ORDERS)
@pytest.mark.parametrize("when", ["the weeks are simulated", "the weeks are simulated in each variant"])
def test_without_an_order_nothing_is_green(then, when):
    assert run(then, EMPTY, "erp against rms", when).status == "failed"


def test_weeks_that_were_not_simulated_pass_nothing():
    for then in (*ABOUT_CANCELLATIONS, *ABOUT_ORDERS, "they include a refusal", "the weeks are the same when they are simulated again"):
        document = source_of(f"Feature: F\nScenario: S\nGiven the experiment sale days\nThen {then}\n".encode(), "x.feature")[0].document
        assert document is not None
        result = execute(document.examples[0], registry(), {"reading": Reading.AS_PRACTISED}.__getitem__)

        assert result.status != "passed", then


@pytest.mark.parametrize("what", [what for what in weeks.HAPPENINGS if what != "an outage"])
def test_what_has_not_happened_was_not_seen(what):
    assert run(f"they include {what}", QUIET).status == "failed"


def test_an_unknown_setting_is_said_with_the_nearest():
    result = run(ABOUT_CANCELLATIONS[0], ("| wms.pakcers | 3 |",))

    assert result.status != "passed"
    assert "did you mean `wms.packers`" in str([step.error for step in result.steps])


def test_a_claim_is_about_the_experiment_with_its_settings_and_seed():
    [claim, *_] = run(ABOUT_CANCELLATIONS[0], BUSY).claims.entries

    assert claim.subject["kind"] == "experiment"
    assert claim.subject["facts"] == {
        "experiment": "ordinary_week_erp",
        "settings": ", ".join(line.strip("| ").replace(" | ", "=") for line in BUSY),
        "seed": 1,
    }
    assert claim.holds
    assert claim.expected == claim.actual
    assert int(str(claim.expected)) > 10


def _first(rows: list[dict[str, object]], **cells: object) -> dict[str, object]:
    return next(row for row in rows if all(row[name] == value for name, value in cells.items()))


def allow_a_late_one(rows):
    _first(rows, event=Event.CANCELLATION, outcome=Outcome.REFUSED)["outcome"] = Outcome.ALLOWED
    return rows


def forget_a_credit_note(rows):
    rows.remove(_first(rows, event=Event.CREDIT_NOTE_DUE))
    return rows


def forget_to_make_one(rows):
    rows.remove(_first(rows, event=Event.CREDIT_NOTE_MADE))
    return rows


def lose_an_order(rows):
    rows.remove(_first(rows, event=Event.DISPATCHED))
    return rows


def release_a_cancelled_one(rows):
    ended = _first(rows, event=Event.CANCELLATION, outcome=Outcome.ALLOWED, scope="full")
    rows.append(
        {
            **ended,
            "time_ms": ended["time_ms"] + 1,
            "event": Event.DISPATCHED,
            "stage": Stage.COMPLETED,
            "canceller": "",
            "scope": "",
            "outcome": "",
        }
    )
    return rows


def post_one_in_the_outage(rows):
    _first(rows, event=Event.POSTED)["time_ms"] = 7 * 3_600_000
    return rows


@pytest.mark.parametrize(
    ("lie", "then"),
    [
        (allow_a_late_one, "every cancellation is decided as the SOP decides its case"),
        (allow_a_late_one, "no order is cancelled after it was packed"),
        (allow_a_late_one, "every order is either dispatched or cancelled in the end"),
        (forget_a_credit_note, "as many credit notes are due as cancelled orders have an e-invoice"),
        (forget_to_make_one, "every credit note that is due is made"),
        (lose_an_order, "every order is either dispatched or cancelled in the end"),
        (release_a_cancelled_one, "no one works on an order after it was cancelled"),
        (post_one_in_the_outage, "nothing reaches or leaves the client's ERP while it is down"),
        (forget_a_credit_note, "the weeks are the same when they are simulated again"),
    ],
    ids=lambda parameter: getattr(parameter, "__name__", None),
)
def test_a_log_that_breaks_a_rule_turns_its_sentence_red(monkeypatch, lie, then):
    settings = (*BUSY, "| erp.outage_starts_at_hours | [6] |")
    assert run(then, settings).status == "passed"

    def lying(experiment):
        rows = [row._asdict() for row in simulate(experiment).rows()]
        return Log.from_rows([EventRow(**row) for row in lie(rows)])

    before = weeks._runs.__wrapped__
    monkeypatch.setattr(
        weeks, "_runs", lambda *key: tuple(weeks.SimulatedRun(r.variant, r.experiment, lying(r.experiment)) for r in before(*key))
    )

    assert run(then, settings).status != "passed"


def test_a_report_that_lists_an_order_on_another_day_turns_its_sentence_red(monkeypatch):
    then = "every order that was posted and then cancelled is in the VMS report of its day and in no other"
    assert run(then, BUSY).status == "passed"
    honest = weeks.day_of

    monkeypatch.setattr("orders.vms_reports.day_of", lambda at: honest(at.replace(hour=0)).replace(day=max(1, at.day - 1)))

    assert run(then, BUSY).status == "failed"


def test_a_cancellation_that_asks_something_under_rms_turns_its_sentence_red():
    assert run("the client has no duty in these weeks", BUSY, "ordinary week erp").status == "failed"
    assert (
        run("the client has no duty in these weeks", (*BUSY[:-1], "| oms.invoicing_erp_share | 0.0 |"), "ordinary week rms").status
        == "passed"
    )


def test_fewer_packers_with_fewer_breaches_turn_their_sentence_red(monkeypatch):
    settings = ("| run.days | 3 |", "| ajio.orders_per_day | 150 |", "| wms.pack_seconds_median | 600 |", "| sweep.values | [4, 1] |")
    then, when = "fewer packers never mean fewer SLA breaches", "the weeks are simulated in each variant"
    assert run(then, settings, "sla squeeze", when).status == "passed"

    monkeypatch.setattr(weeks, "measure", lambda _, experiment: {weeks.SLA_BREACHED: experiment.wms.packers / 10})

    assert run(then, settings, "sla squeeze", when).status == "failed"


@pytest.mark.slow
def test_the_simulator_is_imported_by_those_who_need_it():
    """The other features run without it, and so does the lint."""
    script = "import sys; from steps.definitions.discovery import BindingModules; BindingModules().load(); print('simulator' in sys.modules, 'numpy' in sys.modules)"

    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert done.stdout.split() == ["False", "False"]
