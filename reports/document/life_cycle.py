"""The life of an order as data for diagrams, computed from the engine and not written down.

Stages and steps come from exploring `sop_engine.order`; who may cancel at a stage from the engine's answers to the cases that an order
can reach; the stories from replaying orders.
"""

from collections.abc import Callable, Iterable, Sequence

import msgspec

from reports.document.certainty import Certainty, certainty_of
from sop_engine import Canceller, Case, Decision, EInvoice, Invoicing, Reading, Scope, Stage, Timing, decide, load_rulebook
from sop_engine.case import FURTHER_STAGES, LIFE_STAGES
from sop_engine.errors import ImpossibleStepError
from sop_engine.ids import is_gap
from sop_engine.order import Order, reachable_states
from sop_engine.stages import StageWords

LIFE_STEPS: tuple[tuple[str, Callable[[Order], Order]], ...] = (
    ("no stock", Order.mark_unfulfillable),
    ("stock reserved", Order.allocate),
    ("posted", Order.post),
    ("e-invoice generated", Order.generate),
    ("e-invoice pushed", Order.push),
    ("released", Order.release),
    ("packed", Order.pack),
    ("manifest closed", Order.ready),
    ("dispatched", Order.dispatch),
)


class Arrow(msgspec.Struct, frozen=True):
    """A step from one stage to another, with the ways of invoicing for which it is possible."""

    source: Stage
    target: Stage
    step: str
    invoicings: tuple[Invoicing, ...]


class Bar(msgspec.Struct, frozen=True):
    """The outcomes of a full cancellation by *canceller* at *stage*, over all states that an order can reach.

    *answers* has each outcome with its certainty and the ways of invoicing that have it.
    """

    stage: Stage
    canceller: Canceller
    answers: tuple[tuple[str, Certainty, tuple[Invoicing, ...]], ...]

    @property
    def outcomes(self) -> tuple[str, ...]:
        """Return the outcomes alone."""
        return tuple(dict.fromkeys(outcome for outcome, *_ in self.answers))


class LifeCycle(msgspec.Struct, frozen=True):
    """All stages in the order of the SOP, the steps between them, and who may cancel at which."""

    stages: tuple[Stage, ...]
    arrows: tuple[Arrow, ...]
    bars: tuple[Bar, ...]


def life_cycle(reading: Reading = Reading.AS_PRACTISED) -> LifeCycle:
    """Compute the life cycle from the steps that the engine allows."""
    invoicings_of_step: dict[tuple[Stage, Stage, str], dict[Invoicing, None]] = {}
    visited: set[tuple[Invoicing, Stage, EInvoice]] = set()
    waiting = [Order.created("", invoicing) for invoicing in Invoicing]
    while waiting:
        order = waiting.pop()
        state = (order.invoicing, order.stage, order.e_invoice)
        if state in visited:
            continue
        visited.add(state)
        for name, step in LIFE_STEPS:
            try:
                after = step(order)
            except ImpossibleStepError:
                continue
            invoicings_of_step.setdefault((order.stage, after.stage, name), {})[order.invoicing] = None
            waiting.append(after)
    places = {stage: place for place, stage in enumerate(LIFE_STAGES)}
    arrows = [Arrow(*key, tuple(sorted(ways))) for key, ways in invoicings_of_step.items()]
    names = {name: place for place, (name, _) in enumerate(LIFE_STEPS)}
    arrows.sort(key=lambda arrow: (places[arrow.source], places[arrow.target], names[arrow.step]))
    return LifeCycle(LIFE_STAGES, tuple(arrows), tuple(_bars(reading)))


def further_stages() -> tuple[StageWords, ...]:
    """Return the stages of the rulebook to which no step leads."""
    return tuple(stage for stage in load_rulebook().stages if stage.id in FURTHER_STAGES)


def _bars(reading: Reading) -> Iterable[Bar]:
    for stage in LIFE_STAGES:
        for canceller in Canceller:
            invoicings_of_answer: dict[tuple[str, Certainty], dict[Invoicing, None]] = {}
            for invoicing, at, e_invoice in sorted(reachable_states()):
                if at is stage:
                    decision = decide(Case(canceller, Scope.FULL, invoicing, at, e_invoice), reading)
                    key = str(decision.outcome), certainty_of(decision.outcome_source)
                    invoicings_of_answer.setdefault(key, {})[invoicing] = None
            order = sorted(invoicings_of_answer.items(), key=lambda entry: (entry[0][0], tuple(Certainty).index(entry[0][1])))
            yield Bar(stage, canceller, tuple((*key, tuple(ways)) for key, ways in order))


class Message(msgspec.Struct, frozen=True):
    """A message from one lane to another, or within one.

    *by* are the clauses and gaps that decide it, *beside* the questions that do not change it, *certainty* its source, if it has one.
    """

    source: str
    target: str
    text: str
    by: tuple[str, ...] = ()
    kind: str = "step"
    beside: tuple[str, ...] = ()
    certainty: Certainty | None = None

    @property
    def label(self) -> str:
        """Return the text with its certainty."""
        return f"{self.text} {self.certainty.symbol} {self.certainty}" if self.certainty else self.text


