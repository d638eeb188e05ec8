"""What came of it, in sentences; each says no more than its interval allows."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from reports.scenario.measure_catalogue import measure_info
from reports.scenario.number_format import figure, mean_and_half
from reports.scenario.study_questions import STUDY_QUESTIONS, Phrase, Phrases, StudyQuestion, share_of
from reports.svg.tipping_point import positions_of
from simulator.study_data import SLA_BREACHED, Estimate, Study, Variant

MOST_ANSWERS = 4
MOST_HEADLINES = 4
MOST_SIDES = 3
"""Variants that one sentence names."""
STEEP = 1.6
"""The largest step of a sweep is where it breaks, if it goes so many times as far up or down as it goes sideways, in parts of the whole."""
A_SMALL_PART = 0.1
"""Of the largest mean of a sweep: where all lies closer together, nothing breaks."""
A_FEW_LETTERS = 20
_LENGTH = re.compile(r"(.+)_(hours|minutes|seconds)")
_NOUNS = {"wms.packers": "packers", "wms.pickers": "pickers", "erp.clerks": "clerks"}


@dataclass(frozen=True, slots=True)
class Headline:
    """A figure that stands for the study: *value* with its *spread*, and a *note* that says what it is worth."""

    label: str
    value: str
    spread: str
    note: str


@dataclass(frozen=True, slots=True)
class Edge:
    """The step of a sweep at which the measure of *theme* breaks: from the variant *before* to the next one."""

    theme: StudyQuestion
    before: int


def answers(study: Study) -> tuple[Phrases, ...]:
    """A few sentences, the most telling first."""
    told = {"single": _single, "paired": _paired, "sweep": _swept}[study.kind](study)
    return tuple(tuple(_started(sentence)) for sentence in told)


def besides(study: Study) -> tuple[Headline, ...]:
    """Further figures of a single study: the themes for which it has no sentence, if they happen at all."""
    of = study.variants[0].estimates
    left = [theme for theme in STUDY_QUESTIONS if theme.measure in of][MOST_ANSWERS:]
    left = [theme for theme in left if of[theme.measure].mean]
    return tuple(_one(theme, of[theme.measure]) for theme in left[:MOST_HEADLINES])


def headlines(study: Study) -> tuple[Headline, ...]:
    """The few figures of the study: one side's, or how they go from the first variant to the last."""
    first, last = study.variants[0], study.variants[-1]
    chosen = [theme for theme in STUDY_QUESTIONS if theme.measure in first.estimates]
    if study.kind != "single":
        chosen = [theme for theme in chosen if _clear(last, theme) and _seen(theme, (first, last))]
        return tuple(_change(theme, first, last, study) for theme in chosen[:MOST_HEADLINES])
    return tuple(_one(theme, first.estimates[theme.measure]) for theme in chosen[:MOST_HEADLINES])


def telling(study: Study) -> list[StudyQuestion]:
    """The themes that differ clearly between the first variant and some other one, in the order of the table.

    Of a single replication, those that differ at all: nobody can say more.
    """
    return [theme for theme in STUDY_QUESTIONS if any(_clear(each, theme) for each in study.variants[1:]) and _seen(theme, study.variants)]


def edge(study: Study) -> Edge | None:
    """Where a sweep breaks: one step that goes a large part of the whole way; none where it changes bit by bit."""
    if study.sweep is None:
        return None
    for theme in telling(study):
        if not theme.matters:
            continue
        means = [each.estimates.get(theme.measure) for each in study.variants]
        known_means = [each.mean for each in means if each is not None]
        if len(known_means) < len(means) or len(means) < 3:  # noqa: PLR2004 (two values have one step)
            continue
        steps = [abs(after - before) for before, after in pairwise(known_means)]
        whole = max(known_means) - min(known_means)
        if whole < A_SMALL_PART * max(map(abs, known_means)):
            continue
        places = positions_of(study.sweep.values)
        widths = [(after - before) / (places[-1] - places[0]) for before, after in pairwise(places)]
        if max(steps) >= STEEP * widths[steps.index(max(steps))] * whole:
            return Edge(theme, steps.index(max(steps)))
    return None


def named(study: Study, variant: Variant) -> str:
    """A variant in the middle of a sentence: "7 packers", "ERP"."""
    if study.sweep is not None:
        key = study.sweep.key
        value = variant.changes[key]
        length = _LENGTH.fullmatch(key.rpartition(".")[2])
        if length and isinstance(value, (int, float)):
            words = length[1].replace("_", " ")
            return f"{'an' if words[0] in 'aeiou' else 'a'} {words} of {value:g} {length[2]}"
        if key in _NOUNS and isinstance(value, int):
            noun = _NOUNS[key]
            return f"{value} {noun.removesuffix('s') if value == 1 else noun}"
    return variant.name


def heading(study: Study, variant: Variant) -> str:
    """A variant above a column; of a sweep, its value."""
    if study.sweep is not None and study.sweep.key not in _NOUNS:
        return str(variant.changes[study.sweep.key])
    return named(study, variant)


def _single(study: Study) -> Iterator[list[Phrase]]:
    of = study.variants[0].estimates
    for theme in [each for each in STUDY_QUESTIONS if each.measure in of][:MOST_ANSWERS]:
        yield [*theme.says(of[theme.measure], study), Phrase(".")]


def _paired(study: Study) -> Iterator[list[Phrase]]:
    clear = telling(study)
    for theme in clear[: MOST_ANSWERS - 1]:
        yield _sides(study, theme, "under", _furthest(study, theme))
    left = [theme for theme in STUDY_QUESTIONS if theme not in clear and _ever(theme, study)]
    for theme in left:
        if theme.measure == SLA_BREACHED:
            yield [*_in_doubt(study, theme), Phrase(".")]
            left.remove(theme)
            break
    if left and study.replications > 1:
        words = _listed([theme.label if theme.label[:3].isupper() else theme.label[0].lower() + theme.label[1:] for theme in left])
        yield [Phrase(f"No clear difference in {words}: what there is could be chance.")]


