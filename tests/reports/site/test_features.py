"""The page of a feature says what its author wrote, each thing once and where it was written."""

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import msgspec
import pytest

from reports.document.filters import LONG, belongs, filter_of
from reports.examples.status_marks import Status
from reports.site.builder import site_files
from reports.site.context import Context, context_of
from reports.site.pages.features import FeatureView, feature_views
from sop_engine import load_rulebook
from sop_runs.record.reader import read_record
from sop_runs.record.schema import RulebookRecord
from tests.support.run_samples import count, record, write

RULEBOOK = msgspec.convert(load_rulebook().to_plain(), RulebookRecord)
TEXT = """@SC-ERP @draft
Feature: A feature
  What the *feature* says.

  Background: The setting
    What the *Background* says.

    Given a beginning
      | one | two |

  @own
  Scenario: Alone
    What the *scenario* says.

    Given something
    Then it is so

  @SC-ERP-FULL
  Rule: A rule
    What the *rule* says.

    Background: The setting of the rule
      Given another beginning

    @first @own
    Scenario Outline: Often
      Then it is <n>

      @some
      Examples: Few
        What the *Examples* say.

        | n |
        | 1 |
        | 2 |

  Rule: A rule
    Scenario: The same again
      Then it is so
"""
PATH, PAGE = "a.feature", "feature-a.html"


def context(tmp_path: Path, text: str = TEXT, results: Any = None, **more: Any) -> Context:
    return context_of(read_record(write(record({PATH: text}, results or {}, **more), tmp_path)))


def feature(tmp_path: Path, **more: Any) -> FeatureView:
    return next(iter(feature_views(context(tmp_path, **more))))


