"""Caveats of a study, which come before its figures: queues that grow, the worst result, and a warm-up that is too short."""

from collections.abc import Iterator, Sequence

from reports.scenario.wording.number_format import figure, range_text
from reports.scenario.wording.study_questions import STUDY_QUESTIONS, Phrase, Phrases, StudyQuestion
from reports.scenario.wording.variant_words import variants_in_words
from simulator.analysis.stability import unsteady_queues
from simulator.study_data import NOTE_AGE, NOTES_LATE, OLDEST_NOTE, Queue, Study, Variant
from sop_engine.text import counted

NO_RATE = "no steady rate"
CLERKS = "credit-note clerks"
STATIONS = {
    "posts to the ERP": ("the queue of posts to the ERP", "orders"),
    "pickers": ("the queue for the pickers", "orders"),
    "packers": ("the queue for the packers", "orders"),
    CLERKS: ("the queue of credit notes", "credit notes"),
}
"""By station: its queue, and what waits in it."""
LIMITED = {False: "figures hold", True: "age of credit notes holds"}
"""By whether the queue is that of the clerks: what holds for the simulated days only, said once."""
A_DAY = 1 / 24


def queue_in_words(station: str) -> tuple[str, str]:
    """Return the words for the queue of *station*, and for what waits in it."""
    return STATIONS.get(station, (f"the queue for {station}", "orders"))


def is_unsteady(variant: Variant, measure: str) -> bool:
    """Return whether *measure* has no steady rate, because a queue that decides it grows or is not worked off."""
    return bool(unsteady_queues(variant.stability, measure))


def in_these_days(study: Study) -> str:
    """Return the words that limit a figure to the simulated days."""
    return f"in these {study.days} days" if study.days > 1 else "on this day"


def unsteady_sentences(study: Study) -> Iterator[Phrases]:
    """Yield a sentence for each station whose queue grows or is not worked off."""
    unsteady: dict[tuple[str, str], list[tuple[Variant, Queue]]] = {}
    for variant in study.variants:
        for queue in variant.stability.unsteady if variant.stability is not None else []:
            unsteady.setdefault((queue.station, queue.verdict), []).append((variant, queue))
    days = counted(study.days, "simulated day")
    limits = {of_clerks: (Phrase(f" The {what} for {days} only; there is {NO_RATE}."),) for of_clerks, what in LIMITED.items()}
    order = list(STATIONS)
    for station, verdict in sorted(unsteady, key=lambda key: (order.index(key[0]) if key[0] in order else len(order), key[1])):
        yield (*_unsteady(study, station, verdict, unsteady[station, verdict]), *limits.pop(station == CLERKS, ()))


def _unsteady(study: Study, station: str, verdict: str, sides: Sequence[tuple[Variant, Queue]]) -> Phrases:
    queue_words, waiting_noun = queue_in_words(station)
    where = _where(study, [variant for variant, _ in sides])
    waits, start = (range_text(counts, "{:,.0f}".format) for counts in zip(*((q.end, q.start) for _, q in sides), strict=True))
    load = f"{range_text((queue.load * 100 for _, queue in sides), '{:,.0f}'.format)} %"
    grows = "is not worked off at the end" if verdict == "left" else "grows day by day"
    full = f"work for {load} of the capacity comes, and " if verdict == "growing" else ""
    return (
        Phrase(f"{where}{queue_words} "),
        Phrase(grows, strong=True),
        Phrase(f": {full}{waits} {waiting_noun} wait at the close of day {study.days}, against {start} before the first measured day."),
    )


def _where(study: Study, sides: Sequence[Variant]) -> str:
    if study.kind == "single":
        return ""
    if len(sides) == len(study.variants):
        return "in all variants "
    word = "with" if study.kind == "sweep" else "under"
    return f"{word} {variants_in_words(study, sides)} "


def worst_result(study: Study) -> tuple[Variant, StudyQuestion] | None:
    """Return the result of all variants that exceeds its limit by the largest factor; None if none does."""
    results = [
        (variant.estimates[question.measure].mean / question.limit, variant, question)
        for question in STUDY_QUESTIONS
        if question.limit
        for variant in study.variants
        if question.measure in variant.estimates
    ]
    excess, variant, question = max(results, key=lambda result: result[0], default=(0.0, study.variants[0], STUDY_QUESTIONS[0]))
    return (variant, question) if excess > 1 else None


def worst_sentence(study: Study) -> Iterator[Phrases]:
    """Yield the sentence on the worst result, if there is one."""
    worst = worst_result(study)
    if worst is not None:
        variant, question = worst
        only = f" {in_these_days(study)}" if is_unsteady(variant, question.measure) else ""
        words = question.in_words(variant.estimates[question.measure], study)
        yield Phrase(f"the worst result{only}: {_where(study, [variant])}"), *words, *_age(variant, question.measure), Phrase(".")


def _age(variant: Variant, measure: str) -> Phrases:
    """Return the age of the credit notes, if that is the measure."""
    if measure != NOTES_LATE or NOTE_AGE not in variant.estimates:
        return ()
    oldest = variant.estimates.get(OLDEST_NOTE)
    most = f", the oldest after {oldest.mean * A_DAY:,.0f} days" if oldest is not None else ""
    return Phrase(", on average after "), Phrase(f"{figure(variant.estimates[NOTE_AGE], A_DAY)} days", strong=True), Phrase(most)


def warm_up_sentences(study: Study) -> Iterator[Phrases]:
    """Yield the sentence on variants whose warm-up days are too few; a queue that grows has a sentence already."""
    short = [
        variant
        for variant in study.variants
        if variant.stability is not None and variant.stability.warm_up.verdict == "short" and not is_unsteady(variant, "")
    ]
    if short:
        days = max(variant.stability.warm_up.days for variant in short if variant.stability is not None)
        yield (
            Phrase(f"{_where(study, short)}the first days differ from the later ones", strong=True),
            Phrase(f": the systems are still filling up. Simulate with --set run.warm_up_days={days} and more days."),
        )


def warm_up_text(study: Study) -> str:
    """Return the result of the check of the warm-up, for all variants whose queues do not grow; with these, no warm-up is enough."""
    steady = [variant for variant in study.variants if not is_unsteady(variant, "")]
    verdicts = {variant.stability.warm_up.verdict for variant in steady if variant.stability is not None}
    left_out = counted(study.warm_up_days, "day")
    if verdicts == {"enough"}:
        return f"Warm-up: {left_out} left out, which is enough (MSER on the mean hours to dispatch of each day, over all replications)."
    if "short" in verdicts:
        return f"Warm-up: {left_out} left out, which is too few in at least one variant: later days differ (MSER, and the difference is clear)."
    reason = "the days differ on purpose or are too few" if steady else "queues grow or are not worked off"
    return f"Warm-up: {left_out} left out; not checked, because {reason}."
