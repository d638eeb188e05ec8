"""Stages of an order: those to which this program gives a meaning, and those of a register, with what they mean."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from sop_engine.errors import nearest_word
from sop_engine.text import visible

LIFE_NAMES = ("CREATED", "UNFULFILLABLE", "FULFILLABLE", "PROCESSING", "PACKED", "READY_TO_DISPATCH", "COMPLETED", "CANCELLED")
"""The stages of an order's life, in their order: its events, the event log and the simulation lead to these and to no others."""
MOST_STAGES = 24
LONGEST_NAME, LONGEST_WORDS = 40, 200
_NAME = re.compile(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*")
_WORDS_OF_OTHER_FACTS = frozenset({"seller", "ajio", "full", "partial", "erp", "rms", "posted", "generated", "pushed"})
_SHOWN = 60
_LOOKS_LIKE = str.maketrans({"0": "O", "1": "I", "5": "S", "8": "B", "2": "Z", "_": ""})


@dataclass(frozen=True, slots=True)
class StageWords:
    """A stage of a register: its name, which is the word of feature files and answers, and what it means."""

    id: str
    words: str

    def to_plain(self) -> dict[str, str]:
        """Return the stage, ready for JSON."""
        return {"id": self.id, "words": self.words}


def stage_names(table: Mapping[str, object]) -> tuple[str, ...]:
    """Return the names of the stages of a register of clauses, in its order; `LIFE_NAMES` if it lists none, or wrongly."""
    records = table.get("stage")
    if not isinstance(records, list):
        return LIFE_NAMES
    names = [record.get("id") if isinstance(record, dict) else None for record in records]
    texts = [name for name in names if isinstance(name, str)]
    return tuple(texts) if len(texts) == len(names) and not any(True for _ in name_findings(texts)) else LIFE_NAMES


def name_findings(names: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with the *names* of the stages of a register: the name that is wrong (empty for all of them), and the reason."""
    wrong = [name for name in names if not _NAME.fullmatch(name) or len(name) > LONGEST_NAME]
    rule = f"must be capitals, digits and single _ between them, at most {LONGEST_NAME} characters, such as ON_HOLD"
    yield from ((name, f"the stage `{visible(name)[:_SHOWN]}` {rule}") for name in wrong)
    if not wrong:
        yield from _doubles(names)
        yield from _lacking(names)
        yield from _out_of_order(names)
    if len(names) > MOST_STAGES:
        yield "", f"there are {len(names)} stages, at most {MOST_STAGES} are possible; remove some"


def _doubles(names: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield names that are those of another fact, or look like an earlier one."""
    looks: dict[str, str] = {}
    for name in names:
        if name.casefold() in _WORDS_OF_OTHER_FACTS:
            yield name, f"the stage `{name}` has the name of a value of another fact; choose another name"
        other = looks.setdefault(name.translate(_LOOKS_LIKE), name)
        if other != name:
            yield name, f"the stages `{other}` and `{name}` look the same; choose another name"
    yield from ((name, f"the stage `{name}` is listed twice; remove one") for name in dict.fromkeys(names) if names.count(name) > 1)


def _lacking(names: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield the stages of an order's life that are not among *names*."""
    for name in LIFE_NAMES:
        if name not in names:
            near = nearest_word(name, [given for given in names if given not in LIFE_NAMES])
            remedy = f"`{near}` must have this name" if near else "add it again"
            yield near or "", f"there is no stage `{name}`, which the life of an order needs; {remedy}"


def _out_of_order(names: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield the first stage of an order's life that is before an earlier one."""
    kept = [name for name in names if name in LIFE_NAMES]
    for first, second in pairwise(kept):
        if LIFE_NAMES.index(first) > LIFE_NAMES.index(second):
            yield first, f"the stage `{first}` is before `{second}`, but follows it in the life of an order; exchange them"
            return


def words_reason(stage: StageWords) -> str:
    """Return what is wrong with the words of *stage*; empty if nothing is."""
    if stage.words.strip() == stage.words and stage.words.isprintable() and 0 < len(stage.words) <= LONGEST_WORDS:
        return ""
    return f"`words` of the stage `{stage.id}` must say in one line of 1 to {LONGEST_WORDS} characters what it means"
