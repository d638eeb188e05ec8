"""Rows of passed examples on the page of pytest-html, written without its hooks and patterns for each cell.

pytest-html calls two hooks for each row and searches each cell with two patterns, which takes longer than a short example. The row
of an example that passed without output is the same here. Every other row is left to pytest-html, and so is every row if others have
a hook for them.
"""

from collections.abc import Callable, Sequence

import pytest
from pytest_html.basereport import BaseReport, _format_duration

_HOOKS = (
    "pytest_html_duration_format",
    "pytest_html_results_table_header",
    "pytest_html_results_table_html",
    "pytest_html_results_table_row",
)

RowCells = Callable[[pytest.TestReport], tuple[str, str]]
"""Returns place and name of an example for its cells, escaped and on one line."""
StepLines = Callable[[pytest.TestReport], Sequence[str]]
"""Returns the lines of the steps of an example, escaped."""


class PageWithQuickRows(BaseReport):  # type: ignore[misc] # the library is untyped
    """The page of pytest-html in place of *page*, which must not be used any more."""

    def __init__(self, page: BaseReport, cells: RowCells, step_lines: StepLines) -> None:
        self.__dict__ |= vars(page)
        self._generate_report = page._generate_report  # noqa: SLF001 (it differs between the kinds of pages)
        self._cells, self._step_lines = cells, step_lines
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
        place, name = self._cells(call)
        row = [
            '<td class="col-result">Passed</td>',
            f'<td class="col-place">{place}</td>',
            f'<td class="col-testId">{name}</td>',
            f'<td class="col-duration">{duration}</td>',
            '<td class="col-links"></td>',
        ]
        data = {"extras": [], "result": "Passed", "place": place, "testId": name, "duration": duration, "resultsTableRow": row}
        self._report.add_test(data, call, "Passed", self._step_lines(call))


def _has_quick_row(report: pytest.TestReport) -> bool:
    """Return whether an example passed, and its row has nothing but its steps."""
    is_plain = not (report.sections or report.longrepr or hasattr(report, "wasxfail") or getattr(report, "extras", None))
    return report.passed and is_plain and bool(getattr(report, "sop_steps", None))


def write_quick_rows(config: pytest.Config, module: str, cells: RowCells, step_lines: StepLines) -> None:
    """Let the page of pytest-html have quick rows, if there is one and no other than *module* has hooks for its rows."""
    plugins = config.pluginmanager
    page = next((plugin for plugin in plugins.get_plugins() if isinstance(plugin, BaseReport)), None)
    if page is None or config.getini("generate_report_on_test"):
        return
    if all(hook.function.__module__ == module for name in _HOOKS for hook in getattr(config.hook, name).get_hookimpls()):
        plugins.unregister(page)
        plugins.register(PageWithQuickRows(page, cells, step_lines))
