"""Parts of a gap from what an analyst states: the number of its cases, and what each reading decides, as resolutions and in words."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sop_engine.decision import Answer, Reading
from sop_engine.engine import Engine
from sop_engine.register.entries import EntryError, cases_of
from sop_engine.register.rulings import EXAMPLE, RulingParts, parts_of_ruling, ruling_from, ruling_in_words
from sop_engine.statement import ACTIONS, CASE, RETURN, VERDICT

FEWEST_READINGS = 2


def gap_parts(engine: Engine, stated: Mapping[str, Any], decides: Mapping[int, str]) -> dict[str, Any]:
    """Return the parts of a new gap.

    Args:
        engine: the engine of the present rulebook.
        stated: the parts that are stated, with the list of ``readings`` and the number of the assumed one as ``reading``.
        decides: what the readings decide, by number: a ruling, or words where no case depends on the gap.

    Raises:
        EntryError: the readings, their rulings or the cases do not fit.
    """
    readings: Sequence[str] = stated["readings"]
    if len(readings) < FEWEST_READINGS:
        raise EntryError("a gap has at least two readings; add --reading")
    for number in (stated["reading"], *decides):
        if not 1 <= number <= len(readings):
            raise EntryError(f"there is no reading {number}; expected 1 to {len(readings)}")
    parts = {**stated, **counted_cases(stated)}
    chosen = stated.get("chosen", "")
    alternatives = []
    for number in range(1, len(readings) + 1):
        own = reading_parts(engine, parts, number, decides.get(number, ""))
        if number == stated["reading"]:
            parts |= {"chosen": readings[number - 1].rstrip("."), **own, **({"chosen": chosen} if chosen else {})}
        elif own:
            alternatives.append({"reading": number, **own})
    return {**parts, "alternative": alternatives}


def counted_cases(parts: Mapping[str, Any]) -> dict[str, int]:
    """Return the part ``cases`` of a gap with *parts*: the number of cases that its ``when`` covers, none for the document as a whole.

    Raises:
        EntryError: a gap about cases does not say which.
    """
    subject, aspect = parts.get("on", CASE), parts["aspect"]
    if "when" in parts:
        if aspect == "document":
            raise EntryError("a gap about the document as a whole covers no cases; leave the facts out, or choose another aspect")
        return {"cases": len(cases_of(parts["when"], subject))}
    if aspect != "document" and subject in (CASE, RETURN):
        facts = "--stage PROCESSING" if subject == CASE else "--quality-check pass"
        raise EntryError(f"a gap with the aspect `{aspect}` needs the cases that it covers; state their facts, such as {facts}")
    return {} if aspect == "document" else {"cases": 0}


def reading_parts(engine: Engine, parts: Mapping[str, Any], number: int, text: str) -> dict[str, Any]:
    """Return what reading *number* decides, as the parts ``chosen``, ``resolution`` and ``leaves_open``; empty if nothing depends on it.

    Raises:
        EntryError: *text* is no ruling, or is missing although cases depend on the gap.
    """
    subject, aspect = parts.get("on", CASE), parts["aspect"]
    if aspect not in (VERDICT, ACTIONS) or not parts.get("cases"):
        return {"chosen": text} if text else {}
    answers = [engine.answers[subject, Reading.AS_PRACTISED, tuple(facts.values())] for facts in cases_of(parts["when"], subject)]
    outcomes = [str(answer.outcome) for answer in answers] if subject == CASE else []
    try:
        ruling = _ruling(engine, text, subject, {*outcomes} if aspect == ACTIONS else set())
    except EntryError as error:
        raise EntryError(f'reading {number}: {error}; write it like --decides "{number}=…", such as {EXAMPLE}') from None
    return {
        "chosen": ruling_in_words(ruling, aspect, outcomes),
        **parts_of_ruling(_effective_ruling(ruling, answers), engine.rulebook, aspect),
    }


def _effective_ruling(ruling: RulingParts, answers: Sequence[Answer]) -> RulingParts:
    """Return *ruling* without what all *answers* say already: a resolution that changes none of them has no effect."""
    present = [{(task.modality, task.task) for task in answer.tasks or ()} for answer in answers]
    tasks = [task for task in ruling.tasks or () if not all(task in own for own in present)]
    is_settled = all(answer.tasks == () for answer in answers)
    return replace(
        ruling,
        outcome="" if {str(answer.outcome) for answer in answers} == {ruling.outcome} else ruling.outcome,
        tasks=tasks or (None if ruling.tasks or is_settled else ruling.tasks),
    )


def _ruling(engine: Engine, text: str, subject: str, settled: Collection[str]) -> RulingParts:
    """Parse a ruling; of an outcome that the clauses have *settled* it repeats nothing.

    Raises:
        EntryError: it is none, or has another outcome.
    """
    if not text:
        raise EntryError("it does not say what it decides")
    ruling = ruling_from(text, engine.rulebook, subject)
    if not settled or not ruling.outcome:
        return ruling
    if settled != {ruling.outcome}:
        raise EntryError(
            f"the outcome of its cases is {', '.join(sorted(settled))}, and does not depend on a gap with the aspect `actions`; "
            "leave the outcome out, or choose the aspect `verdict`"
        )
    return replace(ruling, outcome="")
