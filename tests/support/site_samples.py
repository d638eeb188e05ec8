"""Samples: a run for every way in which a run and its examples can end, and the text of each of its pages, line by line.

The texts are kept in ``tests/samples/site``, a file for each sample. Where it is meant to change::

    RENEW_SAMPLES=1 python -m pytest tests/reports/site/test_samples.py -q && git diff tests/samples/site
"""

from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from pathlib import Path

from tests.support.run_samples import RULEBOOK, SAMPLES, Line, record

GOLDEN = SAMPLES / "site"
PATH = "seller/full.feature"
CLAUSE, GAP = "SC-ERP-FULL-1a", "GAP-02"

HEAD = f"@{CLAUSE}\nFeature: A whole order\n\n  Some *prose* about it.\n\n"
ONE = f"{HEAD}  Scenario: The first\n    Given a FULFILLABLE order\n    When the seller cancels\n    Then the cancellation is allowed\n"
TWO = f"{ONE}\n  Scenario: The second\n    Given a PACKED order\n    When the seller cancels\n    Then the cancellation is refused\n"
TABLE = f"{HEAD}  Scenario: A table\n    When the seller cancels\n    Then the tasks are\n      | must | credit note |\n      | may  | report      |\n"
OUTLINE = f"""{HEAD}  Scenario Outline: By stage
    Given an order that is <stage>
    When the seller cancels
    Then the cancellation is <outcome>

    Examples: Two stages
      | stage       | outcome |
      | FULFILLABLE | allowed |
      | PACKED      | refused |
"""
KNOWN = ONE.replace("  Scenario", "  @expected-to-fail\n  Scenario").replace(
    "The first\n", "The first\n    Because nobody has mended it.\n\n"
)
NOT_ALLOWED: Line = {
    "status": "failed",
    "step": 2,
    "expected": "allowed",
    "actual": "refused",
    "message": "the cancellation is refused, expected allowed",
}
FINDING: Line = {
    "path": PATH,
    "line": 8,
    "column": 5,
    "rule": "no-then",
    "message": "the scenario `The first` has no Then, so it would check nothing",
    "remedy": "say what must hold, in a step that begins with Then",
    "suggestion": "Then",
}


def _run(text: str, results: Mapping[tuple[str, ...], Line] | None = None, **more: object) -> list[Line]:
    rulebook = RULEBOOK | {
        "sections": [section for section in RULEBOOK["sections"] if section["id"] in ("SC-ERP", "SC-ERP-FULL")],
        "clauses": [clause for clause in RULEBOOK["clauses"] if clause["id"] in (CLAUSE, "SC-ERP-FULL-1.1.1", "DOC-1")],
        "gaps": [gap for gap in RULEBOOK["gaps"] if gap["id"] == GAP],
    }
    return record({PATH: text}, results or {}, rulebook=rulebook, **more)  # type: ignore[arg-type]


def _with_another_version() -> list[Line]:
    """Return a run in which the second example is of a later version."""
    lines = _run(
        TWO.replace("  Scenario: The second", "  @since-clients_v9\n  Scenario: The second"), {("The second",): {"status": "not-run"}}
    )
    (second,) = (line for line in lines if line.get("name") == "The second" and line["type"] == "scenario")
    second["status"] = "other-version"
    lines[0]["expected"] = lines[-1]["counts"]["expected"] = 1
    return lines


def _of_another_system() -> list[Line]:
    """Return a run of a system that does not offer what the second example needs."""
    reason = "not supported by Our OMS 4.7: it does not offer `orders`"
    lines = _run(TWO, {("The second",): {"status": "not-supported", "step": 1, "message": reason}})
    lines[0]["driver"] = {"name": "Our OMS", "version": "4.7", "contract": "1.0", "offers": ["decisions"], "readings": ["as-practised"]}
    lines[-1]["counts"] |= {"executed": 1, "passed": 1, "failed": 0}
    return lines


