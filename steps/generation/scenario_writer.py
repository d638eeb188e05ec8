"""Scenario writer: turns the events of a simulated order into scenarios, one for each event worth showing, with one point.

The answer to a request and the stage of its case come from the event log. The units and duties after it come from the
engine's own `Order`, to which the same events are applied. So a scenario fails if the two do not agree. A Then is written
only for what the event changes.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from operator import methodcaller

from orders.log.columns import MISSING_UNITS_GAP, Event, EventRow
from orders.log.event_words import CAUSES, asks_for_all_units, canceller_in_words, is_late_e_invoice, units_in_words, with_cause
from orders.log.order_histories import OrderHistory
from orders.log.timestamps import in_india
from sop_engine import Canceller, Invoicing, Outcome, Scope, Stage, TaskKey
from sop_engine.order import LATE_E_INVOICE, Order
from sop_engine.text import counted
from steps.driver.order_life import OrderLife
from steps.generation.timeline import cancellation_object, date_and_time, place_in_life
from steps.support.order_steps import ORDER_STEPS, REGULAR_WAY
from steps.support.vocabulary import INVOICINGS

CREDIT_NOTE = TaskKey.CREDIT_NOTE.words
STEP_WORDS = {
    Event.UNFULFILLABLE: "found without stock",
    Event.ALLOCATED: "allocated",
    Event.POSTED: "posted",
    Event.INVOICED: "e-invoiced",
    Event.PUSHED: "pushed",
    Event.RELEASED: "released",
    Event.PACKED: "packed",
    Event.READY: "made ready",
    Event.DISPATCHED: "dispatched",
}
"""The events that are a step of the order, with the step's words in feature files."""
CASE = ("canceller", "scope", "invoicing", "stage", "e_invoice", "outcome")
"""The columns of a request that are its case and its answer."""

MISSING_UNITS = ", because units are missing at packing"
"""The cause of a request, at the end of its step."""

Lines = list[str]


@dataclass(frozen=True, slots=True)
class ScenarioText:
    """A scenario of one order, with one point.

    Attributes:
        order: number of the order.
        name: name of the scenario.
        givens: the history that leads to it, as step sentences.
        lines: When and Thens, each with its keyword, and table rows.
        situation: what it is an example of; two scenarios of one situation make the same point.
        cites: clauses and gaps that it cites.
        cause: cause of a request to cancel, in words.
    """

    order: int
    name: str
    givens: tuple[str, ...]
    lines: tuple[str, ...]
    situation: tuple[str, ...]
    cites: tuple[str, ...] = ()
    cause: str = ""


