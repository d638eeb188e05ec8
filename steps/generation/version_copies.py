"""Copies of examples for one version of the document, so that an answer in this version leaves the examples of the others as they are.

An example that has to change and that stands in other versions too is kept for these, with a tag such as ``@until-clients_v1``, and copied
with ``@since-clients_v2``; the copy is then changed. A Rule whose name has to change is copied as a whole, an outline if all of its rows have
to change; otherwise these rows get tables of their own.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sop_engine import SopError
from sop_engine.reader import Rulebook, read_rulebook
from sop_engine.statement import Gap
from sop_engine.text import counted
from sop_engine.versions import versions
from sop_runs.record.reader import RunRecord
from sop_runs.record.schema import ExamplesTable, WrittenRule, WrittenScenario
from sop_runs.record.status import has_unexpected_result
from sop_runs.record.version_tags import SINCE, UNTIL, applies, is_version_tag
from steps.generation.aligned_features import AlignedFeature, new_rule_name
from steps.generation.feature_text import FeatureText, indented


@dataclass(frozen=True, slots=True)
class VersionSide:
    """The other versions on one side of a version: the tag of what stands only there, that of what does not, and their names.

    Each name has the versions before it.
    """

    tag: str
    opposite: str
    versions: tuple[tuple[str, tuple[str, ...]], ...]

    def has(self, tags: Iterable[str]) -> bool:
        """Return whether an example with *tags* applies in one of the versions."""
        listed = tuple(tags)
        return any(applies(listed, name, follows) for name, follows in self.versions)


def sides_of(book: Rulebook) -> tuple[VersionSide, ...]:
    """Return the sides of the version of *book*: the versions before it, and each that follows next, with those after it."""
    sides = []
    if book.follows:
        earlier = tuple((name, tuple(book.follows[:place])) for place, name in enumerate(book.follows))
        sides.append(VersionSide(f"{UNTIL}{book.follows[-1]}", f"{SINCE}{book.name}", earlier))
    later = list(_versions_after(book.name))
    for name, follows in later:
        if follows[-1] == book.name:
            after = tuple(version for version in later if version[0] == name or name in version[1])
            sides.append(VersionSide(f"{SINCE}{name}", f"{UNTIL}{book.name}", after))
    return tuple(sides)


def _versions_after(name: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield name and earlier versions of each version that follows *name*; one that cannot be read has no examples."""
    for _, folder in versions():
        try:
            book = read_rulebook(folder)
        except SopError:
            continue
        if name in book.follows:
            yield book.name, tuple(book.follows)


def version_copies(record: RunRecord, book: Rulebook, changed: Mapping[str, Gap], sides: Sequence[VersionSide]) -> Iterator[AlignedFeature]:
    """Yield the feature files of *record* in which examples have to change that stand in other versions too, with copies for *book*.

    Args:
        record: a run of the version of *book*; its failed examples are those that have to change.
        book: the rulebook after the change.
        changed: the gaps whose answer changed, as they were before, by id.
        sides: the other versions.
    """
    failed = {(example.feature, example.place) for example in record.scenarios if has_unexpected_result(example)}
    for feature in record.features if sides else ():
        if feature.document is not None and not feature.findings:
            lines = frozenset(line for path, line in failed if path == feature.path)
            copies = _Copies(FeatureText(feature.text, feature.document), book, lines, sides)
            copies.copy(changed)
            text = copies.text.new_text()
            if text != feature.text:
                yield AlignedFeature(feature.path, text, tuple(copies.notes))


