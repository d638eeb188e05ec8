"""The recorder: writes down what a run did, line by line, in the order of the documents.

The record has nothing in it that differs from run to run: no time, no duration, no folder. A scenario that is done
before its turn is held back. The closing line comes last; a record without it is of a run that did not end.
"""

import json
import os
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

import pytest

from sop_engine import Reading
from steps.catalogue import write_catalogue
from steps.execution import BROKEN, NOT_RUN, PASSED
from steps.instances import Instance
from steps.plan import Plan
from steps.portable import portable
from steps.specification import Specification

VERSION = 1
GONE: str = "???"
"""What xdist reports of a test whose process died."""
Line = dict[str, Any]
_encode = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode


def dump(line: Mapping[str, Any]) -> bytes:
    """One line of a record."""
    return _encode(line).encode("utf-8", "backslashreplace") + b"\n"


class Recorder:
    """Knows from the specification what must come, and takes it from the reports of whichever process ran it."""

    def __init__(self, plan: Plan, specification: Specification) -> None:
        self._plan = plan
        self._specification = specification
        self._prefix = f"{plan.root.name}/"
        self._due = {(i.path, i.id) for instances in specification.runnable.values() for i in instances}
        self._waiting = iter(specification.instances)
        self._next = next(self._waiting, None)
        self._called: dict[tuple[str, str], Line] = {}
        self._done: dict[tuple[str, str], Line] = {}
        self._executed = self._passed = 0
        self._file: BinaryIO | None = None

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionstart(self) -> None:
        """The manifest is on disk before anything runs."""
        self._file = self._plan.record.open("xb", buffering=0)
        self._write(manifest(self._specification), durable=True)
        for line in _preamble(self._specification):
            self._write(line)
        write_catalogue(self._specification.registry, self._plan.record.parent)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """One phase of one test has ended, here or in a worker."""
        told = getattr(report, "sop", None) or {}
        if isinstance(told, str):  # from a worker
            told = json.loads(told)
        path, _, own = report.nodeid.removeprefix(self._prefix).partition("::")
        key = path, own
        if key not in self._due or key in self._done:
            return
        if report.when == "call":
            self._called[key] = told.get("result") or _crashed(report)
        elif report.failed:  # in setup or teardown, or the process that ran it is gone
            self._called[key] = _crashed(report)
        if report.when in {"teardown", GONE}:
            self._done[key] = self._called.pop(key) if key in self._called else _crashed(report)
            self._write_what_is_due()

    def pytest_keyboard_interrupt(self) -> None:
        """Somebody stopped the run: said at once, for the workers may take their time to end."""
        self._close("interrupted")

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, exitstatus: int) -> None:
        """The closing line, unless pytest itself broke down."""
        if exitstatus != pytest.ExitCode.INTERNAL_ERROR:
            self._write_what_is_due()
            self._close("complete" if self._next is None else "interrupted")

    def _close(self, state: str) -> None:
        if self._file is None:
            return
        counts = {
            "written": self._specification.lint.written,
            "expected": self._specification.expected,
            "executed": self._executed,
            "passed": self._passed,
            "failed": self._executed - self._passed,
        }
        findings = len(self._specification.lint.findings)
        self._write({"type": "closing", "state": state, "counts": counts, "findings": findings}, durable=True)
        self._file.close()
        self._file = None

    def _write_what_is_due(self) -> None:
        while self._next is not None:
            instance, key = self._next, (self._next.path, self._next.id)
            result = self._done.pop(key, None)
            if key in self._due and result is None:
                return
            self._write(scenario(instance, result))
            if result is not None:
                self._due.discard(key)
                self._executed += 1
                self._passed += result["status"] == PASSED
            self._next = next(self._waiting, None)

    def _write(self, line: Line, *, durable: bool = False) -> None:
        if self._file is None:
            return
        left = memoryview(dump(line))
        while left:  # a full disk may take a part of it
            left = left[self._file.write(left) :]
        if durable:
            os.fsync(self._file.fileno())


def manifest(specification: Specification) -> Line:
    """The first line: what is about to run."""
    return {
        "type": "manifest",
        "version": VERSION,
        "state": "running",
        "reading": str(Reading.AS_PRACTISED),
        "features": specification.hashes,
        "rulebook": {"name": specification.rulebook.name, "sha256": specification.rulebook.sha256},
        "selection": specification.selection.to_plain(),
        "written": specification.lint.written,
        "expected": specification.expected,
    }


def _preamble(specification: Specification) -> Iterator[Line]:
    yield {"type": "rulebook", **specification.rulebook.to_plain()}
    for source in sorted(specification.lint.sources, key=lambda source: source.path):
        findings = specification.findings.get(source.path, ())
        yield {
            "type": "feature",
            "path": source.path,
            "sha256": source.sha256,
            "text": source.text,
            "document": None if source.document is None else source.document.plain,
            "findings": [finding.to_plain() for finding in findings],
        }


def scenario(instance: Instance, result: Line | None) -> Line:
    """The line of one instance; without a result it has not run."""
    steps = result["steps"] if result and result["steps"] else [None] * len(instance.steps)
    status = NOT_RUN if result is None else result["status"]
    missing: Line = {"status": NOT_RUN if result is None else "skipped", "error": None, "claims": []}
    told = [
        {
            "line": step.line,
            "keyword": step.keyword,
            "text": step.text,
            "kind": step.kind,
            "columns": step.columns,
            "table": step.table,
            "docstring": step.docstring,
            **(found or missing),
        }
        for step, found in zip(instance.steps, steps, strict=True)
    ]
    if result is not None and "message" in result and told:
        told[-1] |= {"status": BROKEN, "error": {"message": result["message"], "expected": None, "actual": None}}
    return {
        "type": "scenario",
        "id": instance.id,
        "feature": instance.path,
        "rule": instance.rule,
        "name": instance.name,
        "outline": instance.outline,
        "line": instance.line,
        "row": instance.row,
        "tags": instance.tags,
        "status": status,
        "steps": told,
        "claims": [] if result is None else result["claims"],
    }


def _crashed(report: pytest.TestReport) -> Line:
    """The result of an instance whose process did not live to tell."""
    if report.when == GONE:
        message = "the process that ran this scenario ended in the middle of it"
    else:
        message = f"{report.when}: {portable(report.longreprtext)}"
    return {"status": BROKEN, "steps": None, "claims": [], "message": message}
