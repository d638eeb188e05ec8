"""A scenario about a case states the facts that its clause names, and no others."""

import re
from collections.abc import Iterator, Mapping

from msgspec.structs import replace

from sop_engine import load_rulebook
from sop_engine.case import FACT_TYPES
from sop_engine.statement import CASE, Section
from steps.language.examples import Example
from tests.support.feature_runs import result_of, run

BOOK = load_rulebook()
NAMED_BY: Mapping[str, frozenset[str]] = {
    f"@{source.id}": frozenset(source.facts.facts if isinstance(source, Section) else source.when.facts if source.when else ())
    for source in (*BOOK.sections, *BOOK.clauses, *BOOK.gaps)
    if isinstance(source, Section) or source.subject == CASE
}
"""The facts that each sentence, gap or heading names; a clause has those of its heading, too."""

GIVENS = {
    "invoicing": re.compile(r"an order invoiced through (?:the client's ERP|RMS)"),
    "stage": re.compile(rf"the order is (?:{'|'.join(FACT_TYPES['stage'])})"),
    "e_invoice": re.compile(rf"its e-invoice is (?:{'|'.join(FACT_TYPES['e_invoice'])})"),
}
WHEN = re.compile(
    r"(?P<canceller>the seller|Ajio|the seller or Ajio) cancels (?P<scope>the full order|part of the order|the full order or part of the order)"
)
ANY = {"canceller": "the seller or Ajio", "scope": "the full order or part of the order"}

WITHOUT = "without an e-invoice the SOP alone gives the answer, with one it is our reading of GAP-15"
AT_PACKING = "in PROCESSING not all steps fall due without an e-invoice (GAP-13)"
NEEDED: dict[str, dict[tuple[str, str], str]] = {
    "seller_cancellation/full_rms": {("e_invoice", "The seller cancels a full order that RMS has not e-invoiced, posted or not"): WITHOUT},
    "seller_cancellation/partial_rms": {
        ("e_invoice", "The seller cancels part of an order that RMS has not e-invoiced, posted or not"): WITHOUT
    },
    "ajio_cancellation/full_rms": {("e_invoice", "Ajio cancels a full order that RMS has not e-invoiced, posted or not"): WITHOUT},
    "ajio_cancellation/partial_rms": {("e_invoice", "Ajio cancels part of an order that RMS has not e-invoiced, posted or not"): WITHOUT},
    "ajio_cancellation/partial_erp": {
        ("e_invoice", "When packing fails, all four steps fall due, in this sequence"): AT_PACKING,
        ("e_invoice", "Who does each step after packing failed, and where"): AT_PACKING,
    },
    "beyond_the_sop/before_fulfillable": {
        ("e_invoice", "An order that RMS has not e-invoiced is cancelled before stock is reserved"): WITHOUT,
        ("scope", "A partial cancellation by the seller before stock is reserved is treated as for a FULFILLABLE order"): (
            "in full, a pushed e-invoice falls into GAP-02 as well"
        ),
    },
}
"""By file: facts that a scenario states although no tag of it names them, as the answer depends on them, and why it does."""


def stated(instance: Example) -> dict[str, Example]:
    """Each fact that a scenario about a case states, with the scenario as it would be if it did not."""
    result: dict[str, Example] = {}
    when = next((place for place, step in enumerate(instance.steps) if step.kind == "when" and WHEN.fullmatch(step.text)), None)
    if when is None:
        return result
    for place, step in enumerate(instance.steps[:when]):
        for fact, sentence in GIVENS.items():
            if sentence.fullmatch(step.text):
                result[fact] = replace(instance, steps=instance.steps[:place] + instance.steps[place + 1 :])
    step = instance.steps[when]
    statement = WHEN.fullmatch(step.text)
    assert statement is not None
    for fact, anything in ANY.items():
        if statement[fact] != anything:
            text = step.text[: statement.start(fact)] + anything + step.text[statement.end(fact) :]
            steps = (*instance.steps[:when], replace(step, text=text), *instance.steps[when + 1 :])
            result[fact] = replace(instance, steps=steps)
    return result


def not_named() -> Iterator[tuple[Example, str, Example]]:
    """Each example, with a fact that it states and no tag of it or of another row names, and the example without that fact."""
    tags: dict[tuple[str, int], set[str]] = {}
    for instance, _ in run():
        tags.setdefault((instance.path, instance.line), set()).update(instance.tags)
    for instance, _ in run():
        named = frozenset[str]().union(*(NAMED_BY.get(tag, ()) for tag in tags[instance.path, instance.line]))
        for fact, without in stated(instance).items():
            if fact not in named:
                yield instance, fact, without


def test_a_fact_that_no_tag_names_is_stated_only_where_the_answer_depends_on_it() -> None:
    idle = [f"{instance.path}:{instance.line} {fact}: {instance.name}" for instance, fact, without in not_named() if passes(without)]

    assert not idle, "\n".join(idle)


def test_every_such_fact_is_listed_with_the_reason() -> None:
    actual = {(instance.path.removesuffix(".feature"), fact, instance.outline or instance.name) for instance, fact, _ in not_named()}

    assert actual == {(file, *stated) for file, facts in NEEDED.items() for stated in facts}


def passes(instance: Example) -> bool:
    return result_of(instance).status == "passed"
