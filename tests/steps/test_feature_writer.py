"""From simulation to specification: what is written lints clean and passes, says what the log says, and breaks when either side changes."""

import errno
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from orders.log.columns import Event, EventRow
from orders.log.order_histories import OrderHistory, histories_of, select_diverse
from simulator.experiment.experiment import Experiment, load, shipped_experiments
from simulator.study.simulate import simulate
from sop_engine import Case, Decision, Invoicing, Outcome, Reading, load_rulebook, order
from sop_engine.case import case_from
from sop_engine.engine import decide
from steps.definitions.discovery import built_in_modules
from steps.definitions.registry import Registry
from steps.generation.feature_writer import NothingToWriteError, feature_text, headline, write_feature
from steps.generation.scenario_writer import ScenarioText, ScenarioWriter
from steps.language.document import source_of
from steps.language.formatter import formatted
from steps.lint.linter import known_tags_of, lint_text
from steps.run.executor import execute

SMALL = (
    "run.days=5",
    "ajio.orders_per_day=60",
    "oms.seller_cancellation_share=0.2",
    "ajio.technical_cancellation_share=0.1",
    "ajio.stale_status_share=0.5",
)
MIXED = (
    "run.days=2", "run.warm_up_days=0", "ajio.orders_per_day=250", "ajio.customer_cancellation_share=0.1",
    "oms.seller_cancellation_share=0.3", "oms.seller_delay_hours_mean=5", "erp.learns_of_cancellation_share=0.0",
    "erp.invoice_lag_minutes_median=90", "wms.missing_unit_share=0.05",
)  # fmt: skip


ID = re.compile(r"\b(?:(?:SC|AC|RT)-[A-Za-z0-9_.-]*\w|GAP-\d+)")


@cache
def registry() -> Registry:
    return Registry.from_modules(built_in_modules())


@cache
def mixed() -> tuple[Experiment, tuple[OrderHistory, ...]]:
    """A week in which everything happens, and its most telling orders."""
    experiment = load("partial_cancels", MIXED)
    return experiment, select_diverse(simulate(experiment), 40)


def text_of(lives: Sequence[OrderHistory], experiment: Experiment) -> str:
    return formatted(feature_text(lives, experiment).encode(), "x.feature").decode()


@cache
def written_features() -> str:
    experiment, lives = mixed()
    return text_of(lives, experiment)


def findings(text: str) -> list[str]:
    return [str(finding) for finding in lint_text(text.encode(), "x.feature", registry(), known_tags_of(load_rulebook()))]


def wrong(text: str) -> list[str]:
    """The scenarios of *text* that do not pass."""
    document = source_of(text.encode(), "x.feature")[0].document
    assert document is not None
    results = ((example.name, execute(example, registry(), {"reading": Reading.AS_PRACTISED}.__getitem__)) for example in document.examples)
    return [name for name, result in results if result.status != "passed"]


@pytest.mark.parametrize("name", shipped_experiments())
def test_orders_of_every_experiment_become_a_sound_feature(name):
    experiment = load(name, SMALL)
    text = text_of(select_diverse(simulate(experiment), 12), experiment)

    assert findings(text) == []
    assert wrong(text) == []
    assert 5 <= text.count("Rule: Order ") <= 12, "an order without a scenario of its own has no Rule"
    assert formatted(text.encode(), "x.feature") == text.encode()


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


@pytest.mark.parametrize("model", ["0", "1"])
def test_the_cause_of_a_cancellation_is_in_the_rule_the_scenario_and_its_tags(model):
    changes = (f"oms.invoicing_erp_share={model}", "wms.missing_unit_share=0.3", "oms.unfulfillable_share=0.2", "wms.packers=1")
    experiment = load("ordinary_week_erp", (*SMALL, *changes))
    log = simulate(experiment)
    lives = [life for life in histories_of(log) if any(row.reason == "missing units" for row in life.rows)][:4]
    lives += [life for life in histories_of(log) if any(row.reason == "no stock" for row in life.rows)][:1]
    text = text_of(lives, experiment)

    assert len(lives) == 5
    assert findings(text) == []
    assert wrong(text) == []
    assert re.search(r"Rule: Order \d+, .*because units are missing at packing \(GAP-40\)", text)
    assert re.search(r"@GAP-40.*\n +Scenario: The seller cancels .*because units are missing at packing \(GAP-40\)", text)
    assert re.search(r"Scenario: The seller cancels .* while it waits for stock because no stock arrives", text)


