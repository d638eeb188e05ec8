"""A suggested mapping of a file: the profile whose names it has, and for each column why it was taken, with masked samples.

A name of the profile is exact; another spelling that the profile knows is a synonym; a name that is only alike, by difflib, counts only
if the column's first values fit its type. Anything but an exact name waits for a person to confirm it.
"""

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path

import numpy as np
import pyarrow as pa

from orders.intake.errors import DoubledNameError, IntakeError
from orders.intake.files.opening import open_sheets
from orders.intake.files.sheet import Batch, Sheet, column_letter
from orders.intake.mapping.date_order import DateQuestion, date_question
from orders.intake.mapping.headers import Header, compact, find_header, known_names, plain, score
from orders.intake.mapping.profiles import profile_named, profiles
from orders.intake.mapping.qualified_names import QualifiedName, has_words_behind, qualified, with_qualified_names
from orders.intake.mapping.reading import from_profile, zone_text
from orders.intake.mapping.source_mapping import MappedColumn, SourceMapping
from orders.intake.mapping.targets import MEANINGS, TYPES, Type
from orders.intake.values.date_formats import date_formats
from orders.intake.values.dates import parse_times
from orders.intake.values.ids import damaged_ids
from orders.intake.values.masking import WORDS_OF_STATES, is_personal, masked, visible_part, words_in
from orders.intake.values.numbers import parse_money, parse_units
from orders.intake.values.text_columns import TextCells, trimmed
from orders.intake.values.words import look_up
from sop_engine.errors import did_you_mean

ALIKE = 0.85
"""Least ratio of difflib for a name that is only alike."""
VALUES = 1_000
SAMPLES = 3
MOST_WORDS = 12
"""Different values of a column that can be a column of words."""
_IS_WORDS = re.compile(r"(?:ok|no|[^\W\d_]|[^\W\d_]{3,})(?:[\s_./-]+[^\W\d_]{3,})*", re.IGNORECASE)
"""Words of at least three letters, or one letter: initials and ids are neither."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A column of a file for a column of the mapping, none if *target* is empty.

    *reason* says why, *samples* are masked values; *words* are all first values if they are few, and none of them can be a name.
    One that *is_exact* needs no confirmation; one that *is_alike* has only a similar name.
    """

    target: str
    column: str
    letter: str
    reason: str
    samples: tuple[str, ...]
    is_exact: bool
    is_alike: bool = False
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SuggestedSource:
    """A suggested mapping of one sheet.

    Attributes:
        questions: they must be answered in the mapping file before it can be used.
        others: columns that are for none of the mapping, with masked samples.
        personal: names of columns that are not kept.
        date_questions: those of the questions that are about the form of dates.
        doubled: columns of the mapping that are not taken because the header has their name twice, with the reason.
    """

    mapping: SourceMapping
    suggestions: tuple[Suggestion, ...]
    questions: tuple[str, ...]
    others: tuple[Suggestion, ...] = ()
    personal: tuple[str, ...] = ()
    date_questions: tuple[DateQuestion, ...] = ()
    doubled: Mapping[str, str] = field(default_factory=dict)


def suggest(file: Path, encoding: str | None = None) -> list[SuggestedSource]:
    """Suggest a mapping for each sheet of *file* that has a known header.

    Raises:
        IntakeError: the file cannot be read, or no profile has three names of its header.
    """
    matches, head = _matches(file, encoding, [name for name, profile in profiles().items() if profile.names])
    if not matches:
        near = did_you_mean(head[0] if head else "", profiles())
        raise IntakeError(
            file.name, "no shipped profile has three names of its header", f"write a mapping with its columns, or name a profile; {near}"
        )
    return matches


def suggestions(file: Path, encoding: str | None, profile: str | None) -> list[SuggestedSource]:
    """Suggest as `suggest`, by *profile* only if one is named; return nothing if none fits.

    Raises:
        IntakeError: the file cannot be read, or there is no such profile.
    """
    names = [name for name, shipped in profiles().items() if shipped.names] if profile is None else [profile_named(profile, file.name).name]
    return _matches(file, encoding, names)[0]


