"""The status of every clause and gap, and the examples that stand below each, before there is any HTML."""

import json
from pathlib import Path

import pytest

from reports.document.placement import Placement
from reports.examples.status_marks import Status
from reports.examples.views import ScenarioView
from tests.support.document_pages import clause, gap, page_of
from tests.support.run_samples import record


def test_every_clause_has_the_status_its_examples_earn(tmp_path: Path) -> None:
    page = page_of(tmp_path, record())
    clauses = [c for part in page.parts for c in (*part.clauses, *(c for s in part.sections for c in s.clauses))]

    assert {c.id: (str(c.status), c.summary) for c in clauses} == {
        "DOC-1": ("not operative", ""),
        "SC-ERP-FULL-1a": ("passed", "4 examples passed"),
        "SC-ERP-FULL-1.1.1": ("failed", "1 example failed"),
        "SC-ERP-FULL-1.1.2a": ("failed", "1 example failed"),
        "SC-ERP-FULL-1.1.2c": ("failed", "1 example failed"),
        "SC-ERP-FULL-2a": ("no example", "no example yet"),
        "SC-ERP-FULL-3": ("failed", "1 example failed"),
        "SC-ERP-PART-1.1.1": ("failed", "2 of 4 examples failed, 2 passed"),
        "SC-ERP-PART-1.2.1": ("failed", "2 of 4 examples failed, 2 passed"),
        "SC-ERP-PART-2": ("passed", "1 example passed"),
        "AC-ERP-FULL-1.1.2a": ("failed", "1 example failed"),
        "AC-ERP-FULL-2b": ("failed", "3 of 4 examples failed, 1 passed"),
        "RT-RSI-1": ("not run", "1 example not run"),
    }


def test_a_clause_says_why_it_is_not_operative_and_links_the_gap(tmp_path: Path) -> None:
    view = clause(page_of(tmp_path, record()), "DOC-1")

    assert view.why_not == (("about the page (", None), ("GAP-21", "open-questions.html#GAP-21"), (")", None))
    assert [link.short for link in view.gaps] == ["GAP-21"]


def test_a_gap_is_never_green(tmp_path: Path) -> None:
    page = page_of(tmp_path, record(results={}))

    assert [(g.id, str(g.status), str(g.result), g.cases) for g in page.gaps] == [
        ("GAP-02", "open question", "passed", 1),
        ("GAP-04", "no example", "no example", 2),
        ("GAP-21", "open question", "no example", None),
    ]


def test_a_gap_whose_reading_fails_is_red(tmp_path: Path) -> None:
    result = {"status": "failed", "step": 4, "expected": "x", "actual": "y", "message": "no credit note"}
    page = page_of(tmp_path, record(results={("A pushed e-invoice is credited like a generated one",): result}))

    assert gap(page, "GAP-02").status is Status.FAILED


def test_only_known_ids_become_links(tmp_path: Path) -> None:
    assert gap(page_of(tmp_path, record()), "GAP-02").nearest == (
        ("SC-ERP-FULL-1a", "the-sop.html#SC-ERP-FULL-1a"),
        (" allows; ", None),
        ("XX-1", None),
        (" is no id.", None),
    )


def test_a_scenario_of_several_clauses_lives_once_and_is_linked_from_the_others(tmp_path: Path) -> None:
    page = page_of(tmp_path, record())
    name = "The client credits the e-invoice by hand"

    assert [view.name for group in clause(page, "SC-ERP-FULL-1.1.1").groups for view in group.scenarios] == [name]
    assert clause(page, "SC-ERP-FULL-1.1.2a").groups == ()
    assert [link.text for link in clause(page, "SC-ERP-FULL-1.1.2a").also_shown_by] == [name]


def view_of(
    name: str, own: tuple[str, ...], feature: tuple[str, ...], cited: tuple[str, ...] = (), status: Status = Status.PASSED
) -> ScenarioView:
    return ScenarioView(
        name, f"#{name}", "Scenario", name, "", "a.feature:1", "", "", (), ((), own, (), feature), status, "", (), (), (status,), (), cited
    )


@pytest.mark.parametrize(
    ("others", "names"),
    [
        ([view_of("own", ("@SC-1-2",), ("@SC-1",))], ["own"]),
        ([view_of("claims", ("@SC-1-2",), ("@beyond",), cited=("SC-1-2",))], ["claims"]),
        ([view_of("own, at home elsewhere", ("@SC-1-1", "@SC-1-2"), ("@SC-1",))], []),
        ([], ["audit"]),
    ],
)
def test_a_clause_is_shown_by_an_example_about_it_and_not_by_one_that_only_has_its_tag(
    others: list[ScenarioView], names: list[str]
) -> None:
    """Whatever comes first: the tag of an example may say what it rests on, as in an audit, which is linked."""
    placement = Placement([view_of("audit", ("@SC-1-2",), ("@audit",)), *others], ["SC-1", "SC-1-1", "SC-1-2"])

    assert [view.name for group in placement.groups("SC-1-2") for view in group.scenarios] == names
    assert ("audit" in [link.text for link in placement.also_shown_by("SC-1-2")]) == (names != ["audit"])


def test_an_example_that_fails_is_shown_wherever_it_has_its_home() -> None:
    failed = view_of("audit", ("@SC-1-2",), ("@audit",), status=Status.FAILED)
    placement = Placement([failed, view_of("own", ("@SC-1-2",), ("@SC-1",))], ["SC-1", "SC-1-2"])

    assert [view.name for group in placement.groups("SC-1-2") for view in group.scenarios] == ["audit"]


def test_a_claim_that_cites_a_clause_shows_it_where_no_tag_does(tmp_path: Path) -> None:
    lines = json.loads(json.dumps(record(results={})))
    cited = next(line for line in lines if line.get("name") == "Too late once packed")["claims"][1]
    cited["expected"] = cited["actual"] = ["SC-ERP-FULL-2a", "nonsense"]
    page = page_of(tmp_path, lines)

    view = clause(page, "SC-ERP-FULL-2a")

    assert (view.status, [link.text for link in view.also_shown_by]) == (Status.PASSED, ["Too late once packed"])


def test_a_scenario_that_is_tagged_with_a_clause_and_cites_it_is_linked_once(tmp_path: Path) -> None:
    lines = json.loads(json.dumps(record(results={})))
    result = next(line for line in lines if line.get("name") == "The client credits the e-invoice by hand")
    result["claims"][0] |= {"facet": "clauses", "expected": ["SC-ERP-FULL-1.1.2a"], "actual": ["SC-ERP-FULL-1.1.2a"]}

    assert len(clause(page_of(tmp_path, lines), "SC-ERP-FULL-1.1.2a").also_shown_by) == 1


def test_a_scenario_without_the_tag_of_a_sentence_is_not_lost(tmp_path: Path) -> None:
    page = page_of(tmp_path, record())

    assert [view.name for group in page.unlinked for view in group.scenarios] == ["An example that belongs to no sentence"]


def test_a_features_own_words_stand_under_its_heading(tmp_path: Path) -> None:
    intro = page_of(tmp_path, record()).parts[1].sections[1].intros[0]

    assert intro.path == "seller_cancellation/full_erp.feature"
    assert "An e-invoice is not posted, then posted, then generated, then pushed." in intro.description