def runs() -> dict[str, list[Line]]:
    """Return each sample by its name."""
    first = ("The first",)
    rows = {"status": "failed", "step": 1, "message": "1 row was not expected and 1 is missing"}
    rows |= {"expected": [["must", "credit note"], ["may", "report"]], "actual": [["must", "credit note"], ["may", "refund"]]}
    cell = {
        "status": "failed",
        "step": 1,
        "cell": [1, 0],
        "expected": "may",
        "actual": "must",
        "message": "the report is a must, expected may",
    }
    return {
        "passed": _run(TWO),
        "passed-outline": _run(OUTLINE),
        "failed": _run(TWO, {first: NOT_ALLOWED}),
        "failed-outline": _run(OUTLINE, {("By stage", "PACKED"): NOT_ALLOWED | {"expected": "refused", "actual": "allowed"}}),
        "failed-cell": _run(TABLE, {("A table",): cell}),
        "failed-rows": _run(TABLE, {("A table",): rows}),
        "broken": _run(TWO, {first: {"status": "broken", "step": 0, "message": "ValueError: units must be positive"}}),
        "undefined": _run(TWO, {first: {"status": "undefined", "step": 1, "message": "no sentence reads like this"}}),
        "ambiguous": _run(TWO, {first: {"status": "ambiguous", "step": 1, "message": "steps/a.py:1 and steps/b.py:2 both match"}}),
        "not-run": _run(TWO, {first: {"status": "not-run"}}),
        "known-failure": _run(KNOWN, {first: NOT_ALLOWED}),
        "known-failure-that-passes": _run(KNOWN),
        "selection": _run(TWO, {first: {"status": "not-run"}}, selection={"paths": [], "keyword": "second", "tags": None}),
        "interrupted": _run(TWO, state="interrupted", keep=1),
        "incomplete": _run(TWO, state=None, keep=1),
        "findings": _run(ONE, findings=[FINDING]),
        "nothing-written": _run("Feature: Empty\n"),
        "gap": _run(TWO.replace(CLAUSE, GAP)),
        "other-version": _with_another_version(),
        "not-supported": _of_another_system(),
    }


class Lines(HTMLParser):
    """The text of a page: its band and its main part, a line for each block, cells apart; without what explains every such page."""

    BLOCKS = frozenset(
        [
            "p",
            "li",
            "h1",
            "h2",
            "h3",
            "h4",
            "tr",
            "caption",
            "dt",
            "dd",
            "summary",
            "pre",
            "article",
            "section",
            "div",
            "legend",
            "figcaption",
            "aside",
            "ul",
            "ol",
            "table",
        ]
    )
    CELLS = frozenset(("td", "th"))
    EXPLAINS = frozenset(("lead", "opening", "reading", "legend"))

    def __init__(self, html: str) -> None:
        super().__init__()
        self.lines: list[str] = []
        self._inside: list[str] = []
        self._texts: list[str] = []
        self._explains = ""
        self.feed(html)
        self._end()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("p", "details") and not self._explains:
            self._explains = tag if self.EXPLAINS & set((dict(attrs).get("class") or "").split()) else ""
        if tag in ("aside", "main"):
            self._inside.append(tag)
        if tag in self.BLOCKS:
            self._end()
        if tag in self.CELLS and "".join(self._texts).strip():
            self._texts.append(" | ")

    def handle_endtag(self, tag: str) -> None:
        if tag in self.BLOCKS:
            self._end()
        if tag in ("aside", "main"):
            self._inside.pop()
        if tag == self._explains:
            self._explains = ""

    def handle_data(self, data: str) -> None:
        if self._inside and not self._explains:
            self._texts.append(data)

    def _end(self) -> None:
        line = " ".join("".join(self._texts).split())
        self.lines += [line] if line else []
        self._texts = []


def texts_of_pages(files: Mapping[str, bytes]) -> dict[str, list[str]]:
    """Return the texts of the pages about a run; of the first page only the part before the SOP."""
    return dict(_texts(files))


def _texts(files: Mapping[str, bytes]) -> Iterator[tuple[str, list[str]]]:
    for name, content in sorted(files.items()):
        if name in ("index.html", "the-sop.html", "open-questions.html") or name.startswith("feature-"):
            lines = Lines(content.decode()).lines
            for last in ("The SOP at a glance", "Written from the record of a run."):
                lines = lines[: next((place for place, line in enumerate(lines) if line.startswith(last)), len(lines))]
            yield name, lines


def golden(name: str) -> Path:
    """Return the file with the page texts of a sample."""
    return GOLDEN / f"{name}.json"
