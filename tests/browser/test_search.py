"""The search finds everything, evaluates tags as the runner does, and runs no text from a file."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from reports.site.builder import write_site
from reports.site.context import context_of
from reports.site.pages.search import ENTRY_KINDS, index_js, search_entries
from sop_engine import load_rulebook
from sop_runs.record.reader import read_record
from steps.language.selection import tag_test
from tests.support.browsing import OVERFLOW, PHONE, opened
from tests.support.run_samples import record, write
from tests.support.script_data import data_of_script

HOSTILE = [
    "<img src=x onerror=\"document.documentElement.dataset.pwned='1'\">",
    "<script>document.documentElement.dataset.pwned='1'</script>",
    "\"'><svg onload=\"document.documentElement.dataset.pwned='1'\">",
    "</style><style>body{display:none}</style>",
]
QUERIES = [
    "@GAP-14",
    "@SC-ERP-PART-1.1.1 or @GAP-14",
    "@SC-ERP-PART and not @SC-ERP-PART-2",
    "not @GAP-14",
    "@SC-ERP and (@SC-ERP-PART or not @GAP-02)",
]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("searched")
    return write_site(write(record(rulebook=load_rulebook().to_plain()), folder / "run").parent, folder / "site").parent


def rows(site: Path) -> list[list[Any]]:
    """Kind, title, text, address, tags, status and place of every entry, as the script puts them together."""
    index = data_of_script((site / "search-data.js").read_bytes(), "sopSearch")
    return [
        _whole(index, kind, page, [*row, *["", "", 0, []][len(row) - 1 :]]) for kind, page, entries in index["groups"] for row in entries
    ]


def _whole(index: Any, kind: int, page: int, row: list[Any]) -> list[Any]:
    title, own, anchor, status, tags = row
    file, place = index["pages"][page]
    text = " ".join(index["texts"][part] if isinstance(part, int) else part for part in (own if isinstance(own, list) else [own]))
    href = f"{file}#{anchor}" if anchor else file
    return [kind, title, text, href, [index["tags"][tag] for tag in tags], index["statuses"][status][0], place]


def test_everything_is_in_the_index_once(tmp_path: Path) -> None:
    context = context_of(read_record(write(record(rulebook=load_rulebook().to_plain()), tmp_path)))
    actual = list(search_entries(context))

    by_kind = {kind: [entry for entry in actual if entry.kind == number] for number, kind in enumerate(ENTRY_KINDS)}
    assert len(by_kind["clause of the SOP"]) == len(load_rulebook().clauses)
    assert len(by_kind["open question"]) == len(load_rulebook().gaps)
    assert [entry.title for entry in by_kind["scenario"]] == [scenario.name for scenario in context.scenarios]
    assert all(entry.href for entry in actual)
    assert all(len(set(entry.texts)) == len(entry.texts) for entry in actual)
    (tmp_path / "search-data.js").write_bytes(index_js(actual))
    assert rows(tmp_path) == [
        [indexed.kind, indexed.title, " ".join(indexed.texts), indexed.href, list(indexed.tags), indexed.status or "", indexed.place]
        for indexed in actual
    ]


def test_what_is_said_often_is_written_once(tmp_path: Path) -> None:
    context = context_of(read_record(write(record(rulebook=load_rulebook().to_plain()), tmp_path)))
    index = data_of_script(index_js(list(search_entries(context))), "sopSearch")
    written = json.dumps(index, ensure_ascii=False)

    for sentence in ('"the seller cancels the full order"', '"seller_cancellation/full_erp.feature"', '"@SC-ERP-FULL"'):
        assert written.count(sentence) == 1, sentence


def test_a_word_of_the_glossary_is_found_by_what_it_means(tmp_path: Path) -> None:
    actual = {
        entry.title: " ".join(entry.texts)
        for entry in search_entries(context_of(read_record(write(record(), tmp_path))))
        if entry.kind == 5
    }

    assert "writes from a run record" in actual["living document"]


@pytest.fixture
def page(browser: Any, site: Path) -> Iterator[Any]:
    page = opened(browser, site, "search.html", java_script_enabled=True)
    yield page
    assert page.complaints == []
    page.close()


@pytest.fixture(scope="module")
def whole(browser: Any, own_site: Path) -> Iterator[Any]:
    """The search page of the project's own specification."""
    page = opened(browser, own_site, "search.html", java_script_enabled=True)
    yield page
    assert page.complaints == []
    page.close()


def titles_found(page: Any, query: str) -> set[str]:
    page.fill("#query", query)
    if button := page.query_selector("#results > button"):
        button.click()
    return {link.get_attribute("href") for link in page.query_selector_all("#results a")}


def test_every_name_finds_its_scenario(page: Any, site: Path) -> None:
    for kind, title, _, href, *_ in rows(site):
        if ENTRY_KINDS[kind] == "scenario" and "@" not in title:
            assert href in titles_found(page, title), title


