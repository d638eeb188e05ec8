"""Long lists can be narrowed by result, heading, words and tags, and a narrowed list has an address."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from reports.site.builder import write_site
from reports.site.context import context_of
from reports.site.pages.search import search_entries
from sop_engine import load_rulebook
from sop_runs.record.reader import read_record
from steps.language.selection import tag_test
from tests.support.browsing import OVERFLOW, PHONE, axe_core, follow, opened, violations
from tests.support.run_samples import record, write

PAGE = "feature-a-many.html"
MANY = """@SC-ERP
Feature: Many

  Background:
    Given a beginning

  @SC-ERP-FULL
  Rule: The first
    Scenario: Apples are red
      Then it is so

    Scenario: Pears are blue
      Then it is so

  @SC-RMS-PART
  Rule: The second
    @GAP-02
    Scenario: Plums are red
      Then it is so

    Scenario: Figs wait
      Then it is so

    @GAP-02 @GAP-14
    Scenario Outline: Nuts are <colour>
      Then it is <colour>

      Examples:
        | colour |
        | brown  |
        | blue   |
"""
ONE = """Feature: One

  @AC-ERP-FULL-1b @GAP-14
  Scenario: "><img src=x onerror=alert(1)>
    Then it is so
"""
RESULTS = {
    ("Pears are blue",): {"status": "broken", "step": 1, "message": "no"},
    ("Nuts are <colour>", "blue"): {"status": "broken", "step": 1, "message": "no"},
    ("Figs wait",): {"status": "not-run"},
}
NAMES = ["Apples are red", "Pears are blue", "Plums are red", "Figs wait", "Nuts are <colour>"]
QUERIES = [
    *("@GAP-02", "@SC-ERP", "@SC-ERP-FULL", "@SC-RMS-PART and not @GAP-14", "not @GAP-02", "@GAP-14 or @SC-ERP-FULL", "@nothing"),
    "@SC-ERP and (@GAP-02 or not @SC-RMS-PART)",
]
RUBBISH = ["#only=nonsense&section=X&x=%", "#=", "#%E0%A4%A", "#find=(((", "#find=%40", "#only=failed'\"><", "#nowhere"]
FAILED = ["Pears are blue", "Nuts are <colour>"]


def lines() -> list[dict[str, Any]]:
    return record({"a/many.feature": MANY, "b/one.feature": ONE}, RESULTS, rulebook=load_rulebook().to_plain())


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("filtered")
    return write_site(write(lines(), folder / "run").parent, folder / "site").parent


@pytest.fixture
def page(browser: Any, site: Path) -> Iterator[Any]:
    page = opened(browser, site, PAGE, java_script_enabled=True)
    yield page
    assert page.complaints == []
    page.close()


def visible(page: Any) -> list[str]:
    names = page.locator(".scenario > h2 > a, .scenario > h3 > a, .hits a")
    return [name.inner_text() for name in names.all() if name.is_visible()]


def count(page: Any) -> str:
    return str(page.locator(".shown-count span").inner_text())


def find(page: Any, query: str) -> list[str]:
    page.get_by_label("Words or tags").fill(query)
    return visible(page)


def until(page: Any, holds: Callable[[], bool]) -> None:
    """Wait for what a page does a moment later; its policy forbids Playwright's own way to ask again."""
    for _ in range(100):
        if holds():
            return
        page.wait_for_timeout(20)
    pytest.fail("it never came about")


# On the page of a feature


def test_everything_is_shown_and_counted_until_something_is_chosen(page: Any) -> None:
    assert visible(page) == NAMES
    assert count(page) == "5 of 5 scenarios shown"
    assert not page.get_by_role("button", name="Show everything").is_visible()
    assert page.url.endswith(PAGE)


def test_a_result_leaves_its_scenarios_and_the_rules_that_have_some(page: Any) -> None:
    page.get_by_label("not run").check()

    assert visible(page) == ["Figs wait"]
    assert count(page) == "1 of 5 scenarios shown"
    assert [rule.is_visible() for rule in page.locator("h2.rule").all()] == [False, True]
    assert page.url.endswith("#only=not-run")


def test_words_are_looked_for_in_all_that_a_scenario_says(page: Any) -> None:
    assert find(page, "RED") == ["Apples are red", "Plums are red"]
    assert find(page, "red plums") == ["Plums are red"]
    assert find(page, "brown") == ["Nuts are <colour>"]
    assert find(page, "is:failed") == FAILED
    assert find(page, "nothing like it") == []
    assert count(page) == "0 of 5 scenarios shown"
    assert page.locator("h2.rule:visible").count() == 0


def test_tags_are_asked_as_the_runner_asks_them_and_are_inherited(page: Any, tmp_path: Path) -> None:
    scenarios = context_of(read_record(write(lines(), tmp_path))).scenarios
    for query in QUERIES:
        test = tag_test(query)
        assert find(page, query) == [view.name for view in scenarios if test(frozenset(view.tags)) and view.name in NAMES], query