class Page(HTMLParser):
    """The text of a page, how deep its headings are, and its ids."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text, self.headings, self.ids = "", [0], [""]
        self.feed(html.partition("<main")[2])
        self.text = " ".join(self.text.split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.headings += [int(tag[1])] if tag in ("h1", "h2", "h3", "h4") else []
        self.ids += [value or "" for name, value in attrs if name == "id"]

    def handle_data(self, data: str) -> None:
        self.text += data


def page(tmp_path: Path, **more: Any) -> str:
    return site_files(context(tmp_path, **more))[PAGE].decode()


def test_everything_that_was_written_is_there(tmp_path: Path) -> None:
    text = Page(page(tmp_path)).text

    for line in TEXT.splitlines():
        written = line.strip().replace("*", "").replace("<n>", "n")
        pieces = written.strip("|").split("|") if written.startswith("|") else written.split() if written.startswith("@") else [written]
        for piece in pieces:
            words = piece.partition(":")[2] or (piece.split(" ", 1)[1] if piece.startswith(("Given", "Then")) else piece)
            assert words.strip() in text, line


def test_what_a_feature_and_a_rule_say_is_said_once(tmp_path: Path) -> None:
    text = Page(page(tmp_path)).text

    for sentence in ("a beginning", "another beginning", "The setting of the rule", "@SC-ERP-FULL", "@draft", PATH, "@some", "@first"):
        assert text.count(sentence) == 1, sentence


@pytest.mark.parametrize("who", ["feature", "Background", "scenario", "rule", "Examples"])
def test_every_description_is_markdown(tmp_path: Path, who: str) -> None:
    assert f"What the <em>{who}</em> sa" in page(tmp_path)


def test_a_heading_in_a_description_is_none_of_the_page(tmp_path: Path) -> None:
    text = re.sub(r"( *)What the", r"\1Title\n\1=====\n\n\1What the", TEXT)
    headings = Page(page(tmp_path, text=text)).headings[1:]

    assert headings == [1, 2, 2, 3, 2, 3]
    assert page(tmp_path, text=text).count("<p class=heading>Title</p>") == 5


def test_a_background_that_went_wrong_is_shown_where_it_did(tmp_path: Path) -> None:
    results = {("Alone",): {"status": "undefined", "step": 0, "message": "nobody knows it"}}
    view = feature(tmp_path, results=results)
    alone, often = (rule.scenarios[0] for rule in view.rules[:2])

    assert [step.background for step in alone.own_steps] == [True, False, False]
    assert alone.own_steps[0].status is Status.FAILED
    assert [step.background for step in often.own_steps] == [False]
    assert Page(page(tmp_path, results=results)).text.count("a beginning") == 2
    assert "nobody knows it" in page(tmp_path, results=results)


def test_tags_stand_where_they_were_written_and_all_of_them_elsewhere(tmp_path: Path) -> None:
    here = context(tmp_path)
    view = next(iter(feature_views(here)))
    often = view.rules[1].scenarios[0]

    assert view.tags == ("@SC-ERP", "@draft")
    assert [rule.tags for rule in view.rules] == [(), ("@SC-ERP-FULL",), ()]
    assert often.own_tags == ("@first", "@own", "@some")
    assert often.tags == ("@SC-ERP", "@draft", "@SC-ERP-FULL", "@first", "@own", "@some")


def test_rules_of_one_name_have_an_address_each_and_the_same_one_every_time(tmp_path: Path) -> None:
    here = context(tmp_path)
    first, second = (next(iter(feature_views(here))) for _ in range(2))
    anchors = [rule.anchor for rule in first.rules]

    assert anchors == [rule.anchor for rule in second.rules]
    assert anchors[0] == ""
    assert len({*anchors}) == 3
    ids = Page(page(tmp_path)).ids[1:]
    assert len(ids) == len({*ids})


def test_what_failed_is_named_at_the_top_and_leads_there(tmp_path: Path) -> None:
    results = {("Often", "2"): {"status": "broken", "step": 2, "message": "no"}}
    often = feature(tmp_path, results=results).failed[0]

    assert f"Failed: <a href=#{often.anchor}>Often</a></p>" in page(tmp_path, results=results)
    assert "class=failed>✗</b> Failed:" not in page(tmp_path)


def test_of_many_failures_the_first_are_named(tmp_path: Path) -> None:
    body = "".join(f"\n  Scenario: Number {number}\n    Then it is so\n" for number in range(20))
    results = {(f"Number {number}",): {"status": "broken", "step": 0, "message": "no"} for number in range(20)}

    assert "Number 11</a>, and 8 more</p>" in page(tmp_path, text=f"Feature: Many\n{body}", results=results)


def test_the_list_counts_scenarios_and_examples(tmp_path: Path) -> None:
    text = Page(site_files(context(tmp_path))["features.html"].decode()).text

    assert "3 scenarios in 1 file, 4 examples if each row of a table is counted." in text


def test_a_file_that_cannot_be_read_has_a_page_all_the_same(tmp_path: Path) -> None:
    lines = record({PATH: TEXT})
    lines = [line for line in lines if line["type"] != "scenario"]
    for line in lines:
        if line["type"] == "feature":
            line["document"] = None
    lines[0] |= {"written": 0, "expected": 0}
    view = next(iter(feature_views(context_of(read_record(write(count(lines), tmp_path))))))

    assert (view.name, view.rules, view.filter) == (PATH, (), None)


# What a list can be narrowed to


def scenarios(tmp_path: Path, tags: list[str], results: Any = None) -> Any:
    body = "".join(f"\n  {tag}\n  Scenario: Number {number}\n    Then it is so\n" for number, tag in enumerate(tags))
    return context(tmp_path, f"Feature: Many\n{body}", results).scenarios


def test_a_short_list_has_no_filter(tmp_path: Path) -> None:
    assert filter_of(scenarios(tmp_path, ["@a"] * (LONG - 1)), RULEBOOK) is None
    assert filter_of(scenarios(tmp_path, ["@a"] * LONG), RULEBOOK) is not None


def test_the_headings_of_the_filter_divide_the_scenarios(tmp_path: Path) -> None:
    tags = ["@SC-ERP-FULL-1a", "@SC-ERP-FULL", "@SC-ERP-PART-2", "@SC-RMS-FULL-1", "@GAP-02", "@SC-ERPX"]
    heading_filter = filter_of(scenarios(tmp_path, tags), RULEBOOK)

    assert heading_filter is not None
    assert [(heading.id, heading.count) for heading in heading_filter.headings] == [
        ("SC", 5),
        ("SC-ERP", 3),
        ("SC-ERP-FULL", 2),
        ("SC-ERP-PART", 1),
        ("SC-RMS", 1),
        ("SC-RMS-FULL", 1),
    ]
    assert heading_filter.headings[2].title == "Cancelled by the seller, e-invoice by the client's ERP, the whole order"


def test_a_heading_that_all_of_them_belong_to_is_no_choice(tmp_path: Path) -> None:
    heading_filter = filter_of(scenarios(tmp_path, ["@SC-ERP-FULL-1a"] * LONG), RULEBOOK)

    assert heading_filter is not None
    assert heading_filter.headings == ()


def test_an_outline_counts_as_one_scenario_with_its_worst_result(tmp_path: Path) -> None:
    results = {("Number 1",): {"status": "broken", "step": 0, "message": "no"}}
    heading_filter = filter_of(scenarios(tmp_path, ["@a"] * LONG, results), None)

    assert heading_filter is not None
    assert heading_filter.results == ((Status.FAILED, 1), (Status.PASSED, LONG - 1))
    assert heading_filter.headings == ()


def test_an_id_belongs_to_the_headings_above_it_and_to_no_other() -> None:
    assert belongs(["@SC-ERP-FULL-1a"], "SC-ERP")
    assert belongs(["@SC-ERP"], "SC-ERP")
    assert not belongs(["@SC-ERP"], "SC-ERP-FULL")
    assert not belongs(["@SC-ERPS-1", "@XSC-ERP-1"], "SC-ERP")
