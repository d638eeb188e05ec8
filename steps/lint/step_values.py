"""Lint of values: tables that agree with the declaration of their step sentence, and values in steps that exist.

A value that comes from a row of Examples is reported at its cell there, any other at its cell in the table.
"""

import re
from functools import cached_property

from steps.definitions.decorators import StepDefinition
from steps.definitions.expressions import StepValueError
from steps.definitions.registry import Match
from steps.definitions.tables import CellFault
from steps.language.examples import Example, StepLine
from steps.language.parser import Node
from steps.lint.checked_file import MAX_STEP, CheckedFile, Findings

_COLUMN_IN_TEXT = re.compile(r"<([^<>\n]+)>")


class CellPlaces:
    """Lines and columns of the cells of a file, in tables below steps and in Examples; computed when they are first needed."""

    def __init__(self, file: CheckedFile) -> None:
        self._file = file

    @cached_property
    def examples(self) -> dict[int, dict[str, tuple[str, int]]]:
        """Of every row of Examples, by its line: the text and the column of the cell below each heading."""
        return {
            row["location"]["line"]: {
                name["value"]: (cell["value"], cell["location"]["column"])
                for name, cell in zip(examples["tableHeader"]["cells"], row["cells"], strict=True)
            }
            for block in self._file.blocks
            for examples in block.scenario["examples"]
            for row in examples["tableBody"]
        }

    @cached_property
    def _tables(self) -> dict[int, list[Node]]:
        """The rows of each table, by the line of its step."""
        steps = (step for block in self._file.blocks for step in (*block.background, *block.scenario["steps"]))
        return {step["location"]["line"]: step["dataTable"]["rows"] for step in steps if "dataTable" in step}

    def of_value(self, example: Example, text: str) -> tuple[int, int] | None:
        """Return the place in Examples of the first placeholder in *text*; None if it has none, or its scenario no Examples."""
        if example.row is None:
            return None
        cells = self.examples[example.row]
        return next(((example.row, cells[name][1]) for name in _COLUMN_IN_TEXT.findall(text) if name in cells), None)

    def of_argument(self, example: Example, step: StepLine, text: str) -> tuple[int, int]:
        """Return the place in Examples of the value *text* of *step*; of the step if it is written there."""
        if example.row is not None:
            for name in step.columns:
                value, column = self.examples[example.row][name]
                if value == text:
                    return example.row, column
        return step.line, step.column

    def of_fault(self, example: Example, step: StepLine, fault: CellFault) -> tuple[int, int]:
        """Return the place of the cell that has *fault*, in Examples if its text is from there; of its row if there is no such cell."""
        row = self._tables[step.line][fault.row]
        node = row["cells"][fault.place] if fault.place < len(row["cells"]) else row
        return self.of_value(example, node.get("value", "")) or (node["location"]["line"], node["location"]["column"])


def value_findings(file: CheckedFile) -> Findings:
    """Yield the findings of the rules table-columns, table-cell and impossible-value."""
    checker, places, checked = _ValueChecker(), CellPlaces(file), set()
    for example in file.examples:
        for step in example.steps:
            key = step.line, step.text, step.table
            if key in checked or len(step.text) > MAX_STEP:
                continue
            checked.add(key)
            matches = file.registry.match(step.kind, step.text)
            if len(matches) != 1:
                continue
            definition = matches[0].definition
            error = checker.error(matches[0])
            if error is not None:
                at = places.of_argument(example, step, error.text)
                yield file.finding(at, "impossible-value", str(error), error.remedy, error.suggestion)
            for fault in checker.faults(definition, step):
                rule = "table-columns" if fault.about_columns else "table-cell"
                yield file.finding(places.of_fault(example, step, fault), rule, fault.message, fault.remedy, fault.suggestion)


class _ValueChecker:
    """The checks of one file: equal tables, and equal steps, are checked once."""

    def __init__(self) -> None:
        self._faults: dict[tuple[int, tuple[tuple[str, ...], ...]], list[CellFault]] = {}
        self._errors: dict[tuple[int, str], StepValueError | None] = {}

    def faults(self, definition: StepDefinition, step: StepLine) -> list[CellFault]:
        """Return the faults of the table of *step*."""
        if definition.table is None or step.table is None:
            return []
        key = id(definition), step.table
        if key not in self._faults:
            self._faults[key] = definition.table.faults(step.table)
        return self._faults[key]

    def error(self, match: Match) -> StepValueError | None:
        """Return the error of a value in the text of a step that has the right form and does not exist, such as the day 2026-02-30."""
        definition = match.definition
        if not definition.sentence.has_free_values:
            return None
        key = id(definition), match.text
        if key not in self._errors:
            self._errors[key] = None
            try:
                _ = match.values
            except StepValueError as error:
                self._errors[key] = error
        return self._errors[key]
