"""The lint: everything that must be right with the feature files before a run may call itself green.

One bad file costs one file. The same findings stop `sop verify`, in which nothing runs that is not sound.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from sop_engine import Rulebook
from sop_runs.problem import Problem, sort_key
from sop_runs.record.status import KNOWN_FAILURE
from steps.definitions.registry import Registry
from steps.language.document import Document, FeatureSource, read_source, source_of
from steps.lint.bound_steps import step_findings
from steps.lint.characters import character_findings
from steps.lint.checked_file import CheckedFile, Findings
from steps.lint.keywords import keyword_findings, reworded_syntax_findings
from steps.lint.outlines import outline_findings
from steps.lint.scenarios import known_failure_findings, scenario_findings, tag_findings

RULES = {
    "ambiguous-step": "a step fits more than one sentence",
    "bare-assert": "a Then that asserts and claims nothing",
    "count-mismatch": "the parser and the line counter see a different number of scenarios",
    "duplicate-name": "two scenarios of a file have one name",
    "duplicate-row": "two rows of a table of Examples are the same",
    "duplicate-sentence": "a sentence that is bound twice",
    "empty-feature": "a file, feature or rule has no scenario",
    "encoding": "the file is not UTF-8 with ordinary line ends",
    "first-step": "the first step begins with And, But or *",
    "invisible-character": "a character that nobody can see",
    "misspelt-keyword": "a line that resembles a keyword and is read as prose",
    "mixed-script": "a word that mixes alphabets",
    "no-reason": "a scenario that is expected to fail and does not say why, or more than one at a time",
    "no-rows": "an outline without Examples, or Examples without rows",
    "no-sentence": "a binding module without a sentence",
    "no-steps": "a scenario without steps",
    "no-then": "a scenario without a Then",
    "regex-header": "a column name that is more than plain words",
    "stock-step": "a step of pytest-bdd itself in a binding module",
    "syntax": "a line that Gherkin does not allow there",
    "too-large": "a file, line, table or step beyond what anybody reads",
    "undefined-step": "a step that no sentence accepts",
    "unexpected-table": "a table or doc string that the sentence does not take, or lacks",
    "unknown-placeholder": "a <placeholder> without a column",
    "unknown-tag": "a tag outside the closed list",
    "unused-column": "a column of the Examples that no step uses",
}
"""Every rule and what it stops."""

TAG_WORDS = frozenset({"@as-written", KNOWN_FAILURE, "@simulation"})
"""The tags that are not ids: decided by the reading as written; known to fail; about the simulator."""


EXPLAINS_UNDEFINED = frozenset({"invisible-character", "mixed-script", "unknown-placeholder"})
"""Where one of these stands, the step is undefined because of it: that goes without saying."""


@dataclass(frozen=True)
class LintResult:
    """What the lint saw: the documents that could be parsed, every source, the findings in order, and the scenarios counted."""

    documents: tuple[Document, ...]
    sources: tuple[FeatureSource, ...]
    findings: tuple[Problem, ...]
    written: int


def known_tags_of(rulebook: Rulebook) -> frozenset[str]:
    """The closed list of tags: ids of clauses, gaps and sections, and a few words of ours."""
    clauses = {f"@{clause.id}" for clause in rulebook.clauses}
    gaps = {f"@{gap.id}" for gap in rulebook.gaps}
    return TAG_WORDS | clauses | gaps | {f"@{section.id}" for section in rulebook.sections}


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
    written = sum(checked_file.counted for checked_file, _ in checked_files)
    return LintResult(documents, sources, tuple(sorted(set(findings), key=sort_key)), written)


def lint_text(data: bytes, path: str, registry: Registry, known_tags: Iterable[str]) -> list[Problem]:
    """The findings of one feature file given as bytes (an editor's buffer, a test)."""
    source, source_findings = source_of(data, path)
    return sorted(set(findings_of(CheckedFile(source, registry, frozenset(known_tags)), source_findings)), key=sort_key)


def findings_of(file: CheckedFile, source_findings: Iterable[Problem] = ()) -> Findings:
    """Everything wrong with one sheet, *source_findings* being what reading it has found already."""
    if not file.source.readable:
        yield from source_findings
        return
    written = [*reworded_syntax_findings(file, source_findings), *character_findings(file), *keyword_findings(file)]
    if file.source.document is not None:
        written += [
            *scenario_findings(file),
            *tag_findings(file),
            *known_failure_findings(file),
            *outline_findings(file),
            *_count_findings(file, file.source.document),
        ]
    yield from written
    explained = {finding.line for finding in written if finding.rule in EXPLAINS_UNDEFINED}
    yield from (finding for finding in step_findings(file) if finding.rule != "undefined-step" or finding.line not in explained)


def _count_findings(file: CheckedFile, document: Document) -> Findings:
    counted, parsed = file.counted, len(document.examples)
    if counted != parsed:
        message = f"counted line by line there are {counted:,} scenarios, the parser sees {parsed:,}"
        remedy = "look for a keyword inside a description or doc string; if all is well, report this as our error"
        yield file.finding((1, 1), "count-mismatch", message, remedy)