def _matches(file: Path, encoding: str | None, names: Sequence[str]) -> tuple[list[SuggestedSource], Sequence[str]]:
    """Return the suggestions by the profiles *names*, and the first row of *file* that has more than one cell."""
    every = {name: from_profile(file, profiles()[name]) for name in names}
    names_known = {name: known_names(mapping.columns) for name, mapping in every.items()}

    def names_in(rows: Sequence[Sequence[str]], name: str) -> int:
        return score(rows, known_names(with_qualified_names(every[name], rows).columns))

    sheets = open_sheets(file, None, encoding, None, lambda rows: max(names_in(rows, name) for name in names_known))
    matches = []
    for sheet in sheets:
        counts = {name: names_in(sheet.head, name) for name in names_known}
        best = max(names_known, key=lambda name: (counts[name], -len(names_known[name])))
        if counts[best] < min(3, len(names_known[best])):
            continue
        matches.append(_suggested(sheet, replace(every[best], encoding=encoding, sheet=sheet.name if len(sheets) > 1 else None)))
    return matches, next((cells for cells in sheets[0].head if len(cells) > 1), sheets[0].head[0] if sheets[0].head else [])


def _suggested(sheet: Sheet, mapping: SourceMapping) -> SuggestedSource:
    header, doubled = _header_of(sheet, with_qualified_names(mapping, sheet.head))
    kept = [place for place, name in enumerate(header.names) if name and not is_personal(name, mapping.personal)]
    batch = next(iter(sheet.batches(header.last + 1, len(header.names), kept)), None)
    suggestions, columns = [], dict(mapping.columns)
    for target, place in header.places.items():
        name = header.names[place]
        is_exact = compact(mapping.columns[target].names[0]) == compact(name)
        reason = f"{'exact name' if is_exact else 'synonym'} of the profile {mapping.profile}"
        match = qualified(name, TYPES[target])
        if match is not None and compact(name) not in known_names({target: mapping.columns[target]}):
            reason = f"name of the profile {mapping.profile} with “{match.words}” behind it{_zone_words(match)}"
            columns[target] = replace(columns[target], names=(name,), zone=_zone_of(match, columns[target]))
        suggestions.append(_one(target, header, place, reason, batch, is_exact=is_exact))
    for target, place, ratio in _alike(header, replace(mapping, columns=_without(columns, doubled)), kept, batch):
        match = qualified(header.names[place], TYPES[target])
        reason = f"alike ({ratio:.2f}) to a name of the profile {mapping.profile}, and its values fit"
        reason += _zone_words(match) if match is not None else ""
        suggestions.append(_one(target, header, place, reason, batch, is_exact=False, is_alike=True))
        columns[target] = replace(columns[target], names=(header.names[place],), zone=_zone_of(match, columns[target]), is_explicit=True)
    missing = [
        target
        for target in mapping.required
        if target not in {suggestion.target for suggestion in suggestions} and columns[target].value is None
    ]
    questions = [f"no column for `{target}` was found: name it" for target in missing if target not in doubled]
    questions += [f"{error.reason}; {error.remedy}" for error in doubled.values()]
    mapping = replace(mapping, columns=columns)
    date_questions = [] if batch is None else _date_questions(mapping, suggestions, header, batch)
    questions += [f"{reason}; {remedy}" for reason, remedy in date_questions]
    certain = not questions and all(suggestion.is_exact for suggestion in suggestions)
    taken = {suggestion.letter for suggestion in suggestions}
    others = [_one("", header, place, "", batch, is_exact=False) for place in kept if column_letter(place) not in taken]
    personal = [name for name in header.names if is_personal(name, mapping.personal)]
    return SuggestedSource(
        replace(mapping, is_confirmed=certain),
        tuple(suggestions),
        tuple(questions),
        tuple(others),
        tuple(personal),
        tuple(date_questions),
        {target: error.reason for target, error in doubled.items()},
    )


def _header_of(sheet: Sheet, mapping: SourceMapping) -> tuple[Header, dict[str, DoubledNameError]]:
    """Return the header of a sheet, and the columns of the mapping that are not taken because their name stands in it twice."""
    doubled: dict[str, DoubledNameError] = {}
    while True:
        tried = replace(mapping, required=(), columns=_without(mapping.columns, doubled))
        try:
            return find_header(sheet.head, tried, mapping.file.name, is_row=sheet.header_is_row), doubled
        except DoubledNameError as error:
            doubled[error.target] = error


def _without(columns: Mapping[str, MappedColumn], doubled: Collection[str]) -> dict[str, MappedColumn]:
    """Return *columns* without the names of those that are *doubled*."""
    return {target: replace(column, names=()) if target in doubled else column for target, column in columns.items()}


