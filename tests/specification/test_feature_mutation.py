"""The features changed in every small way: each change is caught by the lint, by the run, or by what was approved.

`test_lint_planted` plants faults that the lint alone must see; here a change may be sound Gherkin, and still not go in unseen.
"""

import os
import random
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

from sop_engine import Reading, load_rulebook
from sop_runs.change.example_text import ExampleKey, ExampleText, example_of
from sop_runs.change.snapshot import Snapshot
from sop_runs.change.snapshot_changes import changes
from sop_runs.change.text_changes import ChangeKind
from steps.definitions.discovery import built_in_modules
from steps.definitions.registry import Registry
from steps.language.examples import Example
from steps.language.parser import parse
from steps.lint.linter import known_tags_of, lint_text
from steps.run.executor import execute
from steps.run.recorder import scenario_record

FEATURES = Path(__file__).parents[2] / "features"
FILES = [file for file in sorted(FEATURES.rglob("*.feature")) if "@simulation" not in file.read_text(encoding="utf-8")]
SAMPLES = 10 if "NIGHTLY" in os.environ else 1
"""Of each kind of change in each file."""

Change = Callable[[re.Match[str]], str]
ROW = r"^( +\|.*\|)\n"
CHANGES: dict[str, tuple[str, Change]] = {
    "delete a Then": (r"^ +Then .*\n(?: +\|.*\n)*", lambda _: ""),
    "delete a further check": (
        r"^ +(?:And|But) (?:the SOP|the answer|it is our|the client|what the|no clause).*\n(?: +\|.*\n)*",
        lambda _: "",
    ),
    "delete a Given": (r"^ +Given .*\n", lambda _: ""),
    "delete a row": (ROW, lambda _: ""),
    "delete a scenario": (r"^    Scenario(?: Outline)?:.*\n(?:.*\S.*\n)+", lambda _: ""),
    "change a stage": (
        r"\b(FULFILLABLE|PROCESSING|PACKED)\b",
        lambda m: {"FULFILLABLE": "PACKED", "PROCESSING": "FULFILLABLE", "PACKED": "PROCESSING"}[m[1]],
    ),
    "change an outcome": (r"\b(is allowed|is refused)\b", lambda m: "is refused" if m[1] == "is allowed" else "is allowed"),
    "change a modality": (r"\| (must|may) ", lambda m: "| may  " if m[1] == "must" else "| must "),
    "change an e-invoice": (r"\b(generated|pushed)\b(?= +\|)", lambda m: "pushed" if m[1] == "generated" else "generated"),
    "change a number": (r"\b(\d)\b(?= unit)", lambda m: str((int(m[1]) + 1) % 10)),
    "change a clause": (r"\b((?:SC|AC)-(?:ERP|RMS)-\w+-\d)(?=[.\da-z]*\b)", lambda m: m[1][:-1] + str((int(m[1][-1]) + 4) % 10)),
    "change a gap": (r"\bGAP-(\d\d)\b", lambda m: f"GAP-{(int(m[1]) % 43) + 1:02}"),
    "swap two rows": (ROW + r"( +\|.*\|)\n", lambda m: f"{m[2]}\n{m[1]}\n"),
    "swap two cells": (r"\| *([\w ]+?) *\| *([\w ]+?) *\|", lambda m: f"| {m[2]} | {m[1]} |"),
    "say who otherwise": (r"\b(the seller|Ajio)\b(?= cancels| +\|)", lambda m: "Ajio" if m[1] == "the seller" else "the seller"),
    "take it as written": (r"taken as (written)", lambda _: "taken as practised"),
    "drop a tag": (r"^ *@[\w.-]+(?: @[\w.-]+)*\n", lambda _: ""),
    "expect it to fail": (r"^( +)(?=Scenario)", lambda m: f"{m[1]}@skip\n{m[1]}"),
}


@cache
def registry() -> Registry:
    return Registry.from_modules(built_in_modules())


@cache
def tags() -> frozenset[str]:
    return known_tags_of(load_rulebook())


def source(text: str, path: str) -> tuple[Example, ...]:
    from steps.language.document import source_of  # noqa: PLC0415

    document = source_of(text.encode(), path)[0].document
    return document.examples if document is not None else ()


def examples(text: str, path: str) -> dict[ExampleKey, ExampleText]:
    """The examples as the record of a run would have them."""
    return {(example.path, example.id): example_of(scenario_record(example, None)) for example in source(text, path)}


def is_noticed(before: str, after: str, path: str) -> bool:
    """Whether an approved example changed."""
    then, now = (Snapshot(name, examples=examples(text, path)) for name, text in (("then", before), ("now", after)))
    return any(change.kind is not ChangeKind.NEW for change in changes(then, now).examples)


def caught(text: str, original: str, path: str) -> str:
    """The check that catches *text* in the place of *original*; empty if none does."""
    if lint_text(text.encode(), path, registry(), tags()):
        return "lint"
    defaults = {"reading": Reading.AS_PRACTISED, "annual_returns": {}}
    if any(execute(example, registry(), defaults.__getitem__).status != "passed" for example in source(text, path)):
        return "run"
    return "baseline" if is_noticed(original, text, path) else ""


def changed(file: Path, name: str) -> Iterator[tuple[int, str]]:
    text = file.read_text(encoding="utf-8")
    pattern, change = CHANGES[name]
    matches = list(re.finditer(pattern, text, re.MULTILINE))
    rng = random.Random(f"{file.name}{name}")  # noqa: S311
    for match in rng.sample(matches, min(SAMPLES, len(matches))):
        new = text[: match.start()] + change(match) + text[match.end() :]
        if meaning(new) != meaning(text):
            yield text.count("\n", 0, match.start()) + 1, new


def meaning(text: str) -> object:
    """What the examples say, with their order: what differs only in prose or in white space is no change."""
    instances = source(text, "x")
    if not instances:
        return text
    return [
        (instance.name, instance.tags, [(step.kind, step.text, step.table, step.docstring) for step in instance.steps])
        for instance in instances
    ]


@pytest.mark.parametrize("name", CHANGES)
def test_no_small_change_of_a_feature_goes_in_unseen(name: str) -> None:
    missed, tried = [], 0
    for file in FILES:
        path = file.relative_to(FEATURES).as_posix()
        original = file.read_text(encoding="utf-8")
        for line, text in changed(file, name):
            tried += 1
            if not caught(text, original, path) and not only_reordered(text, original, path):
                missed.append(f"{path}:{line}")

    assert tried, "nothing to change"
    assert not missed


def only_reordered(text: str, original: str, path: str) -> bool:
    """Rows of Examples in another order are the same examples."""
    return examples(text, path) == examples(original, path) and not parse(text).errors
