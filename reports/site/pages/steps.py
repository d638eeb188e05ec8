"""The page of step sentences: meaning, parameters, and the feature files that use each."""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import chain

import msgspec

from reports.export.step_definitions import Sentence, TableColumn, possible_prefixes
from reports.html.anchors import Anchors
from reports.html.links import STEPS_PAGE, step_anchor
from reports.site.context import Context
from reports.site.page import WORK, HtmlFile, Page

TOPIC_TITLES = {
    "cancellation": "A cancellation",
    "order_life": "An order's life",
    "returns": "A returned unit",
    "vms_reports": "The VMS reports",
    "audits": "The audit of real orders",
    "simulated_weeks": "Simulated weeks",
}
MOST_USES = 12


class SentencePiece(msgspec.Struct, frozen=True):
    """A part of a step sentence: plain, or the name of a parameter."""

    text: str
    parameter: bool


class Use(msgspec.Struct, frozen=True):
    """A feature file that uses the step sentence, with the number of lines."""

    path: str
    href: str
    lines: int


class ColumnGroup(msgspec.Struct, frozen=True):
    """Columns of the table below a step whose values are of one *kind*, which is empty if it is the name of the column too."""

    names: tuple[str, ...]
    kind: str


class SentenceView(msgspec.Struct, frozen=True):
    """A step sentence without its keyword; ``extra`` is a table or doc string below the step, ``columns`` those of the table.

    ``optional`` are the columns that a table may lack.
    """

    anchor: str
    keyword: str
    pieces: tuple[SentencePiece, ...]
    meaning: str
    extra: str
    uses: tuple[Use, ...]
    more: int
    place: str
    columns: tuple[ColumnGroup, ...] = ()
    optional: tuple[ColumnGroup, ...] = ()
    heading: bool = True


class SentenceGroup(msgspec.Struct, frozen=True):
    """The step sentences about one subject."""

    anchor: str
    title: str
    sentences: tuple[SentenceView, ...]


class Values(msgspec.Struct, frozen=True):
    """The values of a parameter or of the cells of a table, if they can be listed; otherwise a sample, if there is one."""

    name: str
    choices: tuple[str, ...]
    sample: str = ""


class StepsPage(msgspec.Struct, frozen=True):
    """The page's data."""

    groups: tuple[SentenceGroup, ...]
    values: tuple[Values, ...]
    kinds: tuple[Values, ...]
    unused: int


def steps_page(context: Context, sentences: Sequence[Sentence]) -> StepsPage:
    """The page's data."""
    anchors = Anchors()
    used = _uses_by_sentence(context, sentences)
    by_module: dict[str, list[SentenceView]] = {}
    values: dict[str, tuple[str, ...]] = {}
    kinds: dict[str, Values] = {}
    for number, sentence in enumerate(sentences):
        values |= {parameter.type: tuple(parameter.choices) for parameter in sentence.parameters if parameter.choices}
        columns = sentence.columns.columns if sentence.columns else []
        kinds |= {column.kind: Values(column.kind, tuple(column.choices), column.sample) for column in columns}
        uses = sorted(used[number].items())
        view = SentenceView(
            anchors.take(step_anchor(sentence.expression)),
            sentence.kind.capitalize(),
            tuple(_sentence_pieces(sentence.expression)),
            sentence.meaning,
            "a table" if sentence.table else "a text" if sentence.docstring else "",
            tuple(Use(path, context.links.feature(path) or "", len(lines)) for path, lines in uses[:MOST_USES]),
            max(0, len(uses) - MOST_USES),
            f"{sentence.file}:{sentence.line}",
            tuple(_column_groups([column for column in columns if column.required])),
            tuple(_column_groups([column for column in columns if not column.required])),
            sentence.columns.heading if sentence.columns else True,
        )
        by_module.setdefault(sentence.file.rpartition("/")[2].removesuffix(".py"), []).append(view)
    groups = tuple(
        SentenceGroup(anchors.take(f"about-{name}"), TOPIC_TITLES.get(name, name.replace("_", " ").capitalize()), tuple(views))
        for name, views in sorted(by_module.items(), key=lambda topic: _place_of_topic(topic[0]))
    )
    unused = sum(not sentence.uses for group in groups for sentence in group.sentences)
    listed_kinds = tuple(kind for _, kind in sorted(kinds.items()) if kind.choices or kind.sample)
    return StepsPage(
        groups, tuple(Values(_words_of_parameter(name), choices) for name, choices in sorted(values.items())), listed_kinds, unused
    )


def _place_of_topic(topic: str) -> int:
    """Return the place of *topic* on the page: those of `TOPIC_TITLES` in their order, and then the modules of others."""
    return list(TOPIC_TITLES).index(topic) if topic in TOPIC_TITLES else len(TOPIC_TITLES)


def _words_of_parameter(parameter: str) -> str:
    """Return the name of a parameter as words: ``quality check``, ``e-invoice``."""
    return re.sub(r"(?<!\be)-", " ", parameter)


def _column_groups(columns: Sequence[TableColumn]) -> Iterator[ColumnGroup]:
    """Group *columns* by the kind of their values, in the order of the first of each."""
    by_kind: dict[str, list[str]] = {}
    for column in columns:
        by_kind.setdefault("" if column.kind == column.name else column.kind, []).append(column.name)
    for kind, names in by_kind.items():
        yield ColumnGroup(tuple(names), kind)


def _sentence_pieces(expression: str) -> Iterator[SentencePiece]:
    for text in re.split(r"(\{[^{}]*\})", expression):
        parameter = text.startswith("{")
        if text:
            yield SentencePiece(_words_of_parameter(text.strip("{}")) if parameter else text, parameter)


def _uses_by_sentence(context: Context, sentences: Sequence[Sentence]) -> list[dict[str, set[int]]]:
    """Return for each step sentence the files and lines of its steps."""
    uses: list[dict[str, set[int]]] = [{} for _ in sentences]
    by_prefix: dict[str, dict[str, list[tuple[int, str]]]] = {}
    for number, sentence in enumerate(sentences):
        by_prefix.setdefault(sentence.kind, {}).setdefault(sentence.prefix, []).append((number, sentence.pattern))
    compiled = cache(re.compile)  # most sentences begin like no step of the run

    @cache
    def following(kind: str, text: str) -> list[int]:
        of_kind = by_prefix.get(kind, {})
        candidates = [of_kind[beginning] for beginning in possible_prefixes(text) if beginning in of_kind]
        return [number for number, pattern in chain.from_iterable(candidates) if compiled(pattern).match(text)]

    for scenario in context.record.scenarios:
        for step in scenario.steps:
            for number in following(step.kind, step.text):
                uses[number].setdefault(scenario.feature, set()).add(step.line)
    return uses


def _html_files(context: Context) -> Iterator[HtmlFile]:
    sentences = context.sentences
    if sentences:
        yield HtmlFile(STEPS_PAGE, "Steps", "steps.html.j2", steps_page(context, sentences))


PAGE = Page("Steps", _html_files, WORK)
