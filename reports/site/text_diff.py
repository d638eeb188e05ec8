"""Difference of two wordings of a text, word by word."""

import re
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher

import msgspec

SAME, OLD, NEW = "same", "old", "new"
MOST_WORDS = 600
"""Most characters of a text that is compared word by word; a longer one takes too long and is shown as a whole, old and new."""
_WORD_OR_BLANK = re.compile(r"\s+|\S+")


class Piece(msgspec.Struct, frozen=True):
    """Words of a line that are in both wordings, only in the old, or only in the new."""

    kind: str
    text: str


Wording = tuple[tuple[Piece, ...], ...]
"""Lines, each in pieces."""


def line_diff(before: Sequence[str], after: Sequence[str]) -> Wording:
    """Merge two wordings: equal lines once, others with their removed and new words."""
    lines: list[tuple[Piece, ...]] = []
    for kind, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            lines += [(Piece(SAME, line),) for line in before[a:b]]
        elif kind == "replace" and b - a == d - c:
            lines += [word_diff(old, new) for old, new in zip(before[a:b], after[c:d], strict=True)]
        else:
            lines += [(Piece(OLD, line),) for line in before[a:b]]
            lines += [(Piece(NEW, line),) for line in after[c:d]]
    return tuple(lines)


def word_diff(before: str, after: str) -> tuple[Piece, ...]:
    """Merge two texts word by word; as a whole if less than half of the words are in both."""
    old, new = _WORD_OR_BLANK.findall(before), _WORD_OR_BLANK.findall(after)
    if len(old) + len(new) <= MOST_WORDS:
        opcodes = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
        alike = sum(len([word for word in old[a:b] if word.strip()]) for kind, a, b, _, _ in opcodes if kind == "equal")
        if 4 * alike >= len([word for word in (*old, *new) if word.strip()]):  # half of the words are in both
            return tuple(_joined(("".join(old[a:b]), "".join(new[c:d])) for _, a, b, c, d in opcodes))
    return tuple(_joined([(before, after)]))


def _joined(pairs: Iterable[tuple[str, str]]) -> Iterator[Piece]:
    """Yield the removed and new pieces; a space between two words that differ belongs to both."""
    struck = written = blank = ""
    for before, after in pairs:
        if before == after and not before.strip() and (struck or written):
            blank += before
        elif before == after:
            yield from _changed_pieces(struck, written, blank)
            struck = written = blank = ""
            yield Piece(SAME, before)
        else:
            struck, written, blank = struck + blank + before, written + blank + after, ""
    yield from _changed_pieces(struck, written, blank)


def _changed_pieces(struck: str, written: str, blank: str) -> Iterator[Piece]:
    yield from (Piece(kind, text) for kind, text in ((OLD, struck), (NEW, written), (SAME, blank)) if text)
