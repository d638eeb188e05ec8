"""The Feature screen: the list of features, the words that an editor offers, findings and fixes of a draft, and trials of it."""

import hashlib
import json
import os
import re
import time
from collections.abc import Callable, Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from gherkin.dialect import DIALECTS

from sop_cli.web import draft_trial, last_run
from sop_cli.web.context import FEATURES_ROOT, code_digest, known_tags, registry
from sop_cli.web.methods import CODE_VARIABLE
from sop_cli.web.new_names import SMALL_LETTERS, name_fault, taken
from sop_engine import SopError, load_rulebook
from sop_engine.ids import is_gap
from sop_runs.problem import Problem
from steps.definitions.catalogue import catalogue
from steps.editing.drafts import Draft
from steps.editing.fixes import fixes
from steps.editing.new_feature import first_text
from steps.editing.other_files import cross_file_findings
from steps.editing.renaming import Edit, edits, renaming_of
from steps.editing.text_edits import Fix
from steps.language.document import find_features, read_source
from steps.language.file_names import ENDING
from steps.language.formatter import formatted

FIXES_S = 0.15
"""Seconds in which fixes of findings are computed."""
SIMULATION = "@simulation"
"""Tag of examples that take seconds; they run only when a user asks for it."""
_PATH = re.compile(rf"{FEATURES_ROOT.name}/((?:[^/\\\0]+/)*[^/\\\0]+\.feature)")


def listed() -> list[dict[str, Any]]:
    """Return the feature files with the result of each in the last run; those that failed first."""
    return last_run.features()


def words() -> dict[str, Any]:
    """Return the step sentences, the tags with what each stands for, the keywords of each language, and the digest of what all are from."""
    book = load_rulebook()
    about = {f"@{section.id}": section.text for section in book.sections}
    about |= {f"@{clause.id}": clause.text for clause in book.clauses} | {f"@{gap.id}": gap.title for gap in book.gaps}
    kinds = {tag: "gap" if is_gap(tag[1:]) else "clause" for tag in about}
    tags = [{"tag": tag, "about": about.get(tag, ""), "kind": kinds.get(tag, "other")} for tag in sorted(known_tags())]
    return {"sentences": catalogue(registry())["sentences"], "tags": tags, "languages": DIALECTS, "engine": _engine()}


def new_place(folder: str, name: str) -> dict[str, str | None]:
    """Return the path of a new feature file called *name* in *folder* below the features, and its *fault*: why it cannot be there, if so."""
    if not isinstance(folder, str) or not isinstance(name, str):
        raise SopError("the name of the file cannot be read; reload the page")
    file = name.removesuffix(ENDING)
    path = "/".join([*([folder] if folder else []), file + ENDING])
    fault = (
        f"the name of the file has `/`; {SMALL_LETTERS}" if "/" in file else name_fault(path, FEATURES_ROOT) or taken(path, FEATURES_ROOT)
    )
    return {"path": f"{FEATURES_ROOT.name}/{path}", "fault": fault}


def new(folder: str, name: str, title: str) -> dict[str, Any]:
    """Return the place of a new feature file as `new_place` does; without a fault also its first text, and the line where it goes on."""
    if not isinstance(title, str):
        raise SopError("the title cannot be read; reload the page")
    place = new_place(folder, name)
    if place["fault"]:
        return place
    files = last_run.feature_files()
    beside = [file for file in files if file.parent == FEATURES_ROOT / folder]
    models = [read_source(file, FEATURES_ROOT)[0] for file in beside or files]
    text, line = first_text(title, models, are_of_folder=bool(beside))
    return {**place, "text": text, "line": line}


def check(path: str, text: str) -> dict[str, Any]:
    """Return the findings of a draft, its examples, and its tables with the values that their cells may have.

    *parsed* is whether it can be read as Gherkin at all; if not, there are neither examples nor tables.
    """
    draft = _draft(path, text)
    return {
        "parsed": draft.file.source.document is not None,
        "findings": [_plain_finding(finding) for finding in draft.findings],
        "examples": [
            {
                "key": example.key,
                "line": example.line,
                "scenario": example.example.line,
                "first": example.first,
                "last": example.last,
                "name": example.example.name,
                "obstacle": draft_trial.obstacle_text(example.obstacle) if example.obstacle else None,
                "stands": example.applies,
                "slow": SIMULATION in example.example.tags,
            }
            for example in draft.examples
        ],
        "tables": [
            {"line": table.line, "heading": table.heading, "examples": table.of_examples, "values": table.values} for table in draft.tables
        ],
        "engine": _engine(),
    }


