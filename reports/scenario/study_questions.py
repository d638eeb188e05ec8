"""Study questions: for each, the measure that answers it and the words of the answer."""

from collections.abc import Callable
from dataclasses import dataclass

from reports.scenario.number_format import figure, ratio_in_words, share_in_words, upper_bound_in_words
from simulator.study_data import SLA_BREACHED, Estimate, Study
from sop_engine.text import counted

A_WEEK = 7


@dataclass(frozen=True, slots=True)
class Phrase:
    """A part of a sentence; *strong* marks its figure."""

    text: str
    strong: bool = False


Phrases = tuple[Phrase, ...]


@dataclass(frozen=True, slots=True)
class StudyQuestion:
    """A measure that a sentence reports: *label* is its name, *says* words an estimate as the end of a sentence.

    *unit* is that of its figure, empty for a share that is worded; *matters* is whether a sharp rise of it is a problem.
    """

    measure: str
    label: str
    says: Callable[[Estimate, Study], Phrases]
    unit: str = ""
    matters: bool = True

    def figure_only(self, estimate: Estimate) -> Phrases:
        """Return the estimate as a figure only, for a place after another one of the same question."""
        if not estimate.mean and not estimate.half_width:
            return (Phrase("none", strong=True),)
        if self.unit:
            return (Phrase(f"{figure(estimate, 100 if self.unit == '%' else 1)} {self.unit}".strip(), strong=True),)
        beyond = upper_bound_in_words(estimate)
        return Phrase(share_in_words(estimate), strong=True), Phrase(f" ({beyond})" if beyond else "")


def _orders(estimate: Estimate, verb: str, verbs: str, rest: str) -> Phrases:
    """Word a share of orders; the verb agrees with the number, and an upper bound follows if the interval reaches 0."""
    subject, beyond = share_in_words(estimate), upper_bound_in_words(estimate)
    is_singular = subject in ("no", "hardly any")
    tail = f" {verb if is_singular else verbs} {rest}".rstrip() + (f" ({beyond})" if beyond else "")
    return Phrase(f"{subject} order" + ("" if is_singular else "s"), strong=True), Phrase(tail)


def _breached(estimate: Estimate, study: Study) -> Phrases:
    limit = study.number("ajio.breach_hours")
    of = "" if limit is None else f" of {limit:g} hours"
    return _orders(estimate, "breaches", "breach", f"the SLA{of}")


def _promised(estimate: Estimate, study: Study) -> Phrases:
    limit = study.number("ajio.target_hours")
    within = "the promised time" if limit is None else f"the promised {limit:g} hours"
    return _orders(estimate, "leaves", "leave", f"later than {within}")


def _cancelled(estimate: Estimate, _: Study) -> Phrases:
    return _orders(estimate, "ends", "end", "cancelled")


def _notes(estimate: Estimate, study: Study) -> Phrases:
    span = "a week's orders" if study.measured_days == A_WEEK else f"the orders of {counted(study.measured_days, 'day')}"
    if not estimate.mean and not estimate.half_width:
        return Phrase("the client has "), Phrase("no credit note", strong=True), Phrase(" to make")
    return Phrase("the client has "), Phrase(f"{figure(estimate)} credit notes", strong=True), Phrase(f" to make for {span}")


def _dispatch(estimate: Estimate, _: Study) -> Phrases:
    return Phrase("an order is dispatched "), Phrase(f"{figure(estimate)} hours", strong=True), Phrase(" after it was placed, on average")


def _late(estimate: Estimate, _: Study) -> Phrases:
    if not estimate.mean and not estimate.half_width:
        return Phrase("no e-invoice", strong=True), Phrase(" is made for an order that was cancelled already")
    return Phrase(f"{figure(estimate)} e-invoices", strong=True), Phrase(" are made for orders that were cancelled already")


def _refused(estimate: Estimate, _: Study) -> Phrases:
    if not estimate.mean and not estimate.half_width:
        return Phrase("no request", strong=True), Phrase(" to cancel is refused or fails")
    return Phrase(f"{figure(estimate)} requests", strong=True), Phrase(" to cancel are refused or fail")


def _packers(estimate: Estimate, _: Study) -> Phrases:
    return Phrase("the packers are busy "), Phrase(f"{figure(estimate, 100)} %", strong=True), Phrase(" of their time")


def _back(estimate: Estimate, _: Study) -> Phrases:
    return Phrase(f"{figure(estimate)} units", strong=True), Phrase(" are returned per order")


def _errors(estimate: Estimate, _: Study) -> Phrases:
    if not estimate.mean and not estimate.half_width:
        return Phrase("no order", strong=True), Phrase(" ends in a packing error")
    return Phrase(f"{figure(estimate)} orders", strong=True), Phrase(" end in a packing error")


STUDY_QUESTIONS = (
    StudyQuestion(SLA_BREACHED, "SLA breaches", _breached),
    StudyQuestion("credit notes due", "Credit notes to make", _notes, "credit notes"),
    StudyQuestion("time to dispatch, hours", "Hours to dispatch", _dispatch, "hours"),
    StudyQuestion("SLA target missed, share of dispatched", "Late dispatches", _promised),
    StudyQuestion("orders cancelled in full, share", "Cancelled orders", _cancelled),
    StudyQuestion("late e-invoices (GAP-17)", "Late e-invoices", _late, "e-invoices"),
    StudyQuestion("refused or failed requests", "Refused or failed requests", _refused, "requests"),
    StudyQuestion("packing errors", "Packing errors", _errors, "orders"),
    StudyQuestion("packers busy, share of staffed time", "Packers' busy time", _packers, "%", matters=False),
    StudyQuestion("units back, per order", "Returned units per order", _back, "units", matters=False),
)


def share_of(estimate: Estimate) -> str:
    """Word a share in a few words, for a headline."""
    if not estimate.mean and not estimate.half_width:
        return "none"
    return f"under {ratio_in_words(estimate.high)}" if estimate.low <= 0 else ratio_in_words(estimate.mean)