class LifeStory(msgspec.Struct, frozen=True):
    """The life of an order as a sequence."""

    title: str
    lanes: tuple[str, ...]
    messages: tuple[Message, ...]


AJIO, OMS, WMS, ERP, RMS, SELLER = "Ajio", "Assure OMS", "WMS", "client's ERP", "RMS", "seller"
WAYS = {
    "created": (AJIO, OMS, "a new order"),
    "unfulfillable": (OMS, OMS, "no stock"),
    "allocated": (OMS, OMS, "stock reserved: FULFILLABLE"),
    "posted": (OMS, ERP, "the order is posted"),
    "e-invoice generated": (ERP, ERP, "the e-invoice is made"),
    "e-invoice pushed": (ERP, OMS, "the e-invoice is pushed"),
    "released": (OMS, WMS, "released: PROCESSING"),
    "packed": (WMS, WMS, "packed: PACKED"),
    "packing error": (WMS, OMS, "packing stops with an error"),
    "ready to dispatch": (WMS, WMS, "manifest closed: READY_TO_DISPATCH"),
    "dispatched": (WMS, AJIO, "dispatched: COMPLETED"),
    "part cancelled at Ajio": (AJIO, AJIO, "part of the order is cancelled at Ajio, without an error yet"),
}
"""Source system, target system and text of each event of an order's history."""


def stories() -> tuple[LifeStory, ...]:
    """Return the regular steps under ERP and RMS, and three cancellations that leave work to do, one of them late."""
    erp, rms = (Order.created("1", invoicing, 2) for invoicing in (Invoicing.ERP, Invoicing.RMS))
    invoiced = erp.allocate().post().generate()
    cancelled, decision = invoiced.cancel(Canceller.SELLER, Scope.FULL)
    late = erp.allocate().post().cancel(Canceller.SELLER, Scope.FULL)[0].generate()
    parted, unnoticed = invoiced.push().cancel(Canceller.AJIO, Scope.PARTIAL, 1)
    by_erp = invoiced.push().release().pack().ready().dispatch()
    by_rms = rms.allocate().release().pack().ready().dispatch()
    return (
        LifeStory("The regular steps with the client's ERP", (AJIO, OMS, WMS, ERP), tuple(_history_messages(by_erp))),
        LifeStory("The regular steps with RMS", (AJIO, OMS, WMS, RMS), tuple(_history_messages(by_rms))),
        LifeStory(
            "The seller cancels an invoiced order", (SELLER, AJIO, OMS, ERP), (*_history_messages(cancelled), *_task_messages(decision))
        ),
        LifeStory(
            "The ERP invoices an order after its cancellation", (SELLER, AJIO, OMS, ERP), (*_history_messages(late), *_duty_messages(late))
        ),
        LifeStory(
            "Ajio cancels part of an order (not supported)",
            (SELLER, AJIO, OMS, WMS, ERP),
            (*_history_messages(parted.release().pack()), *_task_messages(unnoticed)),
        ),
    )


def _history_messages(order: Order) -> Iterable[Message]:
    for event in order.history:
        if event.name == "cancelled":
            request = order.cancellations[-1]
            text = f"{request.canceller} cancels the order: {request.decision.outcome}"
            decision = request.decision
            yield Message(SELLER, OMS, text, decision.outcome_by, "cancellation", decision.notes, certainty_of(decision.outcome_source))
            if decision.tasks == ():
                yield Message(SELLER, SELLER, "nothing to do", decision.tasks_by, certainty=certainty_of(decision.tasks_source))
            continue
        source, target, text = WAYS[event.name]
        decisions = [order.cancellations[-1].decision] if event.name in ("part cancelled at Ajio", "packing error") else []
        beside = decisions[0].notes if event.name == "part cancelled at Ajio" else ()
        by = tuple(identifier for decision in decisions for identifier in decision.outcome_by)
        yield Message(source, target, text, by, beside=beside, certainty=_certainty(by))
        if event.name == "packed" and order.invoicing is Invoicing.RMS:
            yield Message(RMS, RMS, "the e-invoice is made at packing", ("GAP-15",), certainty=Certainty.ASSUMED)


def _task_messages(decision: Decision) -> Iterable[Message]:
    for task in decision.tasks or ():
        target = max((ERP, OMS, AJIO), key=task.system.rfind)  # what is shared goes to the system that is named last
        due = "" if task.when is Timing.NOW else f" ({task.when})"
        by = decision.task_by[task.task]
        yield Message(SELLER, target, f"{task.modality.words}: {task.task.words}{due}", by, "task", certainty=_certainty(by))


def _certainty(by: Sequence[str]) -> Certainty | None:
    """Return the certainty of what *by* decide: assumed if a gap is among them; None without ids."""
    if not by:
        return None
    return Certainty.ASSUMED if any(map(is_gap, by)) else Certainty.STATED


def _duty_messages(order: Order) -> Iterable[Message]:
    for duty in order.open_duties():
        yield Message(SELLER, ERP, f"must: {duty.task.words}", duty.because, "task", certainty=_certainty(duty.because))
