"""Answer of a search: the value, what the next cheaper value does, what both cost, and the values that were simulated."""

from collections.abc import Iterator, Sequence

from reports.scenario.costs import assumed_prices
from reports.scenario.wording.caveats import is_unsteady
from reports.scenario.wording.measure_catalogue import measure_info
from reports.scenario.wording.number_format import figure
from reports.scenario.wording.study_questions import Phrase, Phrases
from reports.scenario.wording.tables import FigureCell, FigureRow, FigureTable
from reports.scenario.wording.variant_words import joined, variant_phrase
from simulator.field_types import Value, setting_words
from simulator.search_data import Search, Trial
from simulator.study_data import COST, Study, Variant
from sop_engine.text import counted

CAPACITIES = {
    "posts to the ERP": "erp.posts_per_interval",
    "pickers": "wms.pickers",
    "packers": "wms.packers",
    "credit-note clerks": "erp.clerks",
}
"""By station: the setting that decides its capacity."""
VERDICTS = {"met": "meets the goal", "missed": "misses the goal", "unsteady": "no steady state", "worse": "worse", "open": "not decided"}


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
    yield (
        Phrase("cost: "),
        Phrase(f"{figure(variant.estimates[COST])} rupees a day", strong=True),
        Phrase(f"{other}{assumed_prices(study)}."),
    )


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