@dataclass
class ScenarioWriter:
    """Writer of the scenarios of one order: its history, its state so far, and the Givens that lead to this state."""

    life: OrderHistory
    order: OrderLife = field(init=False)
    way: list[tuple[str, bool]] = field(default_factory=list)
    """Steps and step sentences so far; true for a step of the regular steps."""

    def __post_init__(self) -> None:
        self.order = Order.created(str(self.life.number), self.life.invoicing, self.life.units, in_india(self.life.rows[0].at))

    def examples(self) -> Iterator[ScenarioText]:
        """Yield every scenario of this order, in order of time; each has a unique name."""
        names: set[str] = set()
        for row in self.life.rows[1:]:
            for example in self._after(row):
                name = example.name
                if name in names:
                    name = f"{name}, again on {date_and_time(in_india(row.at))}"
                while name in names:
                    name += " and again"
                names.add(name)
                yield replace(example, name=name)

    def _after(self, row: EventRow) -> Iterator[ScenarioText]:
        event = Event(row.event)
        if event is Event.CANCELLATION:
            yield self._request(row)
        elif event is Event.CANCELLED_BY_CUSTOMER:
            stage = [f"the order is {Stage.CANCELLED}"]
            yield self._happening(
                row, "the customer cancels the order", methodcaller("cancel_by_customer"), f"The customer cancels {self._it}", stage
            )
            self.way.append(("the customer has cancelled the order", False))
        elif event is Event.PACKING_ERROR:
            name = f"The packing of {self._it} stops, because Ajio cancelled part of the order"
            yield self._happening(row, "packing is tried", methodcaller("pack"), name, ["an error stops the packing"])
            self.way.append(("its packing has failed", False))
        elif event is Event.CREDIT_NOTE_MADE:
            when, name = f"the client does its duty to {CREDIT_NOTE}", f"The client makes the credit note for {self._it}"
            yield self._happening(row, when, methodcaller("make_credit_note"), name)
            self.way.append((f"the client has done its duty to {CREDIT_NOTE}", False))
        elif event in STEP_WORDS and not (event is Event.INVOICED and self.life.invoicing is Invoicing.RMS):
            yield from self._step(row, STEP_WORDS[event])

    def _step(self, row: EventRow, step: str) -> Iterator[ScenarioText]:
        late = is_late_e_invoice(row)
        if late:
            name = f"The ERP invoices {self._it} after it was cancelled"
            yield self._happening(row, f"the order is {step}", ORDER_STEPS(step), name, because=LATE_E_INVOICE)
        elif row.event == Event.DISPATCHED:
            name = f"{self._It} is dispatched with {units_in_words(self.order.units)}"
            stage = [f"the order is {row.stage}"]
            stage += [self._left()] if self.order.units != self.order.units_ordered else []
            yield self._happening(row, f"the order is {step}", ORDER_STEPS(step), name, stage)
        else:
            self.order = ORDER_STEPS(step)(self.order)
        self.way.append((step, not late))

    def _happening(  # noqa: PLR0913 (what a scenario is made of)
        self, row: EventRow, when: str, step: Callable[[OrderLife], OrderLife], name: str, thens: Sequence[str] = (), because: str = ""
    ) -> ScenarioText:
        """Return the scenario of *step*: *thens*, and the duties where the step is about these."""
        givens, before = self._givens(), self._due()
        self.order = step(self.order)
        thens = [*thens, *(self._duties() if row.event != Event.DISPATCHED or self._due() != before else [])]
        if because:
            thens.append(f"the duty to {CREDIT_NOTE} comes from {because}")
        situation = (row.event, str(self.life.invoicing), row.e_invoice, str(self._has_part()), *sorted(map(str, self._due())))
        cites = (because,) if because else ()
        return self._scenario(name + self._consequence(before), givens, [f"When {when}", *_then_lines(thens)], situation, cites)

    def _request(self, row: EventRow) -> ScenarioText:
        """Return the scenario of a request to cancel; case and answer are those of the log."""
        cancelled_object = (
            "the order" if row.scope == Scope.FULL and not asks_for_all_units(row) else f"{units_in_words(row.units)} of the order"
        )
        scope = Scope.PARTIAL if cancelled_object != "the order" else Scope.FULL
        givens, before = self._givens(), self._due()
        name = _request_name(row, cancellation_object(row, self.order.units))
        self.order, _ = self.order.cancel(Canceller(row.canceller), scope, row.units)
        if row.outcome in (Outcome.ALLOWED, Outcome.FAILS_AT_PACKING):
            self.way.append((f"{canceller_in_words(row.canceller)} has cancelled {cancelled_object}", False))
        gaps = sorted(set(row.gaps) - {MISSING_UNITS_GAP})
        failing = row.outcome in (Outcome.FAILS_AT_PACKING, Outcome.FAILS_ON_SCREEN)
        thens = [f"the request {row.outcome}" if failing else f"the request is {row.outcome}"]
        thens += [f"the request rests on {', '.join(row.clauses)}"] if row.clauses else []
        thens += [f"the request is answered by our reading of {', '.join(gaps)}"] if gaps else []
        if row.outcome == Outcome.ALLOWED:
            thens += [f"the order is {self.order.stage}", *self._duties()] if not self.order.units else [self._left()]
            name += self._consequence(before) if not self.order.units else f"; {self._left()}"
        case = ("canceller", "outcome") if row.outcome == Outcome.WITHOUT_EFFECT else CASE
        duties = sorted(map(str, self._due())) if row.outcome == Outcome.ALLOWED else []
        situation = (*(getattr(row, column) for column in case), *row.clauses, *gaps, *duties)
        when = f"When {canceller_in_words(row.canceller)} cancels {cancelled_object}"
        when += MISSING_UNITS if MISSING_UNITS_GAP in row.gaps else ""
        cites, cause = (*row.clauses, *row.gaps), CAUSES.get(row.reason, "")
        return self._scenario(name, givens, [when, *_then_lines(thens)], situation, cites, cause)

    def _scenario(  # noqa: PLR0913 (what a scenario is made of)
        self, name: str, givens: Lines, lines: Lines, situation: tuple[str, ...], cites: tuple[str, ...] = (), cause: str = ""
    ) -> ScenarioText:
        return ScenarioText(self.life.number, name, tuple(givens), tuple(lines), situation, cites, cause)

    def _has_part(self) -> bool:
        """Return whether some units of the order are cancelled, and some are left."""
        return 0 < self.order.units < self.order.units_ordered

    @property
    def _it(self) -> str:
        return f"order {self.life.number}"

    @property
    def _It(self) -> str:  # noqa: N802 (at the beginning of a sentence)
        return f"Order {self.life.number}"

    def _givens(self) -> Lines:
        """Return the Givens that lead to the order's present state, in as few step sentences as possible."""
        sentences = [f"an order of {counted(self.life.units, 'unit')}, invoiced through {_invoicing(self.life.invoicing)}"]
        regular: list[str] = []
        for name, is_step in [*self.way, ("", False)]:
            if is_step and name in REGULAR_WAY[self.life.invoicing]:
                regular.append(name)
                continue
            if regular:
                sentences.append(_progress_sentence(regular, begun=len(sentences) > 1))
                regular = []
            if name:
                sentences.append(f"it has since been {name}" if name in STEP_WORDS.values() else name)
        return sentences

    def _due(self) -> set[TaskKey]:
        return {duty.task for duty in self.order.open_duties()}

    def _left(self) -> str:
        return f"{counted(self.order.units, 'unit')} {'is' if self.order.units == 1 else 'are'} left to fulfil"

    def _duties(self) -> Lines:
        due = [duty.task.words for duty in self.order.open_duties()]
        return ["the client's duties are to", *(f"| {task} |" for task in due)] if due else ["the client has no open duty"]

    def _consequence(self, before: set[TaskKey]) -> str:
        """Return the end of a scenario name: the duties that are new for the client."""
        due = self._due()
        if TaskKey.CREDIT_NOTE in due - before:
            return "; a credit note is due"
        return "" if due or self.order.stage is Stage.COMPLETED else "; nothing is left to do"