def offered_fixes(path: str, text: str, line: int = 1) -> dict[str, Any]:
    """Return the fixes of each finding of a draft, in the order of the findings; whether it is formatted; and its findings beside other files.

    Fixes near *line* come first; after `FIXES_S` seconds the others have none, so that a check of the next text is not kept waiting.
    """
    draft, end = _draft(path, text), time.monotonic() + FIXES_S
    offered: dict[int, list[dict[str, Any]]] = {}
    for number, finding in sorted(enumerate(draft.findings), key=lambda pair: abs(pair[1].line - line)):
        if time.monotonic() > end:
            break
        offered[number] = [_plain_fix(fix) for fix in fixes(draft.file, finding, draft.findings)]
    beside = cross_file_findings(draft, last_run.feature_files(), FEATURES_ROOT)
    return {
        "fixes": [offered.get(number, []) for number in range(len(draft.findings))],
        "formatted": draft.is_formatted,
        "beside": [_plain_finding(finding) for finding in beside],
    }


def reformatted(path: str, text: str) -> dict[str, str]:
    """Return a draft as the formatter lays it out."""
    return {"text": formatted(text.encode(errors="surrogatepass"), _name_of(path)).decode()}


def sentence(path: str, text: str, line: int) -> dict[str, str | None]:
    """Return the step sentence of the step in a line of a draft; None if there is none."""
    steps = (step for example in _draft(path, text).file.examples for step in example.steps if step.line == line)
    matches = (match for step in steps for match in registry().match(step.kind, step.text))
    match = next(matches, None)
    return {"sentence": str(match.definition) if match else None}


def renamed(old: str, new: str) -> dict[str, Any]:
    """Return what changes in each file if the step sentence *old* becomes *new*; nothing is written.

    Raises:
        SopError: it cannot be renamed, or a file is not in the project.
    """
    changes = list(edits(renaming_of(registry(), old, new), registry(), find_features([FEATURES_ROOT]), FEATURES_ROOT))
    for change in changes:
        if not change.file.resolve().is_relative_to(Path.cwd().resolve()):
            raise SopError(
                f"the sentence is in {last_run.project_path(change.file)}, which is not in this project; rename it in the project that has it"
            )
    return {"changes": [_renamed_file(change) for change in changes]}


def _renamed_file(change: Edit) -> dict[str, str]:
    """Return a changed file for the page.

    Raises:
        SopError: it is not UTF-8.
    """
    name = last_run.project_path(change.file)
    try:
        before, after = change.old.decode(), change.new.decode()
    except UnicodeDecodeError:
        raise SopError(f"{name} is not UTF-8; rename the sentence with `sop steps --rename`") from None
    return {"path": name, "digest": hashlib.sha256(change.old).hexdigest(), "before": before, "text": after}


def tried(path: str, text: str, keys: list[str]) -> dict[str, Any]:
    """Run the examples of a draft with *keys* in a temporary copy; return their results, and why the others did not run."""
    trial = draft_trial.trial(_draft(path, text), set(keys))
    results = {key: draft_trial.result(scenario) for key, scenario in trial.ran.items()}
    return {"results": results, "obstacles": dict(trial.obstacles), "engine": _engine()}


def accept(path: str, text: str, line: int) -> dict[str, Any]:
    """Return a draft in which the failed example at *line* says the engine's answer, and what was changed."""
    new, notes = draft_trial.with_accepted_answer(_draft(path, text), line)
    return {"text": new, "notes": notes}


METHODS: Mapping[str, Callable[..., Any]] = {
    "feature.list": listed,
    "feature.words": words,
    "feature.place": new_place,
    "feature.new": new,
    "feature.check": check,
    "feature.fixes": offered_fixes,
    "feature.format": reformatted,
    "feature.sentence": sentence,
    "feature.rename": renamed,
    "feature.try": tried,
    "feature.accept": accept,
}


@lru_cache(maxsize=2)
def _draft(path: str, text: str) -> Draft:
    """Return a draft; the last ones are kept, because the fixes of a text are asked for after its findings."""
    return Draft.of(text, _name_of(path), registry(), known_tags())


def _name_of(path: str) -> str:
    """Return the name of a feature file in a record, for its path in the project.

    Raises:
        SopError: it is not the path of a feature file in the folder of the features.
    """
    match = _PATH.fullmatch(path)
    if match is None or {"", ".", ".."} & set(path.split("/")):
        raise SopError(f"`{path[:200]}` is not a feature file of this project; choose one from the list")
    return match[1]


def _plain_fix(fix: Fix) -> dict[str, Any]:
    return {"title": fix.title, "edits": [[edit.line, edit.column, edit.end_line, edit.end_column, edit.text] for edit in fix.edits]}


def _plain_finding(finding: Problem) -> dict[str, Any]:
    return {name: getattr(finding, name) for name in ("line", "column", "rule", "message", "remedy")}


@cache
def _engine() -> str:
    """Return a digest of the code and the rulebook of this process, on which all results depend.

    That of the code is from before the process began, not from the first check: the files may have changed since.
    """
    code = os.environ.get(CODE_VARIABLE) or code_digest()
    return hashlib.sha256(json.dumps([code, load_rulebook().sha256]).encode()).hexdigest()[:20]