@dataclass
class _Copies:
    """The copies in one feature file; *failed* are the lines of the examples that have to change."""

    text: FeatureText
    book: Rulebook
    failed: frozenset[int]
    sides: Sequence[VersionSide]
    notes: list[str] = field(default_factory=list)

    def copy(self, changed: Mapping[str, Gap]) -> None:
        """Copy every Rule, scenario and row that has to change and stands in other versions too."""
        document = self.text.document
        for child in document.children:
            if not isinstance(child, WrittenRule):
                self.copy_scenario(child, document.tags)
                continue
            tags = (*document.tags, *child.tags)
            other_sides = tuple(side for side in self.sides if any(side.has((*tags, *scenario.tags)) for scenario in child.children))
            own = any(self.applies((*tags, *scenario.tags)) for scenario in child.children)
            if other_sides and own and new_rule_name(child, document.tags, changed, self.book) not in ("", child.name):
                self.copy_rule(child, tags, other_sides)
                continue
            for scenario in child.children:
                self.copy_scenario(scenario, tags)

    def applies(self, tags: Iterable[str]) -> bool:
        """Return whether an example with *tags* applies in this version."""
        return applies(tags, self.book.name, self.book.follows)

    def sides_with_tags(self, tags: Sequence[str]) -> tuple[VersionSide, ...]:
        """Return the sides for which an example with *tags* applies."""
        return tuple(side for side in self.sides if side.has(tags))

    def copy_rule(self, rule: WrittenRule, tags: Sequence[str], other_sides: Sequence[VersionSide]) -> None:
        """Copy *rule* without the scenarios of other versions; what is kept loses those of this version."""
        first, end = self.text.first_line(rule.line), self.text.end_of_rule(rule)
        copies = [
            self.rule_lines(rule, [side.tag], [scenario for scenario in rule.children if side.has((*tags, *scenario.tags))])
            for side in other_sides
        ]
        own = [scenario for scenario in rule.children if self.applies((*tags, *scenario.tags))]
        copies.append(self.rule_lines(rule, [side.opposite for side in other_sides], own))
        self.text.replace(first, end, [line for copy in copies for line in (*copy, "")])
        self.notes.append(f"Rule kept for {_names(other_sides)}, and copied: {rule.name}")

    def rule_lines(self, rule: WrittenRule, added: Sequence[str], children: Sequence[WrittenScenario]) -> list[str]:
        """Return the lines of *rule* with the tags *added* and only *children*."""
        starts = [self.text.first_line(scenario.line) for scenario in rule.children]
        lines = self.tagged(rule.line, min(starts, default=self.text.end_of_rule(rule)), added)
        for scenario in children:
            block = self.text.lines[self.text.first_line(scenario.line) - 1 : self.text.end_of(scenario.line) - 1]
            lines += [line for line in (_without(line, added) for line in block) if line is not None]
        return lines

    def copy_scenario(self, scenario: WrittenScenario, above: Sequence[str]) -> None:
        """Copy *scenario* if all its examples of this version have to change, otherwise the rows that have to."""
        tags = (*above, *scenario.tags)
        if not scenario.examples:
            other_sides = self.sides_with_tags(tags)
            if scenario.line in self.failed and other_sides:
                self.copy_block(scenario.line, self.text.end_of(scenario.line), other_sides)
                self.notes.append(f"kept for {_names(other_sides)}, and copied: {scenario.name}")
            return
        rows = {row.line for table in scenario.examples for row in table.rows if self.applies((*tags, *table.tags))}
        failed = rows & self.failed
        if not failed:
            return
        every_row = {row.line for table in scenario.examples for row in table.rows}
        other_sides = self.sides_with_tags(tags)
        if failed == every_row and other_sides:
            self.copy_block(scenario.line, self.text.end_of(scenario.line), other_sides)
            self.notes.append(f"kept for {_names(other_sides)}, and copied: {scenario.name}")
            return
        number = 0
        for table in scenario.examples:
            other_sides = self.sides_with_tags((*tags, *table.tags))
            changed = {row.line for row in table.rows} & failed
            if changed and other_sides:
                self.copy_rows(scenario, table, changed, other_sides)
                number += len(changed)
        if number:
            self.notes.append(f"{counted(number, 'row')} kept for other versions, and copied: {scenario.name}")

    def copy_block(self, line: int, end: int, other_sides: Sequence[VersionSide]) -> None:
        """Keep the block from *line* to before *end* for each side of *other_sides*, and copy it for this version."""
        blocks = [self.tagged(line, end, [side.tag]) for side in other_sides]
        blocks.append(self.tagged(line, end, [side.opposite for side in other_sides]))
        self.text.replace(self.text.first_line(line), end, [text for block in blocks for text in (*block, "")])

    def copy_rows(self, scenario: WrittenScenario, table: ExamplesTable, changed: set[int], other_sides: Sequence[VersionSide]) -> None:
        """Copy *table* if all its rows change; otherwise move the rows *changed* to new tables after the last one, where they shift no other."""
        lines = [row.line for row in table.rows]
        if changed == set(lines):
            self.copy_block(table.line, max(lines) + 1, other_sides)
            return
        for line in changed:
            self.text.replace(line, line + 1, [])
        rest = set(lines) - changed
        end = self.text.end_of(scenario.line)
        for added in (*([side.tag] for side in other_sides), [side.opposite for side in other_sides]):
            block = self.tagged(table.line, max(lines) + 1, added, without=rest)
            self.text.replace(end, end, ["", *block, ""])

    def tagged(self, line: int, end: int, added: Sequence[str], without: Iterable[int] = ()) -> list[str]:
        """Return the block at *line*, to before *end*, with the tags *added* instead of those that they replace, and not the lines *without*."""
        left_out = set(without)
        replaced = {prefix for tag in added for prefix in (SINCE, UNTIL) if tag.startswith(prefix)}
        lines: list[str] = []
        for number in range(self.text.first_line(line), end):
            text = self.text.lines[number - 1]
            if number == line and lines and lines[-1].strip().startswith("@") and "#" not in lines[-1]:
                lines[-1] = f"{lines[-1].rstrip()} {' '.join(added)}"
            elif number == line:
                lines += indented([" ".join(added)], text)
            if number < line and text.strip().startswith("@"):
                words = [word for word in text.split() if not (is_version_tag(word) and word.startswith(tuple(replaced)))]
                if words == text.split():
                    lines.append(text)
                elif words:
                    lines += indented([" ".join(words)], text)
            elif number not in left_out:
                lines.append(text)
        while lines and not lines[-1].strip():
            lines.pop()
        return lines


def _without(line: str, tags: Sequence[str]) -> str | None:
    """Return a line of tags without *tags*, which the Rule has now; None if none is left. Other lines are returned as they are."""
    if not line.strip().startswith("@"):
        return line
    words = [word for word in line.split() if word not in tags]
    if words == line.split():
        return line
    return indented([" ".join(words)], line)[0] if words else None


def _names(other_sides: Sequence[VersionSide]) -> str:
    return ", ".join(name for side in other_sides for name, _ in side.versions)
