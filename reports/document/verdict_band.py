"""The verdict on a run as pages show it: a band with a title and reasons, and the findings in the feature files."""

from collections.abc import Callable

import msgspec
from msgspec.structs import replace

from reports.html.links import Links
from sop_engine.text import counted, visible
from sop_runs.record.reader import INCOMPLETE, INTERRUPTED, RunRecord
from sop_runs.record.schema import SelectionRecord
from sop_runs.record.verdict import EXAMPLE_KINDS, Reason, ReasonKind, Verdict
from sop_runs.record.verdict_text import reason_text, run_notes

GOOD, PARTIAL, BAD = "good", "partial", "bad"


class Band(msgspec.Struct, frozen=True):
    """The verdict at the top of every page: ``kind`` is *good*, *partial* (a selection, and good) or *bad*; reasons are sentences.

    ``additions`` are the reasons without what the title says already.
    """

    kind: str
    title: str
    reasons: tuple[str, ...]
    additions: tuple[str, ...]

    @property
    def symbol(self) -> str:
        """Return a symbol that can be read without colour."""
        return {GOOD: "✓", PARTIAL: "○"}.get(self.kind, "✗")


class LocatedFinding(msgspec.Struct, frozen=True):
    """A finding in a feature file, its place in the site, and its source line; one in a module with step definitions has no page."""

    anchor: str
    href: str
    path: str
    place: str
    rule: str
    message: str
    remedy: str
    suggestion: str
    source: str


def band_of(verdict: Verdict) -> Band:
    """Word *verdict* for the top of a page; of a run of another system, the title names it."""
    band = _band_of(verdict)
    return replace(band, title=f"{band.title}, answered by {visible(verdict.driver.words)}") if verdict.driver else band


def _band_of(verdict: Verdict) -> Band:
    counts, known_failures = verdict.counts, len(verdict.known_failures)
    if not verdict.good:
        title, reasons = _title(verdict), [(reason_text(reason), _more(verdict, reason)) for reason in verdict.reasons]
        outcomes = _other_outcomes(verdict)
        additions = (outcomes if words == title else f"{words}{more}" for words, more in reasons)
        return Band(BAD, title, tuple(f"{words}{more}" for words, more in reasons), tuple(filter(None, additions)))
    if verdict.selection is not None:
        left = counted(counts.written - counts.executed, "example")
        return _quiet_band(
            PARTIAL, "Only a selection ran", (f"{_chosen(verdict.selection)}; the other {left} did not run", *run_notes(verdict))
        )
    notes = run_notes(verdict)
    others = f", {len(verdict.other_versions):,} not of this version" if verdict.other_versions else ""
    if not verdict.whole:
        return _quiet_band(PARTIAL, f"{counted(counts.passed, 'example')} passed, but not all feature files ran", notes)
    if known_failures:
        return _quiet_band(GOOD, f"{counted(counts.passed, 'example')} passed, {counted(known_failures, 'known failure')}{others}", notes)
    return _quiet_band(GOOD, f"{counts.passed:,} of {counted(counts.passed, 'example')} passed{others}", notes)


def _quiet_band(kind: str, title: str, reasons: tuple[str, ...]) -> Band:
    """Return a band whose title repeats none of its reasons."""
    return Band(kind, title, reasons, reasons)


def run_level_messages(verdict: Verdict) -> tuple[str, ...]:
    """Return the findings and reasons that no example or feature file shows, in words, for formats without a place for them."""
    without_feature = verdict.surroundings.file_findings
    findings = (str(finding.with_version_option()) for finding in verdict.findings if finding.in_python or finding in without_feature)
    return (*findings, *(reason_text(reason) for reason in verdict.reasons if reason.kind not in EXAMPLE_KINDS))


def findings_of(record: RunRecord, links: Links) -> tuple[LocatedFinding, ...]:
    """Return every finding with its source line."""
    troubles = [
        LocatedFinding(
            "", "", finding.path, f"{finding.path}:{finding.line}:{finding.column}", finding.rule, finding.message, finding.remedy, "", ""
        )
        for finding in (problem.with_version_option() for problem in (*record.head.binding_findings, *record.head.file_findings))
    ]
    for feature in record.features:
        lines = feature.text.splitlines()
        for finding in (problem.with_version_option() for problem in feature.findings):
            place = f"{finding.path}:{finding.line}:{finding.column}"
            source = lines[finding.line - 1] if 0 < finding.line <= len(lines) else ""
            anchor = links.anchors.take(f"finding-{finding.rule}", of=place)
            troubles.append(
                LocatedFinding(
                    anchor, f"{links.feature(feature.path)}#{anchor}", feature.path, place, finding.rule, finding.message, finding.remedy,
                    finding.suggestion or "", source.strip(),
                )
            )  # fmt: skip
    return tuple(troubles)


def _title(verdict: Verdict) -> str:
    if verdict.state == INCOMPLETE:
        return "This run did not finish"
    if verdict.state == INTERRUPTED:
        return "This run was interrupted"
    if verdict.failures:
        return f"{counted(len(verdict.failures), 'example')} failed"
    if verdict.not_supported:
        return f"{counted(len(verdict.not_supported), 'example')} not supported"
    return "This run failed"


def _more(verdict: Verdict, reason: Reason) -> str:
    """Return what the page adds to *reason*, because its reader has no console output."""
    addition = _MORE.get(reason.kind)
    return addition(verdict) if addition else ""


def _other_outcomes(verdict: Verdict) -> str:
    """Return the outcomes of the other examples, if some did not pass."""
    counts, known_failures = verdict.counts, len(verdict.known_failures)
    parts = (
        (counts.executed - len(verdict.failures) - known_failures, "passed"),
        (known_failures, "known failure" if known_failures == 1 else "known failures"),
        (0 if not verdict.failures else len(verdict.not_supported), "not supported"),
        (counts.written - counts.executed - len(verdict.not_supported), "did not run"),
    )
    return ", ".join(f"{number:,} {words}" for number, words in parts if number > 0)


_MORE: dict[ReasonKind, Callable[[Verdict], str]] = {
    ReasonKind.BROKE_OFF: lambda _: "; examples marked passed did pass, but the run did not",
    ReasonKind.NOT_SUPPORTED: lambda verdict: f"; {outcomes}" if not verdict.failures and (outcomes := _other_outcomes(verdict)) else "",
    ReasonKind.FAILED: lambda verdict: f"; {outcomes}" if (outcomes := _other_outcomes(verdict)) else "",
    ReasonKind.FINDINGS: lambda _: ", which kept examples from running",
}


def _chosen(selection: SelectionRecord) -> str:
    """Return the choice in words: ``selected by keyword Ajio and tags @GAP-14``."""
    single = sum(map(len, selection.examples.values())) if selection.examples else 0
    parts = (
        ("line or last failure:", counted(single, "example") if single else ""),
        ("keyword", selection.keyword),
        ("paths", ", ".join(selection.paths or ())),
        ("shard", selection.shard),
        ("tags", selection.tags),
    )
    choices = [f"{name} {value}" for name, value in parts if value]
    return f"selected by {' and '.join(choices)}" if choices else "a part of the examples was selected"