def _request_name(row: EventRow, cancelled_object: str) -> str:
    """Return the name of the scenario of a request to cancel *cancelled_object*."""
    canceller, where = canceller_in_words(row.canceller), with_cause(place_in_life(row), row)
    canceller = canceller[0].upper() + canceller[1:]
    match row.outcome:
        case Outcome.ALLOWED:
            return f"{canceller} cancels {cancelled_object} {where}"
        case Outcome.WITHOUT_EFFECT:
            return f"{canceller} cancels order {row.order} {where}, without effect"
        case Outcome.FAILS_AT_PACKING:
            return f"{canceller} tries to cancel {cancelled_object} {where}, which fails at packing"
        case Outcome.FAILS_ON_SCREEN:
            return f"{canceller} tries to cancel {cancelled_object} {where}, and sees an error on screen"
        case _:
            return f"{canceller} tries to cancel {cancelled_object} {where}, and is refused"


def _invoicing(invoicing: Invoicing) -> str:
    return next(words for words, meaning in INVOICINGS.meanings.items() if meaning is invoicing)


def _progress_sentence(regular: Lines, *, begun: bool) -> str:
    if not begun:
        return f"the order has been {regular[-1]}"
    return f"it has since been {regular[-1]}" if len(regular) == 1 else f"the order has gone on until it was {regular[-1]}"


def _then_lines(thens: Sequence[str]) -> Lines:
    """Return Thens, each with its keyword; table rows have none."""
    return [text if text.startswith("|") else f"{'And' if place else 'Then'} {text}" for place, text in enumerate(thens)]
