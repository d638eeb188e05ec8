"""The mapping of an audit: the one that is named, the one here, or one that is suggested and written to a new file."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import click
import tomlkit

from orders.intake.errors import EncodingError, IntakeError
from orders.intake.event_logs import PROFILE as EVENT_LOG
from orders.intake.event_logs import is_event_log
from orders.intake.files.encodings import DECLARE, codec_named
from orders.intake.files.folders import require_source
from orders.intake.mapping.profiles import profiles
from orders.intake.mapping.reading import from_profile, read_mapping
from orders.intake.mapping.source_mapping import AuditMapping, SourceMapping
from orders.intake.mapping.suggestion import SuggestedSource, suggest
from orders.intake.mapping.writing import mapping_text
from sop_cli.audits.summary import print_lines
from sop_cli.paths import near
from sop_engine.files import write_atomically
from sop_engine.input_files import read_text
from sop_engine.text import counted, path_shown

MAPPING = "audit.toml"
"""The mapping file that is suggested, and found in the current folder."""
QUESTION = "# question: "
"""Beginning of a line of a suggested mapping that cannot be accepted unread."""


@dataclass(frozen=True, slots=True)
class ChosenMapping:
    """A mapping that can be used: *assumed* says what the user has not confirmed, *file* where it is."""

    mapping: AuditMapping
    file: Path
    assumed: tuple[str, ...]


class UnconfirmedMappingError(IntakeError):
    """A mapping that a person has to look at first."""


def choose_mapping(files: Sequence[Path], named: Path | None, encoding: str | None, *, accepts: bool) -> ChosenMapping:
    """Return the mapping *named*, or that in the current folder; without one, suggest it for *files* and write it there.

    Args:
        files: only these sources of the mapping are read; all if there are none.
        encoding: of files that are not UTF-8, while a mapping is suggested; its name is checked in any case.
        accepts: whether a source may be read whose mapping is not confirmed.

    Raises:
        IntakeError: a file or the mapping cannot be used.
        UnconfirmedMappingError: a source is not confirmed; the mapping file has been written.
    """
    if encoding is not None:
        codec_named(encoding, "--encoding")
    file = named if named is not None else Path(MAPPING)
    if named is None and not file.exists():
        return _suggested(files, file, encoding, accepts=accepts)
    mapping = read_mapping(file)
    all_names = {source.file.name for source in mapping.sources}
    mapping = replace(mapping, sources=_of_files(mapping, files, file))
    left_out = sorted(all_names - {source.file.name for source in mapping.sources})
    waiting = [source.file.name for source in mapping.sources if not source.is_confirmed]
    if waiting and not accepts:
        raise UnconfirmedMappingError(
            near(file), f"{', '.join(waiting)} is not confirmed", "check it and set confirmed = true, or add --yes"
        )
    if waiting and QUESTION in read_text(file, "correct the mapping"):
        remedy = "answer it, remove its line and set confirmed = true"
        raise UnconfirmedMappingError(near(file), "it has a question that is not answered", remedy)
    return ChosenMapping(mapping, file, (*_accepted(waiting), *_not_named(left_out, near(file))))


def _of_files(mapping: AuditMapping, files: Sequence[Path], place: Path) -> tuple[SourceMapping, ...]:
    """Return the sources of *mapping* for *files*, which may be in other folders than the mapping says."""
    if not files:
        return mapping.sources
    names_in_mapping = [source.file.name for source in mapping.sources]
    _require_names(files)
    for file in files:
        if file.name not in names_in_mapping:
            require_source(file)
            remedy = "add it, or move the mapping away to have one suggested for all files"
            raise IntakeError(near(place), f"it has no [[source]] for {path_shown(file)}", remedy)
    at = {file.name: file for file in files}
    return tuple(replace(source, file=at[source.file.name]) for source in mapping.sources if source.file.name in at)


def _suggested(files: Sequence[Path], target: Path, encoding: str | None, *, accepts: bool) -> ChosenMapping:
    _require_names(files)
    files = list({file.resolve(): file for file in files}.values())
    sources = [source for file in files for source in _suggest(file, encoding)]
    write_atomically(target, _mapping_text(sources, target).encode())
    click.echo(f"suggested mapping written to {near(target)}", err=True)
    open_ = [source for source in sources if not source.mapping.is_confirmed]
    for source in open_:
        print_lines(suggestion_lines(source), err=True)
    unanswered = sorted({source.mapping.file.name for source in sources if source.questions})
    if unanswered or (open_ and not accepts):
        waiting = ", ".join(sorted({source.mapping.file.name for source in open_}))
        remedy = f"check {near(target)}, set confirmed = true, and run `sop audit --mapping {near(target)}`"
        reason = "has questions that must be answered" if unanswered else "is not exact"
        raise UnconfirmedMappingError(
            ", ".join(unanswered) or waiting, f"the suggested mapping {reason}", remedy + ("" if unanswered else "; or add --yes")
        )
    return ChosenMapping(read_mapping(target), target, tuple(_accepted(sorted({source.mapping.file.name for source in open_}))))


def _suggest(file: Path, encoding: str | None) -> list[SuggestedSource]:
    """Return the suggestions for *file*; a file that is not UTF-8 is read in *encoding*.

    Raises:
        IntakeError: it cannot be read, or no known export has its header.
    """
    require_source(file)
    if is_event_log(file):
        return [SuggestedSource(from_profile(file, profiles()[EVENT_LOG]), (), ())]
    try:
        return suggest(file)
    except EncodingError as error:
        if encoding is None and error.remedy != DECLARE:
            raise
        if encoding is None:
            remedy = "if it comes from Excel on Windows, add --encoding cp1252; otherwise the encoding that its program wrote"
            raise IntakeError(error.place, error.reason, remedy) from None
    return suggest(file, encoding)


def _mapping_text(sources: Sequence[SuggestedSource], target: Path) -> str:
    """Return the mapping file, with the files as paths relative to it."""
    document = tomlkit.parse(mapping_text(sources))
    for table, source in zip(document["source"], sources, strict=True):
        table["file"] = Path(os.path.relpath(source.mapping.file, target.parent)).as_posix()
    return tomlkit.dumps(document)


def suggestion_lines(source: SuggestedSource) -> Iterator[str]:
    """Yield a suggestion line by line: its questions, and the columns whose names are not exact, with the reason and masked values."""
    mapping = source.mapping
    sheet = f", sheet {mapping.sheet}" if mapping.sheet else ""
    exact = sum(suggestion.is_exact for suggestion in source.suggestions)
    yield f"{mapping.file.name}{sheet}: read as {mapping.profile}, {counted(exact, 'column')} of {len(source.suggestions)} by their exact name"
    yield from (f"  question: {question}" for question in source.questions)
    for suggestion in source.suggestions:
        if not suggestion.is_exact:
            samples = ", ".join(suggestion.samples) or "no values"
            yield f'  column {suggestion.letter} "{suggestion.column}" as {suggestion.target}: {suggestion.reason}; values {samples}'


def _require_names(files: Sequence[Path]) -> None:
    """Refuse different files with one name; a file may be named twice.

    Raises:
        IntakeError: there are some.
    """
    places: dict[str, Path] = {}
    for file in files:
        place = file.resolve()
        if places.setdefault(file.name, place) != place:
            raise IntakeError(file.name, "two files have this name", "rename one, so that findings can name it")


def _not_named(names: Sequence[str], mapping: str) -> Iterator[str]:
    if names:
        yield f"{', '.join(names)}: not read, as this audit was called with other files of {mapping}; without names it reads all"


def _accepted(names: Sequence[str]) -> Iterator[str]:
    if names:
        yield f"the mapping of {', '.join(names)} is not confirmed; it was accepted with --yes"
