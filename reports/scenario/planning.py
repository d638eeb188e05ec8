"""Results of a search, a wanted precision, a sensitivity analysis and of the costs, as sentences, tables and charts."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from reports.scenario.caveats import is_unsteady
from reports.scenario.measure_catalogue import measure_info
from reports.scenario.number_format import figure
from reports.scenario.study_questions import STUDY_QUESTIONS, Phrase, Phrases
from reports.scenario.tables import FigureCell, FigureRow, FigureTable
from reports.scenario.variant_words import joined, variant_phrase
from reports.svg.numbers import decimal_places, number_text
from reports.svg.tornado import TornadoEnd, TornadoRow, tornado_chart
from simulator.field_types import Value, setting_words
from simulator.search_data import Assumption, Search, Swing, Trial
from simulator.study_data import COST, SLA_BREACHED, Study, Variant
from sop_engine.text import counted

SHOWN_MEASURES = (SLA_BREACHED, "SLA target missed, share of dispatched", "time to dispatch, hours", COST)
"""Measures with a tornado chart."""
MOST_ROWS = 10
MATERIAL = 0.1
"""Change of a measure, as a share of its mean, from which on an assumption matters."""
CAPACITIES = {
    "posts to the ERP": "erp.posts_per_interval",
    "pickers": "wms.pickers",
    "packers": "wms.packers",
    "credit-note clerks": "erp.clerks",
}
"""By station: the setting that decides its capacity."""
MOST_NAMED = 5
MOST_IN_CHART = 2
"""Most values of a list that a chart shows."""
VERDICTS = {"met": "meets the goal", "missed": "misses the goal", "unsteady": "no steady state", "worse": "worse", "open": "not decided"}


@dataclass(frozen=True, slots=True)
class Tornado:
    """The tornado chart of a measure, and the same as a table."""

    title: str
    picture: Markup
    table: FigureTable


def search_sentences(study: Study) -> Iterator[Phrases]:
    """Yield the answer of a search, what the next cheaper value does, what it costs, and how much was simulated."""
    search = study.search
    if search is None:
        return
    answer = search.trial(search.answer)
    if answer is None:
        yield from _no_answer(study, search)
    else:
        yield (*_answer_words(study, search, answer), Phrase("."))
        yield from _next_cheaper(study, search)
        yield from _answer_cost(study, answer)
    grid = search.limit * len(search.candidates)
    yield (
        Phrase(
            f"simulated: {counted(search.replications, 'replication')} of {counted(len(search.trials), 'value')}; "
            f"a grid of all {len(search.candidates)} values with {search.limit} replications each needs {grid:,}."
        ),
    )


def precision_sentences(study: Study) -> Iterator[Phrases]:
    """Yield whether each wanted half-width was reached."""
    for wanted in study.precision or ():
        info = measure_info(wanted.measure, study.period)
        width = wanted.half_width * (100 if "%" in wanted.wanted else info.factor)
        reached = f"± {number_text(width, decimal_places(width))}{' %' if '%' in wanted.wanted else ''}"
        where = " in every variant" if len(study.variants) > 1 else ""
        if wanted.reached:
            yield (
                Phrase(f"{wanted.wanted} is reached", strong=True),
                Phrase(f"{where} after {counted(study.replications, 'replication')} ({reached})."),
            )
        else:
            yield (
                Phrase(f"{wanted.wanted} is not reached", strong=True),
                Phrase(f" after {counted(study.replications, 'replication')}, the most that may be run ({reached}); raise -r."),
            )


def cost_sentences(study: Study) -> Iterator[Phrases]:
    """Yield what the variants cost a day, with the number of assumed prices."""
    sides = [study.variants[0]] if study.kind == "single" else [study.variants[0], study.variants[-1]]
    priced = [side for side in sides if COST in side.estimates]
    if not priced or study.search is not None:
        return
    prices = [setting for setting in study.settings if setting.key.startswith("prices.")]
    assumed = sum(setting.assumed for setting in prices)
    parts: list[Phrase] = [Phrase("cost: ")]
    for place, side in enumerate(priced):
        name = "" if study.kind == "single" else f" {'with' if study.kind == 'sweep' else 'under'} {variant_phrase(study, side)}"
        parts += [Phrase("; " if place else ""), Phrase(f"{figure(side.estimates[COST])} rupees a day", strong=True), Phrase(name)]
    yield (*parts, Phrase(f" ({assumed} of {len(prices)} prices are assumed)." if prices else "."))


def sensitivity_sentences(study: Study) -> Iterator[Phrases]:
    """Yield which assumptions carry the conclusion, and which matter for the figures."""
    if study.sensitivity is None:
        return
    assumptions = study.sensitivity.assumptions
    carrying = [assumption for assumption in assumptions if turns_of(study, assumption)]
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


def turns_of(study: Study, assumption: Assumption) -> list[str]:
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


def tornados(study: Study) -> Iterator[Tornado]:
    """Yield a tornado chart for each measure that an assumption changes."""
    if study.sensitivity is None:
        return
    for measure in SHOWN_MEASURES:
        if measure not in study.sensitivity.bases:
            continue
        info = measure_info(measure, study.period)
        rows = list(tornado_rows(study, measure))
        if not rows:
            continue
        title = tornado_title(study, measure)
        table = FigureTable(
            title,
            ("value", "change", "95 % confidence interval"),
            tuple(_end_row(row, end) for row in rows for end in row.ends),
            "assumption",
        )
        yield Tornado(title, tornado_chart(title, rows, info.unit), table)


def tornado_title(study: Study, measure: str) -> str:
    """Return the title of a tornado chart: the measure, and its mean with all assumptions as they are."""
    info = measure_info(measure, study.period)
    base = (study.sensitivity.bases.get(measure, 0.0) if study.sensitivity is not None else 0.0) * info.factor
    return f"{info.title}: change from {number_text(base, decimal_places(base / 100))} {info.unit}"


def tornado_rows(study: Study, measure: str) -> Iterator[TornadoRow]:
    """Yield the assumptions with the largest changes of *measure*, those that could be chance left out."""
    info = measure_info(measure, study.period)
    sensitivity = study.sensitivity
    swinging = [
        (max(abs(swing.mean) for swing in swings), assumption, swings)
        for assumption in (sensitivity.assumptions if sensitivity is not None else ())
        if (swings := assumption.swings.get(measure)) and any(is_clear(swing) for swing in swings)
    ]
    for _, assumption, swings in sorted(swinging, key=lambda entry: -entry[0])[:MOST_ROWS]:
        ends = tuple(
            TornadoEnd(_short_value(swing.value), *(end * info.factor for end in (swing.mean, swing.low, swing.high))) for swing in swings
        )
        changes = "; ".join(f"{end.name}: {_signed(end.change)}" for end in ends)
        yield TornadoRow(assumption.key, _short_value(assumption.value), ends, changes)


def trial_table(study: Study) -> FigureTable:
    """Return the values that a search simulated: verdict, how sure, replications, figure and cost."""
    search = study.search
    if search is None:
        return FigureTable("", (), ())
    info = measure_info(search.measure, study.period)
    has_cost = search.measure != COST and all(COST in variant.estimates for variant in study.variants)
    rows = []
    for variant, trial in zip(study.variants, search.trials, strict=True):
        cells = [
            VERDICTS[trial.verdict],
            sure_text(trial.sure),
            f"{trial.replications}",
            figure(variant.estimates.get(search.measure), info.factor),
            *([figure(variant.estimates[COST])] if has_cost else []),
        ]
        mark = " ← answer" if trial.value == search.answer else ""
        rows.append(FigureRow(f"{variant_phrase(study, variant)}{mark}", trial.reason, tuple(map(FigureCell, cells))))
    heads = ("result", "how sure", "replications", f"{info.title}, {info.unit}", *(["cost, rupees a day"] if has_cost else []))
    return FigureTable("Values that were simulated", heads, tuple(rows), search.says)


def carrying_table(study: Study) -> FigureTable:
    """Return the assumptions that carry the conclusion, each with what changes, and the other ones that matter."""
    if study.sensitivity is None:
        return FigureTable("", (), ())
    assumptions = study.sensitivity.assumptions
    carrying = [(assumption, "; ".join(turns)) for assumption in assumptions if (turns := turns_of(study, assumption))]
    keys = [assumption.key for assumption, _ in carrying]
    material = [
        (assumption, "a headline figure by a tenth or more") for assumption in ranked(study, SHOWN_MEASURES) if assumption.key not in keys
    ]
    rows = [
        FigureRow(assumption.key, assumption.says, (FigureCell(setting_words(assumption.value)), FigureCell(words)))
        for assumption, words in (*carrying, *material)
    ]
    return FigureTable("Assumptions that matter", ("assumed", "what changes"), tuple(rows), "assumption")


def sure_text(sure: float | None) -> str:
    """Format the confidence of a verdict; a dash where it is no estimate."""
    return "\N{EN DASH}" if sure is None else "more than 99.9 %" if sure > 0.999 else f"{sure * 100:.1f} %"  # noqa: PLR2004


def _answer_words(study: Study, search: Search, answer: Trial) -> Phrases:
    """Return the answer and the figure of its measure; the words before it are least, greatest or first, as the candidates are ordered."""
    ascending = _order(search.candidates)
    kind = f"the best value, {search.goal}" if search.is_best else f"the {ascending} value that meets {search.goal}"
    sure = f"{search.confidence * 100:g} % confidence" if search.is_clear else "not certain, see below"
    phrase = variant_phrase(study, _variant(study, answer.value))
    return Phrase(f"{kind}: "), Phrase(phrase, strong=True), Phrase(f" ({sure}). {_figure_of(study, search, answer)}")


def _order(candidates: Sequence[Value]) -> str:
    numbers = [value for value in candidates if isinstance(value, (int, float))]
    if len(numbers) < len(candidates) or numbers not in (sorted(numbers), sorted(numbers, reverse=True)):
        return "first"
    return "least" if numbers == sorted(numbers) else "greatest"


def _figure_of(study: Study, search: Search, trial: Trial) -> str:
    """Return title, figure and unit of the measure of the search."""
    info = measure_info(search.measure, study.period)
    return f"{info.title}: {figure(_variant(study, trial.value).estimates.get(search.measure), info.factor)} {info.unit}"


def _next_cheaper(study: Study, search: Search) -> Iterator[Phrases]:
    """Yield what the value just before the answer does, and which values are not distinguished from it."""
    before = search.before
    if before is None:
        yield (Phrase("it is the cheapest value that was offered; there is no next cheaper one."),)
    else:
        name = variant_phrase(study, _variant(study, before.value))
        what, more = {
            "unsteady": (before.reason, "there is no steady rate"),
            "missed": ("misses the goal", f"{_figure_of(study, search, before)}; {sure_text(before.sure)} sure"),
            "worse": ("is worse", f"{_figure_of(study, search, before)}; {sure_text(before.sure)} sure"),
        }.get(
            before.verdict,
            ("is not decided", f"{before.replications} replications, {_figure_of(study, search, before)}; raise -r for a clear answer"),
        )
        yield (
            Phrase("the next cheaper value, "),
            Phrase(name, strong=True),
            Phrase(f", {what} ({more})." if before.verdict != "unsteady" else f": {what}; {more}."),
        )
    others = [
        trial
        for trial in search.trials
        if search.is_best and trial.verdict in ("met", "open") and trial not in (before, search.trial(search.answer))
    ]
    if others:
        names = joined([variant_phrase(study, _variant(study, trial.value)) for trial in others], "and")
        yield (Phrase(f"{search.limit} replications do not distinguish it from {names}; raise -r for a clear answer."),)


def _answer_cost(study: Study, answer: Trial) -> Iterator[Phrases]:
    variant = _variant(study, answer.value)
    before = study.search.before if study.search is not None else None
    if COST not in variant.estimates or (study.search is not None and study.search.measure == COST):
        return
    other = ""
    if before is not None:
        cheaper = _variant(study, before.value)
        only = f" in these {study.days} days" if is_unsteady(cheaper, COST) else ""
        other = f"; {variant_phrase(study, cheaper)}: {figure(cheaper.estimates[COST])}{only}"
    prices = [setting for setting in study.settings if setting.key.startswith("prices.")]
    assumed = f" ({sum(price.assumed for price in prices)} of {len(prices)} prices are assumed)" if prices else ""
    yield Phrase("cost: "), Phrase(f"{figure(variant.estimates[COST])} rupees a day", strong=True), Phrase(f"{other}{assumed}.")


def _no_answer(study: Study, search: Search) -> Iterator[Phrases]:
    last = search.trials[-1]
    certain = "" if search.is_clear else "; the replications do not decide all of them, so raise -r"
    yield (
        Phrase(
            f"no value of {search.key} among {setting_words(search.candidates[0])} to {setting_words(search.candidates[-1])}", strong=True
        ),
        Phrase(f" meets {search.goal}{certain}. Other values can be named with --among."),
    )
    name = variant_phrase(study, _variant(study, last.value))
    yield (Phrase(f"with {name}: {last.reason or VERDICTS[last.verdict]}; {_figure_of(study, search, last)}."),)
    others = [key for station, key in CAPACITIES.items() if last.queue_at == station and key != search.key]
    for key in others:
        yield (
            Phrase("the bottleneck is elsewhere", strong=True),
            Phrase(f": raise {key} first, such as with --set {key}=…, and search again."),
        )


def _variant(study: Study, value: Value) -> Variant:
    key = study.search.key if study.search is not None else ""
    return next(variant for variant in study.variants if variant.changes.get(key) == value)


def _named(assumptions: Sequence[Assumption]) -> str:
    keys = [assumption.key for assumption in assumptions]
    more = [] if len(keys) <= MOST_NAMED else [f"{len(keys) - MOST_NAMED} more"]
    return joined([*keys[:MOST_NAMED], *more], "and")


def _short_value(value: Value) -> str:
    """Format a value for a chart: a long list by its length."""
    return f"{len(value)} values" if isinstance(value, list) and len(value) > MOST_IN_CHART else setting_words(value)


def _signed(change: float) -> str:
    return number_text(change, decimal_places(change), signed=True)


def _end_row(row: TornadoRow, end: TornadoEnd) -> FigureRow:
    places = decimal_places((end.high - end.low) / 2 or end.change)
    interval = f"{number_text(end.low, places, signed=True)} to {number_text(end.high, places, signed=True)}"
    return FigureRow(row.name, "", (FigureCell(end.name), FigureCell(number_text(end.change, places, signed=True)), FigureCell(interval)))
