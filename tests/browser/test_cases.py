"""The explorer of cases answers as the engine does, for all of them, and is absent where scripts are off."""

from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from reports.document.case_explorer import QUESTIONS
from reports.document.case_grids import answer_words, difference_text
from reports.examples.values import value_text
from reports.html.links import CASES_PAGE, case_anchor
from reports.html.reading_switch import address, name_of, other_reading
from reports.site.builder import write_site
from sop_engine import EVERY_CASE, FACTS, PossibleCase, Reading, Timing, decide, decide_possible, explain, explain_possible, load_rulebook
from sop_engine.case import FACT_TYPES
from sop_engine.explanation import NearestCase
from tests.support.browsing import opened
from tests.support.run_samples import record, write


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cases")
    rulebook = load_rulebook()
    lines = record(rulebook=rulebook.to_plain())
    lines[0]["rulebook"]["sha256"] = rulebook.sha256
    return write_site(write(lines, folder / "run").parent, folder / "site").parent


@pytest.fixture
def page(browser: Any, site: Path) -> Iterator[Any]:
    page = opened(browser, site, "decision-tables.html", java_script_enabled=True)
    yield page
    assert page.complaints == []
    page.close()


LABELS = {name: label for name, label, _ in QUESTIONS}
READ = """(cases) => {
  let address = "";  // a browser slows down hundreds of addresses a second
  history.replaceState = (state, title, hash) => { address = hash; };
  const form = document.querySelector("form.explorer");
  const items = (about) => [...document.querySelectorAll(`#case-answer ul[data-about="${about}"] li`)];
  return cases.map((words) => {
    for (const [fact, word] of words) form.querySelector(`input[name="${fact}"][value="${word}"]`).checked = true;
    form.dispatchEvent(new Event("change"));
    return {
      outcome: document.querySelector("#case-answer .headline .outcome span:last-child")?.textContent ?? "",
      open: document.querySelector("#case-answer .headline .outcome") ? "" : document.querySelector("#case-answer .headline").textContent,
      settles: ["outcome", "tasks"].map((part) => items(`What would settle the ${part}`).filter((item) => item.matches(".settles")).map((item) => item.querySelector("strong").textContent)),
      certainty: [...document.querySelectorAll("#case-answer .certainty")].map((mark) => mark.textContent),
      due: document.querySelector("#case-answer h3")?.textContent.includes("when packing fails") ?? false,
      differs: document.querySelector("#case-answer .other")?.textContent ?? "",
      tasks: items("What to do").map((item) => item.textContent),
      cites: items("Why").map((item) => item.firstChild.textContent),
      beside: items("? Questions beside it").map((item) => item.firstChild.textContent),
      nearest: items("Nearest case that is allowed").map((item) => item.firstChild.getAttribute("href")),
      changes: items("Nearest case that is allowed").map((item) => item.textContent),
      hash: address,
    };
  });
}"""


@pytest.mark.parametrize("reading", Reading)
def test_all_cases_are_answered_as_the_engine_answers(page: Any, reading: Reading) -> None:
    page.goto(page.url.replace("decision-tables.html", address(CASES_PAGE, reading)))
    asked = [[*zip(FACTS, map(str, case.key), strict=True)] for case in EVERY_CASE]
    for case, answer in zip(EVERY_CASE, page.evaluate(READ, asked), strict=True):
        explanation = explain(case, reading)
        decision = explanation.decision
        here, there = answer_words(decision), answer_words(decide(case, other_reading(reading)))
        tasks = [value_text(task.as_words[:2]) for task in decision.tasks or ()]
        other = difference_text(here, there)
        assert answer == {
            "outcome": str(decision.outcome),
            "open": "",
            "settles": [[], []],
            "certainty": [f"{certainty.symbol} {certainty}" for certainty in (here.outcome_certainty, here.tasks_certainty)],
            "due": any(task.when is not Timing.NOW for task in decision.tasks or ()),
            "differs": other and f"≠ {name_of(other_reading(reading))}: {other}",
            "tasks": ["what to do is left open"] if decision.tasks is None else tasks or ["nothing to do"],
            "cites": [*decision.clauses, *decision.gaps],
            "beside": [*decision.notes],
            "nearest": [f"#{case_anchor(near.case)}" for near in explanation.nearest],
            "changes": [*dict.fromkeys(map(changes_text, explanation.nearest))],
            "hash": f"#{case_anchor(case)}",
        }, case


