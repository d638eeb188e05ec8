"""The linter: all rules for feature files, and the functions that apply them.

A file with findings does not affect other files. `sop verify` does not run a file with findings, and its run does not pass.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, groupby
from pathlib import Path

from sop_engine import Rulebook
from sop_engine.versions import versions
from sop_runs.problem import Problem, sort_key
from sop_runs.record.status import KNOWN_FAILURE
from sop_runs.record.version_tags import version_tags
from steps.definitions.registry import Registry
from steps.language.document import Document, FeatureSource, read_source, source_of
from steps.lint.bound_steps import step_findings
from steps.lint.characters import character_findings, naming_look_alikes
from steps.lint.checked_file import CheckedFile, Findings
from steps.lint.duplicates import duplicate_example_findings, name_findings, names_of_files
from steps.lint.facts import fact_findings
from steps.lint.fitting_tags import fitting_findings
from steps.lint.keywords import keyword_findings, language_findings, reworded_syntax_findings
from steps.lint.outlines import outline_findings
from steps.lint.prose.merge_conflicts import conflict_findings
from steps.lint.scenarios import scenario_findings
from steps.lint.step_order import order_findings
from steps.lint.step_values import value_findings
from steps.lint.tags import known_failure_findings, tag_findings, version_findings

RULES = {
    "ambiguous-step": "a step that matches more than one step sentence",
    "bare-assert": "a Then that uses `assert` and makes no claim",
    "count-mismatch": "the parser and the line counter count different numbers of scenarios",
    "doubled-example": "two examples that say the same",
    "doubled-fact": "a value that is given twice, or a step that is written twice",
    "duplicate-name": "two scenarios with the same name, or names that differ only in Unicode form",
    "duplicate-row": "two equal rows in a table of Examples",
    "duplicate-sentence": "a step sentence that is defined twice",
    "empty-feature": "a file, feature or rule without a scenario",
    "encoding": "a file that is not UTF-8 with ordinary line ends",
    "file-name": "a feature file whose name is hidden, shared with another, or has a space in the wrong place",
    "first-step": "a first step that begins with And, But or *",
    "idle-tag": "a tag on an example that neither cites it nor is about it, or a tag that is written twice",
    "idle-value": "a column, setting, annual return or report that changes nothing in any example of its step",
    "impossible-value": "a value in a step that does not exist, such as the day 2026-02-30",
    "invisible-character": "an invisible character",
    "late-fact": "a value that is given after a step has used another",
    "merge-conflict": "two versions of a text between the marks of git",
    "misspelt-keyword": "a line that resembles a keyword or names a language, and is read as prose or as a comment",
    "mixed-script": "a word that mixes alphabets",
    "no-name": "a feature, rule or scenario without a name",
    "no-reason": "a known failure without a reason, or a tag for known failures above more than one scenario",
    "no-rows": "an outline without Examples, or Examples without rows",
    "no-sentence": "a module without a step definition",
    "no-steps": "a scenario without steps",
    "no-then": "a scenario without a Then",
    "no-version": "a tag for versions of the document that leaves an example out of every version, or out of none",
    "no-when": "a scenario without a When",
    "open-row": "a table row with text after its last `|`, or without its last `|`",
    "regex-header": "a column name with other characters than letters, digits, space, - and _",
    "reserved-fixture": "a fixture of a user with the name of a fixture of the program itself",
    "restated-fact": "a Then that only repeats a Given",
    "step-like-prose": "a line above the first step that looks like a step",
    "step-order": "steps that are not in the order Given, When, Then",
    "stock-step": "a step definition made with a decorator of pytest-bdd",
    "syntax": "a line that Gherkin does not allow in its place",
    "table-cell": "a cell of a table whose value is missing, repeated or not of its column",
    "table-columns": "a table whose columns or rows are not those that the step sentence takes",
    "too-large": "a file, line, table, step or number of findings above the limit",
    "undeclared-table": "a step definition that takes a table and does not declare its columns",
    "undefined-step": "a step that matches no step sentence",
    "unexpected-table": "a table or doc string that the step sentence does not take, or that is missing",
    "unknown-placeholder": "a <placeholder> without a column",
    "unknown-tag": "a tag that is not in the closed list",
    "unread-fact": "a Given or When whose value no later step uses",
    "unread-file": "a file, link or folder that looks like a feature file or a features folder and is not read",
    "unused-column": "a column of the Examples that no step uses",
    "wrong-reading": "the tag @as-written on a scenario that is not taken as written, or no such tag on one that is",
}
"""Every rule and what it finds."""

TAG_WORDS = frozenset({"@as-written", KNOWN_FAILURE, "@simulation", "@audit"})
"""Tags that are not ids: answered by the reading as written; a known failure; about the simulator."""

MOST_FINDINGS = 1_000
"""Findings of a file that are listed."""

EXPLAINS_UNDEFINED = frozenset({"invisible-character", "mixed-script", "unknown-placeholder"})
"""Rules that explain why a step or cell on the same line is wrong; those of `EXPLAINED` are then not reported."""
EXPLAINED = frozenset({"undefined-step", "table-cell", "table-columns"})


@dataclass(frozen=True)
class LintResult:
    """Result of the lint: the documents that could be parsed, every source, the sorted findings, and the number of scenarios written."""

    documents: tuple[Document, ...]
    sources: tuple[FeatureSource, ...]
    findings: tuple[Problem, ...]
    written: int


def known_tags_of(rulebook: Rulebook) -> frozenset[str]:
    """Return the closed list of tags: `TAG_WORDS`, the ids of clauses, gaps and sections, and those of the versions."""
    clauses = {f"@{clause.id}" for clause in rulebook.clauses}
    gaps = {f"@{gap.id}" for gap in rulebook.gaps}
    names = {rulebook.name, *rulebook.follows, *(name for name, _ in versions())}
    return TAG_WORDS | clauses | gaps | {f"@{section.id}" for section in rulebook.sections} | version_tags(names)


def lint(files: Sequence[Path], root: Path, registry: Registry, known_tags: Iterable[str]) -> LintResult:
    """Lint *files*; their paths in findings are relative to *root*.

    Raises:
        FeatureFileError: a file cannot be read from disk.
    """
    sources_and_findings = [read_source(file, root) for file in files]
    allowed = frozenset(known_tags)
    checked_files = [(CheckedFile(source, registry, allowed), source_findings) for source, source_findings in sources_and_findings]
    findings = [finding for checked_file, source_findings in checked_files for finding in findings_of(checked_file, source_findings)]
    sources = tuple(source for source, _ in sources_and_findings)
    documents = tuple(source.document for source in sources if source.document is not None)
    findings += names_of_files(documents)
    files_with_examples = [checked_file for checked_file, _ in checked_files if checked_file.source.document is not None]
    findings += _except_duplicate_rows(findings, duplicate_example_findings(files_with_examples))
    written = sum(checked_file.counted for checked_file, _ in checked_files)
    return LintResult(documents, sources, tuple(_limited(findings)), written)


def lint_text(data: bytes, path: str, registry: Registry, known_tags: Iterable[str]) -> list[Problem]:
    """Return the findings of one feature file given as bytes (an editor's buffer, a test)."""
    return checked_text(data, path, registry, known_tags)[1]


def checked_text(data: bytes, path: str, registry: Registry, known_tags: Iterable[str]) -> tuple[CheckedFile, list[Problem]]:
    """Return one feature file given as bytes, and its findings."""
    source, source_findings = source_of(data, path)
    file = CheckedFile(source, registry, frozenset(known_tags))
    findings = list(findings_of(file, source_findings))
    if source.document is not None:
        findings += _except_duplicate_rows(findings, duplicate_example_findings([file]))
    return file, list(_limited(findings))


def _limited(findings: Iterable[Problem]) -> Findings:
    """Yield *findings* sorted and without repetition; of a file with more than `MOST_FINDINGS`, the first of them and their number."""
    for _, of_file in groupby(sorted(set(findings), key=sort_key), key=lambda finding: finding.path):
        listed = list(of_file)
        yield from listed[:MOST_FINDINGS]
        if len(listed) > MOST_FINDINGS:
            last = listed[MOST_FINDINGS - 1]
            message = f"the file has {len(listed):,} findings; those up to here are listed"
            yield Problem(last.path, last.line, last.column, "too-large", message, "correct them, and check the file again")


def findings_of(file: CheckedFile, source_findings: Iterable[Problem] = ()) -> Findings:
    """Yield the findings of one file but those of doubled examples; *source_findings* are those of reading it."""
    return naming_look_alikes(file, _unnamed_findings(file, source_findings))


def _prose_findings(file: CheckedFile) -> Findings:
    """Yield the findings of the prose, if there is any."""
    if file.source.prose:
        from steps.lint.prose.rule import prose_findings  # noqa: PLC0415 - compiles long patterns, and many files have no prose

        yield from prose_findings(file)


def _unnamed_findings(file: CheckedFile, source_findings: Iterable[Problem]) -> Findings:
    """Yield the findings of every rule, without the names of look-alikes; of a file with merge conflicts only these."""
    if not file.source.readable:
        yield from source_findings
        return
    conflicts = list(conflict_findings(file))
    if conflicts:
        yield from conflicts
        return
    written = [*reworded_syntax_findings(file, source_findings), *character_findings(file), *keyword_findings(file)]
    written += language_findings(file)
    misspelt = {finding.line for finding in written if finding.rule == "misspelt-keyword"}
    written += [finding for finding in _prose_findings(file) if finding.line not in misspelt]
    if file.source.document is not None:
        written += [
            *scenario_findings(file),
            *name_findings(file),
            *tag_findings(file),
            *known_failure_findings(file),
            *version_findings(file),
            *outline_findings(file),
            *_count_findings(file, file.source.document),
        ]
    yield from written
    if file.source.document is not None:
        misplaced = list(order_findings(file))
        yield from chain(misplaced, fitting_findings(file))
        yield from _except_in_lines_of(misplaced, fact_findings(file))
    explained = {finding.line for finding in written if finding.rule in EXPLAINS_UNDEFINED}
    bound = chain(step_findings(file), value_findings(file))
    yield from (finding for finding in bound if finding.rule not in EXPLAINED or finding.line not in explained)


def _except_in_lines_of(others: Iterable[Problem], findings: Findings) -> Findings:
    """Yield *findings*, without those in a line of *others*, which explain them."""
    lines = {finding.line for finding in others}
    yield from (finding for finding in findings if finding.line not in lines)


def _except_duplicate_rows(others: Iterable[Problem], findings: Findings) -> list[Problem]:
    """Return *findings*, without those in a row that *others* already call a duplicate."""
    rows = {(finding.path, finding.line) for finding in others if finding.rule == "duplicate-row"}
    return [finding for finding in findings if (finding.path, finding.line) not in rows]


def _count_findings(file: CheckedFile, document: Document) -> Findings:
    counted, parsed = file.counted, len(document.examples)
    if counted != parsed:
        message = f"counted line by line there are {counted:,} scenarios, but the parser found {parsed:,}"
        remedy = "look for a keyword inside a description or doc string; if there is none, report this as an internal error"
        yield file.finding((1, 1), "count-mismatch", message, remedy)
