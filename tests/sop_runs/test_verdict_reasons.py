"""Each reason against a run, and its words."""

from collections.abc import Callable
from hashlib import sha256
from typing import Any

import pytest

from sop_runs.record.verdict import Reason, ReasonKind, Verdict
from sop_runs.record.verdict_text import reason_text, reason_texts
from tests.support.judged_records import counted, scenario, without_claims
from tests.support.run_samples import RULEBOOK, Line

SHA = RULEBOOK["sha256"]
Spoil = Callable[[list[Line]], Any]


def not_run(line: Line) -> None:
    line["status"] = "not-run"
    without_claims(line)
    for step in line["steps"]:
        step |= {"status": "not-run", "error": None}


def selected(lines: list[Line]) -> None:
    lines[0] |= {"selection": {"paths": None, "keyword": "x", "tags": None}, "expected": 3}
    not_run(scenario(lines))
    counted(lines, expected=3, executed=3, passed=2)


REASONS: list[tuple[str, Spoil, tuple[str, ...]]] = [
    ("a selection", selected, ()),
    (
        "a selection that is called the whole",
        lambda lines: (selected(lines), lines[0].update(selection=None)),
        ("3 of 4 examples were expected to run",),
    ),
    ("no end", lambda lines: lines.pop(), ("the run did not finish: it was killed or crashed after 4 of 4 examples",)),
    (
        "no end, and one example",
        lambda lines: (lines.__delitem__(slice(-4, None)), lines[0].update(expected=1)),
        ("the run did not finish: it was killed or crashed after 1 of 1 example",),
    ),
    ("interrupted", lambda lines: lines[-1].update(state="interrupted"), ("the run was interrupted after 4 of 4 examples",)),
    (
        "no manifest",
        lambda lines: lines.pop(0),
        ("the run record cannot be read from run.ndjson:1 on: the record begins with a rulebook line, expected the manifest",),
    ),
    ("nothing", lambda lines: lines.clear(), ("the run did not start: it has no record",)),
    (
        "two manifests",
        lambda lines: lines.insert(1, lines[0]),
        ("the run record cannot be read from run.ndjson:2 on: a manifest line after a manifest line",),
    ),
    (
        "a line after the end",
        lambda lines: lines.append(lines[1]),
        ("the run record cannot be read from run.ndjson:10 on: a rulebook line after a closing line",),
    ),
    (
        "a line after the end, and a lie",
        lambda lines: (counted(lines, passed=4), lines.append(lines[1])),
        ("the run record cannot be read from run.ndjson:10 on: a rulebook line after a closing line",),
    ),
    (
        "a line of no type",
        lambda lines: lines.insert(-1, {"type": "remark"}),
        ("the run record cannot be read from run.ndjson:9 on: the line has an unknown type",),
    ),
    (
        "a line of another shape",
        lambda lines: scenario(lines, 3).pop("line"),
        ("the run record cannot be read from run.ndjson:8 on: in the scenario line, the line has no `line`",),
    ),
    (
        "one example not told",
        lambda lines: (lines.remove(scenario(lines)), counted(lines, executed=3, passed=2)),
        ("3 of 4 examples ran", "a recount finds 4 examples, the record has 3"),
    ),
    (
        "one example not run",
        lambda lines: (not_run(scenario(lines)), counted(lines, executed=3, passed=2)),
        ("3 of 4 examples ran",),
    ),
    (
        "a lie in the closing line",
        lambda lines: counted(lines, passed=4, failed=0),
        ("the run record cannot be read from run.ndjson:9 on: in the closing line, counts.passed is 4, by the other lines it is 3",),
    ),
    (
        "one example told twice",
        lambda lines: (lines.__setitem__(lines.index(scenario(lines, 1)), scenario(lines, 2)),),
        ("the run record cannot be read from run.ndjson:7 on: the scenario is recorded twice",),
    ),
    (
        "an example of another file",
        lambda lines: scenario(lines).update(feature="c.feature"),
        ("the run record cannot be read from run.ndjson:5 on: the scenario belongs to a feature that has no line",),
    ),
    (
        "another rulebook",
        lambda lines: lines[0]["rulebook"].update(name="clients_v1", sha256="1" * 64),
        ("the rulebook changed during the run",),
    ),
    (
        "another version",
        lambda lines: lines[0]["rulebook"].update(sha256="1" * 64),
        ("it is a run of the rulebook `sample`, not of `clients_v1`",),
    ),
    (
        "other files",
        lambda lines: lines[0].update(features={"a.feature": "0" * 64, "z.feature": sha256(b"").hexdigest()}),
        (
            "the run record cannot be read from run.ndjson:3 on: the sha256 of the feature differs from that of the manifest",
            "a.feature changed during the run",
            "b.feature was added during the run",
            "z.feature was removed during the run",
        ),
    ),
    (
        "nothing to run",
        lambda lines: (
            lines[0].update(expected=0, selection={"paths": None, "keyword": "x", "tags": None}),
            [not_run(line) for line in lines if line["type"] == "scenario"],
            counted(lines, expected=0, executed=0, passed=0, failed=0),
        ),
        ("there are no examples to run",),
    ),
]
SENTENCES: list[tuple[Reason, str]] = [
    (Reason(ReasonKind.NO_RECORD), "the run did not start: it has no record"),
    (Reason(ReasonKind.BROKE_OFF, 1200, 1300), "the run did not finish: it was killed or crashed after 1,200 of 1,300 examples"),
    (Reason(ReasonKind.BROKE_OFF, 0, 1), "the run did not finish: it was killed or crashed after 0 of 1 example"),
    (Reason(ReasonKind.UNREADABLE, path="run.ndjson:7", detail="no"), "the run record cannot be read from run.ndjson:7 on: no"),
    (Reason(ReasonKind.INTERRUPTED, 3, 4), "the run was interrupted after 3 of 4 examples"),
    (Reason(ReasonKind.UNEXPECTED_PASS, 1), "1 example passed that is expected to fail"),
    (Reason(ReasonKind.UNEXPECTED_PASS, 2), "2 examples passed that are expected to fail"),
    (Reason(ReasonKind.FAILED, 1, 9), "1 example failed"),
    (Reason(ReasonKind.FAILED, 1234, 5000), "1,234 examples failed"),
    (Reason(ReasonKind.NOT_SUPPORTED, 1, 9, detail="Our OMS 4.7"), "1 example is not supported by Our OMS 4.7"),
    (Reason(ReasonKind.NOT_SUPPORTED, 12, 90, detail="Our OMS 4.7"), "12 examples are not supported by Our OMS 4.7"),
    (Reason(ReasonKind.FINDINGS, 1, 1), "1 finding in 1 feature file"),
    (Reason(ReasonKind.FINDINGS, 3, 2), "3 findings in 2 feature files"),
    (Reason(ReasonKind.BINDING_FINDINGS, 1, 1), "1 finding in 1 module with step definitions"),
    (Reason(ReasonKind.BINDING_FINDINGS, 3, 2), "3 findings in 2 modules with step definitions"),
    (Reason(ReasonKind.FILE_FINDINGS, 1, 1), "1 finding in the names and places of 1 file"),
    (Reason(ReasonKind.FILE_FINDINGS, 3, 2), "3 findings in the names and places of 2 files"),
    (Reason(ReasonKind.NOTHING_TO_RUN), "there are no examples to run"),
    (
        Reason(ReasonKind.OTHER_LINE, path="run.ndjson:7", detail="no"),
        "the record differs from the feature files at run.ndjson:7: no",
    ),
    (
        Reason(ReasonKind.OTHER_ANSWER, path="a.feature:7", detail="no"),
        "a claim in the record is not an answer of the engine: a.feature:7: no",
    ),
    (
        Reason(ReasonKind.OTHER_RESULT, path="a.feature:7", detail="no"),
        "a result in the record is not what its steps give: a.feature:7: no",
    ),
    (Reason(ReasonKind.NOT_ALL_RAN, 3, 4), "3 of 4 examples ran"),
    (Reason(ReasonKind.RECOUNT_DIFFERS, 4, 3), "a recount finds 4 examples, the record has 3"),
    (Reason(ReasonKind.NOT_ALL_EXPECTED, 3, 4), "3 of 4 examples were expected to run"),
    (Reason(ReasonKind.FILE_APPEARED, path="a.feature"), "a.feature was added during the run"),
    (Reason(ReasonKind.FILE_VANISHED, path="a.feature"), "a.feature was removed during the run"),
    (Reason(ReasonKind.FILE_CHANGED, path="during the run"), "during the run changed during the run"),
    (Reason(ReasonKind.RULEBOOK_CHANGED), "the rulebook changed during the run"),
    (
        Reason(ReasonKind.OTHER_VERSION, path="clients_v2", detail="clients_v1"),
        "it is a run of the rulebook `clients_v2`, not of `clients_v1`",
    ),
    (Reason(ReasonKind.CODE_CHANGED, detail="`my_shop` changed"), "the code changed (`my_shop` changed) during the run"),
    (Reason(ReasonKind.OUT_OF_TIME, detail="`Then x` took too long"), "`Then x` took too long"),
    (Reason(ReasonKind.DISK_FULL), "the record of the run could not be written to its end; free some space or choose another disk"),
    (Reason(ReasonKind.EXIT_STATUS, 3), "the record is good, but pytest ended with exit status 3; see output.txt"),
    (
        Reason(ReasonKind.REPLACED_CODE, detail="steps.support.claims.encode"),
        "code from outside replaced parts of the program: steps.support.claims.encode; run it without that code",
    ),
]


def test_every_kind_of_reason_has_a_sentence() -> None:
    assert {reason.kind for reason, _ in SENTENCES} == {*ReasonKind}


@pytest.mark.parametrize(("reason", "words"), SENTENCES, ids=lambda value: value.kind.name.lower() if isinstance(value, Reason) else None)
def test_a_reason_is_worded(reason: Reason, words: str) -> None:
    changed = {kind for kind in ReasonKind if kind.endswith(("appeared", "vanished", "changed"))}
    later = f"{words.removesuffix(' during the run')} since the run began" if reason.kind in changed else words

    assert (reason_text(reason), reason_text(reason, since=True)) == (words, later)


@pytest.mark.parametrize(("spoil", "reasons"), [reason[1:] for reason in REASONS], ids=[reason[0] for reason in REASONS])
def test_each_reason_against_a_run_is_said(judged: Callable[..., Verdict], spoil: Spoil, reasons: tuple[str, ...]) -> None:
    verdict = judged(spoil)

    assert reason_texts(verdict) == reasons
    assert verdict.good == (not reasons)
