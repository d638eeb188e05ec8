"""Texts of the reasons why a run is not good, used by commands, pages and exports."""

from collections.abc import Callable, Sequence

from sop_engine.text import counted, quoted
from sop_runs.record.verdict import CHANGES, Reason, ReasonKind, Verdict

INSTALLED = "there is no folder `features` here, so this is the specification installed with the program"
MOST_NAMES = 5
"""Number of names that are printed; the rest is counted."""

_REASON_TEXTS: dict[ReasonKind, Callable[[Reason], str]] = {
    ReasonKind.NO_RECORD: lambda _: "the run did not start: it has no record",
    ReasonKind.BROKE_OFF: lambda r: f"the run did not finish: it was killed or crashed after {r.count:,} of {counted_examples(r.of)}",
    ReasonKind.UNREADABLE: lambda r: f"the run record cannot be read from {r.path} on: {r.detail}",
    ReasonKind.INTERRUPTED: lambda r: f"the run was interrupted after {r.count:,} of {counted_examples(r.of)}",
    ReasonKind.UNEXPECTED_PASS: lambda r: f"{counted_examples(r.count)} passed that {'is' if r.count == 1 else 'are'} expected to fail",
    ReasonKind.FAILED: lambda r: f"{counted_examples(r.count)} failed",
    ReasonKind.NOT_SUPPORTED: lambda r: not_supported_text(r.count, r.detail, r.partly),
    ReasonKind.FINDINGS: lambda r: f"{counted(r.count, 'finding')} in {counted(r.of, 'feature file')}",
    ReasonKind.BINDING_FINDINGS: lambda r: (
        f"{counted(r.count, 'finding')} in {counted(r.of, 'module with step definitions', 'modules with step definitions')}"
    ),
    ReasonKind.FILE_FINDINGS: lambda r: f"{counted(r.count, 'finding')} in the names and places of {counted(r.of, 'file')}",
    ReasonKind.NOTHING_TO_RUN: lambda _: "there are no examples to run",
    ReasonKind.NOT_ALL_RAN: lambda r: f"{r.count:,} of {counted_examples(r.of)} ran",
    ReasonKind.RECOUNT_DIFFERS: lambda r: f"a recount finds {counted_examples(r.count)}, the record has {r.of:,}",
    ReasonKind.NOT_ALL_EXPECTED: lambda r: f"{r.count:,} of {counted_examples(r.of)} were expected to run",
    ReasonKind.FILE_APPEARED: lambda r: f"{r.path} was added",
    ReasonKind.FILE_VANISHED: lambda r: f"{r.path} was removed",
    ReasonKind.FILE_CHANGED: lambda r: f"{r.path} changed",
    ReasonKind.RULEBOOK_CHANGED: lambda _: "the rulebook changed",
    ReasonKind.OTHER_VERSION: lambda r: f"it is a run of the rulebook {quoted(r.path)}, not of {quoted(r.detail)}",
    ReasonKind.CODE_CHANGED: lambda r: f"the code changed ({r.detail})",
    ReasonKind.OTHER_LINE: lambda r: f"the record differs from the feature files at {r.path}: {r.detail}",
    ReasonKind.OTHER_ANSWER: lambda r: f"a claim in the record is not an answer of the engine: {r.path}: {r.detail}",
    ReasonKind.OTHER_RESULT: lambda r: f"a result in the record is not what its steps give: {r.path}: {r.detail}",
    ReasonKind.OUT_OF_TIME: lambda r: r.detail,
    ReasonKind.DISK_FULL: lambda _: "the record of the run could not be written to its end; free some space or choose another disk",
    ReasonKind.REPLACED_CODE: lambda r: f"code from outside replaced parts of the program: {r.detail}; run it without that code",
    ReasonKind.EXIT_STATUS: lambda r: f"the record is good, but pytest ended with exit status {r.count}; see output.txt",
}


def reason_text(reason: Reason, *, since: bool = False) -> str:
    """Return *reason* as a sentence without a full stop; with *since*, changes are dated "since the run began", not "during the run"."""
    words = _REASON_TEXTS[reason.kind](reason)
    if reason.kind not in CHANGES:
        return words
    return f"{words} {'since the run began' if since else 'during the run'}"


def left_out_text(runs: Sequence[str]) -> str:
    """Return which earlier *runs* are left out because their records cannot be read."""
    names = ", ".join(map(quoted, runs[:MOST_NAMES])) + ", …" * (len(runs) > MOST_NAMES)
    are, their = ("is", "its record") if len(runs) == 1 else ("are", "their records")
    return f"{counted(len(runs), 'earlier run')} {are} left out, because {their} cannot be read: {names}"


def reason_texts(verdict: Verdict) -> tuple[str, ...]:
    """Return the texts of all reasons of *verdict*."""
    return tuple(map(reason_text, verdict.reasons))


def run_notes(verdict: Verdict, address: str = "") -> tuple[str, ...]:
    """Return what a reader of a good verdict must know about the run, with the *address* of a server; empty where nothing is unusual."""
    texts = []
    if verdict.driver:
        texts.append(driver_text(verdict, address))
    if verdict.surroundings.installed:
        texts.append(INSTALLED)
    if verdict.surroundings.beside:
        texts.append(outside_features_text(verdict.surroundings.beside))
    if verdict.other_versions:
        texts.append(other_versions_text(len(verdict.other_versions)))
    return tuple(texts)


def not_supported_text(number: int, system: str, partly: int = 0) -> str:
    """Return that *number* examples are not supported by *system*, of which all else passed in *partly*.

    Without a system, they need a package that is not installed.
    """
    if not system:
        return (
            f"{counted_examples(number)} did not run, because a package that {'it needs' if number == 1 else 'they need'} is not installed"
        )
    rest = f"; in {partly:,} of them all other lines passed" if partly else ""
    return f"{counted_examples(number)} {'is' if number == 1 else 'are'} not supported by {system}{rest}"


def driver_text(verdict: Verdict, address: str = "") -> str:
    """Return whose answers the run is about, if they are not those of this project's engine; otherwise an empty text."""
    at = f", at {address}" if address else ""
    return f"these are the answers of {verdict.driver.words}{at}, not of this project's engine" if verdict.driver else ""


def other_versions_text(number: int) -> str:
    """Return that *number* examples do not belong to the version of the run."""
    return f"{counted_examples(number)} {'is' if number == 1 else 'are'} not of this version"


def outside_features_text(names: Sequence[str], doing: str = "run") -> str:
    """Return that the feature files *names* beside the specification do not *run*, naming the first ones."""
    more = f" and {len(names) - MOST_NAMES:,} more" if len(names) > MOST_NAMES else ""
    return f"not {doing}: {', '.join(names[:MOST_NAMES])}{more}, beside the specification"


def counted_examples(number: int) -> str:
    """Return ``1 example``, ``1,200 examples``."""
    return counted(number, "example")
