"""pytest plugin: collects, lints and runs feature files without a test module for each.

Each example is one test with the id ``features/x.feature::<example id>``. A file with findings is one failing test, and none of its
examples runs. With a plan (see `steps.run.runner`) exactly the planned files are collected, nothing else in their folders is read,
and the run is recorded.
"""

import gc
import os
from collections.abc import Generator, Iterable
from pathlib import Path

import pytest
from _pytest.fixtures import FixtureLookupError, TopRequest
from _pytest.runner import call_and_report

from sop_engine.files import write_atomically
from sop_engine.text import visible
from sop_runs.problem import Problem
from sop_runs.record.reader import encode
from sop_runs.record.status import FAILED, KNOWN_FAILURE, PASSED
from steps.definitions.discovery import BindingModuleError, BindingModules
from steps.definitions.registry import Registry
from steps.language.examples import Example
from steps.language.file_names import FEATURES_FOLDER
from steps.run.executor import BindingError, ExampleResult, Result, execute
from steps.run.plan import REFUSAL, Plan
from steps.run.recorder import Recorder
from steps.run.selection import Selection
from steps.run.specification import Specification
from steps.run.time_limit import Limit

LINT = "lint"
_PLAN = pytest.StashKey[Plan | None]()
_SPECIFICATION = pytest.StashKey[Specification]()
_LIMIT = pytest.StashKey[Limit | None]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options of this plugin."""
    group = parser.getgroup("sop", "executable specification")
    group.addoption("--sop-plan", metavar="FILE", help="run the plan in this file (written by `sop verify`) and record the run")
    group.addoption("--sop-bindings", metavar="MODULES", help="modules with step definitions, separated by commas")
    group.addoption(
        "--sop-tags", metavar="EXPRESSION", help="run the examples with these tags: `--sop-tags=@GAP-14`, `--sop-tags='not @simulation'`"
    )


def pytest_configure(config: pytest.Config) -> None:
    """Read the plan, import the step definitions, and register the recorder unless this is a worker."""
    file = config.getoption("--sop-plan")
    plan = config.stash[_PLAN] = Plan.read(Path(file)) if file else None
    worker = hasattr(config, "workerinput")
    config.stash[_LIMIT] = Limit(plan.limit, waits=worker) if plan else None
    bindings = _bindings(config)
    try:
        modules = bindings.load()
    except BindingModuleError as error:
        if plan is not None:
            write_atomically(plan.record.parent / REFUSAL, str(error).encode(errors="backslashreplace"))
        raise pytest.UsageError(str(error)) from None
    for module in modules:  # so that pytest finds their ordinary fixtures by name
        config.pluginmanager.register(module, module.__name__)
    if plan is not None and not worker:
        specification = config.stash[_SPECIFICATION] = Specification.of(plan)
        config.pluginmanager.register(Recorder(plan, specification), "sop-recorder")


def _bindings(config: pytest.Config) -> BindingModules:
    plan = config.stash[_PLAN]
    if plan is not None:
        return plan.bindings
    module_names = config.getoption("--sop-bindings")
    return BindingModules(tuple(module_names.split(","))) if module_names else BindingModules()


def _planned(config: pytest.Config) -> Specification:
    """Return the specification of the plan, loaded once per process."""
    plan = config.stash[_PLAN]
    if _SPECIFICATION not in config.stash and plan is not None:
        config.stash[_SPECIFICATION] = Specification.of(plan)
    return config.stash[_SPECIFICATION]


@pytest.hookimpl(tryfirst=True)
def pytest_collect_directory(path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """With a plan, collect the planned files only; the folder of the features is not searched."""
    if parent.config.stash[_PLAN] is None:
        return None
    tree: pytest.Collector = FeatureTree.from_parent(parent, path=path)
    return tree


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Without a plan, collect every feature file that pytest finds."""
    if file_path.suffix != ".feature" or parent.config.stash[_PLAN] is not None:
        return None
    config = parent.config
    root = next((folder for folder in file_path.parents if folder.name == FEATURES_FOLDER), file_path.parent)
    selection = Selection(tags=config.getoption("--sop-tags"))
    specification = Specification.load([file_path], root, _bindings(config), selection)
    file: pytest.Collector = FeatureFile.from_parent(parent, path=file_path, specification=specification, root=root)
    return file


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """Freeze the collected objects, which stay until the end, so that the garbage collector does not examine them repeatedly."""
    gc.freeze()
    gc.set_threshold(50_000, 50, 50)
    gc.enable()


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Cancel the time limit: it does not apply after the last scenario."""
    limit = session.config.stash[_LIMIT]
    if limit is not None:
        limit.call_off()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> bool | None:
    """With a plan, run only the call phase of an example; tear it down only if a step definition used a pytest fixture."""
    if item.config.stash[_PLAN] is None or not isinstance(item, ScenarioItem):
        return None
    call_and_report(item, "call")
    if item.session._setupstate.stack:  # noqa: SLF001
        call_and_report(item, "teardown", nextitem=nextitem)
    else:
        teardown = pytest.TestReport(item.nodeid, item.location, {}, "passed", None, "teardown")
        item.ihook.pytest_runtest_logreport(report=teardown)
    return True


@pytest.hookimpl(tryfirst=True)
def pytest_report_teststatus(report: pytest.TestReport, config: pytest.Config) -> tuple[str, str, str] | None:
    """With a plan, count passed tests but print no mark for them, because no user sees this terminal."""
    if config.stash[_PLAN] is None or not report.passed:
        return None
    return "passed" if report.when == "call" else "", "", ""


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Add to the report the result for the recorder (encoded if this is a worker), and make its line count from 1."""
    report = yield
    if isinstance(item, ScenarioItem | FindingsItem):
        path, line, domain = report.location
        report.location = path, (line or 0) + 1, domain  # what CI shows counts from 1
        if call.when == "call":
            result = item.recorded()
            vars(report)["sop"] = encode(result).decode() if hasattr(item.config, "workerinput") else result
    return report


