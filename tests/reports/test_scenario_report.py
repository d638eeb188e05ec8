"""The scenario report as a page: what it says of real weeks, and that no text in it becomes markup."""

import json
import re
from base64 import b64encode
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from orders.log.columns import EventRow
from orders.log.order_histories import OrderHistory, select_diverse
from orders.log.timestamps import START_MS
from reports.html.errors import ReportError
from reports.scenario.content import ScenarioReport, report_of
from reports.scenario.day_replay import replayed_variant
from reports.scenario.order_story import order_story, weekday_and_time
from reports.scenario.report import write_report
from reports.scenario.reproduction import reproduction_of
from simulator.analysis.day_replay import DayReplay, replay_busiest_day
from simulator.experiment.experiment import Experiment, load
from simulator.study.simulate import simulate
from simulator.study.study import run_study
from simulator.study_data import Study, to_json
from sop_engine import Invoicing, load_rulebook
from tests.support.study_samples import hashed, queue, setting, stability, study, typed

SMALL = ["ajio.orders_per_day=80", "run.days=2", "run.replications=2"]
HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)></style></svg>{{ 7*7 }}&amp;\x00\x1b"
RULEBOOK = load_rulebook()


def experiment(name: str) -> Experiment:
    return load(name, SMALL)


@pytest.fixture(scope="module")
def paired() -> Study:
    return run_study(experiment("erp_against_rms"))


@pytest.fixture(scope="module")
def lives() -> tuple[OrderHistory, ...]:
    return select_diverse(simulate(load("partial_cancels", ["ajio.orders_per_day=150", "run.days=2"]), 0), 4)


@pytest.fixture(scope="module")
def replay() -> DayReplay:
    small = experiment("erp_against_rms").variants[0][1]
    return replay_busiest_day([simulate(small, 0)], small)


def page(study_shown: Study, lives: tuple[OrderHistory, ...] = (), replay: DayReplay | None = None) -> ScenarioReport:
    return report_of(study_shown, lives, RULEBOOK, replay)


