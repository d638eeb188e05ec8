"""Tests of a pytest run: one for each example, and one for the findings of a file or of a specification."""

import os
from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
from _pytest.fixtures import FixtureLookupError, TopRequest

from sop_engine.text import encodable, visible
from sop_runs.problem import Problem
from sop_runs.record.status import FAILED, KNOWN_FAILURE, PASSED
from steps.definitions.registry import Registry
from steps.driver.protocol import Driver
from steps.language.examples import Example
from steps.run.executor import BindingError, ExampleResult, Result, execute
from steps.run.specification import Specification
from steps.run.time_limit import Limit

LINT = "lint"
LIMIT = pytest.StashKey[Limit | None]()
"""The time limit of an example; None if there is none, for example because a debugger may stop in a step."""
DRIVER = pytest.StashKey[Driver]()
"""The system under test; one for each process."""
Findings = Sequence[tuple[Path, Problem]]
"""Findings with their files."""


class FeatureFile(pytest.File):
    """One feature file: its examples, or one failing test with its findings."""

    def __init__(self, *, specification: Specification, root: Path, **rest: object) -> None:
        super().__init__(**rest)  # type: ignore[arg-type]
        self._hooks: tuple[int, Any] | None = None
        self._nodeid = encodable(self.nodeid)  # the processes of a run send it as UTF-8
        self.specification, self.root = specification, root
        self.path_in_root = encodable(Path(os.path.relpath(self.path, root)).as_posix())

    @property
    def ihook(self) -> Any:
        """The hooks for this file and its examples; found again only when pytest has loaded another conftest.py."""
        conftests = len(self.config.pluginmanager._conftest_plugins)  # noqa: SLF001
        if self._hooks is None or self._hooks[0] != conftests:
            self._hooks = conftests, super().ihook
        return self._hooks[1]

    @cached_property
    def shown_path(self) -> str:
        """The path in the reports of the tests; computed once for the file, because that takes longer than a step."""
        return encodable(self.session._node_location_to_relpath(self.path))  # noqa: SLF001

    def collect(self) -> Iterable[pytest.Item]:
        """Yield one test with the findings of the file, or its examples in order."""
        specification = self.specification
        findings = specification.findings.get(self.path_in_root, ())
        chosen = specification.selection.paths
        if findings and (chosen is None or self.path_in_root in chosen):
            yield FindingsItem.from_parent(self, name=LINT, findings=[(self.path, finding) for finding in findings])
        for example in specification.runnable.get(self.path_in_root, ()):
            yield ScenarioItem.from_parent(self, name=example.id, example=example, registry=specification.registry)


class FindingsError(Exception):
    """A feature file with findings."""


class FindingsItem(pytest.Item):
    """A test that fails with findings: those of one file, or those of a specification that are in none of the collected files."""

    def __init__(self, *, findings: Findings, **rest: object) -> None:
        super().__init__(**rest)  # type: ignore[arg-type]
        self.findings = findings

    def runtest(self) -> None:
        """Fail: no example of a file with findings passes."""
        raise FindingsError

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: object = None) -> str:  # noqa: ARG002
        """Return the findings, one per line, with files relative to the root of the run."""
        root = self.config.rootpath
        return "\n".join(
            visible(finding.with_version_option().at(Path(os.path.relpath(file, root)).as_posix())) for file, finding in self.findings
        )

    def reportinfo(self) -> tuple[Path, int, str]:
        """Return the place of the first finding."""
        return self.path, self.findings[0][1].line - 1, LINT

    def recorded(self) -> None:
        """Return None: the findings are already in the record."""


class ScenarioError(Exception):
    """An example that did not pass, or an unexpected pass."""


