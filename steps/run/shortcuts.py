"""Shortcuts of a session: what pytest would do around each example, and what would change nothing there.

Every shortcut is taken only while all hooks in its place are those of pytest and of this program; with a hook of others, pytest calls
all of them.
"""

from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any, NamedTuple

import pytest
from _pytest import runner
from _pytest.capture import CaptureManager
from _pytest.skipping import evaluate_xfail_marks, xfailed_key

from sop_runs.record.reader import encode
from steps.run.items import FindingsItem, ScenarioItem

PLUGIN, HTML_PAGE = "steps.run.plugin", "steps.run.pytest_html"
_REPORT_OF_PYTEST = frozenset({"_pytest.runner", "_pytest.skipping", "_pytest.tmpdir", "_pytest.unittest"})
"""Modules whose hooks change no report of an example that passed and used no fixture."""
_CALL_OF_PYTEST = frozenset({"_pytest.capture", "_pytest.runner", "_pytest.skipping"})
"""Modules whose hooks around the call of an example without marks only capture its output."""
_LOG_OF_PYTEST = frozenset({"_pytest.main", "_pytest.terminal"})
"""Modules whose hooks do nothing with the report of a teardown that passed, if it has no mark on the terminal."""
_LOG_OF_THE_PLUGIN = frozenset({HTML_PAGE, "steps.run.recorder"})

ReportPassed = Callable[[ScenarioItem, pytest.CallInfo[None]], pytest.TestReport]
"""Returns the report of the call of an example that passed."""


class Shortcuts(NamedTuple):
    """The shortcuts that a session takes.

    Attributes:
        one_phase: whether nothing would happen in the setup and teardown of an example.
        capture: what captures the output of an example, if nothing else happens around its call.
        report_passed: what makes the report of an example that passed and used no fixture of pytest, if no hook of others does.
        reporters: what takes the report of an example that was torn down, of a session with a plan, if no hook of others does.
        reraise: the exceptions that end the session.
    """

    one_phase: bool
    capture: CaptureManager | None
    report_passed: ReportPassed | None
    reporters: Sequence[Callable[[pytest.TestReport], object]] | None
    reraise: tuple[type[BaseException], ...]

    @classmethod
    def of(cls, config: pytest.Config, *, has_plan: bool) -> "Shortcuts":
        """Return the shortcuts of the session of *config*, whose plugins have all been loaded."""
        capture = config.pluginmanager.getplugin("capturemanager")
        reporters = _reporters(config) if has_plan else None
        return cls(
            _has_one_phase(config),
            capture if _modules(config.hook.pytest_runtest_call) == _CALL_OF_PYTEST else None,
            _report_passed(config, with_keywords=reporters is None),
            reporters,
            runner.get_reraise_exceptions(config),
        )

    def call_and_report(self, item: ScenarioItem) -> None:
        """Run the call phase of *item* as pytest does, without the hooks that would change nothing."""
        capture = self.capture
        if capture is None:
            runner.call_and_report(item, "call")
            return

        def run() -> None:
            with capture.item_capture("call", item):
                runner.pytest_runtest_call(item)

        call = runner.CallInfo.from_call(run, "call", self.reraise)
        has_fixtures, hook = bool(item.session._setupstate.stack), item.ihook  # noqa: SLF001
        if has_fixtures:  # one may have marked the example
            item.stash[xfailed_key] = evaluate_xfail_marks(item)
        if self.report_passed is not None and call.excinfo is None and not has_fixtures:
            report = self.report_passed(item, call)
        else:
            report = hook.pytest_runtest_makereport(item=item, call=call)
        hook.pytest_runtest_logreport(report=report)
        if runner.check_interactive_exception(call, report):
            hook.pytest_exception_interact(node=item, call=call, report=report)


def add_result(item: ScenarioItem | FindingsItem, report: pytest.TestReport) -> None:
    """Add to the report the result for the recorder (encoded if this is a worker), and make its line count from 1."""
    path, line, domain = report.location
    report.location = path, (line or 0) + 1, domain  # what CI shows counts from 1
    if report.when == "call":
        result = item.recorded()
        vars(report)["sop"] = encode(result).decode() if hasattr(item.config, "workerinput") else result


def _modules(*hooks: Any) -> set[str]:
    """Return the modules with implementations of *hooks*."""
    return {hook.function.__module__ for caller in hooks for hook in caller.get_hookimpls()}


def _has_one_phase(config: pytest.Config) -> bool:
    """Return whether nothing would happen in the setup and teardown of an example.

    That is so unless an option shows them, or a plugin that is not part of pytest has a hook for them or runs tests in its own way.
    """
    hooks = config.hook
    protocols = [hook for hook in hooks.pytest_runtest_protocol.get_hookimpls() if not (hook.wrapper or hook.hookwrapper)]
    modules = _modules(hooks.pytest_runtest_setup, hooks.pytest_runtest_teardown) | {hook.function.__module__ for hook in protocols}
    displayed = any(config.getoption(name, default=False) for name in ("setuponly", "setupshow"))
    return not displayed and all(module.startswith("_pytest.") for module in modules - {PLUGIN})


def _report_passed(config: pytest.Config, *, with_keywords: bool) -> ReportPassed | None:
    """Return the function that makes the report of a passed example as the hooks for it do; None if there are hooks of others."""
    modules = _modules(config.hook.pytest_runtest_makereport)
    if not modules <= _REPORT_OF_PYTEST | {PLUGIN, HTML_PAGE, "pytest_html.plugin"}:
        return None
    make = pytest.TestReport.from_item_and_call if with_keywords else _report_without_keywords
    add_steps = import_module(HTML_PAGE).add_steps if HTML_PAGE in modules else None

    def report_passed(item: ScenarioItem, call: pytest.CallInfo[None]) -> pytest.TestReport:
        report = make(item, call)
        add_result(item, report)
        if add_steps is not None:
            add_steps(item, report)
        return report

    return report_passed


def _report_without_keywords(item: ScenarioItem, call: pytest.CallInfo[None]) -> pytest.TestReport:
    """Return the report of an example that passed, without its keywords, which only hooks of others read."""
    sections = [(f"Captured {key} {when}", text) for when, key, text in item._report_sections]  # noqa: SLF001
    identifier, properties = getattr(item, "id", item.nodeid), item.user_properties
    return pytest.TestReport(
        identifier, item.location, {}, "passed", None, "call", sections, call.duration, call.start, call.stop, user_properties=properties
    )


def _reporters(config: pytest.Config) -> Sequence[Callable[[pytest.TestReport], object]] | None:
    """Return the hooks that do something with the report of a teardown that passed, in their order; None if there are hooks of others."""
    hook = config.hook.pytest_runtest_logreport
    if not _modules(hook) <= _LOG_OF_PYTEST | _LOG_OF_THE_PLUGIN:
        return None
    return [taker.function for taker in reversed(hook.get_hookimpls()) if taker.function.__module__ in _LOG_OF_THE_PLUGIN]
