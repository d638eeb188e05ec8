"""pytest's own page of a run, made safe and made readable: feature, scenario and steps instead of function names.

pytest-html puts the test id into the page as HTML (pytest-html #1024), and our ids and names carry what analysts type.
Here every cell is written anew and escaped; a policy in the page lets no script run but pytest-html's own.
"""

import base64
import hashlib
import re
from collections.abc import Generator, MutableSequence
from html import escape
from pathlib import Path
from typing import Any

import pytest

from sop_engine.files import write_atomically
from sop_runs.record.status import BROKEN, PASSED, SKIPPED

TITLE = "Run of the specification"
_MARKS = {PASSED: "✓", SKIPPED: "·"}
_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)
_OPTIONAL = pytest.hookimpl(optionalhook=True)


@_OPTIONAL
def pytest_html_report_title(report: Any) -> None:
    """The page is called what it is."""
    report.title = TITLE


@_OPTIONAL
def pytest_html_results_table_header(cells: MutableSequence[str]) -> None:
    """A column for the feature and one for the scenario, where pytest-html has the test id."""
    cells[1:2] = [
        '<th class="sortable" data-column-type="place">Feature</th>',
        '<th class="sortable" data-column-type="testId">Scenario</th>',
    ]


@_OPTIONAL
def pytest_html_results_table_row(report: pytest.TestReport, cells: MutableSequence[str]) -> None:
    """Result, place, scenario, duration, links; whatever comes from a feature file is escaped. Only what has news has a row."""
    if report.when in {"setup", "teardown"} and report.passed:
        cells.clear()
        return
    path, line, domain = getattr(report, "location", None) or (report.nodeid, None, report.nodeid)
    place = path if line is None else f"{path}:{line}"
    when = getattr(report, "when", "call")
    name = domain if when == "call" else f"{domain} ({when})"
    cells[1:2] = [f'<td class="col-place">{_escaped_line(place)}</td>', f'<td class="col-testId">{_escaped_line(name)}</td>']


@_OPTIONAL
def pytest_html_results_table_html(report: pytest.TestReport, data: MutableSequence[str]) -> None:
    """The steps and what came of each, then what pytest has to say, which is escaped already."""
    step_lines = _step_status_lines(report)
    if step_lines:
        data[:] = [*step_lines, *(line for line in data if not line.startswith("No log output"))]


def _step_status_lines(report: pytest.TestReport) -> list[str]:
    steps = getattr(report, "sop_steps", [])
    return [f"{_MARKS.get(status, '✗')} {_escaped_line(step)}  ({_escaped_line(status)})\n" for step, status in steps]


def _escaped_line(text: object) -> str:
    """Escaped, in one line, and with nothing in it that a pattern of pytest-html could take for a tag."""
    return escape(" ".join(str(text).split()), quote=True)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """The report carries the steps to whoever writes the page."""
    report = yield
    example, result = getattr(item, "example", None), getattr(item, "result", None)
    if report.when == "call" and example is not None:
        statuses = [step.status for step in result.steps] if result else [BROKEN] * len(example.steps)
        steps_with_status = [[f"{step.keyword} {step.text}", status] for step, status in zip(example.steps, statuses, strict=True)]
        vars(report)["sop_steps"] = steps_with_status
    return report


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> Generator[None, None, None]:
    """When pytest-html has written its page, give it a language and a policy."""
    yield
    page = session.config.getoption("htmlpath", None)
    if page and not hasattr(session.config, "workerinput") and Path(page).is_file():
        file = Path(page)
        write_atomically(file, harden(file.read_text(encoding="utf-8")).encode())


def harden(page: str) -> str:
    """*page* with a language, and a policy by which only the scripts that are in it now may run; its one handler is taken out."""
    scripts = " ".join(f"'sha256-{_digest(script)}'" for script in _SCRIPT.findall(page))
    policy = (
        f"default-src 'none'; style-src 'unsafe-inline'; img-src data:; media-src data:; script-src {scripts or chr(39) + 'none' + chr(39)}"
    )
    head = f'<meta charset="utf-8"/>\n    <meta http-equiv="Content-Security-Policy" content="{policy}"/>'
    page = page.replace(' onclick="location.reload()"', "")  # on a button that no finished page shows
    return page.replace("<html>", '<html lang="en">', 1).replace('<meta charset="utf-8"/>', head, 1)


def _digest(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
