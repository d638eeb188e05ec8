"""How many gaps decide, stand beside an answer or have no cases: every page that says so says what the register says."""

import csv
import io
import re
from collections import Counter

import pytest

from reports.document.gaps import Role, reach_of, role_of, roles_in_words
from reports.site.builder import site_files
from reports.site.context import context_of
from sop_engine import load_rulebook
from sop_runs.record.reader import read_record
from sop_runs.record.schema import GapRecord
from tests.support.run_samples import record, write

REGISTER = load_rulebook().gaps
NUMBERS = Counter(
    "decides" if gap.decides and gap.cases else "beside" if gap.aspect == "note" and gap.cases else "around" for gap in REGISTER
)
COUNTS_OF_GAPS = f"{NUMBERS['decides']} affect answers, {NUMBERS['beside']} are shown beside an answer, {NUMBERS['around']} have no cases"


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The pages of a run with the project's own rulebook."""
    run = write(record(rulebook=load_rulebook().to_plain()), tmp_path_factory.mktemp("run"))
    return {name: data.decode() for name, data in site_files(context_of(read_record(run))).items() if not name.endswith(".js")}


def gap(**fields: object) -> GapRecord:
    defaults = {"id": "GAP-1", "title": "", "kind": "", "aspect": "verdict", "nearest": "", "readings": [], "chosen": "", "why": ""}
    return GapRecord(**{**defaults, "question": "", "cases": 2, **fields})  # type: ignore[arg-type]


def test_every_role_is_in_the_register() -> None:
    assert min(NUMBERS.values()) > 0
    assert len(NUMBERS) == len(Role)


@pytest.mark.parametrize("name", ["index.html", "open-questions.html", "traceability.html", "the-sop.html"])
def test_a_page_that_counts_gaps_says_how_many_decide_and_how_many_stand_beside(pages: dict[str, str], name: str) -> None:
    assert COUNTS_OF_GAPS in pages[name]


def test_the_questions_stand_under_what_they_do(pages: dict[str, str]) -> None:
    for anchor, part in re.findall(r"<section class=part id=(\w+)(.*?)</section>", pages["open-questions.html"], re.DOTALL):
        expected = {"deciding": "decides", "beside": "beside", "others": "around"}[anchor]
        ids = re.findall(r"<article [^>]*id=(GAP-\d+)", part)
        assert len(ids) == NUMBERS[expected]
        assert f"{len(ids)} questions" in part


def test_a_gap_shows_what_to_watch(pages: dict[str, str]) -> None:
    assert pages["open-questions.html"].count("Watch:</span>") == sum(bool(gap.watch) for gap in REGISTER)


def test_the_table_to_take_away_says_what_each_gap_does(pages: dict[str, str]) -> None:
    rows = list(csv.DictReader(io.StringIO(pages["questions.csv"].lstrip("\ufeff"))))

    assert Counter(row["effect"] for row in rows) == {role: NUMBERS[role.name.lower()] for role in Role}
    assert [row["watch"] for row in rows if row["id"] == "GAP-17"] != [""]


@pytest.mark.parametrize(
    ("fields", "role", "reach"),
    [
        ({}, Role.DECIDES, "2 cases"),
        ({"aspect": "actions", "cases": 1}, Role.DECIDES, "1 case"),
        ({"aspect": "actions", "rules_on": "return"}, Role.DECIDES, "2 returned units"),
        ({"aspect": "note"}, Role.BESIDE, "2 cases"),
        ({"aspect": "note", "cases": 0, "rules_on": "order"}, Role.AROUND, ""),
        ({"cases": 0}, Role.AROUND, ""),
        ({"aspect": "document", "cases": None}, Role.AROUND, ""),
    ],
)
def test_what_a_gap_does_is_read_from_its_aspect_and_its_cases(fields: dict[str, object], role: Role, reach: str) -> None:
    assert (role_of(gap(**fields)), reach_of(gap(**fields))) == (role, reach)


def test_one_gap_is_said_as_one() -> None:
    assert roles_in_words([Role.DECIDES]) == "1 affects answers"
