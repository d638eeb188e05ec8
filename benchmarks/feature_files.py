"""Format and lint other people's feature files, and list what would be lost and what is found.

Run `python benchmarks/feature_files.py FOLDER…`; below a FOLDER may be anything that has feature files, such as clones of public
repositories. No file is changed. For each FOLDER it prints how many files Gherkin accepts, and how many `sop fmt` formats and
refuses. Then it prints the findings of the lint on accepted files, counted by rule. Exit status 1 if a formatted file has other
characters, line ends or pickles than before, or is formatted differently the second time, or if a file that Gherkin refuses has
no finding.
"""

import os
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gherkin.errors import ParserError
from gherkin.parser import Parser
from gherkin.pickles.compiler import Compiler
from gherkin.token_scanner import TokenScanner

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT)]

from sop_engine import load_rulebook  # noqa: E402 (found only now)
from sop_runs.problem import Problem  # noqa: E402
from steps.definitions.discovery import built_in_modules  # noqa: E402
from steps.definitions.registry import Registry  # noqa: E402
from steps.language.formatter import FormattingError, formatted  # noqa: E402
from steps.lint.linter import known_tags_of, lint_text  # noqa: E402

OTHER_SPECIFICATION = frozenset({"undefined-step", "unknown-tag"})
"""The rules that every file of another specification breaks."""
READING = frozenset({
    "count-mismatch", "encoding", "invisible-character", "misspelt-keyword", "mixed-script", "open-row", "step-like-prose", "syntax",
    "too-large",
})  # fmt: skip
"""The rules about what Gherkin reads; all others are the project's own rules for scenarios."""
MOST_PRINTED = 10
"""Maximum number of findings that are printed for each rule of `READING`."""


@dataclass
class Trial:
    """The results for the files of one folder."""

    accepted: int = 0
    refused_by_gherkin: int = 0
    formatted: int = 0
    changed: int = 0
    left_alone: list[str] = field(default_factory=list)
    findings: dict[str, list[str]] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)


def pickles(text: str) -> object:
    """Return the pickles of a feature file, without ids; None if Gherkin refuses the file."""
    try:
        document: Any = Parser().parse(TokenScanner(text.removeprefix("\ufeff")))
    except ParserError:
        return None
    return without_ids(Compiler().compile({**document, "uri": ""}))


def without_ids(value: Any) -> Any:
    """Return *value* without ids and places, which may change."""
    if isinstance(value, dict):
        return {key: without_ids(part) for key, part in value.items() if key not in ("id", "astNodeId", "astNodeIds", "location")}
    return [without_ids(part) for part in value] if isinstance(value, list) else value


def lines_of(data: bytes) -> list[bytes]:
    """Return the lines that are not empty, without blanks and tabs, with their line ends; the last line may have none."""
    lines = (line.replace(b" ", b"").replace(b"\t", b"") for line in data.removesuffix(b"\n").removesuffix(b"\r").split(b"\n"))
    return [line for line in lines if line.strip(b"\r")]


def faults_of(data: bytes, new: bytes) -> Iterator[str]:
    """Yield what formatting has broken."""
    if b"".join(data.split()) != b"".join(new.split()):
        yield "other characters"
    if lines_of(data) != lines_of(new):
        yield "other lines or line ends"
    if pickles(data.decode()) != pickles(new.decode()):
        yield "other pickles"
    if formatted(new, "x") != new:
        yield "formatted differently the second time"


def try_file(file: Path, trial: Trial, registry: Registry, tags: frozenset[str]) -> None:
    """Format and lint one file, and add the results to *trial*."""
    data = file.read_bytes()
    is_accepted = pickles(data.decode("utf-8", errors="replace")) is not None
    trial.accepted += is_accepted
    trial.refused_by_gherkin += not is_accepted
    findings: list[Problem] = lint_text(data, file.as_posix(), registry, tags)
    if is_accepted:
        for finding in findings:
            trial.findings.setdefault(finding.rule, []).append(str(finding))
    elif not findings:
        trial.faults.append(f"{file}: refused by Gherkin, and no finding")
    try:
        new = formatted(data, file.as_posix())
    except FormattingError as error:
        if is_accepted:
            trial.left_alone.append(str(error))
        return
    trial.formatted += 1
    trial.changed += new != data
    trial.faults += [f"{file}: {fault}" for fault in faults_of(data, new)]


def main(folders: list[str]) -> int:
    """Try the files of each folder and print the results."""
    registry, tags = Registry.from_modules(built_in_modules()), known_tags_of(load_rulebook())
    total = Trial()
    print("| folder | accepted by Gherkin | refused | formatted | of these changed | accepted, but not formatted | faults |")
    print("|---|---|---|---|---|---|---|")
    for folder in filter(os.path.isdir, folders):
        trial = Trial()
        for file in sorted(Path(folder).rglob("*.feature")):
            if file.is_file():
                try_file(file, trial, registry, tags)
        counts = trial.accepted, trial.refused_by_gherkin, trial.formatted, trial.changed, len(trial.left_alone), len(trial.faults)
        print(f"| {Path(folder).name} | {' | '.join(f'{count:,}' for count in counts)} |", flush=True)
        total.left_alone += trial.left_alone
        total.faults += trial.faults
        for rule, findings in trial.findings.items():
            total.findings.setdefault(rule, []).extend(findings)
    print_findings(total)
    return 1 if total.faults else 0


def print_findings(total: Trial) -> None:
    """Print the faults, the files that were not formatted, and the findings by rule."""
    for title, lines in (("faults", total.faults), ("accepted, but not formatted", total.left_alone)):
        print(f"\n{title}: {len(lines)}", *lines, sep="\n  ")
    counts = Counter({rule: len(findings) for rule, findings in total.findings.items()})
    for title, rules in (
        ("of another specification", OTHER_SPECIFICATION),
        ("about what Gherkin reads", READING),
        ("the project's own rules", counts.keys() - OTHER_SPECIFICATION - READING),
    ):
        print(f"\nfindings on accepted files, {title}:")
        for rule, count in counts.most_common():
            if rule in rules:
                print(f"  {rule}: {count:,}")
                if rules is READING:
                    print(*total.findings[rule][:MOST_PRINTED], sep="\n    ", end="\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
