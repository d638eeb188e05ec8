"""The verdict of the gate, for people, for programs and for the services that show it beside a change."""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

import click

from sop_cli import __version__
from steps.findings import visible
from steps.gate import Check, Trouble

MOST_SHOWN = 10


class Form(StrEnum):
    """How the result is written."""

    TEXT = "text"
    JSON = "json"
    GITHUB = "github"
    SARIF = "sarif"


@dataclass(frozen=True, slots=True)
class Result:
    """The checks, and how the folder of features is reached from the working directory."""

    checks: tuple[Check, ...]
    features: str

    def place(self, trouble: Trouble) -> str:
        """The file of a trouble, from the working directory; empty where it is about no file."""
        return f"{self.features}/{trouble.path}" if trouble.path else ""

    def troubles(self) -> Iterator[tuple[Check, Trouble]]:
        """Everything against the change."""
        for check in self.checks:
            for trouble in check.troubles:
                yield check, trouble

    @property
    def counts(self) -> tuple[int, int]:
        """How many checks have something against the change, and how many wait."""
        return sum(bool(check.troubles) for check in self.checks), sum(check.waits for check in self.checks)

    @property
    def holds(self) -> bool:
        """Whether nothing is."""
        return all(check.holds for check in self.checks)


def text(result: Result) -> str:
    """A line for each check, its troubles below."""
    lines = []
    for check in result.checks:
        lines.append(f"{_mark(check)} {check.code:10} {check.name}: {check.told}")
        for trouble in check.troubles[:MOST_SHOWN]:
            place = f"{result.place(trouble)}:{trouble.line}: " if trouble.path else ""
            lines.append(visible(f"    {place}{trouble.message}"))
        if len(check.troubles) > MOST_SHOWN:
            lines.append(f"    … and {len(check.troubles) - MOST_SHOWN:,} more")
        if check.troubles:
            lines.append(f"    → {check.remedy}")
    return "\n".join([*lines, _last(result)])


def _mark(check: Check) -> str:
    if check.holds:
        return click.style("✓", fg="green")
    return click.style("○", fg="yellow") if check.waits else click.style("✗", fg="red", bold=True)


def _last(result: Result) -> str:
    if result.holds:
        return click.style("the gate is open", fg="green", bold=True)
    wrong, waiting = result.counts
    later = f", {waiting} not judged yet" if waiting else ""
    return click.style(f"the gate is closed: {wrong} of {len(result.checks)} checks{later}", fg="red", bold=True)


def as_json(result: Result) -> str:
    """One object."""
    told = {
        "open": result.holds,
        "checks": [
            {
                "code": check.code,
                "name": check.name,
                "holds": check.holds,
                "waits": check.waits,
                "told": check.told,
                "remedy": check.remedy,
                "troubles": [_plain(result, trouble) for trouble in check.troubles],
            }
            for check in result.checks
        ],
    }
    return json.dumps(told, ensure_ascii=False, indent=1)


def _plain(result: Result, trouble: Trouble) -> Mapping[str, object]:
    return {"message": trouble.message, "file": result.place(trouble) or None, "line": trouble.line if trouble.path else None}


def github(result: Result) -> str:
    """Workflow commands, which appear as annotations at the line of the feature file."""
    lines = []
    for check, trouble in result.troubles():
        place = f"file={_property(result.place(trouble))},line={trouble.line}," if trouble.path else ""
        lines.append(f"::error {place}title={_property(f'gate: {check.code}')}::{_data(f'{trouble.message} ({check.remedy})')}")
    lines += [f"::notice title={_property(f'gate: {check.code}')}::{_data(check.told)}" for check in result.checks if not check.troubles]
    return "\n".join(lines)


def _data(words: str) -> str:
    return words.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(words: str) -> str:
    return _data(words).replace(":", "%3A").replace(",", "%2C")


def sarif(result: Result) -> str:
    """SARIF 2.1.0, for services that keep findings over time; a finding keeps its fingerprint when lines move."""
    rules = [
        {"id": check.code, "name": check.name, "shortDescription": {"text": check.name}, "help": {"text": check.remedy}}
        for check in result.checks
    ]
    found = []
    for check, trouble in result.troubles():
        mark = hashlib.sha256(f"{check.code}\0{trouble.path}\0{trouble.message}".encode()).hexdigest()
        place = {"physicalLocation": {"artifactLocation": {"uri": result.place(trouble)}, "region": {"startLine": trouble.line}}}
        found.append(
            {
                "ruleId": check.code,
                "level": "error",
                "message": {"text": f"{trouble.message}; {check.remedy}"},
                "locations": [place] if trouble.path else [],
                "partialFingerprints": {"sopGate/v1": mark},
            }
        )
    driver = {"name": "sop gate", "version": __version__, "rules": rules}
    log = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{"tool": {"driver": driver}, "results": found, "columnKind": "unicodeCodePoints"}],
    }
    return json.dumps(log, ensure_ascii=False, indent=1)


FORMATS: Mapping[Form, Callable[[Result], str]] = {
    Form.TEXT: text,
    Form.JSON: as_json,
    Form.GITHUB: github,
    Form.SARIF: sarif,
}