def _alike(header: Header, mapping: SourceMapping, kept: Sequence[int], batch: Batch | None) -> list[tuple[str, int, float]]:
    """Return the columns whose names are alike to those of columns that were not found: the best pairs first, each column once."""
    count = Counter(map(compact, header.names))
    free = [place for place in kept if place not in header.places.values() and count[compact(header.names[place])] == 1]
    wanted = {target: column for target, column in mapping.columns.items() if target not in header.places and column.value is None}
    pairs = [
        (max(SequenceMatcher(None, plain(name), plain(other)).ratio() for name in column.names), target, place)
        for target, column in wanted.items()
        for place in free
        if column.names and (other := _compared(header.names[place], TYPES[target]))
    ]
    matches: list[tuple[str, int, float]] = []
    for ratio, target, place in sorted(pairs, reverse=True):
        taken = any(target == other or place == where for other, where, _ in matches)
        if ratio >= ALIKE and not taken and _fits(target, mapping.columns[target], mapping, place, batch):
            matches.append((target, place, ratio))
    return matches


def _compared(name: str, kind: Type) -> str:
    """Return what of *name* is compared for a column of type *kind*; an empty text if its times are in a zone that is not known."""
    match = qualified(name, kind)
    if match is None and kind is Type.TIME and has_words_behind(name):
        return ""
    return match.name if match is not None else name


def _zone_of(match: QualifiedName | None, column: MappedColumn) -> int | None:
    """Return the zone that a name declares, or else that of *column*."""
    return column.zone if match is None or match.zone is None else match.zone


def _zone_words(match: QualifiedName) -> str:
    return "" if match.zone is None else f", its times are taken in {zone_text(match.zone)}"


def _fits(target: str, column: MappedColumn, mapping: SourceMapping, place: int, batch: Batch | None) -> bool:
    """Return whether the first values of a column fit the type of *target*."""
    if batch is None:
        return True
    cells = trimmed(TextCells(batch.columns[place][:VALUES]))
    empty = cells.is_empty
    if empty.all():
        return True
    match TYPES[target]:
        case Type.TIME:
            wrong = parse_times(cells, date_formats(column.formats or mapping.formats), 0, empty).wrong
        case Type.MONEY:
            wrong = parse_money(cells, mapping.numbers, empty).wrong
        case Type.UNITS if column.words is None:
            wrong = parse_units(cells, mapping.numbers, empty).wrong
        case Type.WORDS | Type.UNITS:
            wrong = look_up(cells, column.words or {word: word for word in MEANINGS[target]}, empty).unknown
        case _:
            wrong = np.logical_or.reduce([*damaged_ids(cells, None).values()])
    return not (wrong & ~empty).any()


def _date_questions(mapping: SourceMapping, suggestions: Sequence[Suggestion], header: Header, batch: Batch) -> list[DateQuestion]:
    """Return what must be declared about the dates, one question for all columns of one form; a spreadsheet stores dates as such."""
    columns: dict[tuple[str, ...], list[Suggestion]] = {}
    for suggestion in suggestions:
        if TYPES[suggestion.target] is Type.TIME and not batch.kinds:
            columns.setdefault(mapping.columns[suggestion.target].formats or mapping.formats, []).append(suggestion)
    questions = []
    for formats, matches in columns.items():
        texts = pa.concat_arrays([batch.columns[header.names.index(suggestion.column)][:VALUES] for suggestion in matches])
        question = date_question(trimmed(TextCells(texts)), formats)
        if question:
            letters = ", ".join(suggestion.letter for suggestion in matches)
            questions.append(question._replace(reason=f"column{'s' if len(matches) > 1 else ''} {letters}: {question.reason}"))
    return questions


def _one(  # noqa: PLR0913 (the parts of a suggestion)
    target: str, header: Header, place: int, reason: str, batch: Batch | None, *, is_exact: bool, is_alike: bool = False
) -> Suggestion:
    values = values_of(batch, place)
    return Suggestion(
        target,
        header.names[place],
        column_letter(place),
        reason,
        tuple(map(masked, values[:SAMPLES])),
        is_exact,
        is_alike,
        state_words(values),
    )


def values_of(batch: Batch | None, place: int) -> list[str]:
    """Return the different first values of a column, in the order in which they stand."""
    texts = [] if batch is None else batch.columns[place][:VALUES].to_pylist()
    return list(dict.fromkeys(text for text in texts if text.strip()))


def state_words(values: Sequence[str]) -> tuple[str, ...]:
    """Return those of the different *values* of a column, if they are few, of which each word is alike to one of a state, so that none is a name."""
    if len(values) > MOST_WORDS:
        return ()
    return tuple(
        value for value in values if _IS_WORDS.fullmatch(value) and visible_part(value, is_known=True, vocabulary=_vocabulary()) == value
    )


@cache
def _vocabulary() -> frozenset[str]:
    """Return the words that states have: those that a mapping can name, and those of the shipped profiles."""
    return WORDS_OF_STATES | words_in(word for meanings in MEANINGS.values() for word in meanings)
