"""Headlines: the results of a study in sentences, each no more precise than its confidence interval."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from reports.scenario.assumptions import sensitivity_sentences
from reports.scenario.costs import cost_sentences
from reports.scenario.precision import precision_sentences
from reports.scenario.search_answer import search_sentences
from reports.scenario.wording.caveats import (
    NO_RATE,
    in_these_days,
    is_unsteady,
    unsteady_sentences,
    warm_up_sentences,
    worst_result,
    worst_sentence,
)
from reports.scenario.wording.measure_catalogue import measure_info
from reports.scenario.wording.number_format import figure, mean_and_spread
from reports.scenario.wording.study_questions import STUDY_QUESTIONS, Phrase, Phrases, StudyQuestion, share_of
from reports.scenario.wording.variant_words import joined, variant_heading, variant_phrase, with_no_break_spaces
from reports.svg.tipping_point import positions_of
from simulator.study_data import COST, NOTES_LATE, SLA_BREACHED, Estimate, Study, Variant

MOST_ANSWERS = 4
MOST_HEADLINES = 4
MOST_SIDES = 3
"""Most variants in one sentence."""
STEEP = 1.6
"""Least slope of a tipping point: its share of the whole change of the measure, divided by its share of the sweep's width."""
A_SMALL_PART = 0.1
"""Least range of a sweep's means with a tipping point, as a share of the largest mean."""


@dataclass(frozen=True, slots=True)
class Headline:
    """A headline figure of the study: *value* with its *spread*, and a *note* on how certain it is."""

    label: str
    value: str
    spread: str
    note: str


@dataclass(frozen=True, slots=True)
class Answer:
    """A sentence, and the measures with the names of the variants of which it has a figure."""

    phrases: Phrases
    claims: frozenset[tuple[str, str]] = frozenset()


@dataclass(frozen=True, slots=True)
class TippingPoint:
    """The tipping point of a sweep for the measure of *question*: from the variant *before* to the next one."""

    question: StudyQuestion
    before: int


def answer_sentences(study: Study) -> tuple[Phrases, ...]:
    """Return a few sentences, the most important first; for a search, its answer."""
    if study.search is not None:
        return tuple(tuple(_capitalised(sentence)) for sentence in search_sentences(study))
    answers = list({"single": _single, "paired": _paired, "sweep": _swept}[study.kind](study))
    worst = worst_result(study)
    claims = {claim for answer in answers for claim in answer.claims if claim[0] != NOTES_LATE}  # their age is said with the worst result
    is_reported = worst is not None and (worst[1].measure, worst[0].name) in claims
    first = [*unsteady_sentences(study), *(() if is_reported else worst_sentence(study))]
    last = [*cost_sentences(study), *precision_sentences(study), *sensitivity_sentences(study), *warm_up_sentences(study)]
    return tuple(tuple(_capitalised(sentence)) for sentence in (*first, *(answer.phrases for answer in answers), *last))


def further_headlines(study: Study) -> tuple[Headline, ...]:
    """Return further figures of a single study: the questions without a sentence, if their measure is not zero."""
    of = study.variants[0].estimates
    left = [question for question in STUDY_QUESTIONS if question.measure in of][MOST_ANSWERS:]
    left = [question for question in left if of[question.measure].mean]
    return tuple(_headline(question, of[question.measure], study) for question in left[:MOST_HEADLINES])


def headlines_of(study: Study) -> tuple[Headline, ...]:
    """Return the headline figures: of one variant, or from the first variant to the last."""
    first, last = study.variants[0], study.variants[-1]
    chosen = [question for question in STUDY_QUESTIONS if question.measure in first.estimates]
    if study.kind != "single":
        chosen = [question for question in chosen if _differs_clearly(last, question) and _differs_in_words(question, (first, last))]
        return tuple(_change(question, first, last, study) for question in chosen[:MOST_HEADLINES])
    return tuple(_headline(question, first.estimates[question.measure], study) for question in chosen[:MOST_HEADLINES])


def differing_questions(study: Study) -> list[StudyQuestion]:
    """Return the questions whose measure differs clearly between the first variant and another one, in the order of the table.

    With a single replication there is no interval, so all that differ are returned.
    """
    return [question for question in STUDY_QUESTIONS if _is_clear(question, study) and _differs_in_words(question, study.variants)]


