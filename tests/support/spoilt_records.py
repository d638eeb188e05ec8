"""Run records that are spoilt on purpose: statuses, steps, claims, counts, findings, code, and the lines themselves."""

import random
from collections.abc import Callable
from typing import Any

from tests.support.run_samples import dump, feature_texts, record

Line = dict[str, Any]
Spoil = Callable[[random.Random, list[Line]], object]

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
    """Return the lines of a good run: examples that passed, and one that fails as expected."""
    return record({**feature_texts(), "known.feature": KNOWN}, {("Not so yet",): FAILS})


def spoilt(seed: int) -> tuple[bytes, list[str]]:
    """Return a record with one to three things changed, as bytes, and the names of the changes; the same for the same *seed*."""
    rng = random.Random(seed)  # noqa: S311 - repeatable, not secret
    lines = good_record()
    names = rng.sample(sorted(SPOILS), rng.choice((1, 1, 2, 3)))
    for name in names:
        SPOILS[name](rng, lines)
    if rng.random() < 0.5:
        _count_again(lines)
        names.append("counted again")
    raw = b"".join(map(dump, lines))
    if rng.random() < 0.1:
        raw = raw[: rng.randrange(1, len(raw))]
        names.append("cut off")
    return raw, names


def spoilt_once(name: str, seed: int, *, counted_again: bool) -> bytes | None:
    """Return a record with the one change *name*, as bytes; None if the change alters nothing."""
    lines = good_record()
    SPOILS[name](random.Random(seed), lines)  # noqa: S311 - repeatable, not secret
    if counted_again:
        _count_again(lines)
    return None if lines == good_record() else b"".join(map(dump, lines))


def _of(kind: str, lines: list[Line]) -> list[Line]:
    return [line for line in lines if line["type"] == kind]


def _scenario(rng: random.Random, lines: list[Line]) -> Line:
    return rng.choice(_of("scenario", lines))


def _step(rng: random.Random, lines: list[Line]) -> Line:
    return rng.choice([step for line in _of("scenario", lines) for step in line["steps"]])


def _claim(rng: random.Random, lines: list[Line]) -> Line:
    return rng.choice([claim for line in _of("scenario", lines) for claim in line["claims"]])


def _counts(lines: list[Line]) -> Line:
    return lines[-1].get("counts", {})


def _count_again(lines: list[Line]) -> None:
    """Adapt the counts in the closing line to the scenario lines, so that only those lines are wrong."""
    executed = [line for line in _of("scenario", lines) if line["status"] != "not-run"]
    passed = sum(
        line["status"] == "passed"
        and bool(line["steps"])
        and all(step["status"] == "passed" and (step["claims"] or step["kind"] != "then") for step in line["steps"])
        and any(step["kind"] == "then" for step in line["steps"])
        and all(claim["holds"] and claim["expected"] == claim["actual"] for claim in line["claims"])
        for line in executed
    )
    if _counts(lines):
        lines[0]["expected"] = len(executed)
        lines[-1]["counts"] |= {"expected": len(executed), "executed": len(executed), "passed": passed, "failed": len(executed) - passed}
        lines[-1]["findings"] = sum(len(line["findings"]) for line in _of("feature", lines))


def _add_finding(rng: random.Random, lines: list[Line]) -> None:
    feature = rng.choice(_of("feature", lines))
    finding = {"path": feature["path"], "line": 1, "column": 1, "rule": "no-then", "message": "m", "remedy": "r", "suggestion": None}
    feature["findings"].append(finding)


def _then_without_claims(rng: random.Random, lines: list[Line]) -> None:
    """Remove the claims of one Then, and number the others again, so that only the Then is wrong."""
    line = _scenario(rng, lines)
    thens = [number for number, step in enumerate(line["steps"]) if step["claims"]]
    if thens:
        then = rng.choice(thens)
        line["claims"] = [claim for claim in line["claims"] if claim["step"] != then]
        for number, step in enumerate(line["steps"]):
            step["claims"] = [index for index, claim in enumerate(line["claims"]) if claim["step"] == number]


def _no_then(rng: random.Random, lines: list[Line]) -> None:
    line = _scenario(rng, lines)
    line["claims"] = []
    for step in line["steps"]:
        step.update(kind="when", claims=[])


def _claims_of_a_step(rng: random.Random, lines: list[Line]) -> Line:
    return rng.choice([step for line in _of("scenario", lines) for step in line["steps"] if step["claims"]])


def _values(rng: random.Random, lines: list[Line], expected: object, actual: object, *, holds: bool) -> None:
    """Change a claim without the statuses that follow from it."""
    _claim(rng, lines).update(expected=expected, actual=actual, holds=holds)


def _fail(rng: random.Random, lines: list[Line]) -> None:
    """Let an example fail, its status and its claims in agreement."""
    line = _scenario(rng, lines)
    step = next((step for step in reversed(line["steps"]) if step["claims"]), None)
    if step is not None and line["status"] == "passed" and step is line["steps"][-1]:
        line["claims"][step["claims"][0]] |= {"expected": "x", "actual": "y", "holds": False}
        step["status"] = line["status"] = "failed"