def test_what_is_typed_is_offered_from_the_tags_of_the_page(page: Any) -> None:
    offered = page.locator("datalist option").evaluate_all("all => all.map(each => each.value)")

    assert offered == ["@GAP-02", "@GAP-14", "@SC-ERP", "@SC-ERP-FULL", "@SC-RMS-PART"]
    assert page.locator("input[list='filter-tags']").count() == 1


def test_a_heading_of_the_sop_leaves_what_belongs_to_it(page: Any) -> None:
    options = page.get_by_label("Section").locator("option").all_inner_texts()
    page.get_by_label("Section").select_option("SC-RMS-PART")

    assert options == [
        "any",
        "Cancelled by the seller, e-invoice by the client's ERP, the whole order (2)",
        "Cancelled by the seller, e-invoice by RMS (3)",
        "Cancelled by the seller, e-invoice by RMS, part of an order (3)",
    ]
    assert visible(page) == ["Plums are red", "Figs wait", "Nuts are <colour>"]


def test_choices_add_up_and_one_button_takes_them_back(page: Any) -> None:
    page.get_by_label("failed").check()
    page.get_by_label("Section").select_option("SC-RMS")
    assert find(page, "@GAP-02") == ["Nuts are <colour>"]
    assert page.url.endswith("#only=failed&section=SC-RMS&find=%40GAP-02")

    page.get_by_role("button", name="Show everything").click()
    assert visible(page) == NAMES
    assert page.url.endswith(PAGE)
    assert page.evaluate("document.activeElement.id") == "only-all"


def test_the_address_of_a_filtered_list_opens_the_same_list(browser: Any, site: Path) -> None:
    page = opened(browser, site, f"{PAGE}#only=failed&section=SC-RMS&find=%40GAP-02+or+pears", java_script_enabled=True)

    assert visible(page) == ["Nuts are <colour>"]
    assert page.get_by_label("failed").is_checked()
    assert page.get_by_label("Section").input_value() == "SC-RMS"
    assert page.get_by_label("Words or tags").input_value() == "@GAP-02 or pears"
    page.evaluate("location.hash = '#only=passed'")
    until(page, lambda: count(page) == "2 of 5 scenarios shown")
    assert visible(page) == ["Apples are red", "Plums are red"]
    page.close()


def test_rubbish_in_the_address_breaks_nothing(page: Any, site: Path) -> None:
    for rubbish in RUBBISH:
        page.goto("about:blank")
        page.goto(f"{site.as_uri()}/{PAGE}{rubbish}")
        find(page, "")
        page.get_by_label("everything").check()
        assert visible(page) == NAMES, rubbish


def test_a_link_to_a_scenario_that_is_hidden_shows_it(page: Any) -> None:
    anchor = page.locator(".scenario", has_text="Apples").get_attribute("id")
    page.get_by_label("failed").check()
    page.evaluate(f"location.hash = '#{anchor}'")
    until(page, lambda: count(page) == "5 of 5 scenarios shown")

    assert visible(page) == NAMES


def test_a_link_to_a_scenario_that_is_shown_leaves_the_list_as_it_is(page: Any) -> None:
    page.get_by_label("failed").check()
    follow(page, page.locator(".scenario h3 a", has_text="Pears"))

    assert visible(page) == FAILED
    assert "#pears-are-blue" in page.url


def test_the_keyboard_is_enough(page: Any) -> None:
    page.locator("#only-all").focus()
    page.keyboard.press("ArrowRight")
    assert visible(page) == FAILED
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.localName") == "select"
    page.keyboard.press("Tab")
    page.keyboard.type("pears")
    assert visible(page) == ["Pears are blue"]
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert visible(page) == NAMES


# On the list of all features


def test_the_list_of_files_shows_the_scenarios_that_were_asked_for(browser: Any, site: Path) -> None:
    page = opened(browser, site, "features.html", java_script_enabled=True)
    assert (visible(page), count(page)) == ([], "6 of 6 scenarios shown")

    assert find(page, "@GAP-14") == ["Nuts are <colour>", '"><img src=x onerror=alert(1)>']
    assert page.locator(".files > li:not(.folder):visible").count() == 2
    page.get_by_label("failed").check()
    assert (visible(page), count(page)) == (["Nuts are <colour>"], "1 of 6 scenarios shown")
    assert page.locator(".files > li:not(.folder):visible").count() == 1
    assert page.locator(".hits .mark").all_inner_texts() == ["✗ failed"]
    follow(page, page.locator(".hits a"))
    assert page.locator(":target > h3").inner_text().startswith("✗ Nuts are <colour>")
    page.go_back()
    assert (visible(page), page.get_by_label("failed").is_checked()) == (["Nuts are <colour>"], True)
    assert page.locator("main img").count() == 0
    assert page.complaints == []
    page.close()


