"""A small model of an order's life cycle, written from the design and the gap register, to compare with `sop_engine.order`.

It has the stage of an order and what is due, but no times, clauses or histories. The answer to a cancellation comes
from the oracle. A step returns the next model, or ``None`` if the step is impossible.
"""

from dataclasses import dataclass, replace

from tests.support import oracle

E_INVOICES = ("not posted", "posted", "generated", "pushed")
TASKS = ("ask-ajio-to-cancel", "cancel-in-assure", "credit-note")


@dataclass(frozen=True)
class Model:
    """State of an order. `due` and `done` are tasks; `noticed` is the packing error of an Ajio partial cancellation."""

    invoicing: str
    ordered: int
    units: int
    stage: str = "CREATED"
    e_invoice: str = "not posted"
    held: bool = False
    pending: bool = False
    noticed: bool = False
    due: frozenset[str] = frozenset()
    done: frozenset[str] = frozenset()
    returned: int = 0
    checked: int = 0

    @property
    def erp(self) -> bool:
        """Return whether the client's own ERP makes the e-invoice."""
        return self.invoicing == "ERP"

    def with_due(self, tasks: set[str]) -> "Model":
        """Return the model with *tasks* due, except those that were due before: a task falls due once."""
        return replace(self, due=self.due | (tasks - self.done))


def step(model: Model, name: str) -> Model | None:  # noqa: C901, PLR0911, PLR0912 (one branch a step)
    """Return the model after a step that is not a cancellation."""
    stage = model.stage
    if name == "allocate" and stage in {"CREATED", "UNFULFILLABLE"}:
        return replace(model, stage="FULFILLABLE")
    if name == "mark_unfulfillable" and stage == "CREATED":
        return replace(model, stage="UNFULFILLABLE")
    if name == "hold" and not model.held and stage in {"CREATED", "UNFULFILLABLE", "FULFILLABLE"}:
        return replace(model, held=True)
    if name == "unhold" and model.held:
        return replace(model, held=False)
    if name == "post" and model.erp and stage == "FULFILLABLE" and model.e_invoice == "not posted":
        return replace(model, e_invoice="posted")
    if name == "generate" and model.e_invoice == "posted" and stage in {"FULFILLABLE", "CANCELLED"}:
        made = replace(model, e_invoice="generated")
        return made.with_due({"credit-note"}) if stage == "CANCELLED" else made  # GAP-17
    if name == "push" and model.erp and model.e_invoice == "generated":
        return replace(model, e_invoice="pushed")
    if name == "release" and stage == "FULFILLABLE" and not model.held:
        if model.erp and model.e_invoice != "pushed":
            return None  # GAP-22: the e-invoice is there before the warehouse is
        return replace(model, stage="PROCESSING")
    if name == "pack" and stage == "PROCESSING" and not model.noticed:
        if model.pending:
            _, tasks = oracle.decide("Ajio", "partial", "ERP", "PROCESSING", model.e_invoice, "as-practised")
            return replace(model, noticed=True).with_due(_musts(tasks))
        return replace(model, stage="PACKED", e_invoice=model.e_invoice if model.erp else "generated")
    if name == "ready" and stage == "PACKED":
        return replace(model, stage="READY_TO_DISPATCH")
    if name == "dispatch" and stage == "READY_TO_DISPATCH":
        return replace(model, stage="COMPLETED")
    if name == "return_unit" and stage == "COMPLETED" and model.returned < model.units:
        return replace(model, returned=model.returned + 1)
    if name == "record_quality_check" and model.checked < model.returned:
        return replace(model, checked=model.checked + 1)
    if name in TASKS and name in model.due:
        return replace(model, due=model.due - {name}, done=model.done | {name})
    return None


def most(model: Model) -> int:
    """Return the numbers of units that a cancellation may have."""
    return model.ordered if model.stage == "CANCELLED" else model.units


def cancel(model: Model, canceller: str, units: int, *, full: bool, reading: str) -> tuple[Model, oracle.Answer]:
    """Return the model after a request to cancel *units* units, and the answer to it; a partial one of all units is full (GAP-39)."""
    whole = full or units == model.units
    scope = "full" if whole else "partial"
    answer = oracle.decide(canceller, scope, model.invoicing, model.stage, model.e_invoice, reading)
    outcome, tasks = answer
    if outcome == "fails at packing":
        return replace(model, pending=True), answer
    if outcome != "allowed":
        return model, answer  # GAP-37 among them: without effect
    if not whole:
        return replace(model, units=model.units - units), answer
    ended = replace(model, stage="CANCELLED", units=0, held=False, pending=False)
    if model.noticed:  # a step of the four, which raises no duty of its own; Ajio's is step one and has reached Assure (GAP-30)
        steps = {"cancel-in-assure"} | ({"ask-ajio-to-cancel"} if canceller == "Ajio" else set())
        return replace(ended, due=ended.due - steps, done=ended.done | steps), answer
    return ended.with_due(_musts(tasks)), answer


def _musts(tasks: oracle.Tasks) -> set[str]:
    return {task for modality, task in tasks or () if modality == "must"}
