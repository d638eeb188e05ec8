"""pytest plugin: collects, lints and runs feature files without a test module for each.

Each example is one test with the id ``features/x.feature::<example id>``. A file with findings is one failing test, and none of its
examples runs. Without a plan, `steps.run.plain_session` adds what `sop verify` would find besides. With a plan (see
`steps.run.runner`) exactly the planned files are collected, nothing else in their folders is read, and the run is recorded.
"""

import gc
from collections.abc import Generator, Iterable
from importlib import import_module
from pathlib import Path

import pytest
from _pytest.logging import caplog_records_key
from _pytest.runner import call_and_report

from sop_engine import SopError
from sop_engine.files import write_atomically
from sop_engine.text import visible
from steps.definitions.discovery import BindingModuleError
from steps.driver.in_process import EngineDriver
from steps.driver.protocol import CALL_LIMIT_S, Driver
from steps.language.file_names import is_feature_file
from steps.run.items import DRIVER, LIMIT, FeatureFile, FindingsItem, ScenarioItem
from steps.run.plain_session import PlainSession, is_needed_folder, time_limit_of_session, unread_arguments
from steps.run.plan import REFUSAL, Plan
from steps.run.recorder import Recorder
from steps.run.shortcuts import HTML_PAGE, Shortcuts, add_result
from steps.run.specification import Specification
from steps.run.time_limit import LIMIT_S, Limit

_PLAN = pytest.StashKey[Plan | None]()
_SPECIFICATION = pytest.StashKey[Specification]()
_PLAIN = pytest.StashKey[PlainSession]()
_SHORTCUTS = pytest.StashKey[Shortcuts]()
_THRESHOLDS = pytest.StashKey[tuple[int, int, int]]()
_SYSTEM = pytest.StashKey[str]()
"""Name, version and address of the server that is tested, of a session without a plan."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options of this plugin."""
    group = parser.getgroup("sop", "executable specification")
    group.addoption("--sop-plan", metavar="FILE", help="run the plan in this file (written by `sop verify`) and record the run")
    group.addoption("--sop-bindings", metavar="MODULES", help="only these modules with step definitions, separated by commas")
    group.addoption(
        "--sop-limit", metavar="SECONDS", type=float, default=LIMIT_S, help="time limit of an example, 0 for none (default: %(default)g)"
    )
    group.addoption("--sop-driver", metavar="URL", help="test the server at this address instead of this project's engine")
    group.addoption(
        "--sop-driver-timeout",
        metavar="SECONDS",
        type=float,
        default=CALL_LIMIT_S,
        help="time limit of a call to it (default: %(default)g)",
    )
    group.addoption(
        "--sop-tags", metavar="EXPRESSION", help="run the examples with these tags: `--sop-tags=@GAP-14`, `--sop-tags='not @simulation'`"
    )


def pytest_configure(config: pytest.Config) -> None:
    """With a plan, read it, import the step definitions, and register the recorder unless this is a worker."""
    file = config.getoption("--sop-plan")
    plan = config.stash[_PLAN] = Plan.read(Path(file)) if file else None
    worker = hasattr(config, "workerinput")
    config.stash[LIMIT] = Limit(plan.limit, waits=worker) if plan else None
    config.stash[DRIVER] = _driver(config, plan)
    if plan is None:
        config.stash[_PLAIN] = PlainSession(config)
        if config.getoption("htmlpath", None):  # here, because with xdist the process that writes the page collects nothing
            config.pluginmanager.import_plugin(HTML_PAGE)
        return
    try:
        modules = plan.bindings.load()
    except BindingModuleError as error:
        write_atomically(plan.record.parent / REFUSAL, str(error).encode(errors="backslashreplace"))
        raise pytest.UsageError(str(error)) from None
    for module in modules:  # so that pytest finds their ordinary fixtures by name
        config.pluginmanager.register(module, module.__name__)
    if not worker:
        specification = config.stash[_SPECIFICATION] = Specification.of(plan)
        config.pluginmanager.register(Recorder(plan, specification), "sop-recorder")


def _driver(config: pytest.Config, plan: Plan | None) -> Driver:
    """Return the system under test: the server of the plan or of the option, otherwise this project's engine.

    Raises:
        pytest.UsageError: the server of the option cannot be tested.
    """
    url: str | None = plan.driver.url if plan and plan.driver else config.getoption("--sop-driver")
    if not url:
        return EngineDriver()
    http, server = import_module("steps.driver.http_driver"), import_module("steps.driver.server")  # only where they are needed
    if plan is not None and plan.driver is not None:
        return http.HttpDriver(server.ServerUnderTest(url, plan.driver.limit, plan.driver.record))  # type: ignore[no-any-return]
    try:
        tested = server.ServerUnderTest(url, config.getoption("--sop-driver-timeout"))
        config.stash[_SYSTEM] = f"{tested.record.words}, at {url}"
    except SopError as error:
        raise pytest.UsageError(str(error)) from None
    return http.HttpDriver(tested)  # type: ignore[no-any-return]


def _planned(config: pytest.Config) -> Specification:
    """Return the specification of the plan, loaded once per process."""
    plan = config.stash[_PLAN]
    if _SPECIFICATION not in config.stash and plan is not None:
        config.stash[_SPECIFICATION] = Specification.of(plan)
    return config.stash[_SPECIFICATION]


def pytest_sessionstart(session: pytest.Session) -> None:
    """Without a plan, set the time limit of an example: now, because every plugin has been configured."""
    if session.config.stash[_PLAN] is None:
        session.config.stash[LIMIT] = time_limit_of_session(session.config)