def tipping_point_of(study: Study) -> TippingPoint | None:
    """Return the tipping point of a sweep: one step with a large part of the whole change; None if the change is gradual."""
    if study.sweep is None:
        return None
    if (point := _last_steady_variant(study)) is not None:
        return point
    for question in differing_questions(study):
        if not question.matters:
            continue
        estimates = [variant.estimates.get(question.measure) for variant in study.variants]
        mean_values = [estimate.mean for estimate in estimates if estimate is not None]
        if len(mean_values) < len(estimates) or len(estimates) < 3:  # noqa: PLR2004 (two values have one step)
            continue
        steps = [abs(after - before) for before, after in pairwise(mean_values)]
        range_of_means = max(mean_values) - min(mean_values)
        if range_of_means < A_SMALL_PART * max(map(abs, mean_values)):
            continue
        places = positions_of(study.sweep.values)
        widths = [(after - before) / (places[-1] - places[0]) for before, after in pairwise(places)]
        if max(steps) >= STEEP * widths[steps.index(max(steps))] * range_of_means:
            return TippingPoint(question, steps.index(max(steps)))
    return None


def _last_steady_variant(study: Study) -> TippingPoint | None:
    """Return the tipping point at the one step of a sweep between variants with and without a steady state, if there is one."""
    growing = [is_unsteady(variant, SLA_BREACHED) for variant in study.variants]
    steps = [k for k, (before, after) in enumerate(pairwise(growing)) if before != after]
    if len(steps) != 1:
        return None
    questions = [question for question in STUDY_QUESTIONS if question.shows_queues and question.measure in study.variants[0].estimates]
    for question in questions:
        sides = [study.variants[k].estimates.get(question.measure) for k in (steps[0], steps[0] + 1)]
        if None not in sides and (sides[0].high < sides[1].low or sides[1].high < sides[0].low):  # type: ignore[union-attr]
            return TippingPoint(question, steps[0])
    return TippingPoint(questions[-1], steps[0]) if questions else None


def _single(study: Study) -> Iterator[Answer]:
    variant = study.variants[0]
    for question in [candidate for candidate in STUDY_QUESTIONS if candidate.measure in variant.estimates][:MOST_ANSWERS]:
        only = [Phrase(f"{in_these_days(study)}, ")] if is_unsteady(variant, question.measure) else []
        words = question.in_words(variant.estimates[question.measure], study)
        yield Answer((*only, *words, Phrase(".")), frozenset({(question.measure, variant.name)}))


def _paired(study: Study) -> Iterator[Answer]:
    clear = [question for question in differing_questions(study) if question.measure != COST]
    for question in clear[: MOST_ANSWERS - 1]:
        yield _answer(study, question, "under", _furthest(study, question))
    left = [question for question in STUDY_QUESTIONS if question not in clear and question.measure != COST and _happens(question, study)]
    for question in left:
        if question.measure == SLA_BREACHED:
            yield Answer((*_in_doubt(study, question), Phrase(".")))
            left.remove(question)
            break
    if small := [question for question in left if _is_clear(question, study)]:
        yield Answer((Phrase(f"A clear but small difference in {_labels(small, 'and')}."),))
    doubtful = [question for question in left if question not in small and _is_compared(question, study)]
    if doubtful:
        yield Answer((Phrase(f"No clear difference in {_labels(doubtful, 'or')}: any difference could be chance."),))


def _labels(questions: Sequence[StudyQuestion], last: str) -> str:
    """Join the labels of *questions* for the middle of a sentence."""
    labels = (question.label for question in questions)
    return joined([label if label[:3].isupper() else label[0].lower() + label[1:] for label in labels], last)


def _is_clear(question: StudyQuestion, study: Study) -> bool:
    """Return whether a variant differs clearly from the first one, even if their rounded words are alike."""
    return any(_differs_clearly(variant, question) for variant in study.variants[1:])


def _is_compared(question: StudyQuestion, study: Study) -> bool:
    """Return whether all variants have the measure, and their differences an interval."""
    differences = [variant.differences.get(question.measure) for variant in study.variants[1:]]
    return all(difference is not None and difference.half_width is not None for difference in differences)


def _furthest(study: Study, question: StudyQuestion) -> list[Variant]:
    """Return the variants; of many, the first and the one that differs most from it."""
    if len(study.variants) <= MOST_SIDES:
        return list(study.variants)
    compared = [variant for variant in study.variants[1:] if question.measure in variant.differences]
    return [study.variants[0], *sorted(compared, key=lambda variant: -abs(variant.differences[question.measure].mean))[:1]]


def _happens(question: StudyQuestion, study: Study) -> bool:
    """Return whether the measure is not zero; zero breaches of the SLA are reported too."""
    means = [variant.estimates[question.measure].mean for variant in study.variants if question.measure in variant.estimates]
    return any(means) or (bool(means) and question is STUDY_QUESTIONS[0])


def _in_doubt(study: Study, question: StudyQuestion) -> list[Phrase]:
    """Return the sentence on a question in which the variants do not differ clearly."""
    first = next(variant.estimates[question.measure] for variant in study.variants if question.measure in variant.estimates)
    differences = [variant.differences.get(question.measure) for variant in study.variants[1:]]
    same = all(difference is not None and difference.mean == 0 for difference in differences)
    if same:
        return [Phrase("in all variants "), *question.in_words(first, study)]
    doubt = [Phrase("; that could be chance")] if study.replications > 1 and not _is_clear(question, study) else []
    return [*_sides(study, question, "under", _furthest(study, question))[:-1], *doubt]


