"""Assumptions that carry the conclusion of a sensitivity analysis, and those that change a headline figure."""

from collections.abc import Iterator, Sequence

from reports.scenario.wording.study_questions import STUDY_QUESTIONS, Phrase, Phrases
from reports.scenario.wording.tables import FigureCell, FigureRow, FigureTable
from reports.scenario.wording.variant_words import joined
from simulator.field_types import setting_words
from simulator.search_data import Assumption, Swing
from simulator.study_data import COST, SLA_BREACHED, Study

SHOWN_MEASURES = (SLA_BREACHED, "SLA target missed, share of dispatched", "time to dispatch, hours", COST)
"""Measures with a tornado chart."""
MATERIAL = 0.1
"""Change of a measure, as a share of its mean, from which on an assumption matters."""
MOST_NAMED = 5


def sensitivity_sentences(study: Study) -> Iterator[Phrases]:
    """Yield which assumptions carry the conclusion, and which matter for the figures."""
    if study.sensitivity is None:
        return
    assumptions = study.sensitivity.assumptions
    carrying = [assumption for assumption in assumptions if consequences_of(study, assumption)]
    if carrying:
        yield (
            Phrase(f"{len(carrying)} of {len(assumptions)} assumptions", strong=True),
            Phrase(
                f" {'carries' if len(carrying) == 1 else 'carry'} the conclusion, which changes within the plausible range of {_named(carrying)}."
            ),
        )
    else:
        yield Phrase(f"none of {len(assumptions)} assumptions", strong=True), Phrase(" changes the conclusion within its plausible range.")
    material = [assumption for assumption in ranked(study, SHOWN_MEASURES) if assumption not in carrying]
    if material:
        yield (Phrase(f"{len(material)} more change a headline figure by a tenth or more: {_named(material)}."),)


def consequences_of(study: Study, assumption: Assumption) -> list[str]:
    """Return what an assumption changes about the conclusion: queues, comparisons, and limits of headline measures that are crossed."""
    turns = list(assumption.turns)
    bases = study.sensitivity.bases if study.sensitivity is not None else {}
    for question in STUDY_QUESTIONS:
        if not question.limit or question.measure not in bases:
            continue
        before = bases[question.measure]
        for swing in assumption.swings.get(question.measure, ()):
            rises, falls = before + swing.low > question.limit >= before, before + swing.high < question.limit <= before
            if rises or falls:
                turns.append(
                    f"at {setting_words(swing.value)} {question.label}: {'above' if rises else 'below'} {question.limit * 100:g} %"
                )
    return turns


def ranked(study: Study, measures: Sequence[str]) -> list[Assumption]:
    """Return the assumptions that change one of *measures* clearly and by a tenth of its mean or more, the largest change first."""
    if study.sensitivity is None:
        return []
    sizes = {}
    for assumption in study.sensitivity.assumptions:
        shares = [
            abs(swing.mean) / abs(study.sensitivity.bases[measure])
            for measure in measures
            for swing in assumption.swings.get(measure, ())
            if study.sensitivity.bases.get(measure) and is_clear(swing)
        ]
        if shares and max(shares) >= MATERIAL:
            sizes[assumption.key] = max(shares)
    by_key = {assumption.key: assumption for assumption in study.sensitivity.assumptions}
    return [by_key[key] for key in sorted(sizes, key=lambda key: -sizes[key])]


def is_clear(swing: Swing) -> bool:
    """Return whether the interval of a change does not contain 0."""
    return swing.low > 0 or swing.high < 0


def decisive_assumptions_table(study: Study) -> FigureTable:
    """Return the assumptions that carry the conclusion, each with what changes, and the other ones that matter."""
    if study.sensitivity is None:
        return FigureTable("", (), ())
    assumptions = study.sensitivity.assumptions
    carrying = [(assumption, "; ".join(turns)) for assumption in assumptions if (turns := consequences_of(study, assumption))]
    keys = [assumption.key for assumption, _ in carrying]
    material = [
        (assumption, "a headline figure by a tenth or more") for assumption in ranked(study, SHOWN_MEASURES) if assumption.key not in keys
    ]
    rows = [
        FigureRow(assumption.key, assumption.says, (FigureCell(setting_words(assumption.value)), FigureCell(words)))
        for assumption, words in (*carrying, *material)
    ]
    return FigureTable("Assumptions that matter", ("assumed", "what changes"), tuple(rows), "assumption")


def _named(assumptions: Sequence[Assumption]) -> str:
    keys = [assumption.key for assumption in assumptions]
    more = [] if len(keys) <= MOST_NAMED else [f"{len(keys) - MOST_NAMED} more"]
    return joined([*keys[:MOST_NAMED], *more], "and")