def _leave_out(rng: random.Random, lines: list[Line]) -> None:
    """Let an example not have run, its statuses and claims in agreement."""
    line = _scenario(rng, lines)
    line |= {"status": "not-run", "claims": []}
    for step in line["steps"]:
        step |= {"status": "not-run", "error": None, "claims": []}


def _code(rng: random.Random, lines: list[Line]) -> None:
    part = rng.choice(("packages", "libraries"))
    lines[0]["code"][part]["other"] = "1" * 64 if part == "packages" else "1.0"


def _drop(kind: str) -> Spoil:
    return lambda rng, lines: lines.remove(rng.choice(_of(kind, lines)))


def _double(rng: random.Random, lines: list[Line]) -> None:
    lines.insert(lines.index(_of("scenario", lines)[0]), _scenario(rng, lines))


HARMLESS = frozenset({"nothing", "a selection", "expected to fail", "other code"})
"""Changes after which a record may be good. Other code is refused where the code is known: by gate, approve and merge."""
SPOILS: dict[str, Spoil] = {
    "nothing": lambda _, lines: lines[0].update(remark="a key of a later writer"),
    "status of an example": lambda rng, lines: _scenario(rng, lines).update(status=rng.choice(STATUSES)),
    "status of a step": lambda rng, lines: _step(rng, lines).update(status=rng.choice(STATUSES)),
    "a step without claims": lambda rng, lines: _step(rng, lines).update(claims=[]),
    "no steps": lambda rng, lines: _scenario(rng, lines)["steps"].clear(),
    "a claim that does not hold": lambda rng, lines: _claim(rng, lines).update(holds=False),
    "claims that all hold": lambda rng, lines: [claim.update(holds=True) for claim in _scenario(rng, lines)["claims"]],
    "expected": lambda rng, lines: _claim(rng, lines).update(expected="something else"),
    "actual": lambda rng, lines: _claim(rng, lines).update(actual=None),
    "a Then without a claim": _then_without_claims,
    "no Then": _no_then,
    "holds denied": lambda rng, lines: _values(rng, lines, "x", "x", holds=False),
    "holds asserted": lambda rng, lines: _values(rng, lines, "x", "y", holds=True),
    "true for 1": lambda rng, lines: _claim(rng, lines).update(expected=1, actual=True, holds=True),
    "a false claim in a step that passed": lambda rng, lines: _values(rng, lines, "x", "y", holds=False),
    "claims of a step twice": lambda rng, lines: (step := _claims_of_a_step(rng, lines)).update(claims=step["claims"] * 2),
    "claims in another order": lambda rng, lines: _scenario(rng, lines)["claims"].reverse(),
    "a claim of another step": lambda rng, lines: _claim(rng, lines).update(step=0),
    "a claim of no step": lambda rng, lines: _claim(rng, lines).update(step=None),
    "a claim besides": lambda rng, lines: (line := _scenario(rng, lines))["claims"].append(
        _claim(rng, lines) | {"step": len(line["steps"]) - 1}
    ),
    "an example that fails": _fail,
    "an example not run": _leave_out,
    "hash of a feature": lambda rng, lines: rng.choice(_of("feature", lines)).update(sha256="0" * 64),
    "other code": _code,
    "no code": lambda _, lines: lines[0].pop("code", None),
    "an older version": lambda _, lines: lines[0].update(version=1),
    "counts": lambda rng, lines: _counts(lines).update({rng.choice(COUNTS): rng.choice((0, 1, 18, 21, 400))}),
    "findings counted": lambda _, lines: lines[-1].update(findings=1) if _counts(lines) else None,
    "state": lambda _, lines: lines[-1].update(state="interrupted") if _counts(lines) else None,
    "no closing line": lambda _, lines: lines.pop() if _counts(lines) else None,
    "a finding": _add_finding,
    "expected in the manifest": lambda rng, lines: lines[0].update(expected=rng.choice((0, 1, 19, 21))),
    "written in the manifest": lambda rng, lines: lines[0].update(written=rng.choice((0, 1, 19, 21))),
    "a selection": lambda _, lines: lines[0].update(selection={"paths": None, "keyword": "x", "tags": None}),
    "a file of the manifest": lambda _, lines: lines[0]["features"].popitem(),
    "an example dropped": _drop("scenario"),
    "an example doubled": _double,
    "a feature dropped": _drop("feature"),
    "expected to fail": lambda rng, lines: _scenario(rng, lines)["tags"].append("@expected-to-fail"),
    "not expected to fail": lambda _, lines: _of("scenario", lines)[-1].update(tags=[]) if _of("scenario", lines) else None,
    "a line of another type": lambda rng, lines: rng.choice(lines).update(type="remark"),
    "a number in words": lambda rng, lines: _scenario(rng, lines).update(line="seven"),
}