def _furthest(study: Study, theme: StudyQuestion) -> list[Variant]:
    """The variants; of many, the first and the one that differs most from it."""
    if len(study.variants) <= MOST_SIDES:
        return list(study.variants)
    others = [each for each in study.variants[1:] if theme.measure in each.differences]
    return [study.variants[0], *sorted(others, key=lambda each: -abs(each.differences[theme.measure].mean))[:1]]


def _ever(theme: StudyQuestion, study: Study) -> bool:
    """Whether it happens at all; no breach of the SLA is news all the same."""
    means = [each.estimates[theme.measure].mean for each in study.variants if theme.measure in each.estimates]
    return any(means) or (bool(means) and theme is STUDY_QUESTIONS[0])


def _in_doubt(study: Study, theme: StudyQuestion) -> list[Phrase]:
    """A theme in which the variants do not differ beyond chance."""
    first = next(each.estimates[theme.measure] for each in study.variants if theme.measure in each.estimates)
    differences = [each.differences.get(theme.measure) for each in study.variants[1:]]
    same = all(difference is not None and difference.mean == 0 for difference in differences)
    if same:
        return [Phrase("either way "), *theme.says(first, study)]
    doubt = [Phrase("; that could be chance")] if study.replications > 1 else []
    return [*_sides(study, theme, "under", _furthest(study, theme))[:-1], *doubt]


def _swept(study: Study) -> Iterator[list[Phrase]]:
    clear, breaks = telling(study), edge(study)
    first, last = study.variants[0], study.variants[-1]
    if not clear:
        yield [Phrase(f"From {named(study, first)} to {named(study, last)} nothing changes that could not be chance.")]
    elif breaks is not None:
        before, after = study.variants[breaks.before], study.variants[breaks.before + 1]
        sides = [first, before, after, last] if len(study.variants) > MOST_SIDES else list(study.variants)
        yield _sides(study, breaks.theme, "with", [each for k, each in enumerate(sides) if each not in sides[:k]])
        clear = [theme for theme in clear if theme != breaks.theme]
    for theme in clear[: MOST_ANSWERS - 1]:
        yield _sides(study, theme, "with", [first, last])
    if clear and breaks is None:
        yield [Phrase(f"It changes bit by bit from {named(study, first)} to {named(study, last)}; no single step breaks it.")]


def _sides(study: Study, theme: StudyQuestion, word: str, sides: list[Variant]) -> list[Phrase]:
    """The theme for one variant after the other: "under ERP ...; under RMS ..."."""
    parts: list[Phrase] = []
    for variant in sides:
        estimate = variant.estimates.get(theme.measure)
        if estimate is None:
            continue
        said = theme.again(estimate) if parts else theme.says(estimate, study)
        name = f"{word} {named(study, variant)}"
        parts += [Phrase(f"{'; ' if parts else ''}{_kept(name)}{':' if name[-1].isdigit() else ''} "), *said]
    return [*parts, Phrase(".")]


def _kept(words: str) -> str:
    """*words* on one line, if they are few."""
    return words.replace(" ", "\N{NO-BREAK SPACE}") if len(words) < A_FEW_LETTERS else words


def _clear(variant: Variant, theme: StudyQuestion) -> bool:
    difference = variant.differences.get(theme.measure)
    return difference is not None and (difference.is_clear or (difference.half_width is None and difference.mean != 0))


def _seen(theme: StudyQuestion, variants: Sequence[Variant]) -> bool:
    """Whether the variants still differ when they are told in words."""
    return len({theme.again(each.estimates[theme.measure]) for each in variants if theme.measure in each.estimates}) > 1


def _one(theme: StudyQuestion, estimate: Estimate) -> Headline:
    about = measure_info(theme.measure)
    if about.share and "order" in about.unit:
        spread = f"{figure(estimate, 100)} %" if estimate.mean else ""
        return Headline(theme.label, share_of(estimate), spread, about.unit.replace("% of", "of all"))
    mean, half = mean_and_half(estimate, about.factor)
    return Headline(theme.label, mean, f"± {half}" if half else "", about.unit)


def _change(theme: StudyQuestion, first: Variant, last: Variant, study: Study) -> Headline:
    about = measure_info(theme.measure)
    sides = (first.estimates.get(theme.measure), last.estimates.get(theme.measure))
    shown = [
        "none" if each is None or not each.mean else share_of(each) if about.share and "order" in about.unit else _plain(each, about.factor)
        for each in sides
    ]
    difference = last.differences[theme.measure]
    return Headline(
        theme.label,
        f"{shown[0]} → {shown[1]}",
        f"difference {figure(difference, about.factor, signed=True)}",
        f"{about.unit}; {_way(study, first, last)}",
    )


def _way(study: Study, first: Variant, last: Variant) -> str:
    """From one variant to another; where the values of a sweep say nothing alone, with what they are."""
    way = f"{heading(study, first)} → {heading(study, last)}"
    return way if study.sweep is None or heading(study, first) == named(study, first) else f"{study.sweep.says}: {way}"


def _plain(estimate: Estimate, factor: float) -> str:
    return mean_and_half(estimate, factor)[0]


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"


def _started(sentence: list[Phrase]) -> Iterator[Phrase]:
    """The sentence with a capital at its beginning."""
    first, *rest = sentence
    yield Phrase(first.text[:1].upper() + first.text[1:], first.strong)
    yield from rest
