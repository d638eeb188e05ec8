"""A run record, and all that a site takes besides, with a token in every place that a user can write into.

`filled` puts texts where the tokens are, everywhere the same one for the same token: names still agree with each other, ids and
addresses stay as they were. So two sites, one of hostile text and one of plain, may differ in their words and in nothing else.
"""

import json
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from tests.support.run_samples import Line, record
from tests.support.study_samples import study

PAGES = 6
"""Feature files; every block of theirs has a payload of its own."""

_TOKEN = re.compile(r"T(\d{4})T|W(\d{4})W|EVERY(\d)EVERY")
STATUSES = ("passed", "failed", "broken", "undefined", "not-run", "surplus")

_BLOCK = '''
  Rule: {n} rule {t}
    rule says {t}

    Background: {n} background {t}
      background says {t}
      Given a background with {t}

    @tag-{w} {place}
    Scenario: {n} plain {t}
      scenario says {t}
      Given a given of {t}
        | head {t} | other |
        | cell {t} | {t} x |
      When a note is
        """{t}
        note {t}
        """
      Then the outcome is {t}
      And the table is
        | row {t} | {t} |
        | a       | b   |

    Scenario Outline: {n} outline {t}
      Given a given of <col {t}>
      Then the outcome is <out>

      @more-{w}
      Examples: {n} examples {t}
        examples say {t}
        | col {t} | out |
        | a {t}   | {t} |
'''


def template(count: int) -> list[Line]:
    """Return the record of a run of *count* blocks, with tokens instead of texts."""
    texts, results = {}, {}
    for page in range(PAGES):
        numbers = range(page, count, PAGES)
        blocks = "".join(_block(number) for number in numbers)
        head = f"@feature-EVERY{page}EVERY\nFeature: {page} feature EVERY{page}EVERY\n  feature says EVERY{page}EVERY\n"
        texts[f"folder {page} T{page:04}T/file T{page:04}T.feature"] = f"{head}\n  Background: EVERY{page}EVERY\n    Given a step\n{blocks}"
        for number in numbers:
            results |= _results(number)
    lines = record(texts, results)
    for line in lines:
        if line["type"] == "feature":
            line["findings"] = [_finding(line["path"], number) for number in range(int(line["path"][7]), count, PAGES)]
    lines[-1]["findings"] = sum(len(line["findings"]) for line in lines if line["type"] == "feature")
    return lines


def _block(number: int) -> str:
    return _BLOCK.format(
        n=f"{number:04}", t=f"T{number:04}T", w=f"{number}-W{number:04}W", place="@SC-ERP-FULL-3" if number % 40 == 0 else "@elsewhere"
    )


def _results(number: int) -> dict[tuple[str, ...], Line]:
    token, status = f"T{number:04}T", STATUSES[number % len(STATUSES)]
    result: Line = {
        "status": status,
        "step": 4,
        "message": f"{token} message",
        "expected": f"{token} expected",
        "actual": f"{token} actual",
    }
    if status == "passed":
        return {}
    if status == "not-run":
        result = {"status": "not-run"}
    if status == "surplus":
        result |= {"status": "failed", "step": 5, "expected": [[f"row {token}", token], ["a", "b"]], "actual": [["a", "b"], [token, token]]}
    row = result | {"step": 3} if "step" in result else result
    return {(f"{number:04} plain {token}",): result, (f"{number:04} outline {token}", f"a {token}"): row}


def _finding(path: str, number: int) -> Line:
    token = f"T{number:04}T"
    words = {"rule": f"rule {token}", "message": f"message {token}", "remedy": f"remedy {token}", "suggestion": f"suggestion {token}"}
    return {"path": path, "line": 3, "column": 1} | words


def base_of(lines: Sequence[Line]) -> list[Line]:
    """Return an earlier run: some examples had another result, others another name, and some are missing."""
    lines = json.loads(json.dumps(lines))
    gone = []
    for place, line in enumerate(line for line in lines if line["type"] == "scenario"):
        if place % 3 == 0:
            line["name"], line["id"] = f"was {line['name']}", f"was-{line['id']}"
            line["outline"] = line["outline"] and line["name"]
        if place % 3 == 1:
            for claim in line["claims"]:
                claim["expected"] = claim["actual"] = f"was {claim['actual']}"
        if place % 7 == 0:
            gone.append(line)
    for clause in lines[1]["clauses"]:
        clause["text"] += " EVERY0EVERY"
    return [line for line in lines if line not in gone]


def catalogue(count: int) -> Line:
    """Return ``steps.json`` with a sentence for every seventh text."""
    sentences = [
        {
            "kind": ("given", "when", "then")[number % 3],
            "expression": f"{number:04} says {{value}}",
            "meaning": f"Means T{number:04}T.",
            "pattern": f"^{number:04} says (.*)$",
            "prefix": f"{number:04} says",
            "parameters": [{"type": f"value{number}", "name": f"T{number:04}T", "group": 1, "choices": [f"T{number:04}T", "x"]}],
            "table": False,
            "docstring": False,
            "file": "tests/x.py",
            "line": 1,
        }
        for number in range(0, count, 7)
    ]
    return {"version": 1, "sentences": sentences}


def study_of(kind: str, measures: Any) -> Line:
    """Return a study that has a token in each of its texts."""
    made = study(kind, measures)
    number = iter(range(10_000))

    def spoil(value: Any, name: str = "") -> Any:
        if name in ("kind", "sha256", "digest", "version", "key", "estimates", "against_base", "changes"):
            return value
        if isinstance(value, dict):
            return {key: spoil(item, key) for key, item in value.items()}
        if isinstance(value, list):
            return [spoil(item, name) for item in value]
        return f"{value} T{next(number):04}T" if isinstance(value, str) else value

    failed = {"variant": "v", "number": 1, "expected": "e", "found": "f"}
    made["checks"] += [{"name": f"x{number}", "says": "Says", "held": 4, "of": 5, "failed": [failed]} for number in range(150)]
    more = {"value": "v", "says": "Says", "source": "Source", "assumed": False, "varied": False}
    made["settings"] += [more | {"key": f"a.b{number}"} for number in range(150)]
    result: Line = spoil(made)
    result["description"] += " EVERY0EVERY"
    for check in result["checks"]:
        for failed in check["failed"]:
            failed["variant"] = result["variants"][0]["name"]
    return result


def filled(tokens: str, texts: Sequence[str]) -> str:
    """Replace the tokens in the JSON text *tokens* by *texts*.

    ``T0007T`` is the eighth text and ``W0007W`` the same without white space, as a tag must be; ``EVERY1EVERY`` is each text
    of the second feature file, one after the other.
    """

    def text(match: re.Match[str]) -> str:
        text, word, page = match.groups()
        result = texts[int(text or word) % len(texts)] if page is None else " ".join(texts[int(page) :: PAGES])
        return json.dumps("".join(result.split()) if word else result)[1:-1]

    return _TOKEN.sub(text, tokens)


def run_of(folder: Path, lines: Sequence[Line], texts: Sequence[str]) -> Path:
    """Write *lines* with *texts* as a run's folder; return the folder."""
    folder.mkdir(parents=True)
    (folder / "run.ndjson").write_text(filled("".join(json.dumps(line) + "\n" for line in lines), texts), encoding="utf-8")
    return folder


def file_names(texts: Sequence[str], change: Callable[[str], str]) -> Iterator[str]:
    """Yield *texts* as names that a file system accepts, in an order of their own."""
    for number, text in enumerate(texts):
        yield f"{number:04} " + change(re.sub(r"[/\0]", "\u2215", text)).encode()[:200].decode(errors="ignore")