def changes_text(near: NearestCase) -> str:
    """The facts that *near* changes, as the page lists them."""
    return ", ".join(f"{fact.replace('_', '-')} {word}" for fact, word in near.changes)


def possible_cases() -> list[PossibleCase]:
    """Every case of which at least one fact is not known."""
    choices = [[*((word,) for word in vocabulary), tuple(vocabulary)] for vocabulary in FACT_TYPES.values()]
    return [possible for words in product(*choices) if (possible := PossibleCase(*words)).unknown]  # type: ignore[arg-type]


@pytest.mark.parametrize("reading", Reading)
def test_where_facts_are_not_known_it_says_what_is_certain_and_what_would_settle_the_rest(page: Any, reading: Reading) -> None:
    page.goto(page.url.replace("decision-tables.html", address(CASES_PAGE, reading)))
    asked = possible_cases()
    stated = [[(fact, "any" if len(words) > 1 else words[0]) for fact, words in possible.facts.items()] for possible in asked]
    for possible, answer in zip(asked, page.evaluate(READ, stated), strict=True):
        decided = decide_possible(possible, reading)
        outcome, tasks = decided.parts["outcome"], decided.parts["tasks"]
        nearest = explain_possible(possible, reading).nearest
        assert answer["outcome"] == (str(outcome.distinct[0]) if outcome.certain else ""), possible
        assert answer["settles"] == [[LABELS[fact] for fact in part.depends_on] for part in (outcome, tasks)], possible
        assert bool(answer["open"]) != outcome.certain
        assert bool(answer["tasks"]) == tasks.certain
        assert set(answer["cites"]) == {identifier for decision in decided.decisions for identifier in (*decision.clauses, *decision.gaps)}
        assert set(answer["changes"]) == set(map(changes_text, nearest)), possible


def test_the_first_page_asks_for_the_e_invoice_only_where_the_answer_depends_on_it(browser: Any, site: Path) -> None:
    page = opened(browser, site, "index.html", java_script_enabled=True)
    page.check('input[name="stage"][value="PACKED"]')
    assert page.locator('fieldset[data-fact="e_invoice"]').is_hidden()
    assert page.locator(".not-needed").is_visible()
    assert page.text_content("#case-answer .outcome") == "✗ refused"
    page.check('input[name="stage"][value="PROCESSING"]')
    assert page.locator('fieldset[data-fact="e_invoice"]').is_visible()
    page.check('input[name="stage"][value="any"]')
    assert page.text_content("#case-answer .headline") == "It depends on the stage of the order"
    assert "PACKED, READY_TO_DISPATCH or COMPLETED: ✗ refused" in page.text_content("#case-answer")
    assert page.complaints == []
    page.close()


def test_an_address_leads_to_its_case_and_the_keyboard_to_the_next(page: Any) -> None:
    page.evaluate("location.hash = '#case-ajio-partial-erp-processing-pushed'")
    page.wait_for_function("document.querySelector('input[name=stage]:checked').value === 'PROCESSING'")
    page.focus('input[name="stage"]:checked')
    page.keyboard.press("ArrowDown")
    assert page.is_checked('input[name="stage"][value="PACKED"]')
    assert page.evaluate("location.hash").endswith("-packed-pushed")


@pytest.mark.parametrize("reading", Reading)
def test_as_written_no_assumed_reading_is_shown_with_a_question(page: Any, reading: Reading) -> None:
    page.goto(page.url.replace("decision-tables.html", f"{address(CASES_PAGE, reading)}#case-seller-full-erp-fulfillable-pushed"))

    text = page.locator('#case-answer ul[data-about="Why"]').inner_text()
    assert "GAP-02" in text
    assert ("We assume:" in text) == (reading is Reading.AS_PRACTISED)


def test_without_scripts_the_tables_stand_alone(browser: Any, site: Path) -> None:
    page = opened(browser, site, "decision-tables.html", java_script_enabled=False)
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