@pytest.hookimpl(tryfirst=True)
def pytest_collect_directory(path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """With a plan, collect the planned files only; the folder of the features is not searched."""
    if parent.config.stash[_PLAN] is None:
        return None
    tree: pytest.Collector = FeatureTree.from_parent(parent, path=path)
    return tree


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Without a plan, collect every feature file that pytest finds and that belongs to its specification."""
    if parent.config.stash[_PLAN] is not None or not is_feature_file(file_path):
        return None
    try:
        loaded = parent.config.stash[_PLAIN].specification_of(file_path)
    except SopError as error:
        raise parent.CollectError(f"error: {error}") from None
    if loaded is None:
        return None
    root, specification = loaded
    file: pytest.Collector = FeatureFile.from_parent(parent, path=file_path, specification=specification, root=root)
    return file


def pytest_collectstart(collector: pytest.Collector) -> None:
    """Without a plan, note the feature files whose examples are collected."""
    if isinstance(collector, FeatureFile) and collector.config.stash[_PLAN] is None:
        collector.config.stash[_PLAIN].collecting(collector)


@pytest.hookimpl(tryfirst=True)
def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Without a plan, collect a folder of the features also if its name is one that pytest does not search, such as ``build``."""
    return False if config.stash[_PLAN] is None and is_needed_folder(collection_path, config) else None


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(session: pytest.Session, config: pytest.Config, items: list[pytest.Item]) -> None:
    """Without a plan, add a failing test for the findings that no collected file shows; it cannot be deselected."""
    if config.stash[_PLAN] is None:
        items += config.stash[_PLAIN].findings_items(session)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Without a plan, name feature files beside the collected specification that did not run, and count examples of other versions."""
    if config.stash[_PLAN] is None:
        for line in config.stash[_PLAIN].notes():
            terminalreporter.write_line(line)
        if _SYSTEM in config.stash:
            terminalreporter.write_line(visible(f"these are the answers of {config.stash[_SYSTEM]}, not of this project's engine"))


@pytest.hookimpl(wrapper=True)
def pytest_collection(session: pytest.Session) -> Generator[None, object, object]:
    """Pause the garbage collector during the collection, then freeze what was collected: it stays until the end.

    It runs seldom if there are only examples, whose results stay too; other tests run with the settings they would have without examples.

    Raises:
        pytest.UsageError: without a plan, an argument names a file that looks like a feature file and is not read.
    """
    if session.config.stash[_PLAN] is None:
        problems = list(unread_arguments(session.config))
        if problems:
            raise pytest.UsageError(*problems)
    session.config.stash[_THRESHOLDS] = gc.get_threshold()
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()
        if session.config.stash[_PLAN] is not None or all(isinstance(item, ScenarioItem) for item in session.items):
            gc.set_threshold(500_000, 50, 50)
        session.config.stash[_SHORTCUTS] = Shortcuts.of(session.config, has_plan=session.config.stash[_PLAN] is not None)


@pytest.hookimpl(optionalhook=True)
def pytest_enter_pdb(config: pytest.Config) -> None:
    """Suspend the time limit of an example in which a user has stopped."""
    limit = config.stash[LIMIT]
    if limit is not None:
        limit.suspend()


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Cancel the time limit: it does not apply after the last scenario."""
    limit = session.config.stash[LIMIT]
    if limit is not None:
        limit.cancel_hard_end()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Close the connection to the server that was tested, and let the garbage collector run as before the examples."""
    if _THRESHOLDS in config.stash:
        gc.freeze()  # or it would run at once, through all results
        gc.set_threshold(*config.stash[_THRESHOLDS])
    server = getattr(config.stash.get(DRIVER, None), "server", None)
    if server is not None:
        server.close()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> bool | None:
    """Run only the call phase of an example, if nothing would happen in the others; tear it down if a step used a pytest fixture."""
    shortcuts, limit = item.config.stash[_SHORTCUTS], item.config.stash[LIMIT]
    if limit is not None:
        limit.waits = hasattr(item.config, "workerinput") or not (shortcuts.one_phase and isinstance(nextitem, ScenarioItem))
    if not isinstance(item, ScenarioItem) or not shortcuts.one_phase or next(item.iter_markers(), None) is not None:
        return None
    item.stash[caplog_records_key] = {}  # set up as pytest's own plugin of that name does
    is_watched = item.config.stash[_PLAN] is None
    if is_watched:
        item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
    shortcuts.call_and_report(item)
    if item.session._setupstate.stack:  # noqa: SLF001
        stopped = item.session.shouldfail or item.session.shouldstop
        call_and_report(item, "teardown", nextitem=None if stopped else nextitem)
    else:
        teardown = pytest.TestReport(getattr(item, "id", item.nodeid), item.location, {}, "passed", None, "teardown")
        if shortcuts.reporters is None:
            item.ihook.pytest_runtest_logreport(report=teardown)
        else:
            for take in shortcuts.reporters:
                take(teardown)
    if is_watched:
        item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
    return True


@pytest.hookimpl(tryfirst=True)
def pytest_report_teststatus(report: pytest.TestReport, config: pytest.Config) -> tuple[str, str, str] | None:
    """With a plan, count passed tests but print no mark for them, because no user sees this terminal."""
    if config.stash[_PLAN] is None or not report.passed:
        return None
    return "passed" if report.when == "call" else "", "", ""


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Add to the report the result for the recorder (encoded if this is a worker), and make its line count from 1."""
    report = yield
    if isinstance(item, ScenarioItem | FindingsItem):
        add_result(item, report)
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
