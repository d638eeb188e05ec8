"""Catalogue: the step definitions of a run as plain data, for readers of its record.

The catalogue has the pattern of each step sentence; a reader matches a step against the patterns, so that no match is stored per step.
"""

from pathlib import Path
from typing import Any

import msgspec

from sop_engine.files import write_atomically
from steps.definitions.decorators import StepDefinition
from steps.definitions.registry import Registry
from steps.definitions.tables import Table

CATALOGUE = "steps.json"
CATALOGUE_VERSION = 1


def catalogue(registry: Registry) -> dict[str, Any]:
    """Return every step definition with its pattern and place; *group* is the group of the pattern that has a parameter's value."""
    return {"version": CATALOGUE_VERSION, "sentences": [_sentence_as_json(definition) for definition in registry.definitions]}


def write_catalogue(registry: Registry, folder: Path) -> None:
    """Write the catalogue as ``steps.json`` to *folder*."""
    content = msgspec.json.encode(catalogue(registry), order="sorted")
    write_atomically(folder / CATALOGUE, msgspec.json.format(content, indent=1) + b"\n")


def _sentence_as_json(definition: StepDefinition) -> dict[str, Any]:
    sentence = definition.sentence
    return {
        "kind": definition.kind,
        "expression": definition.expression,
        "meaning": (definition.function.__doc__ or "").strip(),
        "pattern": sentence.pattern_text,
        "prefix": sentence.prefix,
        "parameters": [
            {"name": name, "type": step_parameter.name, "choices": list(step_parameter.choices), "group": group}
            for name, step_parameter, group in zip(definition.arguments, sentence.parameters, sentence.groups, strict=True)
        ],
        "table": definition.takes_table,
        "columns": None if definition.table is None else _table_as_json(definition.table),
        "docstring": definition.takes_docstring,
        "file": definition.path,
        "line": definition.line,
    }


def _table_as_json(table: Table) -> dict[str, Any]:
    return {
        "heading": table.heading,
        "rows_required": table.rows_required,
        "columns": [
            {
                "name": column.name,
                "kind": column.kind.name,
                "choices": list(column.kind.words),
                "sample": column.kind.sample,
                "required": column.required,
                "nothing": column.nothing,
                "unique": column.unique,
            }
            for column in table.columns
        ],
    }