def test_tags_are_asked_as_the_runner_asks_them(page: Any, site: Path) -> None:
    for query in QUERIES:
        test = tag_test(query)
        expected = {href for _, _, _, href, tags, *_ in rows(site) if test(frozenset(tags))}
        assert titles_found(page, query) == expected, query
        assert page.text_content("#found") == f"{sum(test(frozenset(row[4])) for row in rows(site))} found"


def test_results_can_be_asked_for_beside_words(page: Any, site: Path) -> None:
    failed = {row[3] for row in rows(site) if row[5] == "failed"}

    assert titles_found(page, "is:failed") == failed != set()
    assert set(page.locator("#results .mark.failed").all_inner_texts()) == {"✗ failed"}
    assert titles_found(page, "is:failed packed") == {
        row[3] for row in rows(site) if row[5] == "failed" and "packed" in " ".join((row[1], row[2], row[6], *row[4])).lower()
    }
    assert titles_found(page, "nothing-like-this") == set()
    assert page.text_content("#found") == "0 found"


def test_a_query_has_an_address_and_the_keys_work(page: Any, site: Path) -> None:
    page.goto(f"{site.as_uri()}/search.html?asked#is%3Afailed")
    assert page.input_value("#query") == "is:failed"
    page.keyboard.press("ArrowDown")
    first = page.evaluate("document.activeElement.getAttribute('href')")
    assert first in {row[3] for row in rows(site)}
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/{first}")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "find"
    page.keyboard.type("is:failed packed")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search.html#is%3Afailed%20packed")
    assert page.input_value("#query") == "is:failed packed"


def test_a_phone_needs_no_sideways_scrolling(browser: Any, site: Path) -> None:
    page = opened(browser, site, "search.html", java_script_enabled=True, viewport=PHONE)
    page.fill("#query", "order")
    assert page.evaluate(OVERFLOW) <= 0
    page.close()


def test_without_scripts_it_says_so_and_shows_no_field(browser: Any, site: Path) -> None:
    page = opened(browser, site, "search.html")
    assert not page.is_visible("#query")
    assert "needs scripts" in page.text_content("main")
    page.close()


def test_text_of_an_author_is_found_by_the_search_and_not_run(browser: Any, tmp_path: Path) -> None:
    lines = record()
    for line in lines:
        if line["type"] == "rulebook":
            for gap, text in zip(line["gaps"], HOSTILE * 10, strict=False):
                gap["title"] = gap["question"] = f"{text}</script><!--"
    site = write_site(write(lines, tmp_path / "run").parent, tmp_path / "site").parent
    page = opened(browser, site, "search.html", java_script_enabled=True)
    for query in ("onerror", "script", "</script>", "svg"):
        assert titles_found(page, query)
    assert page.evaluate("document.documentElement.dataset.pwned") is None
    assert page.evaluate("document.querySelectorAll('#results img, #results svg, #results script').length") == 0
    page.close()


FIRST_HITS = [
    ("credit note", "credit note"),
    ("credit notes", "credit note"),
    ("credti note", "credit note"),
    ("creditt notes", "credit note"),
    ("who keeps the credit note", "keep the credit note"),
    ("who must make the credit note", "credit note"),
    ("einvoice", "e-invoice"),
    ("e invoice", "e-invoice"),
    ("e-invoices", "e-invoice"),
    ("GAP-04", "GAP-04"),
    ("gap 4", "GAP-04"),
    ("gap-4", "GAP-04"),
    ("SC-ERP-FULL-3", "SC-ERP-FULL-3"),
    ("sc-rms-part", "SC-RMS-PART"),
    ("sla breach", "SLA is breached"),
    ("SLA breaches", "SLA breach"),
    ("manifest", "READY_TO_DISPATCH"),
    ("packed", "packed"),
    ("packd", "pack"),
    ("partial cancellation", "partial cancellation"),
    ("partial cancelations", "partial cancellation"),
    ("RSI report", "RSI"),
    ("inward po", "inward PO"),
    ("fulfilable", "FULFILLABLE"),
    ("what does the SOP say about returns", "return"),
]


@pytest.mark.parametrize(("query", "wanted"), FIRST_HITS)
def test_what_people_type_finds_what_they_want_first(whole: Any, query: str, wanted: str) -> None:
    whole.fill("#query", query)
    first = whole.locator("#results a").first
    assert wanted.lower() in first.inner_text().lower()


def test_one_kind_can_be_chosen_and_nothing_found_proposes_the_nearest_words(whole: Any) -> None:
    whole.fill("#query", "credit note")
    kinds = whole.locator("#kinds button")
    assert kinds.first.inner_text().startswith("everything ")
    kinds.filter(has_text="scenario").click()
    assert whole.locator("#results h2").all_inner_texts()[0].startswith("Scenario (")
    assert whole.locator("#results h2").count() == 1
    whole.fill("#query", "kredittnode")
    assert "0 found" in whole.inner_text("#found")
    whole.fill("#query", "cancelaton")
    assert whole.locator("#results a").count() or whole.locator("#results button").count()
