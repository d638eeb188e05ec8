"""From simulation to specification: what is written lints clean and passes, says what the log says, and breaks when either side changes."""

import errno
import re
from dataclasses import replace
from pathlib import Path

import pytest

from orders.log.columns import Event
from orders.log.order_histories import histories_of
from simulator.experiment.experiment import load
from simulator.study.simulate import simulate
from steps.generation.feature_writer import NothingToWriteError, write_feature
from steps.generation.scenario_writer import ScenarioText, ScenarioWriter
from tests.support.written_features import MIXED, findings, mixed, text_of, written_features, wrong


def test_whatever_can_happen_to_an_order_becomes_a_sound_feature():
    text = written_features()

    assert findings(text) == []
    assert wrong(text) == []
    for sentence in (
        "When the customer cancels the order",
        "Then an error stops the packing",
        "comes from GAP-17",
        "is answered by our reading of GAP-37",
        "reading of GAP-39",
        "fails on screen",
        "fails at packing",
        "is refused",
        "is without effect",
        "it is settled with Ajio by an offline claim",
        "the order has gone on until it was",
        "When the client downloads the report of orders cancelled after posting",
    ):
        assert sentence in text, sentence


def scenarios_of(text: str) -> list[tuple[str, list[str]]]:
    """The scenarios of the orders' Rules: their names, and their Whens and Thens without table rows."""
    orders = text.partition("Rule: The VMS report")[0].partition("Rule: The RSI report")[0]
    blocks = re.split(r"^    Scenario: ", orders, flags=re.MULTILINE)[1:]
    return [
        (block.splitlines()[0], re.findall(r"^      ((?:When|Then|And) .*)", block.partition("Rule: ")[0], re.MULTILINE))
        for block in blocks
    ]


def test_a_scenario_has_one_point_and_only_the_thens_that_its_event_changes():
    for name, steps in scenarios_of(written_features()):
        thens = steps[next(k for k, step in enumerate(steps) if step.startswith("Then ")) :]
        text = "\n".join(thens)
        assert len(thens) <= 5, name
        assert "its e-invoice is" not in text, name
        if "is refused" in text or "fails on screen" in text or "is without effect" in text:
            assert not re.search("the order is|left to fulfil|dut", text), name
        if "left to fulfil" in name and "the request is allowed" in text:
            assert "left to fulfil" in text, name
            assert "the order is" not in text, name


def test_each_situation_has_one_scenario_and_names_the_other_orders():
    _, lives = mixed()
    examples = [example for life in lives for example in ScenarioWriter(life).examples()]
    written = {name for name, _ in scenarios_of(written_features())}
    by_situation: dict[tuple[str, ...], list[ScenarioText]] = {}
    for example in examples:
        by_situation.setdefault(example.situation, []).append(example)

    assert len(written) == len(by_situation) < len(examples) / 2
    for alike in by_situation.values():
        (chosen,) = (example for example in alike if example.name in written)
        causes = {example.cause for example in alike if example.cause and example.order != chosen.order}
        block = written_features().partition(f"Scenario: {chosen.name}\n")[2].partition("When ")[0]
        listed = block.partition("Other orders in this situation: ")[2].split("\n")[0]
        others = {example.order for example in alike} - {chosen.order}
        assert bool(others) == bool(listed)
        if 0 < len(others) <= 4:
            assert all(f"order {number}" in listed for number in others)
            assert all(cause in listed for cause in causes), "causes are kept"
        assert len(chosen.cites) == max(len(example.cites) for example in alike)


def test_a_common_history_is_said_once_in_the_background_of_the_order():
    for rule in re.split(r"^  Rule: ", written_features(), flags=re.MULTILINE)[1:]:
        count = rule.count("    Scenario: ")
        if rule.startswith("Order ") and count > 1:
            assert rule.count("Background:") == 1
            assert rule.count("Given an order of") == 1
        else:
            assert "Background:" not in rule