def test_of_scenarios_with_the_same_steps_the_one_with_a_cause_is_written():
    experiment = load("ordinary_week_erp")
    steps = (("created", "CREATED"), ("allocated", "FULFILLABLE"), ("posted", "FULFILLABLE"), ("e-invoice generated", "FULFILLABLE"))
    states = {"posted": "posted", "e-invoice generated": "generated", "e-invoice pushed": "pushed", "released": "pushed"}
    way = [*steps, ("e-invoice pushed", "FULFILLABLE"), ("released", "PROCESSING")]
    rows = [
        EventRow(k, 1, event, **OF_THE_ERP, stage=stage, e_invoice=states.get(event, "not posted"), units=2 * (not k), at=k)
        for k, (event, stage) in enumerate(way)
    ]
    facts = {"canceller": "seller", "scope": "full", "invoicing": "ERP", "stage": "PROCESSING", "e_invoice": "pushed"}
    answer = decide(case_from(facts))
    ids = " ".join(answer.clauses + answer.gaps)
    asked = ASKED._replace(stage="PROCESSING", outcome="allowed", units=2, reason="seller", because=ids, time_ms=9, at=9)
    missing = asked._replace(reason="missing units", because=f"GAP-40 {ids}")
    one, other = (
        OrderHistory(number, Invoicing.ERP, 2, tuple(row._replace(order=number) for row in (*rows, row)))
        for number, row in ((1, asked), (2, missing))
    )

    for lives in ([one, other], [other, one]):
        text = text_of(lives, experiment)
        assert "(GAP-40)" in text
        assert text.count("Scenario: The seller cancels") == 1


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


def test_every_single_order_of_a_week_can_be_told():
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


def test_nothing_to_tell_is_an_error_and_writes_nothing(tmp_path):
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


def alterations(text: str) -> Iterator[tuple[str, str]]:
    """*text* with one word of one Then made another, and what was done."""
    lines = text.splitlines()
    kind = "given"
    for number, line in enumerate(lines):
        keyword, _, step = line.strip().partition(" ")
        kind = keyword.lower() if keyword in ("Given", "When", "Then") else kind
        if kind == "when" or (keyword not in ("Then", "And") and not line.strip().startswith("|")):
            continue
        others = _others(step, kind) if keyword != "|" else _other_cells(line, kind)
        for old, new in others:
            altered = [*lines[:number], line.replace(old, new, 1), *lines[number + 1 :]]
            yield f"{number + 1}: {line.strip()}: {old} -> {new}", "\n".join(altered) + "\n"


def _others(step: str, kind: str) -> Iterator[tuple[str, str]]:
    if kind != "then" or not (matches := registry().match("then", step)):
        return
    for slot in matches[0].definition.sentence.parameters:
        chosen = max((choice for choice in slot.choices if choice in step), key=len, default="")
        yield from ((chosen, choice) for choice in slot.choices if chosen and choice != chosen)
    for number in re.findall(r"(\d+) unit", step):
        yield f"{number} unit", f"{int(number) + 1} unit"
    for identifier in ID.findall(step):
        yield identifier, "GAP-01" if identifier.startswith("GAP-") else "RT-RSI-9"


def _other_cells(line: str, kind: str) -> Iterator[tuple[str, str]]:
    if kind == "then":
        yield from ((cell, f"{cell}0") for cell in re.findall(r"\| (\d[^ |]*)", line))
        if "make a credit note" in line:
            yield "make a credit note by hand and keep it in the ERP", "share the credit note with Ajio"


def test_one_word_altered_in_what_is_claimed_is_noticed():
    """By the lint or by the run: outcomes, stages, e-invoices, units, clauses, gaps, duties, rows of reports."""
    experiment, lives = mixed()
    original = text_of(lives[:6], experiment)
    every = list(alterations(original))
    rng = random.Random(3)  # noqa: S311

    unseen = [what for what, text in rng.sample(every, 40) if not findings(text) and not wrong(text)]

    assert len(every) > 100
    assert unseen == []


