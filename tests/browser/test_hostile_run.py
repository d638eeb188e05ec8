"""A real run of feature files full of payloads: what it records, exports and shows is text, whole and well-formed."""

import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from typing import Any

import pytest

from reports.export.run_files import CUCUMBER_JSON, JUNIT, MESSAGES, write_exports
from reports.site.builder import write_site
from steps.definitions.discovery import BindingModules
from steps.run.runner import RunResult, run
from tests.support.browsing import tab
from tests.support.hostile_site import file_names
from tests.support.hostile_text import PAYLOADS
from tests.support.messages_sample import lines

HIDDEN = re.compile("[^\t -~\u00a1-\u00ac\u00ae-\u02ff\uff1c\uff1e]")
SEEN = [payload for payload in PAYLOADS if not HIDDEN.search(payload.strip())][::2]
NAMES = [
    "<img src=x onerror=alert(pwned=1)>",
    "\"'><script>alert(pwned=1)<\u2215script>",
    "javascript:alert(pwned=1)",
    "{{ 7 * 7 }}%3Cb%3E#?&lt;",
]
TIDY = "Feature: A tidy one\n\n  Scenario: Tidy {}\n    Given a number {}\n    Then the number is {}\n"
OUTLINE = '''Feature: Hostile

  Scenario Outline: Cell <cell>
    Given a number <n>
    And a remark <cell>
    Then the numbers are
      | <n> | <cell> |
    And the note is
      """
      <cell>
      """

    Examples: <b>Rows</b>
      | cell | n |
'''
ROWS = """[...document.querySelectorAll('#results-table tbody')].map(row => [
    row.querySelector('.col-result').textContent,
    [...row.querySelectorAll('*')].map(each => each.localName + each.getAttributeNames()).filter(each => each !== 'br').join(' '),
])"""
UNSOUND = """@tag{word}
Feature: {text}
  {text}

  Background: {text}
    Given a remark {text}

  Rule: {text}

    Scenario: {text}
      Given a remark {text}
        | {cell} |
      Then it is {text}
"""


def line(text: str) -> str:
    """*text* in one line, as a step and a cell can hold it."""
    return " ".join(text.splitlines()).strip() or "-"


def cell(text: str) -> str:
    """*text* as a cell is written."""
    return line(text).replace("\\", "\\\\").replace("|", "\\|")


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> RunResult:
    """The run, with its exports and its site."""
    folder = tmp_path_factory.mktemp("run")
    features = folder / "features" / "<iframe onload=alert(pwned=1)>"
    features.mkdir(parents=True)
    rows = "".join(f"      | {cell(payload)} | {number} |\n" for number, payload in enumerate(SEEN))
    (features / "all.feature").write_text(OUTLINE + rows, encoding="utf-8")
    for number, name in enumerate(NAMES, start=1):
        (features / f"{name}.feature").write_text(TIDY.format(name.replace("<", "("), number, number), encoding="utf-8")
    for number, name in enumerate(file_names(PAYLOADS[::16], str)):
        text = line(PAYLOADS[number * 16])
        feature = UNSOUND.format(word="".join(text.split()), text=text, cell=cell(text))
        (features / f"{line(name)}.feature").write_bytes(feature.encode("utf-8", "replace"))
    result = run([folder / "features"], out=folder / "runs", bindings=BindingModules(("tests.support.run_bindings",)))
    write_exports(result.folder)
    write_site(result.folder, folder / "site")
    return result


def texts(value: Any) -> Iterator[str]:
    """Every text in some JSON."""
    if isinstance(value, dict):
        yield from (text for item in value.values() for text in texts(item))
    elif isinstance(value, list):
        yield from (text for item in value for text in texts(item))
    elif isinstance(value, str):
        yield value


def test_every_payload_that_a_reader_can_see_has_run(ran: RunResult) -> None:
    assert len(SEEN) > 200
    assert ran.verdict.counts.executed == len(SEEN) + len(NAMES)
    assert ran.verdict.counts.passed == len(NAMES)


def test_every_export_is_well_formed_and_holds_every_payload_whole(ran: RunResult) -> None:
    wanted = {f"a remark {line(payload)}" for payload in SEEN}
    suites = ET.fromstring((ran.folder / JUNIT).read_bytes())  # noqa: S314 - made of our own
    names = [case.get("name", "") for case in suites.iter("testcase")]

    assert wanted <= set(texts(json.loads((ran.folder / CUCUMBER_JSON).read_bytes())))
    assert wanted <= set(texts(lines(ran.folder / MESSAGES)))
    assert {f"Cell {line(payload)}: <b>Rows</b> ({line(payload)}, {number})" for number, payload in enumerate(SEEN)} <= set(names)
    assert {element.tag for element in suites.iter()} == {"testsuites", "testsuite", "testcase", "failure", "error", "skipped"}


def test_no_line_of_pytests_page_is_another_tree_than_the_first_and_nothing_runs(browser: Any, ran: RunResult) -> None:
    page = tab(browser)
    page.goto((ran.folder / "pytest.html").as_uri())
    page.get_by_text("Show all details").click()
    rows = page.evaluate(ROWS)

    assert len(rows) == ran.verdict.counts.written
    assert len({result for result, _ in rows}) == len({(result, tree) for result, tree in rows}) > 1
    assert (page.evaluate("typeof window.pwned"), page.complaints) == ("undefined", [])
    page.close()


def test_nothing_of_the_run_runs_in_its_site(browser: Any, ran: RunResult) -> None:
    page = tab(browser)
    for file in sorted((ran.folder.parents[1] / "site").glob("*.html"))[:8]:
        page.goto(file.as_uri())
        assert (page.evaluate("typeof window.pwned"), page.complaints) == ("undefined", []), file.name
    page.close()
