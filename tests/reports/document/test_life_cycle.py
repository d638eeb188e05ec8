"""The pictures of an order's life show what the engine does, and nothing in them is markup from a file."""

import re
from collections.abc import Iterator
from itertools import product
from xml.etree import ElementTree as ET

import pytest
from msgspec.structs import replace

from reports.document.certainty import certainty_of
from reports.document.life_cycle import WAYS, LifeCycle, LifeStory, life_cycle, stories
from reports.document.life_cycle_diagram import state_diagram, story_diagram
from sop_engine import Canceller, Case, Reading, Scope, Stage, decide
from sop_engine.order import reachable_states

DUE = ("", " (when packing fails)")


def texts(svg: str) -> list[str]:
    return ["".join(element.itertext()) for element in ET.fromstring(svg).iter() if element.tag.endswith("text")]  # noqa: S314


def test_every_stage_that_a_life_comes_to_is_reached_by_a_step_or_by_a_cancellation() -> None:
    cycle = life_cycle()

    reached = {arrow.target for arrow in cycle.arrows} | {Stage.CREATED, Stage.CANCELLED}
    assert reached == {stage for _, stage, _ in reachable_states()} == set(cycle.stages)
    assert {(arrow.source, arrow.step) for arrow in cycle.arrows if arrow.source is arrow.target} == {
        (Stage.FULFILLABLE, "posted"),
        (Stage.FULFILLABLE, "e-invoice generated"),
        (Stage.FULFILLABLE, "e-invoice pushed"),
    }


@pytest.mark.parametrize(("stage", "canceller"), [*product(Stage, Canceller)])
def test_who_may_cancel_is_what_the_engine_answers(stage: Stage, canceller: Canceller) -> None:
    bar = next(bar for bar in life_cycle().bars if (bar.stage, bar.canceller) == (stage, canceller))

    assert set(bar.outcomes) == {
        str(decide(Case(canceller, Scope.FULL, invoicing, at, e_invoice)).outcome)
        for invoicing, at, e_invoice in reachable_states()
        if at is stage
    }


def test_the_picture_of_the_stages_has_every_stage_and_every_step() -> None:
    drawn = texts(state_diagram(life_cycle()))

    assert {str(stage) for stage in Stage} <= set(drawn)
    assert {arrow.step for arrow in life_cycle().arrows} <= {piece for text in drawn for piece in text.split(", ")}
    assert drawn.count("seller and Ajio") == 4


def test_a_stage_without_allowed_cancellations_has_no_arrow_to_cancelled() -> None:
    barred = LifeCycle(life_cycle().stages, life_cycle().arrows, tuple(replace(bar, answers=()) for bar in life_cycle().bars))

    assert "seller and Ajio" not in texts(state_diagram(barred))


def every_story() -> Iterator[tuple[int, LifeStory]]:
    return enumerate(stories(), start=1)


@pytest.mark.parametrize(("number", "story"), [*every_story()], ids=lambda part: getattr(part, "title", str(part)))
def test_a_story_is_drawn_message_by_message_between_lanes_that_are_there(number: int, story: LifeStory) -> None:
    drawn = texts(story_diagram(story, number))

    assert [text for text in drawn if text[0].isdigit()] == [
        f"{place}. {message.label}" for place, message in enumerate(story.messages, start=1)
    ]
    assert {lane for message in story.messages for lane in (message.source, message.target)} <= set(story.lanes)


def test_the_stories_show_the_duties_that_the_engine_raises() -> None:
    tasks_by_story = {story.title: [message.text for message in story.messages if message.kind == "task"] for story in stories()}

    assert [len(tasks) for tasks in tasks_by_story.values()] == [0, 0, 3, 1, 5]
    assert tasks_by_story["Ajio cancels part of an order (not supported)"][0].startswith("must: ask Ajio")
    assert {way[2] for way in WAYS.values()} > {message.text for message in stories()[0].messages} - {""}


def test_each_task_cites_what_asks_for_it_and_a_settled_cancellation_the_questions_beside_it() -> None:
    messages = {story.title: story.messages for story in stories()}
    late, parted = messages["The ERP invoices an order after its cancellation"], messages["Ajio cancels part of an order (not supported)"]

    assert [message.by for message in late if message.kind == "task"] == [("GAP-17",)]
    assert ["GAP-17" in message.beside for message in late if message.kind == "cancellation"] == [True]
    assert [message.by for message in parted if message.kind == "task"][1] == ("AC-ERP-PART-1.2",)
    assert [message.beside for message in parted if "GAP-12" in message.beside] == [("GAP-12", "GAP-20", "GAP-47")]


def test_what_the_seller_does_leads_to_the_system_it_is_done_in() -> None:
    tasks = {message.text: message.target for story in stories() for message in story.messages if message.kind == "task"}

    assert tasks == {
        "must: ask Ajio to cancel the order by hand (when packing fails)": "Ajio",
        "must: cancel the order in Assure OMS (when packing fails)": "Assure OMS",
        **{f"may: download the report of orders cancelled after posting{due}": "Ajio" for due in DUE},
        **{f"must: make a credit note by hand and keep it in the ERP{due}": "client's ERP" for due in DUE},
        **{f"need not: share the credit note with Ajio{due}": "Ajio" for due in DUE},
    }


def test_what_the_seller_does_and_learns_says_how_certain_it_is() -> None:
    messages = {story.title: [(message.text, message.certainty) for message in story.messages if message.certainty] for story in stories()}

    assert messages["The regular steps with the client's ERP"] == []
    assert messages["The regular steps with RMS"] == [("the e-invoice is made at packing", "assumed")]
    assert messages["The ERP invoices an order after its cancellation"] == [
        ("seller cancels the order: allowed", "stated"),
        ("nothing to do", "stated"),
        ("must: make a credit note by hand and keep it in the ERP", "assumed"),
    ]
    assert {certainty for _, certainty in messages["Ajio cancels part of an order (not supported)"]} == {"stated"}


@pytest.mark.parametrize("reading", Reading)
def test_a_stage_says_how_certain_its_cancellations_are_and_under_which_invoicing(reading: Reading) -> None:
    for bar in life_cycle(reading).bars:
        actual = set()
        for invoicing, at, e_invoice in reachable_states():
            if at is bar.stage:
                decision = decide(Case(bar.canceller, Scope.FULL, invoicing, at, e_invoice), reading)
                actual.add((str(decision.outcome), certainty_of(decision.outcome_source), invoicing))
        assert {(outcome, certainty, way) for outcome, certainty, ways in bar.answers for way in ways} == actual


def test_every_picture_fits_the_page_and_no_line_crosses_out_a_word() -> None:
    for picture in (state_diagram(life_cycle()), *(story_diagram(story, number) for number, story in every_story())):
        assert int(re.findall(r'width="(\d+)"', picture)[0]) <= 920
    assert state_diagram(life_cycle()).rindex('<path class="line') < state_diagram(life_cycle()).index('class="small beside')


@pytest.mark.parametrize("text", ["<script>x</script>", '"><b>', "&amp;", "a'b"])
def test_text_in_a_picture_stays_text(text: str) -> None:
    story = stories()[0]
    spoilt = replace(story, title=text, messages=tuple(replace(message, text=text) for message in story.messages))

    drawn = texts(story_diagram(spoilt, 1))

    assert [part for part in drawn if text in part] == [f"{place}. {text}" for place in range(1, len(story.messages) + 1)]
