"""Readings of gaps that are tried: the rulebook with another reading of some gaps, and what it answers."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from sop_engine.comparison import Region, regions
from sop_engine.decision import Reading
from sop_engine.decision_table import Behaviour, table_row
from sop_engine.engine import Engine
from sop_engine.errors import SopError, did_you_mean
from sop_engine.evaluation import evaluate, statements_of
from sop_engine.loading.gaps import possible_readings_text
from sop_engine.loading.words import FACTS_OF
from sop_engine.reader import Rulebook
from sop_engine.returns import ReturnDecision
from sop_engine.statement import Gap, Ruling
from sop_engine.text import quoted

_CHOICE = re.compile(r"([^=\s]+)\s*=\s*([1-9][0-9]{0,3})", re.ASCII)


class ReadingError(SopError):
    """A gap or a reading that does not exist, or that cannot be tried."""


def choices_from(texts: Iterable[str]) -> dict[str, int]:
    """Parse texts such as ``GAP-04=3`` to the number of the reading of each gap.

    Raises:
        ReadingError: a text has another form, or names a gap twice.
    """
    choices: dict[str, int] = {}
    for text in texts:
        match = _CHOICE.fullmatch(text.strip())
        if match is None:
            raise ReadingError(f"{quoted(text)} is not a gap and a reading; write them like `GAP-04=3`")
        if match[1] in choices:
            raise ReadingError(f"{quoted(match[1])} is given twice; give it once")
        choices[match[1]] = int(match[2])
    return choices


def gap_of(rulebook: Rulebook, identifier: str) -> Gap:
    """Return the gap with the id *identifier*.

    Raises:
        ReadingError: there is none; with the nearest id.
    """
    gaps = {gap.id: gap for gap in rulebook.gaps}
    if identifier not in gaps:
        hint = did_you_mean(identifier, gaps)
        raise ReadingError(f"there is no gap {quoted(identifier)}; {hint if hint.startswith('did') else 'see `sop questions`'}")
    return gaps[identifier]


def ruling_of(gap: Gap, number: int) -> Ruling:
    """Return what reading *number* of *gap* decides.

    Raises:
        ReadingError: there is no such reading, or the register does not say what it decides.
    """
    if not 1 <= number <= len(gap.readings):
        raise ReadingError(f"`{gap.id}` has no reading {number}; expected 1 to {len(gap.readings)}")
    ruling = next((ruling for ruling in gap.rulings if ruling.number == number), None)
    if ruling is None:
        numbers = possible_readings_text([ruling.number for ruling in gap.rulings])
        raise ReadingError(
            f"reading {number} of `{gap.id}` cannot be put in force, because the register does not say what it decides; {numbers}, "
            f"or say what it decides with `sop gap edit {gap.id} --decides {number}=…`, or correct the clauses (docs/editing.md)"
        )
    return ruling


def with_readings(rulebook: Rulebook, choices: Mapping[str, int]) -> Rulebook:
    """Return *rulebook* with the readings in *choices* in force, each as an assumption.

    Raises:
        ReadingError: a gap or a reading does not exist, or cannot be tried.
    """
    rulings = {identifier: ruling_of(gap_of(rulebook, identifier), number) for identifier, number in choices.items()}
    gaps = (replace(gap.with_ruling(rulings[gap.id]), answer=None) if gap.id in rulings else gap for gap in rulebook.gaps)
    return replace(rulebook, gaps=tuple(gaps))


def effect_of(engine: Engine, identifier: str, number: int) -> tuple[Region, ...]:
    """Return the answers of *engine* that change with reading *number* of a gap.

    Raises:
        ReadingError: as `with_readings`.
        RulebookError: the rulebook does not hold with this reading.
    """
    return regions(Behaviour.of(engine), Behaviour.of(Engine.of(with_readings(engine.rulebook, {identifier: number}))))


def effect_without_proof(engine: Engine, identifier: str, number: int) -> tuple[Region, ...]:
    """Return `effect_of` as practised for a rulebook that was proved under each reading: only answers that cite the gap are computed.

    No other answer depends on the reading. A test compares it with `effect_of`, which takes ten times as long.

    Raises:
        ReadingError: as `with_readings`.
    """
    rulebook, practised = with_readings(engine.rulebook, {identifier: number}), Reading.AS_PRACTISED
    statements = {subject: statements_of(rulebook, practised, subject) for subject in FACTS_OF}
    before, after = {}, {}
    for (subject, reading, values), answer in engine.answers.items():
        if reading is not practised or identifier not in answer.gaps:
            continue
        facts = dict(zip(FACTS_OF[subject], map(str, values), strict=True))
        new = evaluate(facts, statements[subject], rulebook, subject, practised)
        old_place = answer if isinstance(answer, ReturnDecision) else None
        new_place = None if old_place is None else ReturnDecision.of(new, rulebook.gaps, old_place.quality_check, practised)
        key = (subject, practised, tuple(facts.values()))
        before[key], after[key] = table_row(answer, old_place), table_row(new_place or new, new_place)
    return regions(*(Behaviour(rulebook.name, "", rows) for rows in (before, after)))
