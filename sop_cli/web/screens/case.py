"""The screen of cases: the answers of the front page's form, the examples of a case, and a new example with its place."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from reports.document.case_explorer import FIRST, NOT_NEEDED, NOT_SURE, explorer_data
from reports.html.links import CASES_PAGE, Links
from reports.html.reading_switch import MEANINGS, address, name_of
from sop_cli.web.context import FEATURES_ROOT, known_tags, registry
from sop_engine import Decision, PossibleCase, Reading, SopError, decide_possible, possible_case_from
from sop_runs.problem import Problem
from steps.generation.case_scenarios import boxes_with_one_answer
from steps.generation.case_scenarios import name_of as name_of_example
from steps.generation.example_places import AddedExample, ExamplePlace, cases_of, places, with_example, with_first_example
from steps.language.document import FeatureFileError, find_features, source_of
from steps.language.file_names import place_of
from steps.lint.checked_file import CheckedFile
from steps.lint.duplicates import content_of_example, names_of_files
from steps.lint.fitting_tags import stated_facts
from steps.lint.linter import lint_text

LONGEST_LIST = 40
"""Examples of a case that are listed."""
FITS = 12
"""Places that are tried, the best first, until the lint finds nothing wrong with the example there."""


class CaseError(SopError):
    """A request about a case that cannot be answered."""


class _Addresses(Links):
    """Addresses of what an answer cites: clauses and gaps in the workbench."""

    def __init__(self) -> None:
        super().__init__(None)

    def clause(self, identifier: str) -> str | None:
        """Return the address of a clause."""
        return f"#/questions/{identifier}"

    def gap(self, identifier: str) -> str | None:
        """Return the address of the question of a gap."""
        return f"#/questions/{identifier}"


@cache
def answers() -> dict[str, Any]:
    """Return the answers to all cases as the form of the living document has them, its words, and the two readings."""
    readings = [
        {"reading": str(reading), "name": name_of(reading), "meaning": meaning, "table": address(CASES_PAGE, reading)}
        for reading, meaning in MEANINGS.items()
    ]
    return {**explorer_data(_Addresses()), "not_sure": NOT_SURE, "not_needed": NOT_NEEDED, "first": FIRST, "readings": readings}


def examples(facts: Mapping[str, Any], reading: str) -> dict[str, Any]:
    """Return the examples that are about a case, the most special first, and the cases of which one example can be written.

    *facts* has a word, or a list of words, for each fact that is known.
    """
    possible, decisions = _decided(facts, reading)
    wanted = {case.key for case in possible.cases()}
    listed = [
        {
            "place": f"{FEATURES_ROOT.as_posix()}/{matched.example.path}:{matched.example.row or matched.example.line}",
            "name": matched.example.name,
            "rule": matched.example.rule,
            "cases": len(about),
            "others": len(about - wanted),
            "covers": about >= wanted,
            "in_a_life": not stated_facts(matched),
        }
        for file in _checked_files().values()
        for matched in file.matched
        if (about := cases_of(matched, decisions[0].reading)) & wanted
    ]
    listed.sort(key=lambda entry: (not entry["covers"], entry["in_a_life"], entry["others"], entry["cases"]))
    return {
        "cases": len(wanted),
        "examples": listed[:LONGEST_LIST],
        "more": max(0, len(listed) - LONGEST_LIST),
        "addable": [
            {"facts": {fact: list(words) for fact, words in box.items()}, "name": name_of_example(covered)}
            for box, covered in boxes_with_one_answer({("case", decision.case.key): decision for decision in decisions})
        ],
    }


def example_places(facts: Mapping[str, Any], reading: str) -> list[dict[str, Any]]:
    """Return the places where an example of a case can be added, the best first."""
    return [_as_plain(place) for place in _places_for(*_decided(facts, reading))]


def example(  # noqa: PLR0913 - a request of the page
    facts: Mapping[str, Any], reading: str, path: str, line: int, rule: str, text: str | None = None, name: str = ""
) -> dict[str, Any]:
    """Return the file *path* with an example of a case in the Rule *rule* (near *line*), and what the lint says about it.

    *text* is the file with changes that are not saved; *name* the name of the scenario.
    """
    possible, decisions = _decided(facts, reading)
    below = path.removeprefix(f"{FEATURES_ROOT.as_posix()}/")
    files = _checked_files()
    if below not in files:
        raise CaseError(f"there is no file `{path[:200]}`; choose another place")
    candidates = [place for place in places(files.values(), decisions, possible) if (place.path, place.rule) == (below, rule)]
    if not candidates:
        raise CaseError(f"`{path}` has no such Rule for this case; choose another place")
    place = min(candidates, key=lambda other: abs(other.line - line))
    file = files[below] if text is None else _checked_file(text.encode(errors="replace"), below)
    added = _added(file, place, decisions, name.encode(errors="replace").decode())
    double = _double(below, added)
    return {
        "path": path,
        "text": added.text,
        "scenario": added.scenario,
        "line": added.first,
        "last": added.last,
        "findings": [f"{finding.message}; {finding.remedy}" for finding in _findings(below, added, file.source.text)],
        "double": double,
    }


def first_example(facts: Mapping[str, Any], reading: str, path: str, text: str, name: str = "") -> dict[str, str]:
    """Return *text*, the first text of the new feature file *path*, with an example of a case in the place of its empty scenario."""
    _, decisions = _decided(facts, reading)
    below = path.removeprefix(f"{FEATURES_ROOT.as_posix()}/")
    document = source_of(text.encode(errors="replace"), below)[0].document
    if document is None:
        raise CaseError(f"the text of the new file `{path[:200]}` cannot be parsed; begin it again")
    wanted = name.encode(errors="replace").decode()
    return {"text": with_first_example(text, document.recorded, below, decisions, _unique_name, wanted)}


def _decided(facts: Mapping[str, Any], reading: str) -> tuple[PossibleCase, Sequence[Decision]]:
    if reading not in set(map(str, Reading)):
        raise CaseError(f"there is no reading `{reading[:100]}`; reload the page")
    possible = possible_case_from({name: words for name, words in facts.items() if words is not None})
    return possible, decide_possible(possible, Reading(reading)).decisions


def _checked_files() -> dict[str, CheckedFile]:
    """Return the feature files that can be parsed, by their path below the folder."""
    try:
        paths = find_features([FEATURES_ROOT])
    except FeatureFileError:
        return {}
    root = FEATURES_ROOT.resolve()
    read = ((file, place_of(file).relative_to(root).as_posix()) for file in paths)
    files = (_checked_file(Path(file).read_bytes(), path) for file, path in read)
    return {file.source.path: file for file in files if file.source.document is not None}


@lru_cache(maxsize=256)
def _checked_file(data: bytes, path: str) -> CheckedFile:
    """Return a file as the lint checks it; kept as long as its bytes stay the same."""
    return CheckedFile(source_of(data, path)[0], registry(), known_tags())


def _places_for(possible: PossibleCase, decisions: Sequence[Decision]) -> list[ExamplePlace]:
    """Return the places for an example; the first is the best of those where the lint finds nothing wrong with it."""
    files = _checked_files()
    ranked = places(files.values(), decisions, possible)
    for place in ranked[:FITS]:
        added = _added(files[place.path], place, decisions)
        if not [*_findings(place.path, added, files[place.path].source.text)]:
            return [place, *(other for other in ranked if other is not place)]
    return ranked


def _added(file: CheckedFile, place: ExamplePlace, decisions: Sequence[Decision], name: str = "") -> AddedExample:
    document = file.source.document
    if document is None:
        raise CaseError(f"the unsaved text of `{place.path}` cannot be parsed; correct it in the editor first")
    return with_example(document.text, document.recorded, place, decisions, _unique_name, name)


def _unique_name(wanted: str) -> str:
    """Return *wanted*, numbered if a scenario of another name is called so."""
    taken = {example.outline or example.name for file in _checked_files().values() for example in file.examples}
    numbered = (wanted if number == 1 else f"{wanted} ({number})" for number in range(1, len(taken) + 2))
    return next(candidate for candidate in numbered if candidate not in taken)


def _findings(path: str, added: AddedExample, before: str) -> Iterator[Problem]:
    """Yield what the lint finds wrong with an added example, but that it says the same as another one; *before* is the file without it."""
    tags, more = known_tags(), added.text.count("\n") - before.count("\n")
    earlier = {(finding.line, finding.column, finding.rule) for finding in lint_text(before.encode(), path, registry(), tags)}
    others = (file.source.document for other, file in _checked_files().items() if other != path)
    own = _checked_file(added.text.encode(), path).source.document
    names = (
        finding for finding in names_of_files([document for document in (*others, own) if document is not None]) if finding.path == path
    )
    for finding in (*lint_text(added.text.encode(), path, registry(), tags), *names):
        line = finding.line - more if finding.line > added.last else finding.line
        if finding.rule != "doubled-example" and (line, finding.column, finding.rule) not in earlier:
            yield finding


def _double(path: str, added: AddedExample) -> dict[str, str] | None:
    """Return name and place of an example that says the same as the added one; None if there is none."""
    new = _checked_file(added.text.encode(), path)
    contents = {content_of_example(matched) for matched in new.matched if added.first <= matched.example.line <= added.last}
    for other, file in _checked_files().items():
        for matched in (new if other == path else file).matched:
            is_added = other == path and added.first <= matched.example.line <= added.last
            if not is_added and content_of_example(matched) in contents:
                line = matched.example.row or matched.example.line
                return {"place": f"{FEATURES_ROOT.as_posix()}/{other}:{line}", "name": matched.example.name}
    return None


def _as_plain(place: ExamplePlace) -> dict[str, Any]:
    return {"path": f"{FEATURES_ROOT.as_posix()}/{place.path}", "line": place.line, "feature": place.feature, "rule": place.rule}


METHODS: Mapping[str, Callable[..., Any]] = {
    "case.answers": answers,
    "case.examples": examples,
    "case.places": example_places,
    "case.example": example,
    "case.first_example": first_example,
}
