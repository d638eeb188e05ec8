"""Feature files brought in line with an answer to a gap: examples that fail under it are rewritten, moved or taken out.

A scenario keeps its Givens and its When; the Then steps that no longer hold are replaced by those that do. A row of Examples keeps its
place where its cells can say the new answer; otherwise its case gets a scenario of its own. What cannot be said by these means is
taken out, and listed.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sop_engine.decision import Answer
from sop_engine.engine import Engine
from sop_engine.ids import is_gap
from sop_engine.reader import Rulebook
from sop_engine.statement import Gap
from sop_runs.record.reader import RunRecord
from sop_runs.record.schema import ExampleRow, ExamplesTable, ScenarioRecord, WrittenRule, WrittenScenario
from sop_runs.record.status import as_expected, has_unexpected_result
from sop_runs.record.version_tags import applies, is_version_tag
from steps.generation.answer_steps import ThenStep, is_about_answer
from steps.generation.case_scenarios import HANDLES, CaseOrUnit, is_return, name_of, scenarios_of
from steps.generation.feature_text import FeatureText
from steps.generation.new_steps import NewSteps, claims_outcome_and_tasks, first_then, new_steps, next_then, situations_of, when_of

_CANCELS = re.compile(r"(?:the seller|Ajio|the seller or Ajio|<[^>]+>) cancels (?:the full order|part of the order|.* or .*|<[^>]+>)")
_ASSUMPTION = re.compile(r"(.*; )(we assume|it is decided) that (.*)", re.DOTALL)
_COLUMN_IN_TEXT = re.compile(r"<([^<>]+)>")
PLACES = "these are the tasks, who does them and where"


@dataclass(frozen=True, slots=True)
class AlignedFeature:
    """A feature file brought in line: its new text, and what was done with its examples, one line each."""

    path: str
    text: str
    notes: tuple[str, ...]


def aligned_features(record: RunRecord, engine: Engine, changed: Mapping[str, Gap]) -> Iterator[AlignedFeature]:
    """Yield the feature files of *record*, a run of the rulebook of *engine*, that have to change.

    Args:
        record: the run; its failed examples are those that have to change.
        engine: the engine of the rulebook after the change.
        changed: the gaps whose answer changed, as they were before, by id.
    """
    for feature in record.features:
        if feature.document is not None and not feature.findings:
            examples = [scenario for scenario in record.scenarios if scenario.feature == feature.path]
            edit = _FeatureEdit(FeatureText(feature.text, feature.document), examples, engine)
            edit.rename_rules(changed)
            edit.align()
            text = edit.text.new_text()
            if text != feature.text:
                yield AlignedFeature(feature.path, text, tuple(edit.notes))


@dataclass
class _FeatureEdit:
    """Changes of the examples of one feature file; *text* is the file."""

    text: FeatureText
    examples: Sequence[ScenarioRecord]
    engine: Engine
    notes: list[str] = field(default_factory=list)
    claimed: set[CaseOrUnit] = field(init=False)
    partial: list[WrittenScenario] = field(default_factory=list)

    def __post_init__(self) -> None:
        whole = (example for example in self.examples if as_expected(example) and claims_outcome_and_tasks(example))
        self.claimed = {situation for example in whole for situation in self.situations(example)}

    def situations(self, example: ScenarioRecord) -> dict[CaseOrUnit, Answer]:
        """Return the situations that the claims of *example* are about, with their answers."""
        return situations_of(example, self.engine)

    def rename_rules(self, changed: Mapping[str, Gap]) -> None:
        """Say in the name of each Rule of a changed gap whether its answer is assumed or decided, and what it is."""
        book, above = self.engine.rulebook, self.text.document.tags
        for rule in self.text.document.children:
            if isinstance(rule, WrittenRule) and any(
                applies((*above, *rule.tags, *scenario.tags), book.name, book.follows) for scenario in rule.children
            ):
                name = new_rule_name(rule, above, changed, book)
                if name not in ("", rule.name) and rule.name in self.text.lines[rule.line - 1]:
                    self.text.set_name(rule.line, rule.name, name)
                    self.notes.append(f"Rule renamed: {name}")

    def align(self) -> None:
        """Change every failed example: first in place, then the others, whose cases may be claimed by then."""
        left = {scenario.line for scenario in self.text.document.scenarios if not self.align_in_place(scenario)}
        for rule in self.text.document.children:
            scenarios = rule.children if isinstance(rule, WrittenRule) else [rule]
            tags = (*self.text.document.tags, *(rule.tags if isinstance(rule, WrittenRule) else ()))
            for scenario in scenarios:
                if scenario in self.partial:
                    self.add_cases(scenario, tags)
            emptied = [scenario.line in left and self.move(scenario, tags) for scenario in scenarios]
            if isinstance(rule, WrittenRule) and scenarios and all(emptied):
                self.text.remove_rule(rule)
                self.notes.append(f"Rule taken out with its last example: {rule.name}")

    def examples_of(self, scenario: WrittenScenario) -> tuple[list[ScenarioRecord], list[ScenarioRecord]]:
        """Return the examples of *scenario*, and those that failed."""
        examples = [example for example in self.examples if example.line == scenario.line]
        return examples, [example for example in examples if has_unexpected_result(example)]

    def align_in_place(self, scenario: WrittenScenario) -> bool:
        """Change one scenario or outline where it is; return whether it holds then."""
        examples, failed = self.examples_of(scenario)
        if not failed:
            return True
        rewritten = {example.key: new_steps(example, self.engine) for example in failed}
        if scenario.instance is not None:
            (example,) = failed
            new = rewritten[example.key]
            if new.steps is None:
                return False
            self.rewrite(scenario, example, new)
        elif not self.rewrite_outline(scenario, examples, failed, rewritten):
            return False
        whole = [example for example in failed if claims_outcome_and_tasks(example) and not rewritten[example.key].partial]
        self.claimed |= {situation for example in whole for situation in self.situations(example)}
        if any(new.partial for new in rewritten.values()):
            self.partial.append(scenario)
        return True

    def rewrite(self, scenario: WrittenScenario, example: ScenarioRecord, new: NewSteps, rows: Sequence[ScenarioRecord] = ()) -> None:
        """Replace Then steps of *scenario* in place; its name says the new outcome and tasks if these changed."""
        assert new.steps is not None
        kept = {step.text for place, step in enumerate(example.steps) if step.kind == "then" and place not in new.steps}
        lead = first_then(example)
        for place, steps in new.steps.items():
            written = example.steps[place]
            keyword = self.text.keyword(written.line)
            fresh = [step for step in steps if step.text not in kept]
            kept |= {step.text for step in fresh}
            lines = [text for number, step in enumerate(fresh) for text in step.lines(keyword if not number else "And")]
            self.text.replace(written.line, self.text.end_of_step(scenario, written.line), lines, like=written.line)
            if not fresh and place == lead and (then := next_then(example, new.steps, place)) is not None:
                self.text.replace_keyword(then, keyword)
        situations = {key: answer for row in rows or (example,) for key, answer in self.situations(row).items()}
        self.remove_uncited_tags(scenario.line, {*situations.values()})
        name, note = scenario.name, ""
        if new.partial:
            note = " (without the steps that do not hold for all of its cases)"
        elif any(is_about_answer(ThenStep(example.steps[place].text)) for place in new.steps):
            if _CANCELS.fullmatch(when_of(example)) or is_return(situations):
                name = self.text.unique(name_of(situations))
                note = f" (now: {name})"
            else:
                note = " (its name may say the old answer: read it again)"
        if name != scenario.name:
            self.text.set_name(scenario.line, scenario.name, name)
        self.notes.append(f"rewritten: {scenario.name}{note}")

    def rewrite_outline(
        self,
        scenario: WrittenScenario,
        examples: Sequence[ScenarioRecord],
        failed: Sequence[ScenarioRecord],
        rewritten: Mapping[tuple[str, str], NewSteps],
    ) -> bool:
        """Change cells of the failed rows, or the steps if all rows need the same ones; return whether that was possible."""
        if any(new.steps is None for new in rewritten.values()):
            return False
        cells = {example.key: self.new_cells(scenario, example, rewritten[example.key]) for example in failed}
        if all(changes is not None for changes in cells.values()):
            for example in failed:
                table, row = _row_of(scenario, example)
                values = [(cells[example.key] or {}).get(name, cell) for name, cell in zip(table.header, row.cells, strict=True)]
                self.text.replace(row.line, row.line + 1, [f"| {' | '.join(values)} |"], like=row.line)
            for table in scenario.examples:
                rows = [example for example in examples if example.row in {row.line for row in table.rows}]
                if any(example in failed for example in rows):
                    self.remove_uncited_tags(table.line, {answer for row in rows for answer in self.situations(row).values()})
            self.notes.append(f"rewritten: {scenario.name} (cells of {len(failed)} of its {len(examples)} examples)")
            return True
        alike = {tuple(sorted((place, steps) for place, steps in (new.steps or {}).items())) for new in rewritten.values()}
        one = failed[0]
        columns = {name for place in rewritten[one.key].steps or {} for name in one.steps[place].columns}
        if len(failed) < len(examples) or len(alike) > 1 or columns:
            return False
        for table in scenario.examples:
            rows = [example for example in examples if example.row in {row.line for row in table.rows}]
            self.remove_uncited_tags(table.line, {answer for row in rows for answer in self.situations(row).values()})
        self.rewrite(scenario, one, rewritten[one.key], failed)
        return True

    def new_cells(self, scenario: WrittenScenario, example: ScenarioRecord, new: NewSteps) -> dict[str, str] | None:
        """Return the cells with which the row of *example* says the new steps; None if cells cannot say them."""
        cells: dict[str, str] = {}
        written = {step.line: step for step in scenario.steps}
        given = {name for step in example.steps if step.kind != "then" for name in step.columns}
        table, row = _row_of(scenario, example)
        for place, steps in (new.steps or {}).items():
            text = written[example.steps[place].line].text
            names = _COLUMN_IN_TEXT.findall(text)
            if len(steps) != 1 or steps[0].table is not None or len(names) != 1 or names[0] in given:
                return None
            before, after = _COLUMN_IN_TEXT.split(text)[0], _COLUMN_IN_TEXT.split(text)[2]
            if not (steps[0].text.startswith(before) and steps[0].text.endswith(after)):
                return None
            value = steps[0].text[len(before) : len(steps[0].text) - len(after)]
            if cells.setdefault(names[0], value) != value:
                return None
        others = [place for place, step in enumerate(example.steps) if place not in (new.steps or {}) and set(step.columns) & cells.keys()]
        return None if others or not set(cells) <= set(table.header) or not row.cells else cells

    def move(self, scenario: WrittenScenario, tags: Sequence[str]) -> bool:
        """Take out the failed examples; give their cases scenarios of their own. Return whether nothing is left, nor in its place.

        A case that another example of the feature claims as a whole needs none; *tags* are those of the Rule and the Feature.
        """
        examples, failed = self.examples_of(scenario)
        end = self.text.end_of(scenario.line)
        if len(failed) == len(examples):
            self.text.replace(self.text.first_line(scenario.line), end, [])
        else:
            self.take_out_rows(scenario, examples, failed)
        blocks = self.add_cases(scenario, tags)
        if not blocks:
            count = f"{len(failed)} of its {len(examples)} examples" if len(failed) < len(examples) else "all of it"
            self.notes.append(f"taken out: {scenario.name} ({count})")
            return len(failed) == len(examples)
        self.notes.append(f"replaced: {scenario.name}")
        return False

    def add_cases(self, scenario: WrittenScenario, tags: Sequence[str]) -> int:
        """Write scenarios of the cases of the failed examples after *scenario*, without those claimed elsewhere; return their number."""
        _, failed = self.examples_of(scenario)
        situations: dict[CaseOrUnit, Answer] = {}
        for example in failed:
            if _CANCELS.fullmatch(when_of(example)) or when_of(example) == HANDLES:
                only_places = {step.text for step in example.steps if step.kind == "then"} == {PLACES}
                situations |= {key: answer for key, answer in self.situations(example).items() if answer.tasks or not only_places}
        fresh = {key: answer for key, answer in situations.items() if key not in self.claimed}
        self.claimed |= fresh.keys()
        own = {step.line for step in scenario.steps}
        background = {step.text for step in failed[0].steps if step.line not in own}
        versions = [tag for tag in failed[0].tags if is_version_tag(tag) and tag not in tags]
        blocks = [
            [*([" ".join(versions)] if versions else []), *block] for block in scenarios_of(fresh, background, tags, self.text.unique)
        ]
        if blocks:
            end = self.text.end_of(scenario.line)
            self.text.replace(end, end, ["", *(line for block in blocks for line in (*block, ""))], like=scenario.line)
            names = [line.partition(": ")[2] for block in blocks for line in block if line.startswith("Scenario")]
            self.notes.extend(f"new: {name}" for name in names)
        return len(blocks)

    def take_out_rows(self, scenario: WrittenScenario, examples: Sequence[ScenarioRecord], failed: Sequence[ScenarioRecord]) -> None:
        """Remove the rows of *failed*; an Examples table that has none left goes with its tags."""
        gone = {example.row for example in failed}
        tables = sorted(scenario.examples, key=lambda table: table.line)
        for place, table in enumerate(tables):
            rows = {row.line for row in table.rows}
            if rows <= gone:
                after = self.text.first_line(tables[place + 1].line) if place + 1 < len(tables) else self.text.end_of(scenario.line)
                self.text.replace(self.text.first_line(table.line), after, [])
                continue
            for line in rows & gone:
                self.text.replace(line, line + 1, [])
            if rows & gone:
                kept = [example for example in examples if example.row in rows - gone]
                self.remove_uncited_tags(table.line, {answer for example in kept for answer in self.situations(example).values()})

    def remove_uncited_tags(self, line: int, answers: set[Answer]) -> None:
        """Remove from the tags above *line* the clauses and gaps that none of *answers* cites."""
        cited = {f"@{identifier}" for answer in answers for identifier in (*answer.clauses, *answer.gaps, *answer.notes)}
        book = self.engine.rulebook
        identifiers = {f"@{clause.id}" for clause in book.clauses} | {f"@{gap.id}" for gap in book.gaps}
        for number in range(self.text.first_line(line), line):
            text = self.text.lines[number - 1]
            if text.strip().startswith("@"):
                tags = [tag for tag in text.split() if tag not in identifiers or tag in cited]
                if tags != text.split():
                    self.text.replace(number, number + 1, [" ".join(tags)] if tags else [], like=number)


def new_rule_name(rule: WrittenRule, above: Sequence[str], changed: Mapping[str, Gap], book: Rulebook) -> str:
    """Return the name that *rule* of one of the gaps *changed* needs under *book*; empty if its name says no assumption about one.

    Args:
        rule: a Rule.
        above: the tags of the feature.
        changed: the gaps whose answer changed, as they were before, by id.
        book: the rulebook after the change.
    """
    tags = [tag.removeprefix("@") for tag in (*rule.tags, *above)]
    gap_id = next((tag for tag in tags if is_gap(tag)), "")
    match = _ASSUMPTION.fullmatch(rule.name)
    if match is None or gap_id not in changed:
        return ""
    before, after = changed[gap_id], next(gap for gap in book.gaps if gap.id == gap_id)
    verb = "we assume" if after.answer is None else "it is decided"
    what = match[3] if before.reading == after.reading else after.chosen.removesuffix(".").replace(";", ", and")
    return f"{match[1]}{verb} that {what}"


def _row_of(scenario: WrittenScenario, example: ScenarioRecord) -> tuple[ExamplesTable, ExampleRow]:
    return next((table, row) for table in scenario.examples for row in table.rows if row.line == example.row)
