"""`sop simulate --find`, `--until` and `--sensitivity`: what is printed and written, and one error for bad input."""

import json
import re
import shlex
from pathlib import Path

import pytest

from simulator.study_data import read_study
from sop_cli.main import main

TINY = ("--set", "run.days=2", "--set", "run.warm_up_days=0", "--set", "ajio.orders_per_day=60")
GUIDE = (Path(__file__).parents[2] / "docs" / "experiments.md").read_text(encoding="utf-8")
OUT = Path("build", "simulations", "ordinary_week_erp")


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def simulate(*arguments):
    return main(["simulate", "ordinary_week_erp", *TINY, *arguments])


def test_a_search_prints_its_answer_first_and_lands_in_the_folder_of_the_study(capsys):
    assert simulate("--find", "wms.packers", "--so-that", "SLA breached < 60 %", "--among", "2..4") == 0
    lines = capsys.readouterr().out.splitlines()

    assert lines[lines.index("") + 1].startswith("The least value that meets SLA breached < 60 %: 2 packers (95 % confidence). SLA")
    assert "(95 % confidence)" in "\n".join(lines)
    assert any(line.startswith("Cost: ") and "rupees a day" in line for line in lines)
    assert any("a grid of all 3 values with 24 replications each" in line for line in lines)
    study = read_study(OUT / "study.json")
    assert (study.search.answer, study.search.goal) == (2, "SLA breached < 60 %")
    page = (OUT / "report.html").read_text(encoding="utf-8")
    assert "The least value that meets SLA breached &lt; 60 %: <strong>2 packers</strong>" in page
    assert "Values that were simulated" in page
    assert len(list((OUT / "parts").iterdir())) == study.search.replications


def test_the_command_on_the_page_repeats_the_search(capsys):
    search = ("--find", "wms.packers", "--so-that", "SLA breached < 60 % and cost least", "--among", "2..4", "-r", "6", "-s", "3")
    assert simulate(*search) == 0
    first = (OUT / "study.json").read_bytes()
    page = (OUT / "report.html").read_text(encoding="utf-8")
    command = re.search(r"<pre[^>]*>(sop simulate [^<]*)</pre>", page)[1].replace("&lt;", "<").replace("&#39;", "'").replace("&#34;", '"')
    capsys.readouterr()

    assert main([*shlex.split(command)[1:], "--out", "again"]) == 0
    assert Path("again", "study.json").read_bytes() == first
    assert "This needs the experiment" not in page


@pytest.mark.parametrize(
    ("goal", "among", "packers"),
    [("SLA breached < 0.001 %", "2..3", 3), ("time to dispatch < 30", "1..3", 2), ("SLA breached < 0.001 %", "first-come", None)],
    ids=["no answer", "after a value whose queue grows", "words"],
)
def test_the_day_on_the_page_is_of_the_value_that_the_page_names(goal, among, packers, capsys):
    """With one packer the queue grows; with two it is the answer or the only other value."""
    key, among = ("wms.packers", among) if packers else ("wms.work_order", "first-come, earliest-due")
    days = ("--set", "run.days=5", "--set", "ajio.orders_per_day=300", "--set", "wms.pack_seconds_median=200")
    if not packers:
        days += ("--set", "wms.packers=1")
    assert main(["simulate", "ordinary_week_erp", *days, "--find", key, "--so-that", goal, "--among", among, "-r", "3"]) == 0
    capsys.readouterr()
    study = read_study(OUT / "study.json")
    page = (OUT / "report.html").read_text(encoding="utf-8")
    (words,) = re.findall(r"The measured day of the first replication with (.+?) on which most orders wait", page)

    assert study.search.displayed_value == (packers or "earliest-due")
    assert words == (f"{packers} packers" if packers else "work order earliest-due")
    assert (study.search.answer is None) == (goal != "time to dispatch < 30")


@pytest.mark.parametrize("command", re.findall(r"```console\n(sop simulate [^\n]*--(?:find|until|sensitivity)[^\n]*)\n```", GUIDE))
def test_the_examples_of_the_guide_run(command, monkeypatch):
    monkeypatch.setattr("simulator.search.sensitivity.PLAUSIBLE", {"wms.checkers": (1, 3)})
    small = ("--set", "run.days=6", "--set", "ajio.orders_per_day=40")

    assert main([*shlex.split(command)[1:], *small, "-r", "3", "--no-report"]) == 0


def test_the_guide_has_an_example_of_each_kind():
    assert all(
        f"```console\nsop simulate {name}" in GUIDE
        for name in ("sale_days --set wms.pickers=12 --find", "ordinary_week_erp --until", "ordinary_week_erp --sens")
    )


