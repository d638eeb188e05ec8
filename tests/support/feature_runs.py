"""The parsed feature files, and the results of their examples, run in process."""

from functools import cache
from pathlib import Path

from sop_engine import EInvoice, Invoicing, Reading, Stage
from sop_runs.record.schema import Claim, WrittenRule
from steps.definitions.discovery import built_in_modules
from steps.definitions.registry import Registry
from steps.language.document import find_features, read_document
from steps.language.examples import Example
from steps.run.executor import Result, execute
from steps.support.audits import AuditPlan

FEATURES = Path(__file__).parents[2] / "features"
FILES = find_features([FEATURES])
NOT_STATED: dict[str, object] = {
    "reading": Reading.AS_PRACTISED,
    "invoicing": tuple(Invoicing),
    "stage": tuple(Stage),
    "e_invoice": tuple(EInvoice),
    "annual_returns": {},
    "audit_plan": AuditPlan(),
}
"""Values of the fixtures of the step definitions that no step has stated."""


@cache
def run() -> tuple[tuple[Example, Result], ...]:
    """Run every example; return the results."""
    return tuple((instance, result_of(instance)) for file in FILES for instance in read(file).examples)


def result_of(instance: Example) -> Result:
    """Run one example with the current engine; return its result."""
    return execute(instance, registry(), NOT_STATED.__getitem__)


@cache
def registry() -> Registry:
    """Return the modules with step definitions."""
    return Registry.from_modules(built_in_modules())


@cache
def read(file: Path):
    """Parse *file*, in which the lint must find nothing."""
    document, findings = read_document(file, FEATURES)
    assert document is not None
    assert not findings
    return document


def rules(file: Path) -> list[WrittenRule]:
    """Return the Rules of *file*."""
    return [child for child in read(file).recorded.children if isinstance(child, WrittenRule)]


@cache
def scenarios() -> dict[tuple[str, int], tuple[Example, tuple[Claim, ...]]]:
    """Return each scenario by file and line: its first example, and the claims of all its examples."""
    by_place: dict[tuple[str, int], tuple[Example, tuple[Claim, ...]]] = {}
    for instance, result in run():
        first, claims = by_place.get((instance.path, instance.line), (instance, ()))
        by_place[instance.path, instance.line] = first, (*claims, *result.claims.entries)
    return by_place
