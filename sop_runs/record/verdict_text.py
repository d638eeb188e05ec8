"""Reasons against a run in words, for every place that shows them."""

from collections.abc import Callable

from sop_engine.text import counted
from sop_runs.record.verdict import CHANGES, Reason, ReasonKind, Verdict

_REASON_TEXTS: dict[ReasonKind, Callable[[Reason], str]] = {
    ReasonKind.NO_RECORD: lambda _: "the run ended before it began: there is no record of it",
    ReasonKind.BROKE_OFF: lambda r: f"the run did not end: it was killed or broke off after {r.count:,} of {counted_examples(r.of)}",
    ReasonKind.UNREADABLE: lambda r: f"its record cannot be read from {r.path} on: {r.detail}",
    ReasonKind.INTERRUPTED: lambda r: f"the run was interrupted after {r.count:,} of {counted_examples(r.of)}",
    ReasonKind.UNEXPECTED_PASS: lambda r: f"{counted_examples(r.count)} passed that {'is' if r.count == 1 else 'are'} expected to fail",
    ReasonKind.FAILED: lambda r: f"{counted_examples(r.count)} did not pass",
    ReasonKind.FINDINGS: lambda r: f"{counted(r.count, 'finding')} in {counted(r.of, 'feature file')}",
    ReasonKind.BINDING_FINDINGS: lambda r: f"{counted(r.count, 'finding')} in {counted(r.of, 'binding module')}",
    ReasonKind.NOTHING_TO_RUN: lambda _: "there is nothing to run",
    ReasonKind.NOT_ALL_RAN: lambda r: f"{counted_examples(r.of)} should have run, {r.count:,} did",
    ReasonKind.CLOSING_DIFFERS: lambda _: "the closing line of the record counts otherwise than its lines",
    ReasonKind.RECOUNT_DIFFERS: lambda r: f"counted line by line there are {counted_examples(r.count)}, the record has {r.of:,}",
    ReasonKind.NOT_ALL_EXPECTED: lambda r: f"{counted_examples(r.of)} are written, {r.count:,} were expected to run",
    ReasonKind.FILE_APPEARED: lambda r: f"{r.path} appeared",
    ReasonKind.FILE_VANISHED: lambda r: f"{r.path} vanished",
    ReasonKind.FILE_CHANGED: lambda r: f"{r.path} changed",
    ReasonKind.RULEBOOK_CHANGED: lambda _: "the rulebook changed",
    ReasonKind.OUT_OF_TIME: lambda r: r.detail,
    ReasonKind.EXIT_STATUS: lambda r: f"its record is good, but pytest ended with status {r.count}; see output.txt",
}


def reason_text(reason: Reason, *, since: bool = False) -> str:
    """*reason* as a sentence without a full stop; with *since*, what changed did so since the run began rather than during it."""
    words = _REASON_TEXTS[reason.kind](reason)
    if reason.kind not in CHANGES:
        return words
    return f"{words} {'since the run began' if since else 'during the run'}"


def reason_texts(verdict: Verdict) -> tuple[str, ...]:
    """Every reason of *verdict* in words."""
    return tuple(map(reason_text, verdict.reasons))


def counted_examples(number: int) -> str:
    """``1 example``, ``1,200 examples``."""
    return counted(number, "example")
