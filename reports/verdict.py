"""What a run is worth: the band at the top of the page, and the findings behind it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from reports.links import Links
from reports.record import RunRecord
from reports.status import Status, counted, in_words

GOOD, PARTIAL, BAD = "good", "partial", "bad"


@dataclass(frozen=True, slots=True)
class Verdict:
    """``kind`` is *good*, *partial* (a selection, as far as it goes) or *bad*; reasons are sentences."""

    kind: str
    title: str
    reasons: tuple[str, ...]

    @property
    def symbol(self) -> str:
        """A mark that needs no colour."""
        return {GOOD: "✓", PARTIAL: "○"}.get(self.kind, "✗")


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something found in a feature file before the run."""

    anchor: str
    href: str
    path: str
    place: str
    rule: str
    message: str
    remedy: str
    suggestion: str
    source: str


def verdict_of(record: RunRecord, statuses: Sequence[Status]) -> Verdict:
    """The run in one sentence, and why; *statuses* are those of every example that is written."""
    count = Counter(statuses)
    broken = _broken(record, count, len(statuses))
    if broken:
        return Verdict(BAD, _title(record, count), broken)
    if record.manifest["selection"] is not None:
        reason = f"{_selected(record)}; the other {counted(count[Status.NOT_RUN], 'example')} did not run"
        return Verdict(PARTIAL, "Only a selection ran", (reason,))
    known = count[Status.KNOWN]
    if known:
        return Verdict(GOOD, f"{counted(count[Status.PASSED], 'example')} passed, {known} failed as expected", ())
    return Verdict(GOOD, f"All {counted(len(statuses), 'example')} passed", ())


def _title(record: RunRecord, count: Counter[Status]) -> str:
    if record.state == "incomplete":
        return "This run did not finish"
    if record.state == "interrupted":
        return "This run was interrupted"
    if count[Status.FAILED]:
        return f"{counted(count[Status.FAILED], 'example')} failed"
    return "This run is not good"


def _broken(record: RunRecord, count: Counter[Status], written: int) -> tuple[str, ...]:
    """Every reason why the run is bad news."""
    executed = count[Status.PASSED] + count[Status.FAILED] + count[Status.KNOWN]
    reasons = []
    if record.state == "incomplete":
        reasons.append("its record has no end: it was killed, or the machine stopped; what is marked passed did pass, the whole did not")
    if record.state == "interrupted":
        reasons.append(f"it was stopped after {executed} of {counted(written, 'example')}")
    if count[Status.FAILED]:
        reasons.append(in_words(count.elements()))
    findings = sum(len(feature["findings"]) for feature in record.features)
    if findings:
        files = sum(1 for feature in record.features if feature["findings"])
        reasons.append(f"{counted(findings, 'finding')} in {counted(files, 'feature file')}, which kept examples from running")
    if not written:
        reasons.append("there is no example to run")
    reasons += _contradictions(record, executed)
    if not reasons and count[Status.NOT_RUN] and record.manifest["selection"] is None:
        reasons.append(f"{counted(count[Status.NOT_RUN], 'example')} did not run, and nothing says why")
    return tuple(reasons)


def _contradictions(record: RunRecord, executed: int) -> list[str]:
    """What the record claims, against what its lines show."""
    reasons = []
    expected = record.manifest["expected"]
    if record.state == "complete" and executed != expected:
        reasons.append(f"{executed} of the {expected} examples that should have run did")
    if record.closing:
        told = record.closing["counts"]
        passed = sum(scenario["status"] == "passed" for scenario in record.scenarios)
        shown = (executed, passed, executed - passed)
        if (told["executed"], told["passed"], told["failed"]) != shown:
            reasons.append("the record's own counts differ from its lines")
    return reasons


def _selected(record: RunRecord) -> str:
    selection = record.manifest["selection"]
    chosen = [f"{name} {_words(value)}" for name, value in sorted(selection.items()) if value] if selection else []
    return "chosen by " + " and ".join(chosen) if chosen else "a part was chosen"


def _words(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def findings_of(record: RunRecord, links: Links) -> tuple[Trouble, ...]:
    """Every finding with the line it is about."""
    troubles: list[Trouble] = []
    for feature in record.features:
        lines = feature["text"].splitlines()
        for finding in feature["findings"]:
            place = f"{finding['path']}:{finding['line']}:{finding['column']}"
            source = lines[finding["line"] - 1] if 0 < finding["line"] <= len(lines) else ""
            anchor = links.anchors.take(f"finding-{finding['rule']}", of=place)
            troubles.append(
                Trouble(
                    anchor,
                    f"{links.feature(feature['path'])}#{anchor}",
                    feature["path"],
                    place,
                    finding["rule"],
                    finding["message"],
                    finding["remedy"],
                    finding["suggestion"] or "",
                    source.strip(),
                )
            )
    return tuple(troubles)