class Reader(HTMLParser):
    """Every tag with its attributes, and the text without tags."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_page_is_complete_in_itself_and_nothing_may_run(paired: Study, lives: tuple[OrderHistory, ...], tmp_path: Path) -> None:
    html = write_report(paired, lives, tmp_path).read_text(encoding="utf-8")
    style = re.search(r"<style>(.*?)</style>", html, re.DOTALL)
    reader = Reader(html)

    assert style is not None
    assert f"'sha256-{b64encode(sha256(style[1].encode()).digest()).decode()}'" in html
    assert "default-src 'none'" in html
    assert {"script", "img", "link", "iframe", "object"} & {tag for tag, _ in reader.tags} == set()
    assert [attrs for _, attrs in reader.tags if "style" in attrs or any(name.startswith("on") for name in attrs)] == []
    assert all((attrs.get("href") or "#").startswith("#") for _, attrs in reader.tags)


def test_the_contents_lead_to_every_section(paired: Study, lives: tuple[OrderHistory, ...], replay: DayReplay, tmp_path: Path) -> None:
    for number, (study_shown, given) in enumerate([(paired, replay), (typed(study("sweep", {"orders": [(1, 1)] * 4})), None)]):
        reader = Reader(write_report(study_shown, lives, tmp_path / str(number), given).read_text(encoding="utf-8"))
        ids = [attrs["id"] for tag, attrs in reader.tags if "id" in attrs]
        targets = [(attrs.get("href") or "").removeprefix("#") for tag, attrs in reader.tags if tag == "a"]
        sections = [attrs.get("id") for tag, attrs in reader.tags if tag == "section"]

        assert len(set(ids)) == len(ids)
        assert set(targets) <= set(ids)
        assert set(sections) <= set(targets)


def test_the_contents_name_every_section_of_the_template() -> None:
    template = (Path(__file__).parents[2] / "reports" / "templates" / "scenario_report.html.j2").read_text(encoding="utf-8")
    listed = re.findall(r'^  \(.*?, "([a-z]+)", ', template, re.MULTILINE)
    placed = re.findall(r'<(?:section|h3)[^>]* id="([a-z]+)"', template)

    assert listed == placed, "in the order of the page"


def test_the_replay_has_an_hour_chosen_and_every_hour_as_a_table(
    paired: Study, lives: tuple[OrderHistory, ...], replay: DayReplay, tmp_path: Path
) -> None:
    result = page(paired, lives, replay).replay
    reader = Reader(write_report(paired, lives, tmp_path, replay).read_text(encoding="utf-8"))
    buttons = [attrs for tag, attrs in reader.tags if tag == "input"]

    assert result is not None
    assert [attrs["type"] for attrs in buttons] == ["radio"] * 24
    assert [attrs["name"] for attrs in buttons] == ["hour"] * 24, "arrow keys move from one hour to the next"
    assert sum("checked" in attrs for attrs in buttons) == 1
    assert len(result.table.rows) == 24
    columns = dict(
        zip(result.table.heads, zip(*([cell.text for cell in row.cells] for row in result.table.rows), strict=True), strict=True)
    )
    assert columns["placed"] == tuple(f"{count:,}" for count in replay.counts["placed"])
    assert columns["at work: packers"] == tuple(map(str, replay.at_work["packers"]))
    assert {label for tag, attrs in reader.tags if tag == "label" and (label := attrs["for"])} == {attrs["id"] for attrs in buttons}


def test_a_sweep_replays_the_variant_whose_queue_grows_most() -> None:
    plain = json.loads(json.dumps(study("sweep", {"orders": [(1, 1)] * 4})))
    for variant, end in zip(plain["variants"], (1, 5, 900, 700), strict=True):
        grows = queue("packers", "growing" if end > 5 else "steady", 1.1, 0, end)
        variant["stability"] = stability(grows, queue("credit-note clerks", "growing", 9, 0, 5000))

    assert replayed_variant(typed(plain)) == 2
    assert replayed_variant(typed(study("paired", {"orders": [(1, 1)] * 2}))) == 0


def test_every_picture_is_a_picture_with_a_name(paired: Study, lives: tuple[OrderHistory, ...], tmp_path: Path) -> None:
    html = write_report(paired, lives, tmp_path).read_text(encoding="utf-8")
    pictures = re.findall(r"<svg xmlns(?:(?!<svg xmlns).)*</svg>", html, re.DOTALL)

    assert len(pictures) == html.count("<svg xmlns") > 10
    for picture in pictures:
        root = ET.fromstring(picture)  # noqa: S314 - our own
        assert root[0].tag.endswith("title")
        assert root[0].text


def test_the_same_study_gives_the_same_bytes(paired: Study, lives: tuple[OrderHistory, ...], tmp_path: Path) -> None:
    first = write_report(paired, lives, tmp_path / "a").read_bytes()
    second = write_report(typed(json.loads(to_json(paired))), lives, tmp_path / "b").read_bytes()

    assert first == second
    assert [file.name for file in (tmp_path / "a").iterdir()] == ["report.html"]


def test_every_measure_of_every_variant_is_on_the_page(paired: Study) -> None:
    result = page(paired)
    rows = [row for table in result.measures for row in table.rows]
    names = {name for variant in paired.variants for name in variant.estimates}

    assert len(rows) == len(names)
    assert all(len(row.cells) == 3 for row in rows)
    assert {given.key for given in result.settings} == {setting.key for setting in paired.settings}


def test_a_report_can_be_written_of_every_experiment_that_is_shipped(tmp_path: Path) -> None:
    for name in ("ordinary_week_rms", "returns_rsi"):
        single = run_study(load(name, ["ajio.orders_per_day=20", "run.days=2", "run.replications=1"]))
        assert "single replication" in page(single).plus_minus
        write_report(single, (), tmp_path / name)


HOSTILE_STUDIES = {
    kind: study(kind, {"credit notes due": [(41, 3), (0, 0), (1, 1), (9, 1)], f"new{HOSTILE}, hours": [(1, 1)] * 4})
    for kind in ("single", "paired", "sweep")
}


def hostile(kind: str) -> Study:
    """A study with markup in every text there is."""
    plain = json.loads(json.dumps(HOSTILE_STUDIES[kind]))
    plain |= {"name": HOSTILE, "description": HOSTILE}
    for variant in plain["variants"]:
        variant["name"] += HOSTILE
        variant["says"] = HOSTILE
        for of in filter(None, (variant["estimates"], variant["against_base"])):
            of[f"cancellations: {HOSTILE} / full / {HOSTILE}"] = of["credit notes due"]
            of[f"cancellations at: ERP / {HOSTILE} / allowed"] = of["credit notes due"]
            of[HOSTILE] = of["credit notes due"]
    plain["settings"].append(setting(HOSTILE, HOSTILE, HOSTILE))
    plain["checks"].append(
        {
            "name": HOSTILE,
            "says": HOSTILE,
            "held": 0,
            "of": 1,
            "failed": [{"variant": plain["variants"][0]["name"], "number": 1, "expected": HOSTILE, "found": HOSTILE}],
        }
    )
    if plain["sweep"]:
        plain["sweep"] |= {"says": HOSTILE, "key": HOSTILE, "values": [HOSTILE] * 4}
        for variant in plain["variants"]:
            variant["changes"] = {HOSTILE: HOSTILE}
    return typed(hashed(plain))


@pytest.mark.parametrize("kind", ["single", "paired", "sweep"])
def test_text_never_becomes_markup(kind: str, lives: tuple[OrderHistory, ...], tmp_path: Path) -> None:
    life = lives[0]
    rows = tuple(
        row._replace(reason=HOSTILE, because=HOSTILE, **({} if k else {"event": HOSTILE, "system": HOSTILE}))
        for k, row in enumerate(life.rows)
    )
    html = write_report(hostile(kind), [OrderHistory(1, life.invoicing, 2, rows)], tmp_path).read_text(encoding="utf-8")
    reader = Reader(html)

    assert {"script", "img"} & {tag for tag, _ in reader.tags} == set()
    assert [attrs for _, attrs in reader.tags if "onerror" in attrs] == []
    assert "alert(1)" in reader.text
    assert "{{ 7*7 }}" in reader.text
    assert re.search("[\x00-\x08\x0b\x0c\x0e-\x1f]", html) is None
    assert html.count("</style>") == 1


def test_broken_checks_are_said_first(tmp_path: Path) -> None:
    plain = study("single", {"orders": [(10, 1)]})
    plain["checks"].append({"name": "x", "says": "Nothing is lost.", "held": 3, "of": 5, "failed": []})
    text = Reader(write_report(typed(plain), (), tmp_path).read_text(encoding="utf-8")).text

    assert "Do not rely on this report" in text
    assert text.index("Do not rely") < text.index("Results")
    assert "passed in 3 of 5" in text


def test_a_study_that_was_not_checked_says_so(tmp_path: Path) -> None:
    plain = study("single", {"orders": [(10, 1)]}) | {"checks": []}

    assert "were not checked" in write_report(typed(plain), (), tmp_path).read_text(encoding="utf-8")


def test_a_study_without_any_measure_is_a_page_all_the_same(tmp_path: Path) -> None:
    for kind in ("single", "paired", "sweep"):
        write_report(typed(study(kind, {})), (), tmp_path / kind)


def test_nothing_is_left_where_the_page_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "report.html").mkdir()

    with pytest.raises(ReportError, match=r"report\.html: the report cannot be written: .*; free the disk"):
        write_report(typed(study("single", {"orders": [(1, 1)]})), (), tmp_path)

    assert [file.name for file in tmp_path.iterdir()] == ["report.html"]


def test_a_difference_says_beside_it_whether_it_could_be_chance() -> None:
    same = {"packing errors": [(1, 0), (1, 0)], "credit notes due": [(41, 3), (0, 0)]}
    result = page(typed(study("paired", same | {"dispatched a day": [(5, 1), (9, 1)]}, spread=1)))
    doubtful = page(typed(study("paired", {"credit notes due": [(41, 3), (40, 3)]}, spread=1)))

    verdicts = {row.title: row.cells[-1].verdict for table in result.measures for row in table.rows}
    assert verdicts == {"Orders dispatched a day": "more", "Packing errors": "same", "Credit notes the client had to make": "less"}
    assert doubtful.compared is not None
    assert [cell.verdict for cell in doubtful.compared.rows[0].cells] == ["", "", "chance"]


# How to make it again


def test_the_command_comes_to_the_same_settings(paired: Study) -> None:
    reproduction = reproduction_of(paired)

    assert reproduction.exact
    assert reproduction.command == ("sop simulate erp_against_rms --replications 2 --seed 1 --set run.days=2 --set ajio.orders_per_day=80")


def test_a_sweep_of_another_key_is_asked_for_in_the_command() -> None:
    made = load("ordinary_week_erp", [*SMALL, "sweep.key=wms.pickers", "sweep.values=[1, 2]"])
    reproduction = reproduction_of(run_study(made))

    assert reproduction.exact
    assert "'sweep.values=[1, 2]'" in reproduction.command


def test_an_experiment_of_the_readers_own_needs_their_file() -> None:
    reproduction = reproduction_of(typed(study("single", {"orders": [(1, 1)]})))

    assert not reproduction.exact
    assert reproduction.command == "sop simulate a_sample.toml --replications 5 --seed 1"


def test_a_setting_that_differs_from_its_default_is_shown_as_changed(paired: Study) -> None:
    changed = {given.key: (given.value, given.changed) for given in page(paired).settings if given.changed}

    assert changed["ajio.orders_per_day"] == ("80", "2000")
    assert "wms.packers" not in changed


# Orders


def test_every_event_of_an_order_is_shown_in_its_lane_with_what_decided(lives: tuple[OrderHistory, ...]) -> None:
    for life in lives:
        story = order_story(life, RULEBOOK)
        assert len(story.events) == len(life.rows)
        assert [story.lanes[event.lane] for event in story.events] == [row.system for row in life.rows]
        for story_event, row in zip(story.events, life.rows, strict=True):
            assert story_event.ids == row.ids
            assert not re.search(r"(SC|AC|RT|GAP)-", story_event.detail)
        assert {story_event.id for story_event in story.because} == {identifier for event in story.events for identifier in event.ids}


def test_what_decided_is_said_in_our_words_and_a_gap_with_what_we_assume() -> None:
    case = ("Ajio", "partial", "ERP", "FULFILLABLE", "not posted")
    ids = "AC-ERP-PART-1c GAP-12 SC-NO-SUCH-1"
    row = EventRow(
        49_118_782, 7, "cancellation", "Ajio", "Ajio", *case, "fails at packing", 2, "Ajio by hand", ids, at=START_MS + 49_118_782
    )
    story = order_story(OrderHistory(7, Invoicing.ERP, 5, (row,)), RULEBOOK)

    assert story.title == "Order 7: 5 units, e-invoiced by the client's ERP"
    assert story.summary.startswith("Ajio asked to cancel 2 units (FULFILLABLE, not yet posted to the ERP): fails at packing")
    assert [(reason.id, reason.gap, reason.steps) for reason in story.because] == [("AC-ERP-PART-1c", False, (1,)), ("GAP-12", True, (1,))]
    assert "We assume" in story.because[1].text
    assert story.events[0].detail == "Ajio by hand: SC-NO-SUCH-1"


@pytest.mark.parametrize(
    ("reason", "because", "cause"),
    [
        ("missing units", "GAP-40", " because units are missing at packing (GAP-40)"),
        ("no stock", "", " because no stock arrives"),
        ("SLA breach", "", " because the SLA is breached"),
        ("technical issue", "", " because of a technical issue"),
        ("step two after the packing error", "", " after the packing error"),
        ("seller", "", ""),
    ],
)
def test_the_cause_of_a_request_is_part_of_its_sentence(reason: str, because: str, cause: str) -> None:
    case = ("seller", "full", "RMS", "PROCESSING", "not posted")
    row = EventRow(0, 7, "cancellation", "Assure OMS", "seller", *case, "allowed", 1, reason, because, at=START_MS)
    story = order_story(OrderHistory(7, Invoicing.RMS, 1, (row,)), RULEBOOK)

    assert story.summary.startswith(f"The seller asked to cancel the whole order{cause} (PROCESSING): allowed")
    assert story.events[0].sentence == f"The seller asks to cancel the whole order{cause} (PROCESSING): allowed"
    assert story.events[0].detail == ("" if cause else reason)


@pytest.mark.parametrize(
    ("hours", "expected"), [(0, "Mon 00:00"), (25.5, "Tue 01:30"), (24 * 7, "Mon wk 2 00:00"), (24 * 20 + 13.25, "Sun wk 3 13:15")]
)
def test_a_moment_is_a_weekday_and_a_time(hours: float, expected: str) -> None:
    assert weekday_and_time(START_MS + int(hours * 3_600_000)) == expected


def test_an_order_without_events_is_shown_too() -> None:
    assert order_story(OrderHistory(1, Invoicing.RMS, 1, ()), RULEBOOK).summary == "Nothing happened."
