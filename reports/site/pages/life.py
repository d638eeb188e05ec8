"""The page of the order's life: stages and steps, who may cancel at which stage, and four stories, all computed by the engine."""

from collections.abc import Iterator, Mapping

import msgspec
from markupsafe import Markup

from reports.document.certainty import BESIDE, Certainty
from reports.document.content import LinkedText
from reports.document.life_cycle import Arrow, Bar, Message, further_stages, life_cycle, stories
from reports.document.life_cycle_diagram import state_diagram, story_diagram
from reports.document.placement import linked_text
from reports.site.context import Context
from reports.site.page import READ, HtmlFile, Page
from sop_engine import Canceller, Stage, load_rulebook
from sop_engine.stages import StageWords


class StageRow(msgspec.Struct, frozen=True):
    """A stage: the steps from it, and the outcome of a full cancellation by each canceller."""

    stage: Stage
    steps: tuple[Arrow, ...]
    cancels: tuple[Bar, ...]


class StoryView(msgspec.Struct, frozen=True):
    """A story as a chart and as a list; each message has links to its clauses and gaps, and to the questions beside it."""

    anchor: str
    title: str
    picture: Markup
    messages: tuple[tuple[Message, LinkedText, LinkedText], ...]


class LifePage(msgspec.Struct, frozen=True):
    """The page's data; the legend has the *certainties* and *signs* that the page uses, and no others."""

    picture: Markup
    rows: tuple[StageRow, ...]
    cancellers: tuple[Canceller, ...]
    stories: tuple[StoryView, ...]
    watch: Mapping[str, str]
    certainties: tuple[Certainty, ...]
    signs: tuple[tuple[str, str, str], ...]
    assumed: Certainty = Certainty.ASSUMED
    further_stages: tuple[StageWords, ...] = ()


def life_page(context: Context) -> LifePage:
    """The page's data."""
    life = life_cycle()
    rows = tuple(
        StageRow(
            stage,
            tuple(arrow for arrow in life.arrows if arrow.source is stage),
            tuple(bar for bar in life.bars if bar.stage is stage),
        )
        for stage in life.stages
    )
    views = tuple(
        StoryView(
            f"story-{number}",
            story.title,
            story_diagram(story, number),
            tuple((message, _linked_ids(message.by, context), _linked_ids(message.beside, context)) for message in story.messages),
        )
        for number, story in enumerate(stories(), start=1)
    )
    watch = {gap.id: gap.watch for gap in load_rulebook().gaps if gap.watch}
    messages = [message for view in views for message, *_ in view.messages]
    used = {certainty for bar in life.bars for _, certainty, _ in bar.answers} | {message.certainty for message in messages}
    certainties = tuple(certainty for certainty in Certainty if certainty in used | {Certainty.ASSUMED})
    signs = (BESIDE,) if any(message.beside for message in messages) else ()
    return LifePage(state_diagram(life), rows, tuple(Canceller), views, watch, certainties, signs, further_stages=further_stages())


def _linked_ids(ids: tuple[str, ...], context: Context) -> LinkedText:
    return linked_text(", ".join(ids), context.links)


def _html_files(context: Context) -> Iterator[HtmlFile]:
    if load_rulebook().sha256 == context.record.head.rulebook.sha256:
        yield HtmlFile("order-life.html", "Order life", "life.html.j2", life_page(context))


PAGE = Page("Order life", _html_files, READ)