def test_json_and_the_text_have_the_same_answer(capsys):
    assert simulate("--find", "wms.packers", "--so-that", "cost least", "--among", "1..3", "--json", "--no-report") == 0

    search = json.loads(capsys.readouterr().out)["search"]
    assert search["answer"] == 1
    assert {trial["verdict"] for trial in search["trials"]} == {"met", "worse"}


def test_until_prints_what_is_reached(capsys):
    assert simulate("--until", "time to dispatch ± 9", "--until", "cost ± 90 %", "--no-report") == 0
    out = capsys.readouterr().out

    assert "Time to dispatch ± 9 hours is reached after 5 replications (± " in out
    assert re.search(r"Cost ± 90 % is reached after 5 replications \(± [\d.]+ %\)", out)


def test_until_says_when_the_limit_is_not_enough(capsys):
    assert simulate("--until", "time to dispatch ± 0.0001", "-r", "3", "--no-report") == 0

    assert "is not reached after 3 replications, the most that may be run" in " ".join(capsys.readouterr().out.split())


def test_the_sensitivity_is_a_tornado_in_text_and_on_the_page(capsys, monkeypatch):
    few = {"wms.courier_minutes_after": (15.0, 90.0), "wms.checkers": (1, 3)}
    monkeypatch.setattr("simulator.search.sensitivity.PLAUSIBLE", few)
    assert simulate("--sensitivity", "-r", "3") == 0
    out = capsys.readouterr().out

    assert "of 2 assumptions" in out
    assert re.search(r"^  wms.courier_minutes_after 30 → 15: \N{MINUS SIGN}[\d.]+; 90: \+[\d.]+\n +◂+│\n +│▸+$", out, re.MULTILINE)
    page = (OUT / "report.html").read_text(encoding="utf-8")
    assert "Which assumptions matter?" in page
    assert 'class="picture tornado"' in page


def test_the_cost_and_its_assumed_prices_are_in_the_headline(capsys):
    assert simulate("-r", "3") == 0
    out, page = capsys.readouterr().out, (OUT / "report.html").read_text(encoding="utf-8")

    assert re.search(r"^Cost: [\d,]+ ± [\d,]+ rupees a day \(3 of 8 prices are assumed\)\.$", out, re.MULTILINE)
    assert "rupees a day</strong> (3 of 8 prices are assumed)" in page


def test_a_price_of_the_experiment_changes_the_cost_and_not_the_events(capsys):
    assert simulate("-r", "1", "--no-report", "--json") == 0
    plain = json.loads(capsys.readouterr().out)
    assert simulate("-r", "1", "--no-report", "--json", "--set", "prices.packer_rupees_an_hour=198") == 0
    dearer = json.loads(capsys.readouterr().out)
    digests, costs = ([side["variants"][0]["replications"][0] for side in (plain, dearer)] for _ in range(2))

    assert digests[0]["digest"] == digests[1]["digest"]
    assert costs[1]["measures"]["cost, rupees a day"] - costs[0]["measures"]["cost, rupees a day"] == pytest.approx(7 * 16 * 100)


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--find", "wms.packers"], "--find `wms.packers`: expected also a goal: --so-that"),
        (["--so-that", "cost least"], "--so-that `cost least`: needs the setting to search: --find wms.packers"),
        (["--among", "1..3"], "--among `1..3`: needs the setting to search"),
        (["--find", "wms.packer", "--so-that", "cost least"], "there is no such setting; did you mean `wms.packers`?"),
        (["--find", "wms.packers", "--so-that", "SLA breachd < 1 %"], "did you mean `SLA breached`?"),
        (["--find", "wms.packers", "--so-that", "cost least", "--until", "cost ± 1"], "--until: cannot be used together with --find"),
        (["--until", "cost ± 1", "--sensitivity"], "--sensitivity: cannot be used together with --until"),
        (["--find", "wms.packers", "--so-that", "cost least", "-r", "2"], "expected 3 or more"),
        (["--until", "cost ± 1", "-r", "1"], "expected 2 or more"),
        (["--until", "cost ± none"], "--until `cost ± none`: expected a number of rupees a day, got `none`"),
        (["--set", "prices.packer_rupees_an_hour=-1"], "`prices.packer_rupees_an_hour`: must be a number from 0.0 to 1,000,000.0, got -1"),
        (["--set", "prices.packer_rupees=1"], "`prices.packer_rupees`: unknown; did you mean `packer_rupees_an_hour`?"),
    ],
)
def test_bad_input_is_one_error_and_nothing_is_run(arguments, reason, capsys, tmp_path):
    assert simulate(*arguments) == 2
    streams = capsys.readouterr()

    assert streams.err.startswith("error: ")
    assert reason in streams.err
    assert streams.err.count("\n") == 1
    assert not streams.out
    assert not list(tmp_path.iterdir())