def _swept(study: Study) -> Iterator[Answer]:
    clear, breaks = [question for question in differing_questions(study) if question.measure != COST], tipping_point_of(study)
    first, last = study.variants[0], study.variants[-1]
    way = f"from {variant_phrase(study, first)} to {variant_phrase(study, last)}"
    if not clear and breaks is None:
        small = any(_is_clear(question, study) for question in STUDY_QUESTIONS)
        yield Answer(
            (
                Phrase(
                    f"{way} the clear changes are small." if small else f"{way} there is no clear change: any difference could be chance."
                ),
            )
        )
    elif breaks is not None:
        before, after = study.variants[breaks.before], study.variants[breaks.before + 1]
        sides = [first, before, after, last] if len(study.variants) > MOST_SIDES else list(study.variants)
        yield _answer(study, breaks.question, "with", [side for k, side in enumerate(sides) if side not in sides[:k]])
        clear = [question for question in clear if question != breaks.question]
    for question in clear[: MOST_ANSWERS - 1]:
        yield _answer(study, question, "with", [first, last])
    if clear and breaks is None:
        yield Answer((Phrase(f"The change {way} is gradual; there is no tipping point."),))


def _answer(study: Study, question: StudyQuestion, word: str, sides: list[Variant]) -> Answer:
    """Return the answer for one variant after the other."""
    return Answer(tuple(_sides(study, question, word, sides)), frozenset((question.measure, side.name) for side in sides))


def _sides(study: Study, question: StudyQuestion, word: str, sides: list[Variant]) -> list[Phrase]:
    """Return the answer for one variant after the other: "under ERP ...; under RMS ..."."""
    parts: list[Phrase] = []
    for variant in sides:
        estimate = variant.estimates.get(question.measure)
        if estimate is None:
            continue
        phrases = question.figure_only(estimate) if parts else question.in_words(estimate, study)
        name = f"{word} {variant_phrase(study, variant)}"
        parts += [Phrase(f"{'; ' if parts else ''}{with_no_break_spaces(name)}{':' if name[-1].isdigit() else ''} "), *phrases]
        parts += [Phrase(f" {in_these_days(study)}, {NO_RATE}")] if is_unsteady(variant, question.measure) else []
    return [*parts, Phrase(".")]


def _differs_clearly(variant: Variant, question: StudyQuestion) -> bool:
    difference = variant.differences.get(question.measure)
    return difference is not None and (difference.is_clear or (difference.half_width is None and difference.mean != 0))


def _differs_in_words(question: StudyQuestion, variants: Sequence[Variant]) -> bool:
    """Return whether the variants still differ in their rounded words."""
    return (
        len({question.figure_only(variant.estimates[question.measure]) for variant in variants if question.measure in variant.estimates})
        > 1
    )


def _headline(question: StudyQuestion, estimate: Estimate, study: Study) -> Headline:
    info = measure_info(question.measure, study.period)
    if info.share and "order" in info.unit:
        spread = f"{figure(estimate, 100)} %" if estimate.mean else ""
        return Headline(question.label, share_of(estimate), spread, info.unit.replace("% of", "of all"))
    return Headline(question.label, *mean_and_spread(estimate, info.factor), info.unit_and_period)


def _change(question: StudyQuestion, first: Variant, last: Variant, study: Study) -> Headline:
    info = measure_info(question.measure, study.period)
    sides = (first.estimates.get(question.measure), last.estimates.get(question.measure))
    values = [
        "none"
        if estimate is None or not estimate.mean
        else share_of(estimate)
        if info.share and "order" in info.unit
        else _mean_text(estimate, info.factor)
        for estimate in sides
    ]
    difference = last.differences[question.measure]
    return Headline(
        question.label,
        values[0] if values[0] == values[1] else f"{values[0]} → {values[1]}",
        f"difference {figure(difference, info.factor, signed=True)}",
        f"{info.unit_and_period}; {_from_to(study, first, last)}",
    )


def _from_to(study: Study, first: Variant, last: Variant) -> str:
    """Return the words for "from one variant to another"; bare values of a sweep come with the name of their setting."""
    way = f"{variant_heading(study, first)} → {variant_heading(study, last)}"
    return way if study.sweep is None or variant_heading(study, first) == variant_phrase(study, first) else f"{study.sweep.says}: {way}"


def _mean_text(estimate: Estimate, factor: float) -> str:
    return mean_and_spread(estimate, factor)[0]


def _capitalised(sentence: Sequence[Phrase]) -> Iterator[Phrase]:
    """Return the sentence with a capital letter at its beginning."""
    first, *rest = sentence
    yield Phrase(first.text[:1].upper() + first.text[1:], first.strong)
    yield from rest
