"""A region of changed answers in words: its place, and every changed part, old beside new."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

import msgspec

from reports.document.heading_titles import PART_TITLES
from reports.examples.values import value_text
from sop_engine.comparison import NO_CASE, Region
from sop_engine.decision_table import TableRow
from sop_engine.loading.words import FACTS_OF
from sop_engine.statement import CASE

ANSWER_PART_NAMES = {
    "outcome": "Outcome", "tasks": "Tasks", "clauses": "Rests on", "gaps": "Readings of", "manner": "Manner", "stock": "Stock",
    "offline_claim": "Offline claim",
}  # fmt: skip
_PAIR = 2


class Item(msgspec.Struct, frozen=True):
    """An item of an answer; ``differs`` if the other side does not have it."""

    text: str
    differs: bool


class ChangedPart(msgspec.Struct, frozen=True):
    """A part of an answer that changed."""

    name: str
    before: tuple[Item, ...]
    after: tuple[Item, ...]


def section_of(region: Region) -> tuple[str, str]:
    """Return id and title of the SOP's heading above the region; the id is empty for returned units."""
    if region.subject != CASE:
        return "RT", PART_TITLES["RT"]
    canceller, scope, invoicing = (next(iter(region.facts[name])) for name in ("canceller", "scope", "invoicing"))
    prefix = "SC" if canceller == "seller" else "AC"
    maker = "the client's ERP" if invoicing == "ERP" else "RMS"
    extent = "the whole order" if scope == "full" else "part of an order"
    return f"{prefix}-{invoicing}-{'FULL' if scope == 'full' else 'PART'}", f"{PART_TITLES[prefix]}, {extent}, e-invoice by {maker}"


def situation_text(region: Region) -> str:
    """Return the situations under the heading in words: ``PROCESSING or PACKED, e-invoice pushed``."""
    words_of_fact = FACTS_OF[region.subject]
    if region.subject != CASE:
        values = region.facts["quality_check"]
        return (
            "any result of the quality check"
            if len(values) == len(words_of_fact["quality_check"])
            else f"quality check {' or '.join(values)}"
        )
    stages, invoices = region.facts["stage"], region.facts["e_invoice"]
    invoice = "any state of the e-invoice" if len(invoices) == len(words_of_fact["e_invoice"]) else f"e-invoice {' or '.join(invoices)}"
    stage = "any stage" if len(stages) == len(words_of_fact["stage"]) else " or ".join(stages)
    return f"{stage}, {invoice}"


def readings_text(names: Sequence[str]) -> str:
    """``as written and as practised``."""
    return " and ".join(name.replace("-", " ") for name in names)


def changed_parts(region: Region) -> Iterator[ChangedPart]:
    """Return every changed part; items that only one side has are marked."""
    for name in region.parts:
        before, after = _items(region.before, region.after, name)
        yield ChangedPart(ANSWER_PART_NAMES.get(name, name), _marked(before, after), _marked(after, before))


def _marked(items: Sequence[str], other_side: Sequence[str]) -> tuple[Item, ...]:
    same = sorted(items) == sorted(other_side)  # only the order differs
    return tuple(Item(text, same or text not in other_side) for text in items)


def _items(before: TableRow, after: TableRow, name: str) -> tuple[list[str], list[str]]:
    old, new = getattr(before, name), getattr(after, name)
    if NO_CASE in (before, after):
        texts_of = _task_texts if name == "tasks" else partial(_value_texts, name=name)
        sides = [[NO_CASE.outcome] if row == NO_CASE else texts_of(value) for row, value in ((before, old), (after, new))]
        return sides[0], sides[1]
    if name == "tasks":
        texts = _task_texts(old), _task_texts(new)
        return texts if texts[0] != texts[1] else (_task_texts(old, places=True), _task_texts(new, places=True))
    return _value_texts(old, name), _value_texts(new, name)


def _value_texts(value: object, name: str) -> list[str]:
    if isinstance(value, tuple):
        return [value_text(part) for part in value] or ["none"]
    return ["not stated"] if value == "" else [value_text(value, name)]


def _task_texts(tasks: object, *, places: bool = False) -> list[str]:
    """Return each task, with who and where only if nothing else differs."""
    if not isinstance(tasks, tuple):
        return [value_text(tasks, "tasks")]
    texts = []
    for task in tasks:
        modality, action, *places_of_task = task if isinstance(task, tuple) and len(task) >= _PAIR else ("", value_text(task))
        actors = ", ".join(map(str, filter(None, places_of_task))) if places else ""
        texts.append(value_text([modality, action]) + (f" ({actors})" if actors else ""))
    return texts or ["nothing to do"]


def first_facts(region: Region) -> Mapping[str, str]:
    """Return the first situation of the region."""
    return {name: values[0] for name, values in region.facts.items()}