class FeatureTree(pytest.Directory):
    """The planned feature files, without anything else in their folder."""

    def collect(self) -> Iterable[pytest.Collector]:
        """Yield every planned file, sorted by path."""
        plan, specification = self.config.stash[_PLAN], _planned(self.config)
        if plan is None:  # pragma: no cover - a FeatureTree is created only with a plan
            return
        for source in sorted(specification.lint.sources, key=lambda source: source.path):
            yield FeatureFile.from_parent(self, path=plan.root / source.path, specification=specification, root=plan.root)


class FeatureFile(pytest.File):
    """One feature file: its examples, or one failing test with its findings."""

    def __init__(self, *, specification: Specification, root: Path, **rest: object) -> None:
        super().__init__(**rest)  # type: ignore[arg-type]
        self.specification = specification
        self.path_in_root = Path(os.path.relpath(self.path, root)).as_posix()

    def collect(self) -> Iterable[pytest.Item]:
        """Yield one test with the findings of the file, or its examples in order."""
        specification = self.specification
        findings = specification.findings.get(self.path_in_root, ())
        chosen = specification.selection.paths
        if findings and (chosen is None or self.path_in_root in chosen):
            yield FindingsItem.from_parent(self, name=LINT, findings=findings)
        for example in specification.runnable.get(self.path_in_root, ()):
            yield ScenarioItem.from_parent(self, name=example.id, example=example, registry=specification.registry)


class FindingsError(Exception):
    """A feature file with findings."""


class FindingsItem(pytest.Item):
    """A test that fails with all findings of one file."""

    def __init__(self, *, findings: tuple[Problem, ...], **rest: object) -> None:
        super().__init__(**rest)  # type: ignore[arg-type]
        self.findings = findings

    def runtest(self) -> None:
        """Fail: no example of a file with findings passes."""
        raise FindingsError

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: object = None) -> str:  # noqa: ARG002
        """Return the findings, one per line."""
        folder = Path(self.location[0]).as_posix().removesuffix(self.findings[0].path).rstrip("/")
        return "\n".join(visible(finding.at(f"{folder}/{finding.path}" if folder else finding.path)) for finding in self.findings)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Return the place of the first finding."""
        return self.path, self.findings[0].line - 1, "lint"

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
        self.extra_keyword_matches.add(example.name)
        self._fixture_request: TopRequest | None = None

    def runtest(self) -> None:
        """Run the steps; a known failure is reported to pytest as xfail, an unexpected pass as a failure."""
        self.result = None
        self.result = execute(self.example, self.registry, self._fixture, limit=self.config.stash[_LIMIT])
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
        return None if self.result is None else self.result.recorded()


def failure_text(example: Example, result: Result, file: str) -> str:
    """Return where and why an example did not pass: feature line, step, expected and actual value."""
    number = next((number for number, step in enumerate(result.steps) if step.status != PASSED), None)
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
