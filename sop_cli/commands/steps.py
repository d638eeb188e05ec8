"""`sop steps`: list the step sentences that a feature file can use."""

import json
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

import click

from sop_cli.exit_status import FAILURE, SUCCESS
from sop_cli.paths import FeaturePath, specification, steps_option
from sop_cli.renaming import rename_sentence
from sop_engine.text import counted
from steps.definitions.catalogue import catalogue
from steps.definitions.decorators import STEP_KINDS, StepDefinition
from steps.definitions.registry import Registry
from steps.definitions.settings import binding_modules
from steps.definitions.tables import Column, Table
from steps.definitions.usage import Ambiguity, SentenceUse, ambiguities, uses
from steps.language.document import find_features, read_document
from steps.language.feature_set import feature_set_of


@click.command(short_help="List the step sentences that a feature file can use.")
@click.argument("paths", nargs=-1, type=FeaturePath())
@click.option(
    "-f",
    "--find",
    "text",
    metavar="TEXT",
    help="Only step sentences with this text in them, in their values or in their tables, or similar to it.",
)
@click.option("--unused", is_flag=True, help="Only step sentences that no step uses; exit status 1 if there are any.")
@click.option("--ambiguous", is_flag=True, help="Texts that match two step sentences; exit status 1 if there are any.")
@steps_option
@click.option("--json", "as_json", is_flag=True, help="Print the catalogue as JSON.")
@click.option("--rename", nargs=2, metavar="OLD NEW", help="Show as a diff how a step sentence is renamed everywhere.")
@click.option("--write", is_flag=True, help="With --rename: write the changed files, all or none.")
def steps(  # noqa: PLR0913 - one for each option
    paths: tuple[Path, ...],
    text: str | None,
    step_modules: tuple[str, ...],
    rename: tuple[str, str] | None,
    *,
    unused: bool,
    ambiguous: bool,
    as_json: bool,
    write: bool,
) -> int:
    """List every step sentence, how often the feature files at PATHS use it, and the values of its parameters.

    A name in braces is a parameter; its values are listed at the end. A step sentence works only after its own keyword, or
    after And or But below it.

    --rename changes a step sentence in its module and in all feature files. Write its parameters in braces, as they are
    listed; NEW has the same parameters in the same order.

    Exit status: 0 done, 1 --unused or --ambiguous found something, 2 invalid input or option, 70 internal error,
    130 interrupted.
    """
    if write and rename is None:
        raise click.UsageError("--write needs --rename OLD NEW")
    if rename is not None and (paths or unused or ambiguous or as_json or text is not None):
        raise click.UsageError(
            "--rename changes the whole specification; use it without PATHS and other options except --steps and --write"
        )
    with ExitStack() as unpacked:
        chosen = specification(unpacked, paths).paths
        scope = feature_set_of(chosen)
        registry = Registry.from_modules(binding_modules(scope.root, step_modules).load())
        if rename is not None:
            return rename_sentence(registry, rename, scope.root, write=write)
        if ambiguous:
            texts = list(ambiguities(registry))
            click.echo("\n".join(_ambiguous(texts)) or "no text matches two step sentences")
            return FAILURE if texts else SUCCESS
        documents = [
            document for file in find_features(chosen) for document in [read_document(file, scope.root)[0]] if document is not None
        ]
    listed_uses = [use for use in uses(registry, documents) if not unused or not use.places]
    if text is not None:
        alike = set(_alike(registry, text))
        listed_uses = [use for use in listed_uses if _has_text(use.definition, text.casefold()) or id(use.definition) in alike]
    if as_json:
        plain = catalogue(registry)
        by_place = {(use.definition.place, use.definition.expression): use.places for use in listed_uses}
        plain["sentences"] = [
            {**sentence, "used": by_place[f"{sentence['file']}:{sentence['line']}", sentence["expression"]]}
            for sentence in plain["sentences"]
            if (f"{sentence['file']}:{sentence['line']}", sentence["expression"]) in by_place
        ]
        click.echo(json.dumps(plain, ensure_ascii=False, indent=1))
    else:
        click.echo(
            "\n".join(_uses_as_text(listed_uses))
            or ("every step sentence is used" if unused else "no such step sentence; search for another text")
        )
    return FAILURE if unused and listed_uses else SUCCESS


def _has_text(definition: StepDefinition, text: str) -> bool:
    """Return whether the sentence of *definition*, a value of a parameter or a word of its table contains *text*, in lower case."""
    columns = definition.table.columns if definition.table is not None else ()
    words = [
        *(word for slot in definition.sentence.parameters for word in slot.choices),
        *(word for column in columns for word in column.kind.words),
    ]
    return any(text in part.casefold() for part in (str(definition), *words))


def _alike(registry: Registry, text: str) -> Iterator[int]:
    """Yield the ids of the step definitions similar to *text*."""
    for kind in STEP_KINDS:
        for expression in registry.nearest(kind, text):
            yield from (id(definition) for definition in registry.definitions if str(definition) == expression)
            yield from (
                id(match.definition) for match_kind in STEP_KINDS for match in registry.match(match_kind, expression.partition(" ")[2])
            )


def _uses_as_text(listed_uses: Sequence[SentenceUse]) -> Iterator[str]:
    width = max((len(str(use.definition)) for use in listed_uses), default=0)
    for kind in STEP_KINDS:
        for use in (use for use in listed_uses if use.definition.kind == kind):
            extra = " + table" if use.definition.takes_table else " + text" if use.definition.takes_docstring else ""
            often = counted(len(use.places), "line") if use.places else "not used"
            yield f"{str(use.definition) + extra:{width + 8}}  {often}"
            if use.definition.table is not None:
                yield f"    {_columns_as_text(use.definition.table)}"
    values = {slot.name: slot.choices for use in listed_uses for slot in use.definition.sentence.parameters if slot.choices}
    kinds = {
        column.kind.name: column.kind for use in listed_uses if use.definition.table is not None for column in use.definition.table.columns
    }
    if values or kinds:
        yield ""
    for name, choices in sorted(values.items()):
        yield f"{{{name}}}: " + " | ".join(choices)
    for name, value_kind in sorted(kinds.items()):
        if value_kind.words or value_kind.sample:
            yield f"{name} in a table: " + (" | ".join(value_kind.words) or f"such as {value_kind.sample}")


def _columns_as_text(table: Table) -> str:
    required = ", ".join(_column_as_text(column) for column in table.columns if column.required)
    optional = ", ".join(_column_as_text(column) for column in table.columns if not column.required)
    parts = [required, f"optional: {optional}" if optional else ""]
    return ("columns: " if table.heading else "columns, without a heading: ") + "; ".join(filter(None, parts))


def _column_as_text(column: Column) -> str:
    return column.name if column.name == column.kind.name else f"{column.name} ({column.kind.name})"


def _ambiguous(ambiguous_texts: Sequence[Ambiguity]) -> Iterator[str]:
    for ambiguity in ambiguous_texts:
        yield f"`{ambiguity.text}` matches"
        yield from (f"  {definition} ({definition.place})" for definition in ambiguity.definitions)
