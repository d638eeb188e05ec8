"""pytest's own page: whatever an analyst types is text in it, and says where it comes from."""

import json
import re
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest

from steps.definitions.discovery import BindingModules
from steps.run.executor import execute
from steps.run.pytest_html import harden
from steps.run.runner import RunResult, run
from tests.support.browsing import tab

pytestmark = pytest.mark.usefixtures("in_process")

PAYLOADS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "</td></tr></table><iframe src=//x>",
    '" onmouseover="alert(1)',
    "<svg/onload=alert(1)>",
    "</script><script>alert(1)</script>",
    "{{ 7 * 7 }}",
    "&lt;script&gt;",
)


class Elements(HTMLParser):
    """Every element and attribute of some HTML."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.seen: list[tuple[str, tuple[str, ...]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, tuple(name for name, _ in attrs)))


@pytest.fixture(scope="module")
def page(tmp_path_factory) -> tuple[RunResult, str]:
    """The page of a run with a payload in every cell, name, table and note; half of them fail."""
    folder = tmp_path_factory.mktemp("html") / "features"
    folder.mkdir()
    rows = "".join(f"      | {payload} | {number} |\n" for number, payload in enumerate(PAYLOADS))
    examples = f"\n    Examples:\n      | cell | n |\n{rows}"
    cells = f"  Scenario Outline: Cell <cell>\n    Given a number <n>\n    Then the numbers are\n      | <cell> | <n> |\n{examples}"
    note = '      """\n      <cell>\n      """\n'
    notes = f"  Scenario Outline: Note <cell>\n    Given a number <n>\n    And a remark <cell>\n    Then the note is\n{note}{examples}"
    text = f"Feature: Hostile <b>feature</b>\n\n{cells}\n{notes}"
    (folder / "hostile.feature").write_text(text, encoding="utf-8")
    result = run([folder], out=folder.parent / "runs", bindings=BindingModules(("tests.support.run_bindings",)))
    return result, (result.folder / "pytest.html").read_text(encoding="utf-8")


def rows_of(html: str) -> list[dict[str, object]]:
    match = re.search(r'data-jsonblob="([^"]*)"', html)
    assert match is not None
    return [row for rows in json.loads(unescape(match[1]))["tests"].values() for row in rows]


def test_no_cell_of_a_row_has_a_foreign_element(page):
    result, html = page
    rows = rows_of(html)

    assert len(rows) == result.verdict.counts.executed == 2 * len(PAYLOADS)
    for row in rows:
        seen = [element for cell in row["resultsTableRow"] for element in Elements(cell).seen]
        assert seen == [("td", ("class",))] * 5


def test_no_log_has_a_foreign_element(page):
    _, html = page

    assert {element for row in rows_of(html) for element in Elements(row["log"]).seen} == set()


def test_the_page_itself_has_no_foreign_element(page):
    _, html = page
    seen = [tag for tag, _ in Elements(html).seen]

    assert {"iframe", "svg"} & set(seen) == set()
    assert seen.count("script") == 1


def test_a_row_says_where_its_scenario_is_and_what_its_steps_did(page):
    _, html = page
    row = next(row for row in rows_of(html) if "Note" in str(row["resultsTableRow"]))

    assert row["resultsTableRow"][1] == '<td class="col-place">features/hostile.feature:29</td>'
    assert unescape(str(row["resultsTableRow"][2])) == f'<td class="col-testId">Note {PAYLOADS[0]}</td>'
    assert unescape(str(row["log"])).startswith(
        f"✓ Given a number 0  (passed)\n\n✓ And a remark {PAYLOADS[0]}  (passed)\n\n✗ Then the note is  (failed)\n"
    )


def test_rows_written_at_once_are_those_of_pytest_html(monkeypatch, tmp_path):
    names = ["Plain", *(payload for payload in PAYLOADS if "<" not in payload), "Fails"]
    scenarios = (
        f"  Scenario: {name}\n    Given a number {number}\n    Then the number is {number + (name == 'Fails')}\n"
        for number, name in enumerate(names)
    )
    (tmp_path / "features").mkdir()
    (tmp_path / "features" / "a.feature").write_text("\n".join(["Feature: A <b>", "", *scenarios]))
    quick = page_of(tmp_path, "quick")
    with monkeypatch.context() as patched:
        patched.setattr("steps.run.pytest_html.PageWithQuickRows._add_row", lambda *_: None)
        only_slow = page_of(tmp_path, "only-slow")
    monkeypatch.setattr("steps.run.pytest_html.write_quick_rows", lambda *_: None)

    assert [without_time(row) for row in rows_of(quick)] == [without_time(row) for row in rows_of(page_of(tmp_path, "slow"))]
    assert len(rows_of(quick)) == len(names)
    assert len(rows_of(only_slow)) == 1


def page_of(folder: Path, name: str) -> str:
    again = run([folder / "features"], out=folder / name, bindings=BindingModules(("tests.support.run_bindings",)))
    return (again.folder / "pytest.html").read_text(encoding="utf-8")


def without_time(row: dict[str, object]) -> str:
    return re.sub(r"\d+ ms", "", json.dumps(row))


def test_a_passed_example_with_output_has_it_in_its_row(tmp_path, monkeypatch):
    (tmp_path / "features").mkdir()
    (tmp_path / "features" / "a.feature").write_text("Feature: A\n\n  Scenario: Loud\n    Given a number 1\n    Then the number is 1\n")

    def loud(*arguments, **rest):
        print("heard")  # noqa: T201 - it is captured
        return execute(*arguments, **rest)

    monkeypatch.setattr("steps.run.items.execute", loud)
    result = run([tmp_path / "features"], out=tmp_path / "runs", bindings=BindingModules(("tests.support.run_bindings",)))
    (row,) = rows_of((result.folder / "pytest.html").read_text(encoding="utf-8"))

    assert "Captured stdout call" in str(row["log"])
    assert "heard" in str(row["log"])


def test_the_page_has_a_language_and_a_policy(page):
    _, html = page

    assert '<html lang="en">' in html
    assert re.search(r"default-src 'none'; style-src 'unsafe-inline'; .*script-src 'sha256-[\w+/]{43}='\"", html)
    assert "http://" not in re.sub(r"<style.*?</style>|<script.*?</script>|data-jsonblob=\"[^\"]*\"", "", html, flags=re.DOTALL)


def test_the_policy_names_the_scripts_that_are_there():
    hardened = harden('<html><head><meta charset="utf-8"/></head><script>a()</script></html>')
    without = harden('<html><head><meta charset="utf-8"/></head></html>')

    assert hardened.count("'sha256-") == 1
    assert "script-src 'none'" in without


def test_the_page_runs_in_a_browser_without_a_foreign_script(browser, page):
    result, _ = page
    opened = tab(browser)
    opened.goto((result.folder / "pytest.html").as_uri())
    opened.get_by_text("Show all details").click()
    rows = opened.locator("#results-table tbody .col-testId").count()
    foreign = opened.locator("#results-table :is(script, iframe, svg, b)").count()
    alert = opened.locator("#results-table [onerror], #results-table [onload], #results-table [onmouseover]").count()
    opened.close()

    assert (rows, foreign, alert, opened.complaints) == (2 * len(PAYLOADS), 0, 0, [])