@pytest.mark.parametrize(
    ("broken", "share"),
    [
        (lambda decision: replace(decision, clauses=decision.clauses[1:]), 0.4),
        (lambda decision: replace(decision, gaps=(*decision.gaps, "GAP-01")), 0.05),
        (lambda decision: replace(decision, tasks=()), 0.1),
        (lambda decision: replace(decision, outcome=Outcome.REFUSED), 0.3),
    ],
    ids=["clause", "gap", "tasks", "outcome"],
)
def test_a_rulebook_that_answers_otherwise_breaks_what_was_written(monkeypatch, broken, share):
    text = written_features()
    before = len(re.findall("Scenario:", text))

    def answer(case: Case, reading: Reading = Reading.AS_PRACTISED) -> Decision:
        return broken(decide(case, reading))

    monkeypatch.setattr(order, "decide", answer)

    assert len(wrong(text)) >= share * before


def test_a_log_that_says_otherwise_is_written_as_it_is_and_fails():
    """What a request was answered is the log's to say: the feature does not hide that it is wrong."""
    experiment, lives = mixed()
    life = next(life for life in lives if any(row.outcome == Outcome.REFUSED for row in life.rows))
    lying = replace(life, rows=tuple(_allowed(row) for row in life.rows))

    assert wrong(text_of([life], experiment)) == []
    assert wrong(text_of([lying], experiment))


def _allowed(row: EventRow) -> EventRow:
    return row._replace(outcome=Outcome.ALLOWED) if row.outcome == Outcome.REFUSED else row


def test_a_file_that_cannot_be_written_leaves_the_old_one(tmp_path, monkeypatch):
    experiment, lives = mixed()
    file = tmp_path / "a.feature"
    file.write_text("old")
    monkeypatch.setattr(Path, "write_bytes", lambda *_: (_ for _ in ()).throw(OSError(errno.ENOSPC, "no space left")))

    with pytest.raises(OSError, match="no space left"):
        write_feature(lives[:2], experiment, file)

    assert [(entry.name, entry.read_text()) for entry in tmp_path.iterdir()] == [("a.feature", "old")]


OF_THE_ERP = {"system": "Ajio", "actor": "customer", "invoicing": "ERP"}
CREATED = EventRow(0, 1, "created", **OF_THE_ERP, stage="CREATED", e_invoice="not posted", units=2)
ASKED = CREATED._replace(event="cancellation", canceller="seller", scope="full", stage="PACKED", e_invoice="pushed", outcome="refused")
SENT = CREATED._replace(event="dispatched", stage="COMPLETED", e_invoice="pushed")
BACK = SENT._replace(event="return received", reason="customer return", units=1)
LATE_INVOICE = CREATED._replace(event="e-invoice generated", stage="CANCELLED", e_invoice="generated", reason="late", because="GAP-17")


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([CREATED], "it is on its way"),
        ([CREATED, SENT], "it is dispatched"),
        ([CREATED, SENT, BACK], "it is dispatched, and units come back"),
        ([CREATED, ASKED, SENT], "the seller cannot cancel it while it is PACKED; it is dispatched"),
        ([CREATED, ASKED, SENT, BACK], "the seller cannot cancel it while it is PACKED; it is dispatched, and units come back"),
        ([CREATED, SENT, ASKED._replace(stage="COMPLETED")], "it is dispatched; the seller comes too late to cancel it"),
        (
            [CREATED, ASKED._replace(stage="CREATED", scope="partial", outcome="allowed"), SENT, BACK],
            "the seller cancels some units before stock is reserved; the rest is dispatched, and units come back",
        ),
        ([CREATED, ASKED._replace(stage="CREATED", outcome="allowed")], "the seller cancels it before stock is reserved"),
        (
            [CREATED, ASKED._replace(stage="CREATED", outcome="allowed"), LATE_INVOICE],
            "the seller cancels it before stock is reserved, and the ERP invoices it afterwards",
        ),
        (
            [CREATED, ASKED._replace(stage="PROCESSING", outcome="allowed", reason="missing units", because="GAP-40")],
            "the seller cancels it while it is PROCESSING because units are missing at packing (GAP-40)",
        ),
        (
            [CREATED, ASKED._replace(stage="PROCESSING", outcome="allowed", canceller="Ajio", reason="SLA breach"), LATE_INVOICE],
            "Ajio cancels it while it is PROCESSING because the SLA is breached, and the ERP invoices it afterwards",
        ),
        ([CREATED, CREATED._replace(event="cancelled by customer")], "the customer cancels it"),
        ([CREATED, CREATED._replace(event="packing error")], "a partial cancellation by Ajio stops the packing"),
    ],
)
def test_the_headline_says_what_became_of_the_order(rows, expected):
    assert headline(OrderHistory(1, Invoicing.ERP, 2, tuple(rows))) == expected
