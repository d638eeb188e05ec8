"""The prose of the project has no banned turn (CONTRIBUTING, "Plain English")."""

import ast
import io
import re
import tokenize
from collections.abc import Callable, Iterator
from itertools import groupby
from pathlib import Path

import pytest

from tests.support.project_figures import PACKAGES, TOP

BANNED = {
    r"tells?|told": "show, report, write; of two things: distinguish",
    r"hears?|heard": "process, receive",
    r"luck|fates?": "random draws, result",
    r"of ours": "the project's; of an error: internal error",
    r"whoever": "the reader, the caller, anyone who",
    r"nobody|somebody": "no one, nothing; a user, a reader",
    r"at hand": "present, available",
    r"anew": "again; of a feature file: reformatted",
    r"spoken of": "covered by, mentioned in",
    r"(?:becomes?|became|comes?|came) of": "the result of, what happens to",
    r"lived|lives? (?:in|through|again)": "is in; is replayed",
    r"(?:has|have|holds?) (?:any|some|no)?(?:thing )?against": "the problems of",
    r"as (?:it|they) should be": "correct, complete",
    r"not as (?:it|they) (?:was|were)": "changed",
    r"not as written": "failed",
    r"to blame|(?:at|own) fault": "the cause",
    r"(?:good|bad) news": "passes, fails; exit status 1",
    r"all the same(?=\s*(?:[;:,.)]|$))": "nevertheless, still",
    r"asked for like that": "invalid input or option",
    r"takes? it that": "assume that",
    r"in vain": "without success",
}
"""A turn of phrase as a regular expression, and what to write instead."""
COLUMNS_OF_OLD_WORDS = {"not", "old word", "old words", "do not say", "old name → new name"}
PATTERNS = {re.compile(rf"\b(?:{turn})(?!\w)".replace(" ", r"\s+"), re.IGNORECASE): remedy for turn, remedy in BANNED.items()}

Prose = Iterator[tuple[int, str]]
"""Texts that a reader reads, each with its first line."""
CODE = r"``.*?``|`[^`\n]*`"


def without(pattern: str, source: str) -> str:
    """Remove what *pattern* matches, without its line breaks."""
    return re.sub(pattern, lambda removed: "\n" * removed[0].count("\n"), source, flags=re.DOTALL | re.MULTILINE)


def python(source: str) -> Prose:
    """Docstrings and comments, and strings of several words: a program prints them."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value:
            yield node.lineno, without(CODE, node.value)
    yield from python_comments(source)


def python_notes(source: str) -> Prose:
    """Docstrings and comments only."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            yield node.lineno, without(CODE, node.value.value)
    yield from python_comments(source)


def python_comments(source: str) -> Prose:
    """Each block of comments on successive lines as one text."""
    comments = [
        (token.start[0], token.string.lstrip("# "))
        for token in tokenize.generate_tokens(io.StringIO(source).readline)
        if token.type == tokenize.COMMENT
    ]
    for _, block in groupby(enumerate(comments), lambda numbered: numbered[1][0] - numbered[0]):
        lines = [comment for _, comment in block]
        yield lines[0][0], without(CODE, "\n".join(text for _, text in lines))


def template(source: str) -> Prose:
    """A template without its code; comments and strings in the code stay."""
    yield 1, re.sub(r"{([{%]).*?[%}]}", lambda code: " ".join(re.findall(r'".*?"|\n', code[0])), source, flags=re.DOTALL)


def script(source: str) -> Prose:
    """Comments and strings of several words of a script or style sheet."""
    for text in re.finditer(r'/\*.*?\*/|(?<!:)//[^\n]*|"(?:\\.|[^"\\\n])*"|`[^`]*`', source, re.DOTALL):
        if " " in text[0]:
            yield source.count("\n", 0, text.start()) + 1, re.sub(r"\${.*?}", "", text[0])


def feature(source: str) -> Prose:
    """Titles, descriptions and comments: no steps, tables, doc strings and tags."""
    is_step, in_docstring = re.compile(r"\s*(?:Given|When|Then|And|But|\*|\||@)(?:\s|\b)"), False
    lines = []
    for line in source.splitlines():
        is_delimiter = line.strip().startswith(('"""', "```"))
        lines.append("" if in_docstring or is_delimiter or is_step.match(line) else line)
        in_docstring ^= is_delimiter
    yield 1, "\n".join(lines)


def page(source: str) -> Prose:
    """Markdown without code and without the columns that list old words."""
    kept, old = list[str](), set[int]()
    for line in without(r"^ *```.*?^ *```|" + CODE, source).splitlines():
        cells = line.split("|")
        if len(cells) > 1 and not (kept and "|" in kept[-1]):
            old = {place for place, cell in enumerate(cells) if cell.strip().lower() in COLUMNS_OF_OLD_WORDS}
        kept.append("|".join("" if place in old else cell for place, cell in enumerate(cells)))
    yield 1, "\n".join(kept)


def changelog(source: str) -> Prose:
    """The entries that are not released; wordings between asterisks are quoted."""
    unreleased = re.match(r".*?^## .*?(?=^## |\Z)", source, re.DOTALL | re.MULTILINE)
    assert unreleased, "CHANGELOG.md has no section"
    yield from page(without(r"\*[^*\s][^*]*\*", unreleased[0]))


