"""The explorer of cases answers as the engine does, for all of them, and is absent where scripts are off."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from reports.document.case_grids import answer_words, difference_text
from reports.examples.values import value_text
from reports.html.links import CASES_PAGE, case_anchor
from reports.html.reading_switch import address, name_of, other_reading
from reports.site.builder import write_site
from sop_engine import EVERY_CASE, FACTS, Reading, Timing, decide, explain, load_rulebook
from tests.support.browsing import opened
from tests.support.run_samples import record, write


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cases")
    rulebook = load_rulebook()
    told = record(rulebook=rulebook.to_plain())
    told[0]["rulebook"]["sha256"] = rulebook.sha256
    return write_site(write(told, folder / "run").parent, folder / "site").parent


@pytest.fixture
def page(browser: Any, site: Path) -> Iterator[Any]:
    page = opened(browser, site, "cases.html", java_script_enabled=True)
    yield page
    assert page.complaints == []
    page.close()


READ = """(cases) => {
  let address = "";  // a browser slows down hundreds of addresses a second
  history.replaceState = (state, title, hash) => { address = hash; };
  const form = document.querySelector("form.explorer");
  const items = (about) => [...document.querySelectorAll(`#case-answer ul[data-about="${about}"] li`)];
  return cases.map((words) => {
    for (const [fact, word] of words) form.querySelector(`input[name="${fact}"][value="${word}"]`).checked = true;
    form.dispatchEvent(new Event("change"));
    return {
      outcome: document.querySelector("#case-answer .headline").firstChild.textContent,
      certainty: [...document.querySelectorAll("#case-answer .certainty")].map((mark) => mark.textContent),
      due: document.querySelector("#case-answer h3").textContent.includes("when packing fails"),
      differs: document.querySelector("#case-answer .other")?.textContent ?? "",
      tasks: items("What to do").map((item) => item.textContent),
      cites: items("Why").map((item) => item.firstChild.textContent),
      beside: items("? Questions beside it").map((item) => item.firstChild.textContent),
      nearest: items("Nearest case that is allowed").map((item) => item.firstChild.getAttribute("href")),
      hash: address,
    };
  });
}"""


@pytest.mark.parametrize("reading", Reading)
def test_all_cases_are_answered_as_the_engine_answers(page: Any, reading: Reading) -> None:
    page.goto(page.url.replace("cases.html", address(CASES_PAGE, reading)))
    asked = [[*zip(FACTS, map(str, case.key), strict=True)] for case in EVERY_CASE]
    for case, shown in zip(EVERY_CASE, page.evaluate(READ, asked), strict=True):
        told = explain(case, reading)
        decision = told.decision
        here, there = answer_words(decision), answer_words(decide(case, other_reading(reading)))
        tasks = [value_text(task.brief[:2]) for task in decision.tasks or ()]
        other = difference_text(here, there)
        assert shown == {
            "outcome": str(decision.outcome),
            "certainty": [f"{each.symbol} {each}" for each in (here.outcome_certainty, here.tasks_certainty)],
            "due": any(task.when is not Timing.NOW for task in decision.tasks or ()),
            "differs": other and f"≠ {name_of(other_reading(reading))}: {other}",
            "tasks": ["what to do is left open"] if decision.tasks is None else tasks or ["nothing to do"],
            "cites": [*decision.clauses, *decision.gaps],
            "beside": [*decision.notes],
            "nearest": [f"#{case_anchor(near.case)}" for near in told.nearest],
            "hash": f"#{case_anchor(case)}",
        }, case


def test_an_address_leads_to_its_case_and_the_keyboard_to_the_next(page: Any) -> None:
    page.evaluate("location.hash = '#case-ajio-partial-erp-processing-pushed'")
    page.wait_for_function("document.querySelector('input[name=stage]:checked').value === 'PROCESSING'")
    page.focus('input[name="stage"]:checked')
    page.keyboard.press("ArrowDown")
    assert page.is_checked('input[name="stage"][value="PACKED"]')
    assert page.evaluate("location.hash").endswith("-packed-pushed")


@pytest.mark.parametrize("reading", Reading)
def test_as_written_no_reading_of_ours_stands_with_a_question(page: Any, reading: Reading) -> None:
    page.goto(page.url.replace("cases.html", f"{address(CASES_PAGE, reading)}#case-seller-full-erp-fulfillable-pushed"))

    text = page.locator('#case-answer ul[data-about="Why"]').inner_text()
    assert "GAP-02" in text
    assert ("We assume:" in text) == (reading is Reading.AS_PRACTISED)


def test_without_scripts_the_tables_stand_alone(browser: Any, site: Path) -> None:
    page = opened(browser, site, "cases.html", java_script_enabled=False)
    assert not page.is_visible("form.explorer")
    assert page.locator(".cases td > i").count() == len(EVERY_CASE)
    page.close()


def test_text_from_the_rulebook_stays_text(page: Any) -> None:
    page.evaluate("""() => {
      for (const said of Object.values(sopCases.says)) said[0] = "<img src=x onerror=document.title='run'>";
      document.querySelector('input[name="stage"][value="PACKED"]').click();
    }""")
    assert "<img" in page.text_content("#case-answer")
    assert page.locator("#case-answer img").count() == 0