def test_every_order_of_a_week_can_be_written_as_a_feature():
    experiment = load("partial_cancels", (*MIXED, "ajio.orders_per_day=60"))
    lives = list(histories_of(simulate(experiment)))

    assert len(lives) > 90
    assert wrong(text_of(lives, experiment)) == []


def test_the_page_says_where_it_comes_from():
    experiment, lives = mixed()
    head = written_features().partition("Rule:")[0]

    assert head.startswith(f"@simulation\nFeature: 40 simulated orders of the experiment {experiment.name}\n")
    assert experiment.description in head
    assert f"seed {experiment.run.seed}" in head
    assert experiment.sha256 in head
    assert ", ".join(str(life.number) for life in lives) in head


def test_each_scenario_of_an_order_carries_the_clauses_and_gaps_that_it_cites():
    orders = re.split(r"^.*\n  Rule: The VMS report", written_features(), flags=re.MULTILINE)[0]
    blocks = re.split(r"^    (?=@|Scenario:)", orders.replace("\n    Scenario:", " Scenario:"), flags=re.MULTILINE)
    scenarios = [block for block in blocks if "Scenario:" in block]
    cited = [re.findall(r"(?:[AS]C|GAP)-[\w.-]*\w", block.partition("Scenario:")[2].partition("Rule:")[0]) for block in scenarios]

    assert len(scenarios) > 20
    assert any(cited)
    assert [set(re.findall(r"@(\S+)", block.partition("Scenario:")[0])) for block in scenarios] == [set(ids) for ids in cited]


def test_names_are_of_their_own_and_speak_of_their_order():
    names = re.findall(r"Scenario: (.*)", written_features())

    assert len(set(names)) == len(names)
    assert all(re.search(r"order \d|orders \d|Order \d|The report of", name) for name in names)


def test_times_are_those_of_the_log():
    """On a clock in India, from a Monday on."""
    _, lives = mixed()
    life = next(life for life in lives if any(row.event == Event.PACKING_ERROR for row in life.rows))
    at = life.rows[0].time_ms // 60_000
    day = ("Mon 5 Jan", "Tue 6 Jan")[at // 1440]

    assert f"    {day} {at % 1440 // 60:02}:{at % 60:02}, the customer orders {life.units} units\n" in written_features()


def test_the_same_orders_give_the_same_bytes(tmp_path):
    experiment, lives = mixed()

    one, other = (write_feature(lives[:5], experiment, tmp_path / name / "a.feature").read_bytes() for name in ("one", "other"))

    assert one == other


def test_without_orders_it_is_an_error_and_nothing_is_written(tmp_path):
    experiment, lives = mixed()
    unborn = replace(lives[0], rows=lives[0].rows[:1])

    for none in ([], [unborn]):
        with pytest.raises(NothingToWriteError, match="no order to write a scenario about; increase"):
            write_feature(none, experiment, tmp_path / "a.feature")

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "description",
    [
        "Scenario: x\nGiven nothing\n",
        "@GAP-99",
        "Rule: a | b",
        '"""',
        "# language: fr\n",
        "a\u200bb\u2028c",
        "word " * 1000,
        "Given an order",
    ],
)
def test_what_an_experiment_says_of_itself_stays_prose(description):
    experiment, lives = mixed()
    strange = replace(experiment, name=f"x {description[:12]}", description=description)

    text = text_of(lives[:2], strange)

    assert findings(text) == []
    assert wrong(text) == []
    assert text.count("Scenario:") - text.partition("Rule: Order")[0].count("Scenario:") == text_of(lives[:2], experiment).count(
        "Scenario:"
    )


def test_a_file_that_cannot_be_written_leaves_the_old_one(tmp_path, monkeypatch):
    experiment, lives = mixed()
    file = tmp_path / "a.feature"
    file.write_text("old")
    monkeypatch.setattr(Path, "write_bytes", lambda *_: (_ for _ in ()).throw(OSError(errno.ENOSPC, "no space left")))

    with pytest.raises(OSError, match="no space left"):
        write_feature(lives[:2], experiment, file)

    assert [(entry.name, entry.read_text()) for entry in tmp_path.iterdir()] == [("a.feature", "old")]