def plain(source: str) -> Prose:
    yield 1, source


PLACES: list[tuple[Callable[[str], Prose], str]] = [
    *((python, f"{package}/**/*.py") for package in PACKAGES),
    (python, "run.py"),
    (python, "benchmarks/**/*.py"),
    (python_notes, "tests/**/*.py"),
    (template, "reports/**/*.j2"),
    (script, "reports/**/*.js"),
    (script, "reports/**/*.css"),
    (feature, "features/**/*.feature"),
    (page, "README.md"),
    (page, "CONTRIBUTING.md"),
    (page, "docs/**/*.md"),
    (changelog, "CHANGELOG.md"),
    (plain, "simulator/**/*.toml"),
    (plain, "sop_engine/schemas/*.json"),
    (plain, "sop_engine/rulebook/**/*.toml"),
    (plain, "docs/ci/*.yml"),
    (plain, ".ci/*"),
]
"""Who reads which files."""


def banned(texts: Prose) -> Iterator[str]:
    """Each banned turn in *texts*: its line, the turn, and what to write instead."""
    for first, text in texts:
        for pattern, remedy in PATTERNS.items():
            for turn in pattern.finditer(text):
                yield f"{first + text.count(chr(10), 0, turn.start())}: {' '.join(turn[0].split())}; write instead: {remedy}"


@pytest.mark.parametrize(("read", "files"), PLACES, ids=lambda place: place if isinstance(place, str) else "")
def test_no_text_has_a_banned_turn(read: Callable[[str], Prose], files: str) -> None:
    paths = [path for path in sorted(TOP.glob(files)) if path != Path(__file__)]

    assert paths
    assert [
        f"{path.relative_to(TOP).as_posix()}:{place}" for path in paths for place in banned(read(path.read_text(encoding="utf-8")))
    ] == []


def lines(read: Callable[[str], Prose], source: str) -> list[int]:
    """The lines of the banned turns."""
    return sorted({int(place.split(":")[0]) for place in banned(read(source))})


EVERY_TURN = """
tells; tell; told; hears; hear; heard; luck; fate; fates
a fault of ours; whoever reads it; nobody; Somebody; the runs at hand; laid out anew; cases are spoken of
what becomes of it; what became of it; what comes of it; what came of it; lived; it lives in orders; lives through
the gate has against it; what it has something against; holds nothing against
a file is as it should be; 0 of them not as they were; not as it was; not as written: 391
the column to blame; at fault; its own fault; bad news; good news; shown all the same; all the same.
it cannot be asked for like that; we take it that; in vain
"""


def test_every_turn_is_found() -> None:
    assert [text for text in re.split(r"[;\n]", EVERY_TURN.strip()) if not lines(plain, text)] == []
    assert {place.split("instead: ")[1] for place in banned(plain(EVERY_TURN))} == set(BANNED.values())


@pytest.mark.parametrize(
    "text",
    [
        "intelligible, untold, flucks, fatal, Luckily, at handling, anewton",
        "all the same words; as written; a check against the rulebook; the lives of orders",
    ],
)
def test_other_words_are_not_found(text: str) -> None:
    assert lines(plain, text) == []


PYTHON = '''
"""A word about
luck."""
LIMIT = 3
"""Nobody waits longer."""
luck = told = "luck"  # an identifier, and a string of one word
def fate():
    """Whoever reads `luck`, ``told`` of it."""
    # What is at
    # hand.
'''
TEMPLATE = """{% set told = 1 %}
<p>It is told</p>
{{ show(told, "what is told") }}
{# anew #}"""
SCRIPT = """const told = 1, luck = "luck";
// at hand
show("is told", `${told} of ours`);
/* a
luck */"""
FEATURE = """# luck
@luck
Feature: Luck
  told anew
  Scenario: whoever
    Given nobody
      \"\"\"
      luck
      \"\"\"
    * luck
      | luck |
  Rule: anew"""
PAGE = """It is told
at
hand. `luck`
```
luck
```
- luck

| Now | Old word |
|---|---|
| a | luck |
| luck | b |

| Now | Then |
|---|---|
| a | luck |"""
NOT_AND_BUT = """| Where | Not | But |
|---|---|---|
| page | luck | draws |"""
CHANGELOG = """# Changelog
## Unreleased
- luck, *luck*
- `luck`
## 1.0
- luck"""


@pytest.mark.parametrize(
    ("read", "source", "expected"),
    [
        (python, PYTHON, [3, 5, 8, 9]),
        (python, 'print(f"{luck} at hand", "told")', [1]),
        (python_notes, PYTHON, [3, 5, 8, 9]),
        (python_notes, 'print("It is told")  # anew\nprint("It is told")', [1]),
        (template, TEMPLATE, [2, 3, 4]),
        (script, SCRIPT, [2, 3, 5]),
        (feature, FEATURE, [1, 3, 4, 5, 12]),
        (page, PAGE, [1, 2, 7, 12, 16]),
        (page, NOT_AND_BUT, []),
        (changelog, CHANGELOG, [3]),
        (plain, "# a\n# luck", [2]),
    ],
)
def test_a_turn_is_found_in_every_kind_of_place(read: Callable[[str], Prose], source: str, expected: list[int]) -> None:
    assert lines(read, source) == expected
