"""Specification of one run: its files, their findings, and the examples to run.

Every process of a run loads it from the same plan: the workers to collect what runs, the recorder to check what must have run.
The two do not rely on each other.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from sop_engine import Rulebook, load_rulebook
from sop_runs.problem import Problem
from sop_runs.record.schema import Surroundings
from sop_runs.record.version_tags import applies
from steps.definitions.discovery import BindingModules
from steps.definitions.registry import Registry
from steps.language.document import find_features
from steps.language.examples import Example
from steps.language.selection import Selection
from steps.lint.binding_modules import binding_findings
from steps.lint.linter import LintResult, known_tags_of, lint
from steps.run.plan import Plan


@dataclass(frozen=True)
class Specification:
    """Feature files with their findings, findings of modules with step definitions, and the selection."""

    lint: LintResult
    registry: Registry
    rulebook: Rulebook
    selection: Selection
    binding_findings: tuple[Problem, ...] = ()
    surroundings: Surroundings = field(default_factory=Surroundings)

    @classmethod
    def load(
        cls,
        files: Sequence[Path],
        root: Path,
        bindings: BindingModules | None = None,
        selection: Selection | None = None,
        surroundings: Surroundings | None = None,
    ) -> "Specification":
        """Read and lint *files*; their paths are relative to *root*.

        Raises:
            SopError: a file cannot be read, or a module of *bindings* cannot be imported.
        """
        modules = (bindings or BindingModules()).load()
        rulebook, registry = load_rulebook(), Registry.from_modules(modules)
        lint_result = lint(find_features(files), root, registry, known_tags_of(rulebook))
        return cls(lint_result, registry, rulebook, selection or Selection(), binding_findings(modules), surroundings or Surroundings())

    @classmethod
    def of(cls, plan: Plan) -> "Specification":
        """Load the specification of *plan*."""
        return cls.load(plan.files, plan.root, plan.bindings, plan.selection, plan.surroundings)

    @cached_property
    def findings(self) -> dict[str, tuple[Problem, ...]]:
        """The findings by path, for files that have any."""
        by_path: dict[str, list[Problem]] = {}
        for finding in self.lint.findings:
            by_path.setdefault(finding.path, []).append(finding)
        return {path: tuple(findings) for path, findings in by_path.items()}

    @cached_property
    def examples(self) -> tuple[Example, ...]:
        """Every example of every file that can be parsed, in canonical order: by path, then as written."""
        documents = sorted(self.lint.documents, key=lambda document: document.path)
        return tuple(example for document in documents for example in document.examples)

    @cached_property
    def other_versions(self) -> tuple[Example, ...]:
        """The examples that do not stand in the version of the rulebook."""
        book = self.rulebook
        return tuple(example for example in self.examples if not applies(example.tags, book.name, book.follows))

    @cached_property
    def runnable(self) -> dict[str, tuple[Example, ...]]:
        """The examples to run, by path: those selected, in files without findings, that stand in the version of the rulebook."""
        others = set(map(id, self.other_versions))
        sound = (example for example in self.examples if example.path not in self.findings and id(example) not in others)
        by_path: dict[str, list[Example]] = {}
        for example in self.selection.choose(sound):
            by_path.setdefault(example.path, []).append(example)
        return {path: tuple(examples) for path, examples in by_path.items()}

    @property
    def expected(self) -> int:
        """The number of examples to run."""
        return sum(map(len, self.runnable.values()))

    @cached_property
    def hashes(self) -> dict[str, str]:
        """The sha256 of each file as it was read."""
        return {source.path: source.sha256 for source in self.lint.sources}
