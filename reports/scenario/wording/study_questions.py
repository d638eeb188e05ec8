"""Study questions: for each, the measure that answers it and the words of the answer."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from reports.scenario.wording.number_format import figure, is_none, mean_and_spread, ratio_in_words, share_in_words, upper_bound_in_words
from simulator.study_data import A_WEEK, COST, NOTE_AGE, NOTES_LATE, SLA_BREACHED, Estimate, Study
from sop_engine.text import counted

FACTORS = {"%": 100, "days": 1 / 24}
"""Factors from a measure to its figure, by unit of the figure; 1 for other units."""
_CAPITALS = re.compile(r"\b(erp|rms|rsi|sla|oms|wms|vms|grn|ajio)\b")


@dataclass(frozen=True, slots=True)
class Phrase:
    """A part of a sentence; *strong* marks its figure."""

    text: str
    strong: bool = False


Phrases = tuple[Phrase, ...]


@dataclass(frozen=True, slots=True)
class StudyQuestion:
    """A measure that a sentence reports: *label* is its name, *in_words* words an estimate as the end of a sentence.

    *unit* is that of its figure, empty for a share that is worded; *matters* is whether a sharp rise of it is a problem. *limit* is
    the mean above which the result is a problem, 0 if there is none. *shows_queues* is whether it rises where a queue grows.
    """

    measure: str
    label: str
    in_words: Callable[[Estimate, Study], Phrases]
    unit: str = ""
    matters: bool = True
    limit: float = 0.0
    shows_queues: bool = False

    def figure_only(self, estimate: Estimate) -> Phrases:
        """Return the estimate as a figure only, for a place after another one of the same question."""
        if is_none(estimate):
            most = figure(estimate).removeprefix("0").strip() if self.unit else f"({upper_bound_in_words(estimate)})"
            return (Phrase("none", strong=True), Phrase(f" {most}")) if estimate.events == 0 else (Phrase("none", strong=True),)
        if self.unit:
            return (Phrase(f"{figure(estimate, FACTORS.get(self.unit, 1))} {self.unit}".strip(), strong=True),)
        beyond = upper_bound_in_words(estimate)
        return Phrase(share_in_words(estimate), strong=True), Phrase(f" ({beyond})" if beyond else "")


def _orders(estimate: Estimate, verb: str, verbs: str, rest: str, noun: str = "order") -> Phrases:
    """Word a share of orders; the verb agrees with the number, and an upper bound follows if the interval reaches 0."""
    beyond = upper_bound_in_words(estimate)
    if is_none(estimate) and estimate.of:
        return Phrase(f"none of {estimate.of:,} simulated {noun}s", strong=True), Phrase(f" {verb} {rest}".rstrip() + f" ({beyond})")
    subject = share_in_words(estimate)
    is_singular = subject in ("no", "hardly any")
    tail = f" {verb if is_singular else verbs} {rest}".rstrip() + (f" ({beyond})" if beyond else "")
    return Phrase(f"{subject} {noun}" + ("" if is_singular else "s"), strong=True), Phrase(tail)


def _breached(estimate: Estimate, study: Study) -> Phrases:
    limit = study.number("ajio.breach_hours")
    of = "" if limit is None else f" of {limit:g} hours"
    return _orders(estimate, "breaches", "breach", f"the SLA{of}")


def _late_dispatches(estimate: Estimate, study: Study) -> Phrases:
    limit = study.number("ajio.target_hours")
    within = "the promised time" if limit is None else f"the promised {limit:g} hours"
    return _orders(estimate, "leaves", "leave", f"later than {within}", "dispatched order")


def _cancelled(estimate: Estimate, _: Study) -> Phrases:
    return _orders(estimate, "ends", "end", "cancelled")


def _notes(estimate: Estimate, study: Study) -> Phrases:
    span = "a week's orders" if study.measured_days == A_WEEK else f"the orders of {counted(study.measured_days, 'day')}"
    if is_none(estimate):
        return Phrase("the client has "), *_none_seen("credit note", "to make", estimate)
    return Phrase("the client has "), Phrase(f"{figure(estimate)} credit notes", strong=True), Phrase(f" to make for {span}")


def _late_notes(estimate: Estimate, _: Study) -> Phrases:
    return _orders(estimate, "is made", "are made", "more than 30 days after becoming due", "credit note")


def _note_age(estimate: Estimate, _: Study) -> Phrases:
    return (
        Phrase("a credit note is made "),
        Phrase(f"{figure(estimate, 1 / 24)} days", strong=True),
        Phrase(" after it becomes due, on average"),
    )


def _overtime(estimate: Estimate, _: Study) -> Phrases:
    return Phrase("the packers work "), Phrase(f"{figure(estimate)} hours a day", strong=True), Phrase(" after the shift")


def _none_seen(noun: str, rest: str, estimate: Estimate) -> Phrases:
    """Word a count of which none was seen, with its upper bound."""
    spread = mean_and_spread(estimate)[1]
    return Phrase(f"no {noun}", strong=True), Phrase(f" {rest}" + (f" in any replication {spread}" if spread else ""))


def _dispatch(estimate: Estimate, _: Study) -> Phrases:
    return (
        Phrase("an order is dispatched "),
        Phrase(f"{figure(estimate)} hours", strong=True),
        Phrase(" after it was placed, on average of those dispatched"),
    )


def _late(estimate: Estimate, study: Study) -> Phrases:
    if is_none(estimate):
        return _none_seen("e-invoice", "is made for an order that was cancelled already", estimate)
    return Phrase(f"{figure(estimate)} e-invoices", strong=True), Phrase(f" {study.period} are made for orders that were cancelled already")


def _refused(estimate: Estimate, study: Study) -> Phrases:
    if is_none(estimate):
        return _none_seen("request", "to cancel is refused or fails", estimate)
    return Phrase(f"{figure(estimate)} requests", strong=True), Phrase(f" to cancel {study.period} are refused or fail")


def _packers(estimate: Estimate, _: Study) -> Phrases:
    return Phrase("the packers are busy "), Phrase(f"{figure(estimate, 100)} %", strong=True), Phrase(" of their shift")


def _back(estimate: Estimate, _: Study) -> Phrases:
    return Phrase(f"{figure(estimate)} units", strong=True), Phrase(" are returned per order")


def _errors(estimate: Estimate, study: Study) -> Phrases:
    if is_none(estimate):
        return _none_seen("order", "ends in a packing error", estimate)
    return Phrase(f"{figure(estimate)} orders", strong=True), Phrase(f" {study.period} end in a packing error")


def _cost(estimate: Estimate, _: Study) -> Phrases:
    return Phrase("the warehouse and the clerks cost "), Phrase(f"{figure(estimate)} rupees a day", strong=True)


STUDY_QUESTIONS = (
    StudyQuestion(SLA_BREACHED, "SLA breaches", _breached, limit=0.01, shows_queues=True),
    StudyQuestion("credit notes due", "Credit notes to make", _notes, "credit notes"),
    StudyQuestion("time to dispatch, hours", "Hours to dispatch", _dispatch, "hours", shows_queues=True),
    StudyQuestion("SLA target missed, share of dispatched", "Late dispatches", _late_dispatches, limit=0.05, shows_queues=True),
    StudyQuestion("orders cancelled in full, share", "Cancelled orders", _cancelled, limit=0.1),
    StudyQuestion(NOTES_LATE, "Credit notes later than 30 days", _late_notes, limit=0.01),
    StudyQuestion(NOTE_AGE, "Age of a credit note", _note_age, "days"),
    StudyQuestion("late e-invoices (GAP-17)", "Late e-invoices", _late, "e-invoices"),
    StudyQuestion("refused or failed requests", "Refused or failed requests", _refused, "requests"),
    StudyQuestion("packing errors", "Packing errors", _errors, "orders"),
    StudyQuestion("packers busy, share of staffed time", "Packers' busy time", _packers, "%", matters=False),
    StudyQuestion("packers' overtime, hours a day", "Packers' overtime", _overtime, "hours", matters=False),
    StudyQuestion("units back, per order", "Returned units per order", _back, "units", matters=False),
    StudyQuestion(COST, "Cost a day", _cost, "rupees a day", matters=False),
)


def share_of(estimate: Estimate) -> str:
    """Word a share in a few words, for a headline."""
    if is_none(estimate):
        return "none"
    return f"under {ratio_in_words(estimate.high)}" if estimate.low <= 0 else ratio_in_words(estimate.mean)


def study_title(name: str) -> str:
    """Return ``ERP against RMS`` for ``erp_against_rms``."""
    words = _CAPITALS.sub(lambda match: "Ajio" if match[0] == "ajio" else match[0].upper(), name.replace("_", " "))
    return words[:1].upper() + words[1:]
