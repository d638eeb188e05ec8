"""The living document of a recorded run, and its clauses, gaps and scenarios by name."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from reports.document.content import ClauseView, GapView, LivingDocument
from reports.examples.views import ScenarioView
from reports.site.context import context_of
from sop_runs.record.reader import read_record
from tests.support.run_samples import write

Line = dict[str, Any]
FINDING = {
    "path": "returns/rsi.feature",
    "line": 8,
    "column": 5,
    "rule": "undefined-step",
    "message": "no binding knows this sentence",
    "remedy": "use a known sentence",
    "suggestion": "the client may use the report",
}


def page_of(tmp_path: Path, lines: Sequence[Line]) -> LivingDocument:
    return context_of(read_record(write(lines, tmp_path))).document


def clause(page: LivingDocument, identifier: str) -> ClauseView:
    clauses = [*(c for part in page.parts for c in part.clauses)]
    clauses += [c for part in page.parts for section in part.sections for c in section.clauses]
    return next(c for c in clauses if c.id == identifier)


def gap(page: LivingDocument, identifier: str) -> GapView:
    return next(g for g in page.gaps if g.id == identifier)


def scenario(page: LivingDocument, name: str) -> ScenarioView:
    homes = [c for part in page.parts for section in part.sections for c in section.clauses]
    groups = [group for home in (*homes, *page.gaps) for group in home.groups] + list(page.unlinked)
    return next(view for group in groups for view in group.scenarios if view.name == name)


def with_claims(lines: list[Line], name: str, claims: list[Line]) -> list[Line]:
    """*lines* in which the last step of the scenario *name* made these claims."""
    lines = json.loads(json.dumps(lines))
    result = next(line for line in lines if line.get("name") == name)
    base = {"subject": {}, "reading": "as-practised", "facet": "rows", "cell": None, "step": 2}
    result["claims"] = [base | claim for claim in claims]
    result["steps"][2]["claims"] = list(range(len(claims)))
    return lines
