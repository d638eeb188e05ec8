"""Clauses and gaps as entries of a register: their parts, the words that each part may have, and the place of a new entry.

The parts of an entry are a mapping of the keys of its record to values, as TOML has them.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sop_engine.errors import SopError, did_you_mean
from sop_engine.ids import ID, is_gap
from sop_engine.input_files import parse_toml
from sop_engine.loading.words import FACTS_OF
from sop_engine.reader import Rulebook
from sop_engine.register.record_text import with_record, with_values
from sop_engine.register.toml_text import TomlValue
from sop_engine.source_lines import lines_of
from sop_engine.statement import CASE, When
from sop_engine.text import counted, quoted
from sop_engine.verification import SITUATIONS

Parts = Mapping[str, TomlValue]

CLAUSE_PARTS = (
    "id", "line", "modality", "actor", "system", "text", "on", "when", "outcome", "task", "tasks", "manner", "due", "instead_of", "over",
    "rests_on", "restates", "not_operative",
)  # fmt: skip
GAP_PARTS = (
    "id", "title", "kind", "aspect", "nearest", "readings", "reading", "chosen", "why", "question", "on", "when", "cases", "watch",
    "leaves_open", "resolution", "disposition", "alternative",
)  # fmt: skip
"""The keys of a record, in the order in which the registers have them."""
KINDS = ("silent", "ambiguous", "contradictory")
ASPECTS = ("verdict", "actions", "note", "document")
LONGEST_TEXT = 4_000
_JOINERS = frozenset("\u200c\u200d")
"""Invisible characters that some scripts need between letters."""
_ITEM = re.compile(r"[0-9]+")


class EntryError(SopError):
    """A part of a clause or a gap that cannot be taken."""


def plain_text(name: str, text: str) -> str:
    """Return *text* on one line, for the part *name*: line breaks, tabs and repeated blanks become one blank.

    Raises:
        EntryError: it is empty, too long, or has a character that cannot be seen.
    """
    line = " ".join(text.split())
    hidden = next((char for char in line if not char.isprintable() and char not in _JOINERS), "")
    if hidden:
        raise EntryError(f"{name} has the invisible character {quoted(hidden)} ({_character_name(hidden)}); remove it")
    if not any(unicodedata.category(char)[0] in "LN" for char in line):
        raise EntryError(f"{name} has no word; write a text")
    if len(line) > LONGEST_TEXT:
        raise EntryError(f"{name} has {counted(len(line), 'character')}, expected at most {LONGEST_TEXT:,}; shorten it")
    return line


def _character_name(char: str) -> str:
    return unicodedata.name(char, "a control character").lower()


def words_in_use(rulebook: Rulebook, part: str) -> tuple[str, ...]:
    """Return the words that the registers have for *part* (``actor`` or ``system``): those in use, in that order, then the others."""
    used = (word for statement in rulebook.statements if (word := getattr(statement, part)))
    return tuple(dict.fromkeys((*used, *getattr(rulebook, f"{part}s"))))


def heading_of(rulebook: Rulebook, identifier: str) -> str:
    """Return the innermost heading above the clause *identifier*, by its id; empty if there is none."""
    return max((section.id for section in rulebook.sections if identifier.startswith(f"{section.id}-")), key=len, default="")


def next_clause_id(rulebook: Rulebook, heading: str) -> str:
    """Return the first whole number below *heading* that no clause begins with, as an id."""
    items = [_ITEM.match(clause.id.removeprefix(f"{heading}-")) for clause in rulebook.clauses if clause.section == heading]
    return f"{heading}-{max((int(item[0]) for item in items if item), default=0) + 1}"


def next_gap_id(rulebook: Rulebook) -> str:
    """Return the next id of a gap."""
    return f"GAP-{max((int(gap.id.rpartition('-')[2]) for gap in rulebook.gaps if gap.id[4:].isdecimal()), default=0) + 1:02}"


def require_new_id(rulebook: Rulebook, identifier: str, *, gap: bool) -> None:
    """Refuse an id that has another form, is in use, or belongs to no part of the document.

    Raises:
        EntryError: with what to write.
    """
    example = "`GAP-58`" if gap else "`SC-ERP-FULL-4`"
    if not ID.fullmatch(identifier) or is_gap(identifier) != gap or (gap and not identifier[4:].isdecimal()):
        raise EntryError(f"{quoted(identifier)} is not the id of a {'gap' if gap else 'clause'}; write one like {example}")
    used = {entry.id for register in (rulebook.sections, rulebook.clauses, rulebook.gaps) for entry in register}
    if identifier in used:
        raise EntryError(f"`{identifier}` exists; ids are never used twice, so write another one, or edit this entry")
    parts = {clause.id.partition("-")[0] for clause in rulebook.clauses}
    if not gap and identifier.partition("-")[0] not in parts:
        raise EntryError(
            f"{quoted(identifier)} belongs to no part of the document; begin with a heading or one of {', '.join(sorted(parts))}"
        )


def parts_of(register: bytes, kind: str, identifier: str) -> dict[str, Any]:
    """Return the parts of the entry *identifier* in the *register*; ``kind`` is ``clause`` or ``gap``.

    Raises:
        EntryError: there is none; with the nearest id.
    """
    records: dict[str, dict[str, Any]] = {record["id"]: record for record in parse_toml(register).get(kind, ())}
    if identifier not in records:
        raise EntryError(f"there is no {kind} {quoted(identifier)}; {did_you_mean(identifier, records)}")
    return records[identifier]


def require_own_facts(rulebook: Rulebook, heading: str, names: Iterable[str]) -> None:
    """Refuse facts (*names*) that the *heading* of a clause states already.

    Raises:
        EntryError: it states one.
    """
    facts = next((section.facts.facts for section in rulebook.sections if section.id == heading), {})
    for name in names:
        if name in facts:
            words = ", ".join(sorted(facts[name]))
            raise EntryError(f"the heading `{heading}` says `{name}` already ({words}); leave it out, or choose another heading")


def when_of(facts: Mapping[str, Sequence[str]], subject: str = CASE) -> dict[str, Any]:
    """Return *facts* as the part ``when``: in the order of the facts, one word or a list, each word once."""
    order = FACTS_OF.get(subject, {})
    return {
        name: unique[0] if len(unique) == 1 else unique
        for name in (*order, *(name for name in facts if name not in order))
        if (unique := list(dict.fromkeys(map(str, facts.get(name, ())))))
    }


def cases_of(when: Mapping[str, Any], subject: str = CASE) -> list[Mapping[str, str]]:
    """Return the situations that *when* covers."""
    condition = When({name: frozenset([words] if isinstance(words, str) else words) for name, words in when.items()})
    return [facts for facts in SITUATIONS.get(subject, ()) if condition.covers(facts)]


def with_new_clause(register: bytes, rulebook: Rulebook, parts: Parts) -> bytes:
    """Return the *register* of clauses with a new one, below its neighbour in the document.

    Raises:
        EntryError: its `line` is no line.
        RegisterError: the layout of the register is not read.
    """
    identifier, line = str(parts["id"]), lines_of(str(parts["line"]))
    if line is None:
        raise EntryError(f'the line {quoted(str(parts["line"]))} is not a line of the source; write it like "23" or "17-19"')
    heading = heading_of(rulebook, identifier)
    own = [clause for clause in rulebook.clauses if clause.section == heading]
    above = [clause for clause in own if (other := lines_of(clause.line)) is not None and other.first <= line.first]
    neighbour = ("clause", above[-1].id) if above else ("section", heading) if heading else ("clause", own[0].id)
    return with_record(register, "clause", _in_order(parts, CLAUSE_PARTS), neighbour)


def with_new_gap(register: bytes, rulebook: Rulebook, parts: Parts) -> bytes:
    """Return the *register* of gaps with a new one at its end.

    Raises:
        RegisterError: the layout of the register is not read.
    """
    return with_record(register, "gap", _in_order(parts, GAP_PARTS), ("gap", rulebook.gaps[-1].id))


def with_parts(register: bytes, kind: str, identifier: str, changes: Mapping[str, TomlValue | None]) -> bytes:
    """Return the *register* in which the entry *identifier* has *changes*; None removes a part.

    Raises:
        RegisterError: the layout of the record is not read.
    """
    return with_values(register, kind, identifier, changes, CLAUSE_PARTS if kind == "clause" else GAP_PARTS)


def _in_order(parts: Parts, order: Iterable[str]) -> dict[str, TomlValue]:
    return {name: parts[name] for name in order if name in parts and parts[name] not in ("", [], {}, ())}
