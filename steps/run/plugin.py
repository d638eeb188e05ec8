"""The pytest plugin: feature files are collected, linted and run without any module that binds them.

Each instance of a scenario is one test, named after what it says: ``features/x.feature::<instance id>``. A file with
findings is one failing test and none of its scenarios runs. With a plan (see `steps.run.runner`) exactly the planned files are
collected, nothing else in their folders is looked at, and the run is recorded.
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
from steps.run.executor import BindingError, ExampleResult, Result, execute
from steps.run.feature_set import FEATURES_FOLDER
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
    """Our options, beside pytest's own."""
    group = parser.getgroup("sop", "executable specification")
    group.addoption("--sop-plan", metavar="FILE", help="run what this file plans, and record it (written by `sop verify`)")
    group.addoption("--sop-bindings", metavar="MODULES", help="modules with the bindings, separated by commas")
    group.addoption(
        "--sop-tags", metavar="EXPRESSION", help="run the scenarios with these tags: `--sop-tags=@GAP-14`, `--sop-tags='not @simulation'`"
    )


def pytest_configure(config: pytest.Config) -> None:
    """Read the plan, find the bindings, and record what will happen, unless this is a worker."""
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
    for module in modules:  # their ordinary fixtures are found by name
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
    """The specification of the plan, made once in each process."""
    plan = config.stash[_PLAN]
    if _SPECIFICATION not in config.stash and plan is not None:
        config.stash[_SPECIFICATION] = Specification.of(plan)
    return config.stash[_SPECIFICATION]


@pytest.hookimpl(tryfirst=True)
def pytest_collect_directory(path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """With a plan, the folder of the features is not searched."""
    if parent.config.stash[_PLAN] is None:
        return None
    tree: pytest.Collector = FeatureTree.from_parent(parent, path=path)
    return tree


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Without a plan, every feature file on the way."""
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
    """What has been collected stays to the end: the garbage collector need not look at it again and again."""
    gc.freeze()
    gc.set_threshold(50_000, 50, 50)
    gc.enable()


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """What comes after the last scenario may take its time."""
    limit = session.config.stash[_LIMIT]
    if limit is not None:
        limit.call_off()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> bool | None:
    """With a plan a scenario is called and no more: it is set up and torn down where a binding has asked for a fixture."""
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
    """With a plan nobody watches the terminal: what passes is counted there and not drawn."""
    if config.stash[_PLAN] is None or not report.passed:
        return None
    return "passed" if report.when == "call" else "", "", ""


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """The report carries what the recorder needs, also from a worker, and the line as people count."""
    report = yield
    if isinstance(item, ScenarioItem | FindingsItem):
        path, line, domain = report.location
        report.location = path, (line or 0) + 1, domain  # what CI shows counts from 1
        if call.when == "call":
            result = item.recorded()
            vars(report)["sop"] = encode(result).decode() if hasattr(item.config, "workerinput") else result
    return report


class FeatureTree(pytest.Directory):
    """The planned feature files, and nothing else of what lies in their folder."""

    def collect(self) -> Iterable[pytest.Collector]:
        """Every planned file, by path."""
        plan, specification = self.config.stash[_PLAN], _planned(self.config)
        if plan is None:  # pragma: no cover - a tree is made from a plan
            return
        for source in sorted(specification.lint.sources, key=lambda source: source.path):
            yield FeatureFile.from_parent(self, path=plan.root / source.path, specification=specification, root=plan.root)


class FeatureFile(pytest.File):
    """One feature file: its instances, or one failing test with its findings."""

    def __init__(self, *, specification: Specification, root: Path, **rest: object) -> None:
        super().__init__(**rest)  # type: ignore[arg-type]
        self.specification = specification
        self.path_in_root = Path(os.path.relpath(self.path, root)).as_posix()

    def collect(self) -> Iterable[pytest.Item]:
        """The findings of the file, or its instances as they are written."""
        specification = self.specification
        findings = specification.findings.get(self.path_in_root, ())
        chosen = specification.selection.paths
        if findings and (chosen is None or self.path_in_root in chosen):
            yield FindingsItem.from_parent(self, name=LINT, findings=findings)
        for example in specification.runnable.get(self.path_in_root, ()):
            yield ScenarioItem.from_parent(self, name=example.id, example=example, registry=specification.registry)


class FindingsError(Exception):
    """A feature file that is not sound."""


class FindingsItem(pytest.Item):
    """Fails with everything that is wrong with one file."""

    def __init__(self, *, findings: tuple[Problem, ...], **rest: object) -> None:
        super().__init__(**rest)  # type: ignore[arg-type]
        self.findings = findings

    def runtest(self) -> None:
        """Fail: nothing in this file may call itself green."""
        raise FindingsError

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: object = None) -> str:  # noqa: ARG002
        """Each finding in a line."""
        folder = Path(self.location[0]).as_posix().removesuffix(self.findings[0].path).rstrip("/")
        return "\n".join(visible(finding.at(f"{folder}/{finding.path}" if folder else finding.path)) for finding in self.findings)

    def reportinfo(self) -> tuple[Path, int, str]:
        """The place of the first finding."""
        return self.path, self.findings[0].line - 1, "lint"

    def recorded(self) -> None:
        """Nothing: the findings are in the record already."""


class ScenarioError(Exception):
    """A scenario that did not pass."""


class ScenarioItem(pytest.Item):
    """One instance of a scenario."""

    def __init__(self, *, example: Example, registry: Registry, **rest: object) -> None:
        super().__init__(**rest)  # type: ignore[arg-type]
        self.example = example
        self.registry = registry
        self.result: Result | None = None
        self.extra_keyword_matches.add(example.name)
        self._fixture_request: TopRequest | None = None

    def runtest(self) -> None:
        """Run the steps."""
        self.result = None
        self.result = execute(self.example, self.registry, self._fixture, limit=self.config.stash[_LIMIT])
        is_known_failure = KNOWN_FAILURE in self.example.tags
        if is_known_failure and self.result.status == FAILED:
            pytest.xfail("known")
        if is_known_failure or self.result.status != PASSED:
            raise ScenarioError

    def _fixture(self, name: str) -> object:
        """An ordinary pytest fixture, prepared only when a binding asks for one."""
        if self._fixture_request is None:
            self.session._setupstate.setup(self)  # noqa: SLF001
            self.obj, self.funcargs = None, dict[str, object]()
            self._fixtureinfo = self.session._fixturemanager.getfixtureinfo(node=self, func=None, cls=None)  # noqa: SLF001
            self.fixturenames = self._fixtureinfo.names_closure
            self._fixture_request = TopRequest(self, _ispytest=True)  # type: ignore[arg-type]
        try:
            return self._fixture_request.getfixturevalue(name)
        except FixtureLookupError:
            raise BindingError(f"no step before this one says what `{name}` is") from None

    def reportinfo(self) -> tuple[Path, int, str]:
        """The row of the Examples, or the scenario."""
        example = self.example
        return self.path, (example.row or example.line) - 1, example.name

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: object = None) -> str:  # noqa: ARG002
        """What did not pass, without pytest's own traceback."""
        if self.result is None or not isinstance(excinfo.value, ScenarioError):
            return f"{self.location[0]}: {excinfo.exconly()}"
        return failure_text(self.example, self.result, Path(self.location[0]).as_posix())

    def recorded(self) -> ExampleResult | None:
        """What the report carries to whoever records the run, in this process or another."""
        return None if self.result is None else self.result.recorded()


def failure_text(example: Example, result: Result, file: str) -> str:
    """Where and why an instance did not pass: the feature line, the step, expected against actual."""
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