def test_sections_count_the_scenarios_of_all_files(browser: Any, site: Path, tmp_path: Path) -> None:
    page = opened(browser, site, "features.html", java_script_enabled=True)
    actual = [entry for entry in search_entries(context_of(read_record(write(lines(), tmp_path)))) if entry.kind == 3]
    for option in page.get_by_label("Section").locator("option").all()[1:]:
        heading = option.get_attribute("value")
        page.get_by_label("Section").select_option(heading)
        wanted = sum(any(tag == f"@{heading}" or tag.startswith(f"@{heading}-") for tag in entry.tags) for entry in actual)
        assert count(page) == f"{wanted} of 6 scenarios shown"
        assert option.inner_text().endswith(f"({wanted})")
    page.close()


def test_of_very_many_scenarios_each_file_shows_a_few_and_leads_to_the_others(browser: Any, tmp_path: Path) -> None:
    def text(name: str, number: int) -> str:
        return f"Feature: {name}\n" + "".join(f"\n  Scenario: {name} {scenario}\n    Then it is so\n" for scenario in range(number))

    lines = record({"a.feature": text("Many", 201), "b.feature": text("Few", 2)}, {("Many 7",): {"status": "not-run"}})
    site = write_site(write(lines, tmp_path).parent, tmp_path / "site").parent
    page = opened(browser, site, "features.html", java_script_enabled=True)

    assert find(page, "so") == ["Many 0", "Many 1", "Many 2", "198 more in this file", "Few 0", "Few 1"]
    assert count(page) == "203 of 203 scenarios shown"
    page.get_by_label("passed").check()
    follow(page, page.get_by_role("link", name="197 more"))
    assert count(page) == "200 of 201 scenarios shown"
    page.close()


# The SOP and the open questions have the same filter


@pytest.mark.parametrize(
    ("address", "items", "noun"),
    [("the-sop.html", len(load_rulebook().clauses), "clauses"), ("open-questions.html", len(load_rulebook().gaps), "questions")],
)
def test_sentences_and_questions_are_narrowed_in_the_same_way(browser: Any, site: Path, address: str, items: int, noun: str) -> None:
    page = opened(browser, site, address, java_script_enabled=True)
    assert count(page) == f"{items} of {items} {noun} shown"
    first = page.locator(".clause:not(.head)").nth(7).get_attribute("id")
    find(page, f"@{first}")
    assert count(page) == f"1 of {items} {noun} shown"
    assert [element.get_attribute("id") for element in page.locator(".clause:not(.head):visible").all()] == [first]
    assert page.locator("section.part:visible").count() == 1
    page.close()


# Without scripts, on paper, on a phone


def test_without_scripts_results_can_be_chosen_and_nothing_else_is_offered(browser: Any, site: Path) -> None:
    page = opened(browser, site, f"{PAGE}#only=passed")
    assert visible(page) == NAMES
    assert (
        page.locator("main input:visible, main select:visible, main button:visible").evaluate_all("all => all.map(each => each.type)")
        == ["radio"] * 4
    )
    page.locator("#only-failed").check()
    assert visible(page) == FAILED
    page.goto(f"{site.as_uri()}/features.html")
    page.locator("#only-failed").check()
    assert page.locator(".files > li:not(.folder):visible").count() == 1
    page.close()


def test_paper_says_that_a_list_is_narrowed_and_has_no_controls(page: Any) -> None:
    page.emulate_media(media="print")
    assert not page.locator(".shown-count").is_visible()
    page.emulate_media(media="screen")
    page.get_by_label("failed").check()
    page.emulate_media(media="print")

    assert page.locator(".shown-count").inner_text().strip() == "2 of 5 scenarios shown"
    assert page.locator("main input:visible, main select:visible, main button:visible").count() == 0


def test_a_narrowed_list_is_accessible_and_fits_a_phone(browser: Any, site: Path) -> None:
    script = axe_core()
    for address, scheme in ((PAGE, "light"), ("features.html", "dark")):
        page = opened(browser, site, f"{address}#only=failed&find=e", java_script_enabled=True, color_scheme=scheme, viewport=PHONE)
        page.evaluate(script)
        assert violations(page) == [], address
        assert page.evaluate(OVERFLOW) <= 0, address
        page.close()


# One button for all folds


def test_the_button_says_what_it_will_do(browser: Any, site: Path) -> None:
    page = opened(browser, site, "the-sop.html", java_script_enabled=True)
    button, folds = page.locator("button.unfold"), page.locator("main details:not(.legend)")
    closed = page.locator("main details:not(.legend, [open])")
    all_of_them, before = folds.count(), closed.count()
    assert button.inner_text() == f"Unfold everything ({before} folded)"
    closed.first.locator("> summary").click()
    until(page, lambda: button.inner_text() == f"Unfold everything ({before - 1} folded)")
    button.click()
    assert closed.count() == 0
    until(page, lambda: button.inner_text() == "Fold everything")
    button.click()
    assert closed.count() == all_of_them
    page.goto(f"{site.as_uri()}/decision-tables.html")
    assert page.locator("main details:not([open])").count() == 0
    assert page.locator("button.unfold").inner_text() == "Fold everything"
    page.goto(f"{site.as_uri()}/{PAGE}")
    assert page.locator("button.unfold").count() == 0
    page.close()
