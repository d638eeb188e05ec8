"""Addresses in the site, made of ids, so that they stay the same in the next run and after a reordering."""

from collections.abc import Iterable

from reports.html.anchors import Anchors
from sop_engine import Case
from sop_engine.text import slug
from sop_runs.record.schema import RulebookRecord

OVERVIEW_PAGE = "index.html"
SOP_PAGE = "the-sop.html"
QUESTIONS_PAGE = "open-questions.html"
FEATURES_PAGE = "features.html"
CASES_PAGE = "decision-tables.html"
STEPS_PAGE = "steps.html"
GLOSSARY_PAGE = "glossary.html"


class Links:
    """The addresses of one site; None for what the site does not have."""

    def __init__(
        self, rulebook: RulebookRecord | None, paths: Iterable[str] = (), *, words: Iterable[str] = (), cases: bool = False
    ) -> None:
        self.anchors = Anchors()
        self._has_cases = cases
        self._words = {word_anchor(word) for word in words}
        self._ids = _ids(rulebook)
        for identifier in self._ids:
            self.anchors.take(identifier)
        self._files = _feature_files(paths)

    def __contains__(self, identifier: str) -> bool:
        return identifier in self._ids

    def id(self, identifier: str) -> str | None:
        """Return the address of a clause, a gap, a heading or a part of the document."""
        page = self._ids.get(identifier)
        return f"{page}#{identifier}" if page else None

    def clause(self, identifier: str) -> str | None:
        """Return the address of a sentence or a heading of the SOP."""
        return self.id(identifier)

    def gap(self, identifier: str) -> str | None:
        """Return the address of an open question."""
        return self.id(identifier)

    def feature(self, path: str) -> str | None:
        """Return the page of a feature file."""
        return self._files.get(path)

    def scenario(self, path: str, identifier: str) -> str | None:
        """Return the address of a scenario or an outline's row, by its file and its id in the run record."""
        anchor = self.anchors.anchor_of(identifier, of=path)
        return f"{self._files[path]}#{anchor}" if anchor and path in self._files else None

    def case(self, case: Case) -> str | None:
        """Return the address of a case; None if the run had another rulebook."""
        return f"{CASES_PAGE}#{case_anchor(case)}" if self._has_cases else None

    def step(self, sentence: str) -> str:
        """Return the address of a step sentence in the catalogue, by its expression."""
        return f"{STEPS_PAGE}#{step_anchor(sentence)}"

    def word(self, term: str) -> str | None:
        """Return the address of a word of the glossary, in any capitalization."""
        anchor = word_anchor(term)
        return f"{GLOSSARY_PAGE}#{anchor}" if anchor in self._words else None


def case_anchor(case: Case) -> str:
    """Return the id of a case on the page of cases."""
    return "case-" + "-".join(slug(str(fact)) for fact in (case.canceller, case.scope, case.invoicing, case.stage, case.e_invoice))


def step_anchor(sentence: str) -> str:
    """Return the id of a step sentence on the page of steps."""
    return f"step-{slug(sentence)}"


def word_anchor(term: str) -> str:
    """Return the id of a word in the glossary."""
    return f"word-{slug(term)}"


def _ids(rulebook: RulebookRecord | None) -> dict[str, str]:
    """Return every id of the rulebook with the page that has it."""
    if rulebook is None:
        return {}
    clauses, sections = [clause.id for clause in rulebook.clauses], [section.id for section in rulebook.sections]
    pages = {identifier.partition("-")[0]: SOP_PAGE for identifier in (*clauses, *sections)}
    pages |= dict.fromkeys((*sections, *clauses), SOP_PAGE)
    return pages | dict.fromkeys((gap.id for gap in rulebook.gaps), QUESTIONS_PAGE)


def _feature_files(paths: Iterable[str]) -> dict[str, str]:
    """Return a file name for each feature file; names differ in more than upper and lower case."""
    names = Anchors()
    return {path: names.take(f"feature-{slug(path.removesuffix('.feature'))}", of=path) + ".html" for path in sorted(paths)}
