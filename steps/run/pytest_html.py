"""The pytest-html page of a run, with feature, scenario and steps instead of function names, and with all text escaped.

pytest-html puts the test id into the page as HTML (pytest-html #1024), and ids and names contain text from feature files.
This module replaces and escapes every cell; a content security policy in the page allows only pytest-html's own scripts.

pytest-html calls two hooks for each row and searches each cell with two patterns, which takes longer than a short example. The row
of an example that passed without output is written without them and is the same. Every other row is left to pytest-html, and so is
every row if others have a hook for them.
"""

import base64
import hashlib
import re
from collections.abc import Generator, MutableSequence
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

import pytest
from pytest_html.basereport import BaseReport, _format_duration

from sop_engine.files import write_atomically
from sop_runs.record.status import BROKEN, PASSED, SKIPPED

TITLE = "Run of the specification"
_MARKS = {PASSED: "✓", SKIPPED: "·"}
_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)
_OPTIONAL = pytest.hookimpl(optionalhook=True)
_HOOKS = (
    "pytest_html_duration_format",
    "pytest_html_results_table_header",
    "pytest_html_results_table_html",
    "pytest_html_results_table_row",
)
"""The hooks of pytest-html for its rows."""


class PageWithQuickRows(BaseReport):  # type: ignore[misc] # the library is untyped
    """The page of pytest-html in place of *page*, which must not be used any more."""

    def __init__(self, page: BaseReport) -> None:
        self.__dict__ |= vars(page)
        self._generate_report = page._generate_report  # noqa: SLF001 (it differs between the kinds of pages)
        self._passed: dict[str, pytest.TestReport] = {}
        """The reports of the calls of examples that have passed so far and are not torn down."""

    @pytest.hookimpl(trylast=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Write the row of an example when it is torn down."""
        if report.when == "call" and _has_quick_row(report) and report.nodeid not in self._reports:
            self._passed[report.nodeid] = report
            return
        call = self._passed.pop(report.nodeid, None)
        if call is not None and report.when == "teardown" and report.passed and not report.sections and call.duration + report.duration < 1:
            self._add_row(call, _format_duration(call.duration + report.duration))
            return
        if call is not None:
            super().pytest_runtest_logreport(call)
        super().pytest_runtest_logreport(report)

    def _add_row(self, call: pytest.TestReport, duration: str) -> None:
        place, name = _place_and_name(call)
        row = [
            '<td class="col-result">Passed</td>',
            f'<td class="col-place">{place}</td>',
            f'<td class="col-testId">{name}</td>',
            f'<td class="col-duration">{duration}</td>',
            '<td class="col-links"></td>',
        ]
        data = {"extras": [], "result": "Passed", "place": place, "testId": name, "duration": duration, "resultsTableRow": row}
        self._report.add_test(data, call, "Passed", _step_status_lines(call))


def _has_quick_row(report: pytest.TestReport) -> bool:
    """Return whether an example passed, and its row has nothing but its steps."""
    is_plain = not (report.sections or report.longrepr or hasattr(report, "wasxfail") or getattr(report, "extras", None))
    return report.passed and is_plain and bool(getattr(report, "sop_steps", None))


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    """Write the rows of passed examples quickly where possible: now, because pytest-html has been configured."""
    write_quick_rows(config)


def write_quick_rows(config: pytest.Config) -> None:
    """Let the page of pytest-html have quick rows, if there is one and no other than this module has hooks for its rows."""
    plugins = config.pluginmanager
    page = next((plugin for plugin in plugins.get_plugins() if isinstance(plugin, BaseReport)), None)
    if page is None or config.getini("generate_report_on_test"):
        return
    if all(hook.function.__module__ == __name__ for name in _HOOKS for hook in getattr(config.hook, name).get_hookimpls()):
        plugins.unregister(page)
        plugins.register(PageWithQuickRows(page))


@_OPTIONAL
def pytest_html_report_title(report: Any) -> None:
    """Set the title of the page."""
    report.title = TITLE


@_OPTIONAL
def pytest_html_results_table_header(cells: MutableSequence[str]) -> None:
    """Replace the column of the test id by one for the feature and one for the scenario."""
    cells[1:2] = [
        '<th class="sortable" data-column-type="place">Feature</th>',
        '<th class="sortable" data-column-type="testId">Scenario</th>',
    ]


@_OPTIONAL
def pytest_html_results_table_row(report: pytest.TestReport, cells: MutableSequence[str]) -> None:
    """Replace the cells: result, place, scenario, duration, links; text from feature files is escaped.

    Setup and teardown get a row only if they did not pass.
    """
    if report.when in {"setup", "teardown"} and report.passed:
        cells.clear()
        return
    place, name = _place_and_name(report)
    cells[1:2] = [f'<td class="col-place">{place}</td>', f'<td class="col-testId">{name}</td>']


def _place_and_name(report: pytest.TestReport) -> tuple[str, str]:
    path, line, domain = getattr(report, "location", None) or (report.nodeid, None, report.nodeid)
    place = path if line is None else f"{path}:{line}"
    when = getattr(report, "when", "call")
    name = domain if when == "call" else f"{domain} ({when})"
    return _escaped_line(place), _escaped_line(name)


@_OPTIONAL
def pytest_html_results_table_html(report: pytest.TestReport, data: MutableSequence[str]) -> None:
    """Put the steps with their statuses before pytest's own output, which is already escaped."""
    step_lines = _step_status_lines(report)
    if step_lines:
        data[:] = [*step_lines, *(line for line in data if not line.startswith("No log output"))]


def _step_status_lines(report: pytest.TestReport) -> list[str]:
    return [f"{_MARKS.get(status, '✗')} {_escaped_line(step)}{_end_of_line(status)}" for step, status in getattr(report, "sop_steps", [])]


@cache
def _end_of_line(status: str) -> str:
    return f"  ({_escaped_line(status)})\n"


def _escaped_line(text: object) -> str:
    """Return *text* escaped and on one line, so that no pattern of pytest-html matches a tag in it."""
    return escape(" ".join(str(text).split()), quote=True)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Add the steps with their statuses to the report, for the page."""
    report = yield
    add_steps(item, report)
    return report


def add_steps(item: pytest.Item, report: pytest.TestReport) -> None:
    """Add the steps of an example with their statuses to the report of its call."""
    example, result = getattr(item, "example", None), getattr(item, "result", None)
    if report.when == "call" and example is not None:
        statuses = [step.status for step in result.steps] if result else [BROKEN] * len(example.steps)
        steps_with_status = [[f"{step.keyword} {step.text}", status] for step, status in zip(example.steps, statuses, strict=True)]
        vars(report)["sop_steps"] = steps_with_status


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> Generator[None, None, None]:
    """Add a language and a content security policy to the page that pytest-html has written."""
    yield
    page = session.config.getoption("htmlpath", None)
    if page and not hasattr(session.config, "workerinput") and Path(page).is_file():
        file = Path(page)
        write_atomically(file, harden(file.read_text(encoding="utf-8")).encode())


def harden(page: str) -> str:
    """Return *page* with a language and a policy that allows only its present scripts; its one inline handler is removed."""
    scripts = " ".join(f"'sha256-{_digest(script)}'" for script in _SCRIPT.findall(page))
    policy = (
        f"default-src 'none'; style-src 'unsafe-inline'; img-src data:; media-src data:; script-src {scripts or chr(39) + 'none' + chr(39)}"
    )
    head = f'<meta charset="utf-8"/>\n    <meta http-equiv="Content-Security-Policy" content="{policy}"/>'
    page = page.replace(' onclick="location.reload()"', "")  # on a button that a finished page does not show
    return page.replace("<html>", '<html lang="en">', 1).replace('<meta charset="utf-8"/>', head, 1)


def _digest(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
