"""Run records that are spoilt on purpose: statuses, steps, claims, counts, findings, and the lines themselves."""

import random
from collections.abc import Callable
from typing import Any

from tests.support.run_samples import dump, feature_texts, record

RandomStreams = random.Random
Line = dict[str, Any]
Spoil = Callable[[RandomStreams, list[Line]], object]

STATUSES = ("passed", "failed", "undefined", "ambiguous", "broken", "not-run", "skipped", "splendid")
COUNTS = ("written", "expected", "executed", "passed", "failed")
KNOWN = """Feature: Known

  @expected-to-fail
  Scenario: Not so yet
    Because nobody has mended it.

    Given a beginning
    Then the end is near
"""
FAILS = {"status": "failed", "step": 1, "expected": "near", "actual": "far", "message": "the end is far, expected near"}


def good_record() -> list[Line]:
    """The lines of a good run: examples that passed, and one that fails as expected."""
    return record({**feature_texts(), "known.feature": KNOWN}, {("Not so yet",): FAILS})


def spoilt(seed: int) -> tuple[bytes, list[str]]:
    """A record with one to three things changed, as bytes, and the names of the changes; the same for the same *seed*."""
    chance = random.Random(seed)  # noqa: S311 - repeatable, not secret
    lines = good_record()
    names = chance.sample(sorted(SPOILS), chance.choice((1, 1, 2, 3)))
    for name in names:
        SPOILS[name](chance, lines)
    if chance.random() < 0.5:
        _count_again(lines)
        names.append("counted again")
    raw = b"".join(map(dump, lines))
    if chance.random() < 0.1:
        raw = raw[: chance.randrange(1, len(raw))]
        names.append("cut off")
    return raw, names


def _of(kind: str, lines: list[Line]) -> list[Line]:
    return [line for line in lines if line["type"] == kind]


def _scenario(chance: RandomStreams, lines: list[Line]) -> Line:
    return chance.choice(_of("scenario", lines))


def _step(chance: RandomStreams, lines: list[Line]) -> Line:
    return chance.choice([step for line in _of("scenario", lines) for step in line["steps"]])


def _claim(chance: RandomStreams, lines: list[Line]) -> Line:
    return chance.choice([claim for line in _of("scenario", lines) for claim in line["claims"]])


def _counts(lines: list[Line]) -> Line:
    return lines[-1].get("counts", {})


def _count_again(lines: list[Line]) -> None:
    """Adapt the counts in the closing line to the scenario lines, so that only those lines are wrong."""
    executed = [line for line in _of("scenario", lines) if line["status"] != "not-run"]
    passed = sum(
        line["status"] == "passed"
        and bool(line["steps"])
        and all(step["status"] == "passed" for step in line["steps"])
        and all(claim["holds"] and claim["expected"] == claim["actual"] for claim in line["claims"])
        for line in executed
    )
    if _counts(lines):
        lines[0]["expected"] = len(executed)
        lines[-1]["counts"] |= {"expected": len(executed), "executed": len(executed), "passed": passed, "failed": len(executed) - passed}
        lines[-1]["findings"] = sum(len(line["findings"]) for line in _of("feature", lines))


def _add_finding(chance: RandomStreams, lines: list[Line]) -> None:
    feature = chance.choice(_of("feature", lines))
    finding = {"path": feature["path"], "line": 1, "column": 1, "rule": "no-then", "message": "m", "remedy": "r", "suggestion": None}
    feature["findings"].append(finding)


def _drop(kind: str) -> Spoil:
    return lambda chance, lines: lines.remove(chance.choice(_of(kind, lines)))


def _double(chance: RandomStreams, lines: list[Line]) -> None:
    lines.insert(lines.index(_of("scenario", lines)[0]), _scenario(chance, lines))


SPOILS: dict[str, Spoil] = {
    "nothing": lambda _, lines: lines[0].update(remark="a key of a later writer"),
    "status of an example": lambda chance, lines: _scenario(chance, lines).update(status=chance.choice(STATUSES)),
    "status of a step": lambda chance, lines: _step(chance, lines).update(status=chance.choice(STATUSES)),
    "a step without claims": lambda chance, lines: _step(chance, lines).update(claims=[]),
    "no steps": lambda chance, lines: _scenario(chance, lines)["steps"].clear(),
    "a claim that does not hold": lambda chance, lines: _claim(chance, lines).update(holds=False),
    "claims that all hold": lambda chance, lines: [claim.update(holds=True) for claim in _scenario(chance, lines)["claims"]],
    "expected": lambda chance, lines: _claim(chance, lines).update(expected="something else"),
    "actual": lambda chance, lines: _claim(chance, lines).update(actual=None),
    "counts": lambda chance, lines: _counts(lines).update({chance.choice(COUNTS): chance.choice((0, 1, 18, 21, 400))}),
    "findings counted": lambda _, lines: lines[-1].update(findings=1) if _counts(lines) else None,
    "state": lambda _, lines: lines[-1].update(state="interrupted") if _counts(lines) else None,
    "no closing line": lambda _, lines: lines.pop() if _counts(lines) else None,
    "a finding": _add_finding,
    "expected in the manifest": lambda chance, lines: lines[0].update(expected=chance.choice((0, 1, 19, 21))),
    "written in the manifest": lambda chance, lines: lines[0].update(written=chance.choice((0, 1, 19, 21))),
    "a selection": lambda _, lines: lines[0].update(selection={"paths": None, "keyword": "x", "tags": None}),
    "a file of the manifest": lambda _, lines: lines[0]["features"].popitem(),
    "an example dropped": _drop("scenario"),
    "an example doubled": _double,
    "a feature dropped": _drop("feature"),
    "expected to fail": lambda chance, lines: _scenario(chance, lines)["tags"].append("@expected-to-fail"),
    "not expected to fail": lambda _, lines: _of("scenario", lines)[-1].update(tags=[]) if _of("scenario", lines) else None,
    "a line of another type": lambda chance, lines: chance.choice(lines).update(type="remark"),
    "a number in words": lambda chance, lines: _scenario(chance, lines).update(line="seven"),
}
