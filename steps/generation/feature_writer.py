"""Feature writer: writes simulated orders as a feature file that can be run.

Each order is a Rule with its timeline in prose; its scenarios have the SOP's answers and are tagged with the clauses and gaps that
they cite. The Rules about several orders (reports and returns) come at the end.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

from orders.log.columns import Event
from orders.log.event_words import canceller_in_words, is_late_e_invoice, with_cause
from orders.log.order_histories import OrderHistory
from simulator.experiment.experiment import Experiment
from sop_engine import Outcome, Scope, SopError, Stage
from sop_engine.files import write_atomically
from sop_engine.text import counted
from steps.generation.list_rules import list_rules
from steps.generation.scenario_writer import ScenarioText, ScenarioWriter
from steps.generation.timeline import place_in_life, timeline
from steps.language.formatter import formatted
from steps.lint.characters import is_invisible

MOST_PROSE = 400
HEADLINES = {
    Event.PACKING_ERROR: "a partial cancellation by Ajio stops the packing",
    Event.CANCELLED_BY_CUSTOMER: "the customer cancels {it}",
    Event.RETURN_RECEIVED: "{it} is dispatched, and units come back",
    Event.DISPATCHED: "{it} is dispatched",
}
"""Title of an order by event, if no cancellation gives a better one; the first event in this table that happened counts."""
DISPATCHED_HEADLINES = (Event.RETURN_RECEIVED, Event.DISPATCHED)
"""The events whose titles mean that the order was dispatched."""


class NothingToWriteError(SopError):
    """There is no order from which to write a scenario."""

    def __init__(self, experiment: str) -> None:
        super().__init__(
            f"experiment `{experiment}` has no order to write a scenario about; increase `ajio.orders_per_day`, or request more orders"
        )


def write_feature(lives: Sequence[OrderHistory], experiment: Experiment, file: Path) -> Path:
    """Write *lives*, orders of *experiment*, atomically as the feature file *file*; return *file*.

    Raises:
        NothingToWriteError: *lives* is empty, or no scenario can be written about any of them.
        OSError: *file* cannot be written.
    """
    content = formatted(feature_text(lives, experiment).encode(), file.name)
    file.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(file, content)
    return file


def feature_text(lives: Sequence[OrderHistory], experiment: Experiment) -> str:
    """Return the text of the feature file, not yet formatted.

    Raises:
        NothingToWriteError: *lives* is empty, or no scenario can be written about any of them.
    """
    examples = [list(ScenarioWriter(life).examples()) for life in lives]
    rules = [line for life, written in zip(lives, _without_repetitions(examples), strict=True) for line in _rule_lines(life, written)]
    if not rules:
        raise NothingToWriteError(experiment.name)
    return "\n".join([*_feature_head(lives, experiment), *rules, *list_rules(lives)]) + "\n"


def _feature_head(lives: Sequence[OrderHistory], experiment: Experiment) -> Iterator[str]:
    name = _one_line(experiment.name)
    numbers = ", ".join(str(life.number) for life in lives)
    yield "@simulation"
    yield f"Feature: {counted(len(lives), 'simulated order')} of the experiment {name}"
    yield ""
    yield f"  The experiment: {_one_line(experiment.description)}"
    yield "  These orders come from a simulation; each Rule below is one of them. Its first lines say what happened when,"
    yield "  in India's time zone; its scenarios say what the SOP, or our reading of it, answers. A scenario that another order"
    yield "  has already is left out."
    yield ""
    yield f"  Source: experiment {name}, seed {experiment.run.seed}, replication 0, orders {numbers};"
    yield f"  settings with the SHA-256 {experiment.sha256}"
    yield ""


def _without_repetitions(examples: Sequence[Sequence[ScenarioText]]) -> Iterator[list[ScenarioText]]:
    """Yield the scenarios of each order; of several that check the same only the one that cites most, and of equal ones the first."""
    chosen: dict[tuple[str, ...], ScenarioText] = {}
    for example in (example for of_order in examples for example in of_order):
        if example.checked not in chosen or len(example.cites) > len(chosen[example.checked].cites):
            chosen[example.checked] = example
    for of_order in examples:
        yield [example for example in of_order if chosen[example.checked] is example]


def _rule_lines(life: OrderHistory, examples: Sequence[ScenarioText]) -> Iterator[str]:
    """Yield the Rule of an order with its *examples*, nothing if it has none."""
    if not examples:
        return
    through = "the client's ERP" if life.invoicing == "ERP" else "RMS"
    yield f"Rule: Order {life.number}, {counted(life.units, 'unit')} invoiced through {through}: {headline(life)}"
    yield ""
    yield from (f"  {line}" for line in timeline(life))
    for example in examples:
        yield ""
        if example.cites:
            yield f"  {' '.join(f'@{cited}' for cited in example.cites)}"
        yield f"  Scenario: {example.name}"
        yield from (f"    {line}" for line in example.lines)
    yield ""


def headline(life: OrderHistory) -> str:
    """Return the title of an order's Rule: its most important event in a few words."""
    events = {row.event for row in life.rows}
    requests = [row for row in life.rows if row.event == Event.CANCELLATION]
    allowed = [row for row in requests if row.outcome == Outcome.ALLOWED]
    ending = [row for row in allowed if row.scope == Scope.FULL]
    parts = [row for row in allowed if row.scope == Scope.PARTIAL]
    about = next((event for event in HEADLINES if event in events), None)

    def headline_about(subject: str) -> str:
        return HEADLINES[about].format(it=subject) if about else f"{subject} is on its way"

    if ending and about is not Event.PACKING_ERROR:
        late = ", and the ERP invoices it afterwards" if any(map(is_late_e_invoice, life.rows)) else ""
        return f"{canceller_in_words(ending[-1].canceller)} cancels it {with_cause(place_in_life(ending[-1]), ending[-1])}{late}"
    if parts and about is not Event.PACKING_ERROR:
        return f"{canceller_in_words(parts[0].canceller)} cancels some units {with_cause(place_in_life(parts[0]), parts[0])}; {headline_about('the rest')}"
    if requests and about in DISPATCHED_HEADLINES:
        cancelled_part = "it" if requests[0].scope == Scope.FULL else "some units"
        if requests[0].stage == Stage.COMPLETED:
            return f"{headline_about('it')}; {canceller_in_words(requests[0].canceller)} comes too late to cancel {cancelled_part}"
        return f"{canceller_in_words(requests[0].canceller)} cannot cancel {cancelled_part} {place_in_life(requests[0])}; {headline_about('it')}"
    return headline_about("it")


def _one_line(text: str) -> str:
    """Return *text* on one line, without invisible characters, at most `MOST_PROSE` characters long."""
    line = " ".join("".join(" " if is_invisible(char) else char for char in text).split())
    return line if len(line) <= MOST_PROSE else line[: MOST_PROSE - 1] + "…"
