"""Selection: which of the written examples run, by path, id, text, tags and shard.

A tag expression consists of tags, ``and``, ``or``, ``not`` and brackets; the ``@`` may be left out.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from msgspec import UNSET

from sop_engine import SopError
from sop_engine.errors import did_you_mean
from sop_engine.text import caseless
from sop_runs.record.schema import SelectionRecord
from steps.language.examples import Example

TagTest = Callable[[frozenset[str]], bool]
OPERATORS = ("and", "or", "not")
LONGEST = 1_000
"""Maximum length of a tag expression, in characters."""


class SelectionError(SopError):
    """A selection that is invalid or selects nothing."""


@dataclass(frozen=True, slots=True)
class Selection:
    """Selection of a user: *paths* as in the record, *keyword* a part of a name, *tags* an expression; None selects all.

    *shard* is a part of the selected examples, such as ``2/4``: every fourth example, beginning with the second. *examples* has the
    ids of single examples by path; of a file that is not in it, none is excluded.
    """

    paths: tuple[str, ...] | None = None
    keyword: str | None = None
    tags: str | None = None
    shard: str | None = None
    examples: Mapping[str, tuple[str, ...]] | None = None

    def __bool__(self) -> bool:
        return (self.paths, self.keyword, self.tags, self.shard, self.examples) != (None,) * 5

    def recorded(self) -> SelectionRecord | None:
        """Return the selection as stored in the run record; None if it selects all."""
        return self.to_record() if self else None

    def to_record(self) -> SelectionRecord:
        """Return the selection in the form of a file."""
        shard = UNSET if self.shard is None else self.shard
        examples = UNSET if self.examples is None else dict(self.examples)
        return SelectionRecord(self.paths, self.keyword, self.tags, shard, examples)

    @classmethod
    def from_record(cls, record: SelectionRecord) -> "Selection":
        """Return the selection of a file."""
        shard = None if record.shard is UNSET else record.shard
        examples = None if record.examples is UNSET else record.examples
        return cls(record.paths, record.keyword, record.tags, shard, examples)

    def choose(self, examples: Iterable[Example]) -> Iterator[Example]:
        """Yield the selected ones of *examples*, in order.

        Raises:
            SelectionError: the tag expression or the shard is invalid.
        """
        if self.shard is None:
            return self._selected(examples)
        number, count = shard_of(self.shard)
        return islice(self._selected(examples), number - 1, None, count)

    def _selected(self, examples: Iterable[Example]) -> Iterator[Example]:
        keyword = None if self.keyword is None else caseless(self.keyword)
        test = None if self.tags is None else tag_test(self.tags)
        single = {path: frozenset(ids) for path, ids in (self.examples or {}).items()}
        for example in examples:
            if self.paths is not None and example.path not in self.paths:
                continue
            if example.path in single and example.id not in single[example.path]:
                continue
            if keyword is not None and not _mentions(example, keyword):
                continue
            if test is None or test(frozenset(example.tags)):
                yield example


def shard_of(text: str) -> tuple[int, int]:
    """Parse a shard such as ``2/4``; return its number and the number of shards.

    Raises:
        SelectionError: *text* is not a shard.
    """
    match = re.fullmatch(r"(\d{1,4})/(\d{1,4})", text)
    if match is None or not 1 <= int(match[1]) <= int(match[2]):
        raise SelectionError(f"`{text}` is not a shard; write it like 1/4 (the first of four)")
    return int(match[1]), int(match[2])


def _mentions(example: Example, keyword: str) -> bool:
    texts = (example.name, example.outline, example.rule, example.feature, example.path, example.id)
    return any(keyword in caseless(text) for text in texts if text)


def tag_test(expression: str) -> TagTest:
    """Parse *expression*; return a function that tests whether a set of tags matches it.

    Raises:
        SelectionError: *expression* is too long or invalid.
    """
    if len(expression) > LONGEST:
        raise SelectionError(f"the tag expression has {len(expression):,} characters, more than {LONGEST:,}; shorten it")
    return _Parser(expression).parse()


def tags_in(expression: str) -> list[str]:
    """Return the tags in an expression, with ``@``."""
    return [_tag(token) for token in _tokens(expression) if token not in {*OPERATORS, "(", ")"}]


def check_tags(expression: str, known_tags: Iterable[str]) -> None:
    """Check that *expression* is valid and names only known tags.

    Raises:
        SelectionError: *expression* is invalid, or a tag is unknown.
    """
    tag_test(expression)
    names = sorted(known_tags)
    for tag in tags_in(expression):
        if tag not in names:
            hint = did_you_mean(tag, names)
            raise SelectionError(
                f"unknown tag `{tag}`" + (f"; {hint}" if hint.startswith("did") else "; tags are ids of clauses, gaps and sections")
            )


def _tokens(expression: str) -> list[str]:
    return re.findall(r"[()]|[^\s()]+", expression)


def _tag(token: str) -> str:
    return token if token.startswith("@") else f"@{token}"


class _Parser:
    """Recursive descent parser of tag expressions; precedence from low to high: `or`, `and`, `not`."""

    def __init__(self, expression: str) -> None:
        self._expression = expression
        self._remaining = _tokens(expression)[::-1]
        self._depth = 0

    def parse(self) -> TagTest:
        test = self._disjunction()
        if self._remaining:
            raise self._error(f"expected `and` or `or`, got `{self._remaining[-1]}`")
        return test

    def _disjunction(self) -> TagTest:
        tests = [self._conjunction()]
        while self._take("or"):
            tests.append(self._conjunction())
        return tests[0] if len(tests) == 1 else lambda tags: any(test(tags) for test in tests)

    def _conjunction(self) -> TagTest:
        tests = [self._nested_operand()]
        while self._take("and"):
            tests.append(self._nested_operand())
        return tests[0] if len(tests) == 1 else lambda tags: all(test(tags) for test in tests)

    def _nested_operand(self) -> TagTest:
        self._depth += 1
        if self._depth > LONGEST // 10:
            raise self._error("it is nested too deeply")
        try:
            return self._operand()
        finally:
            self._depth -= 1

    def _operand(self) -> TagTest:
        if self._take("not"):
            inner = self._nested_operand()
            return lambda tags: not inner(tags)
        if self._take("("):
            inner = self._disjunction()
            if not self._take(")"):
                raise self._error("a bracket is not closed")
            return inner
        if not self._remaining or self._remaining[-1] in {*OPERATORS, ")"}:
            got = f"`{self._remaining[-1]}`" if self._remaining else "the end"
            raise self._error(f"expected a tag, got {got}")
        tag = _tag(self._remaining.pop())
        return lambda tags: tag in tags

    def _take(self, token: str) -> bool:
        if self._remaining and self._remaining[-1] == token:
            self._remaining.pop()
            return True
        return False

    def _error(self, why: str) -> SelectionError:
        return SelectionError(f"cannot read the tag expression `{self._expression}`: {why}; write it like `@GAP-14 and not @simulation`")