class ScenarioItem(pytest.Item):
    """One example as a pytest item."""

    def __init__(self, *, example: Example, registry: Registry, **rest: object) -> None:
        super().__init__(**rest)  # type: ignore[arg-type]
        self.example = example
        self.registry = registry
        self.result: Result | None = None
        self._counts = 0, 0
        words = (example.name, example.outline, example.rule, example.feature, example.path)
        self.extra_keyword_matches.update(filter(None, words))  # as in `sop verify -k`
        self._fixture_request: TopRequest | None = None

    @property
    def ihook(self) -> Any:
        """The hooks for the file."""
        return self.parent.ihook if self.parent is not None else super().ihook

    @property
    def location(self) -> tuple[str, int | None, str]:
        """The place in the reports: file, line from 0, and name; not cached, because the lock of a cache takes longer."""
        file, (_, line, name) = self.parent, self.reportinfo()
        return (file.shown_path, line, name) if isinstance(file, FeatureFile) else super().location

    def runtest(self) -> None:
        """Run the steps; a known failure is reported to pytest as xfail, an unexpected pass as a failure."""
        self.result = None
        driver = self.config.stash[DRIVER]
        calls, retries = counts_of(driver)
        self.result = execute(self.example, self.registry, self._fixture, driver, self.config.stash[LIMIT])
        calls_after, retries_after = counts_of(driver)
        self._counts = calls_after - calls, retries_after - retries
        is_known_failure = KNOWN_FAILURE in self.example.tags
        if is_known_failure and self.result.status == FAILED:
            pytest.xfail("known")
        if is_known_failure or self.result.status != PASSED:
            raise ScenarioError

    def _fixture(self, name: str) -> object:
        """Return the value of an ordinary pytest fixture; fixtures are set up only when a step definition uses one."""
        if self._fixture_request is None:
            self.session._setupstate.setup(self)  # noqa: SLF001
            self.obj, self.funcargs = None, dict[str, object]()
            self._fixtureinfo = self.session._fixturemanager.getfixtureinfo(node=self, func=None, cls=None)  # noqa: SLF001
            self.fixturenames = self._fixtureinfo.names_closure
            self._fixture_request = TopRequest(self, _ispytest=True)  # type: ignore[arg-type]
        try:
            return self._fixture_request.getfixturevalue(name)
        except FixtureLookupError:
            raise BindingError(f"no earlier step sets `{name}`; add the Given or When that does") from None

    def reportinfo(self) -> tuple[Path, int, str]:
        """Return the place of the row in the Examples, or of the scenario."""
        example = self.example
        return self.path, (example.row or example.line) - 1, example.name

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: object = None) -> str:  # noqa: ARG002
        """Return the failure message, without pytest's own traceback."""
        if self.result is None or not isinstance(excinfo.value, ScenarioError):
            return f"{self.location[0]}: {excinfo.exconly()}"
        return failure_text(self.example, self.result, Path(self.location[0]).as_posix())

    def recorded(self) -> ExampleResult | None:
        """Return the result for the recorder, which may run in another process."""
        if self.result is None:
            return None
        recorded = self.result.recorded()
        recorded.calls, recorded.retries = self._counts
        recorded.given_up = given_up_by(self.config.stash[DRIVER])
        return recorded


def counts_of(driver: Driver) -> tuple[int, int]:
    """Return how many calls *driver* has made, and how many of them again; none in process."""
    server = getattr(driver, "server", None)
    return server.counts if server is not None else (0, 0)


def given_up_by(driver: Driver) -> tuple[str, ...]:
    """Return the operations of a server that *driver* does not call again; none in process."""
    server = getattr(driver, "server", None)
    return server.given_up if server is not None else ()


def failure_text(example: Example, result: Result, file: str) -> str:
    """Return where and why an example did not pass: feature line, step, expected and actual value."""
    numbers = {step.status: number for number, step in reversed(list(enumerate(result.steps)))}
    number = None if result.status == PASSED else numbers[result.status]
    if number is None:
        return f"{file}:{example.row or example.line}: {example.name}: it passes now; remove the tag {KNOWN_FAILURE}"
    step, outcome = example.steps[number], result.steps[number]
    lines = [f"{file}:{step.line}: {outcome.status}: {step.keyword} {step.text}", f"  in: {example.name}"]
    if example.row is not None:
        lines.append(f"  row: {file}:{example.row}")
    lines += [f"  {line}" for line in (outcome.error.message if outcome.error else "").splitlines()]
    if outcome.trace:
        lines += ["", outcome.trace]
    return "\n".join(lines)
