"""Fuzzing: millions of unlikely inputs; every reader of files must return a result or raise an error of this project.

A crash is any other exception, an input that takes more than ten seconds, a different result the second time, or a broken property:
formatting keeps the content and is idempotent, findings are inside the file, a record with changed results has no good verdict.

Every input is a function of seed, target and number, so a crash can be repeated alone::

    python -m tests.support.fuzz [--inputs 1000000] [--seed 1] [--workers 2] [TARGET ...]
    python -m tests.support.fuzz --seed 1 --again lint:12345
"""

import argparse
import contextlib
import io
import json
import multiprocessing
import random
import signal
import sys
import tempfile
import time
import tomllib
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
from msgspec import to_builtins

from orders.arrivals import read_arrivals
from orders.log.export.formats import LogFormat, read_log
from simulator.experiment.experiment import load
from simulator.experiment.experiment import parse as parse_experiment
from simulator.study.log_files import write_log_files
from simulator.study.simulate import record_replication
from sop_cli.commands.decide import _answer_lines
from sop_engine import Engine, Reading, SopError, load_rulebook
from sop_engine.case import FACT_TYPES
from sop_engine.decision_table import Behaviour
from sop_engine.input_files import read_json
from sop_engine.reader import read_rulebook
from sop_engine.text import visible
from sop_runs.change.baseline import read_baseline
from sop_runs.record.reader import read_record
from sop_runs.record.verdict_text import reason_texts
from steps.definitions.decorators import STEP_KINDS
from steps.definitions.discovery import BindingModules, built_in_modules
from steps.definitions.registry import Registry
from steps.definitions.source_digest import code_of
from steps.language.formatter import formatted, meaning
from steps.language.selection import shard_of, tag_test
from steps.language.source import decode
from steps.lint.linter import known_tags_of, lint_text
from steps.run.judge import judge_run
from steps.run.shards import merge
from tests.support.handmade_features import HANDMADE
from tests.support.lint_pairs import PAIRS
from tests.support.run_samples import record

ROOT = Path(__file__).parents[2]
CRASHES = ROOT / "build" / "fuzz"
PATIENCE_S = 10
PIECE = 500
"""Inputs that a worker takes at a time."""
TWICE = 20
"""One in this many inputs is run a second time."""

Input = bytes | dict[str, bytes]


class BrokenPromiseError(AssertionError):
    """A result that contradicts the reader's contract."""


def _promised(kept: bool, otherwise: str) -> None:  # noqa: FBT001 - reads like `assert`
    if not kept:
        raise BrokenPromiseError(otherwise)


@dataclass(frozen=True, slots=True)
class Target:
    """A reader to test: its *share* of all inputs, the function that *made* an input, and the one that *takes* it in a folder of its own."""

    share: int
    made: Callable[[random.Random], Input]
    takes: Callable[[Input, Path], object]


# Corruption

CHARACTERS = (
    "\u200b", "\u00a0", "\u202e", "\x00", "\x1b", "\x85", "\u2028", "\r", "\t", "\ufeff", "\u0440", "\u03b1", "\ud7ff", "\ufffe", "🙂", "é", "e\u0301", "ß", "İ",
    "|", "\\", "\\n", "<", ">", "@", "#", ":", '"', "'", '"""', "```", "*", "(", ")", "[", "]", "{", "}", "=", ",", ".", "-", "/", "%", "$", "^", "_",
    "0", "-1", "1e999", "99999999999999999999", "nan", "inf", "true", "null", "\n", "\n\n", " " * 40, "a" * 300, "(" * 60, "[" * 300, "{" * 60, "not " * 60,
)  # fmt: skip
GHERKIN = (
    "Feature:", "Rule:", "Background:", "Scenario:", "Scenario Outline:", "Examples:", "Given ", "When ", "Then ", "And ", "But ", "* ", "Scenaro:", "Gven x",
    "# language: fr", "# language: xx", "| a | b |", "| a |", "@skip", "@SC-ERP-FULL-3", "<x>", "the order is PACKED", "the cancellation is allowed", '"""x', "``` y",
)  # fmt: skip
DATA = (
    "[run]", "[[clause]]", "[[gap]]", "id = ", "when = ", "= {", "''", '"', "2026-02-30", "2026-01-01T00:00:00Z", "0x1F", "1_000", "+inf", "a.b.c = 1",
    '{"version": 1}', "[]", "{}", '"type"', '"status": "passed"', "1.5", "null", "-0", '"\\ud800"', '"\\u0000"', "1e400",
)  # fmt: skip


def spoilt(text: str, rng: random.Random, words: Sequence[str]) -> bytes:
    """Return *text* after one to six errors of a writer, and sometimes some of a disk."""
    for _ in range(rng.randrange(1, 7)):
        lines = text.split("\n")
        at, place = rng.randrange(len(lines)), rng.randrange(len(text) + 1)
        match rng.randrange(9):
            case 0:
                del lines[at]
                text = "\n".join(lines)
            case 1:
                text = "\n".join([*lines[:at], lines[at], *lines[at:]])
            case 2:
                other = rng.randrange(len(lines))
                lines[at], lines[other] = lines[other], lines[at]
                text = "\n".join(lines)
            case 3:
                text = text[:place] + rng.choice(CHARACTERS) + text[place:]
            case 4:
                text = text[:place] + rng.choice(words) + text[place:]
            case 5:
                text = text[:place] + text[place + rng.randrange(1, 12) :]
            case 6:
                text = "\n".join([*lines[:at], rng.choice(words), *lines[at:]])
            case 7:
                text = text[:place] if rng.random() < 0.2 else text[:place] + chr(rng.choice((0, 0x80, 0x2000, 0xFF00, 0x1F300)) + rng.randrange(256)) + text[place:]  # fmt: skip
            case _:
                text = text.replace("\n", rng.choice(["\r\n", "\n", "\r", "\n\n"]), rng.choice([-1, 1, 5]))
    raw = text.encode("utf-8", "surrogatepass" if rng.random() < 0.1 else "replace")
    return bitten(raw, rng) if rng.random() < 0.15 else raw


def bitten(raw: bytes, rng: random.Random) -> bytes:
    """Return *raw* with some bytes changed, lost or added."""
    data = bytearray(raw)
    for _ in range(rng.randrange(1, 5)):
        at = rng.randrange(len(data) + 1)
        data[at : at + rng.randrange(3)] = rng.randbytes(rng.randrange(3))
    return bytes(data)


STRANGE = (None, True, False, 0, -1, 1.5, 10**30, "", "x", "passed", "not-run", [], {}, [[]], [None], {"a": None}, "\ud800", "\x00")


def shaken(value: Any, rng: random.Random) -> Any:
    """Return a JSON value with one part lost, doubled or changed for another, at any depth."""
    if not isinstance(value, dict | list) or not value or rng.random() < 0.15:
        return rng.choice(STRANGE)
    accident = rng.choice(("lost", "doubled", *["changed"] * 6))
    if isinstance(value, dict):
        key = rng.choice(list(value))
        result = {**value, f"{key}2": value[key]} if accident == "doubled" else {**value, key: shaken(value[key], rng)}
        return {name: item for name, item in value.items() if name != key} if accident == "lost" else result
    at = rng.randrange(len(value))
    between = {"lost": [], "doubled": [value[at], value[at]]}.get(accident)
    return [*value[:at], *([shaken(value[at], rng)] if between is None else between), *value[at + 1 :]]


# Feature files


@cache
def scenarios() -> tuple[str, ...]:
    """Return small feature files: each scenario of the project's below the head of its own file, and the hand-made ones."""
    small = [*HANDMADE.values(), *(text for pair in PAIRS for text in (pair.bad.replace("▲", ""), pair.good))]
    for file in sorted((ROOT / "features").rglob("*.feature")):
        head, *pieces = file.read_text(encoding="utf-8").split("\n\n    Scenario")
        small += [f"{head}\n\n    Scenario{piece}\n" for piece in pieces]
    return tuple(text for text in small if len(text) < 4_000)


def grown(rng: random.Random) -> str:
    """Make a feature file out of the pieces of the grammar, in any order."""
    lines = ["Feature: f"] if rng.random() < 0.8 else []
    for _ in range(rng.randrange(1, 25)):
        lines += [" " * rng.randrange(6) + rng.choice(GHERKIN) + rng.choice(("", "", "", *GHERKIN))]
    return "\n".join(lines) + ("\n" if rng.random() < 0.9 else "")


def feature(rng: random.Random) -> bytes:
    """Make a corrupted feature file."""
    if rng.random() < 0.15:
        return grown(rng).encode()
    return spoilt(rng.choice(scenarios()), rng, GHERKIN)


@cache
def bound() -> tuple[Registry, frozenset[str]]:
    """Return the project's sentences and tags."""
    return Registry.from_modules(built_in_modules()), known_tags_of(load_rulebook())


def lints(data: Input, _: Path) -> object:
    """Check that all findings of the lint are inside the file."""
    assert isinstance(data, bytes)
    registry, tags = bound()
    findings = lint_text(data, "x.feature", registry, tags)
    lines = data.decode("utf-8-sig", "replace").split("\n")
    _promised("count-mismatch" not in {finding.rule for finding in findings}, "the parser and the line counter count otherwise")
    for finding in findings:
        if not (1 <= finding.line <= len(lines) and 1 <= finding.column <= len(lines[finding.line - 1]) + 1):
            raise BrokenPromiseError(f"a finding outside the file: {finding}")
        if not visible(str(finding)).isprintable() or not finding.remedy:
            raise BrokenPromiseError(f"a finding that cannot be read, or says no remedy: {finding}")
    return findings


def formats(data: Input, _: Path) -> object:
    """Check that formatting keeps the content and that formatting again changes nothing."""
    assert isinstance(data, bytes)
    new = formatted(data, "x.feature")
    if formatted(new, "x.feature") != new:
        raise BrokenPromiseError("formatted twice, it is another file")
    before, after = (decode(text, "x.feature")[0].replace("\r\n", "\n") for text in (data, new))
    if meaning(before) != meaning(after):
        raise BrokenPromiseError("formatted, it says something else")
    return new


# Short texts


def expression(rng: random.Random) -> bytes:
    """Make a tag expression, often an invalid one."""
    words = ("and", "or", "not", "(", ")", "@SC-ERP", "GAP-01", "@", "AND", "notx", "@a@b", " ", "", *CHARACTERS)
    weights = [6] * 7 + [1] * (len(words) - 7)
    return " ".join(rng.choices(words, weights, k=rng.randrange(1, 14))).encode("utf-8", "surrogatepass")


def selects(data: Input, _: Path) -> object:
    """Parse a tag expression and a shard."""
    assert isinstance(data, bytes)
    text = data.decode("utf-8", "surrogatepass")
    with contextlib.suppress(SopError):
        shard_of(text)
    return tag_test(text)(frozenset({"@SC-ERP", "@GAP-01"}))


@cache
def spoken() -> tuple[str, ...]:
    """Return every step of the features."""
    steps: set[str] = set()
    for file in sorted((ROOT / "features").rglob("*.feature")):
        for line in file.read_text(encoding="utf-8").splitlines():
            word, _, rest = line.strip().partition(" ")
            if word in {"Given", "When", "Then", "And", "But"}:
                steps.add(rest)
    return tuple(sorted(steps))


def sentence(rng: random.Random) -> bytes:
    """Make a misspelt step."""
    text = rng.choice(spoken())
    for _ in range(rng.randrange(3)):
        at = rng.randrange(len(text) + 1)
        text = text[:at] + rng.choice((*CHARACTERS, "an order", "RMS", "2026-13-45 25:61")) + text[at + rng.randrange(4) :]
    return text.replace("\n", " ").encode("utf-8", "surrogatepass")


def matches(data: Input, _: Path) -> object:
    """Check that a step matches one step sentence, several or none, with the nearest ones named."""
    assert isinstance(data, bytes)
    text, registry = data.decode("utf-8", "surrogatepass"), bound()[0]
    kind = STEP_KINDS[len(text) % len(STEP_KINDS)]
    matched = registry.match(kind, text)
    if not matched and len(text) % 8 == 0:
        return registry.nearest(kind, text)
    return [match.arguments for match in matched], registry.wrong_value(kind, text)


# Records of runs

SMALL = "Feature: Small\n\n  Scenario: One\n    Given a\n    Then b\n\n  Scenario: Two\n    Then c\n"


@cache
def recorded_lines() -> tuple[Mapping[str, object], ...]:
    """Return the lines of a small run that is good."""
    return tuple(record({"small.feature": SMALL}, {}))


def results(lines: Sequence[Mapping[str, object]]) -> list[tuple[object, ...]]:
    """Return the results of the scenarios of a run."""
    return [(line.get("feature"), line.get("status")) for line in lines if line.get("type") == "scenario"]


def _lines(lines: Sequence[object]) -> bytes:
    """Format lines of JSON as the recorder does."""
    texts = (json.dumps(line, sort_keys=True, ensure_ascii=False, separators=(",", ":")) for line in lines)
    return b"".join(text.encode("utf-8", "backslashreplace") + b"\n" for text in texts)


def run_record(rng: random.Random) -> bytes:
    """Return the record of a run, changed in a part, a line or a byte."""
    lines: list[object] = list(recorded_lines())
    match rng.randrange(4):
        case 0:
            at = rng.randrange(len(lines))
            lines[at : at + 1] = rng.choice(([], [lines[at], lines[at]], [lines[-1 - at]]))
        case 1:
            return spoilt(_lines(lines).decode(), rng, DATA)
        case 2:
            raw = _lines(lines)
            return raw[: rng.randrange(len(raw))]
        case _:
            for _ in range(rng.randrange(1, 4)):
                at = rng.randrange(len(lines))
                lines[at] = shaken(lines[at], rng)
    return _lines(lines)


def judges(data: Input, folder: Path) -> object:
    """Check that a record with other results has no good verdict; a reader refuses it or reads it."""
    assert isinstance(data, bytes)
    file = folder / "run.ndjson"
    file.write_bytes(data)
    manifest = recorded_lines()[0]
    verdict = judge_run(file, {"small.feature": SMALL.encode()}, str(manifest["rulebook"]["sha256"]))  # type: ignore[index]
    if verdict.good:
        lines = [json.loads(line) for line in data.splitlines() if line.strip()]
        if sorted(map(str, results(lines))) != sorted(map(str, results(recorded_lines()))):
            raise BrokenPromiseError("good, and it tells other results")
    return reason_texts(verdict), read_record(file).state


# Files of the gate


@cache
def approved() -> Mapping[str, str]:
    """Return the approved files, with few examples."""
    folder = ROOT / "approved"
    files = {file.name: file.read_text(encoding="utf-8") for file in sorted(folder.iterdir())}
    examples = json.loads(files["examples.json"])
    kept = examples["examples"][:4]
    described = [text for text in examples["descriptions"] if text["feature"] in {example["feature"] for example in kept}]
    files["examples.json"] = json.dumps({**examples, "examples": kept, "descriptions": described}, indent=1)
    return files


def baseline(rng: random.Random) -> dict[str, bytes]:
    """Return the approved files, with one file corrupted."""
    files = {name: text.encode() for name, text in approved().items()}
    name = rng.choice([file for file in files if file != "behaviour.json"])
    text = approved()[name]
    files[name] = json.dumps(shaken(json.loads(text), rng)).encode() if rng.random() < 0.6 else spoilt(text, rng, DATA)
    return files


def approves(data: Input, folder: Path) -> object:
    """Read a baseline."""
    assert isinstance(data, dict)
    _put(data, folder)
    read = read_baseline(folder)
    return len(read.examples)


def table(rng: random.Random) -> bytes:
    """Return a table of answers, changed."""
    text = approved()["behaviour.json"]
    return json.dumps(shaken(json.loads(text), rng)).encode() if rng.random() < 0.5 else spoilt(text, rng, DATA)


def tabulates(data: Input, _: Path) -> object:
    """Read a table of answers."""
    assert isinstance(data, bytes)
    return Behaviour.from_text(data.decode("utf-8", "replace"), "behaviour.json").sha256


def json_file(rng: random.Random) -> bytes:
    """A JSON file, changed in a part, a character or a byte."""
    text = approved()["examples.json"]
    return json.dumps(shaken(json.loads(text), rng)).encode() if rng.random() < 0.3 else spoilt(text, rng, DATA)


def reads(data: Input, folder: Path) -> object:
    """Check that a JSON file is read as Python reads it, or refused."""
    assert isinstance(data, bytes)
    (folder / "x.json").write_bytes(data)
    value = read_json(folder / "x.json", "write it again")
    _promised(value == json.loads(data.decode("utf-8-sig")), "it is read as something else")
    return value


@cache
def shards() -> Mapping[str, bytes]:
    """Return two shards of a run, with their plans."""
    plan = {"root": "features", "record": "run.ndjson", "files": ["features"], "bindings": [], "limit": 60.0}
    files: dict[str, bytes] = {"features/small.feature": SMALL.encode()}
    for number, other in ((1, "Two"), (2, "One")):
        selection = {"paths": None, "keyword": None, "tags": None, "shard": f"{number}/2"}
        lines = record({"small.feature": SMALL}, {(other,): {"status": "not-run"}}, selection=selection)
        lines[0]["code"] = to_builtins(code_of(BindingModules(())))
        files[f"{number}/run.ndjson"] = _lines(lines)
        files[f"{number}/plan.json"] = json.dumps({**plan, "selection": selection}).encode()
    return files


def two_shards(rng: random.Random) -> dict[str, bytes]:
    """Return shards of which one file is corrupted."""
    files = dict(shards())
    name = rng.choice(list(files))
    if name.endswith("json") and rng.random() < 0.5:
        lines = files[name].decode().splitlines()
        at = rng.randrange(len(lines))
        lines[at] = json.dumps(shaken(json.loads(lines[at]), rng))
        files[name] = "".join(f"{line}\n" for line in lines).encode()
    else:
        files[name] = spoilt(files[name].decode(), rng, DATA)
    return files


def merges(data: Input, folder: Path) -> object:
    """Merge the shards to a run, unless they are refused."""
    assert isinstance(data, dict)
    _put(data, folder)
    with contextlib.chdir(folder):
        return reason_texts(merge([Path("1"), Path("2")], Path("out")).verdict)


def _put(files: Mapping[str, bytes], folder: Path) -> None:
    for name, raw in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(raw)


# Experiments, rulebooks, cases


@cache
def experiments() -> tuple[str, ...]:
    """Return the experiments that come with the program."""
    return tuple(file.read_text(encoding="utf-8") for file in sorted((ROOT / "simulator" / "shipped_experiments").glob("*.toml")))


def sets_up(data: Input, _: Path) -> object:
    """Load an experiment."""
    assert isinstance(data, bytes)
    return parse_experiment(data, "x.toml").sha256


@cache
def registers() -> Mapping[str, str]:
    """Return the rulebook's registers, with the first records of each."""
    folder = ROOT / "sop_engine" / "rulebook" / "clients_v1"
    return {file.name: file.read_text(encoding="utf-8") for file in sorted(folder.glob("*.toml"))}


def rulebook(rng: random.Random) -> dict[str, bytes]:
    """Return the rulebook with one register corrupted."""
    files = {name: text.encode() for name, text in registers().items()}
    name = rng.choice(list(files))
    text = registers()[name]
    files[name] = _toml(shaken(tomllib.loads(text), rng)) if rng.random() < 0.5 else spoilt(text, rng, DATA)
    return files


def _toml(value: Any) -> bytes:
    """Format a table as TOML, one key on each line."""
    return "".join(f"{_toml_of(key)} = {_toml_of(item)}\n" for key, item in (value if isinstance(value, dict) else {}).items()).encode()


def _toml_of(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_toml_of(key)} = {_toml_of(item)}" for key, item in value.items() if item is not None) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_toml_of(item) for item in value if item is not None) + "]"
    return json.dumps(value, default=str)


def rules(data: Input, folder: Path) -> object:
    """Check that a rulebook is complete and consistent, unless it is refused."""
    assert isinstance(data, dict)
    _put(data, folder)
    return Engine.of(read_rulebook(folder)).rulebook.sha256


def cases(rng: random.Random) -> bytes:
    """Return lines of JSON, most of them nearly cases."""
    lines = []
    for _ in range(rng.randrange(1, 4)):
        facts: object = {fact: str(rng.choice(list(words))) for fact, words in FACT_TYPES.items()}
        lines.append(json.dumps(shaken(facts, rng) if rng.random() < 0.7 else facts))
    text = "\n".join(lines) + "\n"
    return spoilt(text, rng, DATA) if rng.random() < 0.5 else text.encode()


def decides(data: Input, _: Path) -> object:
    """Check that every line has one line of answer."""
    assert isinstance(data, bytes)
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        status = _answer_lines(io.BytesIO(data), Reading.AS_PRACTISED)
    answers = [json.loads(line) for line in out.getvalue().split("\n")[:-1]]
    if len(answers) != len(io.BytesIO(data).readlines()):
        raise BrokenPromiseError("not a line of answer for every line asked")
    if (status == 0) == any("error" in answer for answer in answers):
        raise BrokenPromiseError("the exit status does not say whether every line was answered")
    return answers


# Event logs


@cache
def logs() -> Mapping[str, bytes]:
    """Return a small log in every format, with the tables of orders beside the formats of rows."""
    experiment = load("partial_cancels", ["run.days=1", "run.warm_up_days=0", "ajio.orders_per_day=4"])
    with tempfile.TemporaryDirectory() as name:
        for form in LogFormat:
            write_log_files(form, record_replication(experiment), experiment, 0, Path(name), "x")
        return {file.name: file.read_bytes() for file in sorted(Path(name).iterdir())}


CODECS = ("nonsense", "idna", "base64", "utf-16", "utf-32", "utf-7", "punycode", "undefined", "raw_unicode_escape", "ascii", "cp037", "")
METADATA = (
    "{bad",
    "[]",
    '"x"',
    "5",
    "null",
    "[" * 200,
    "{}",
    '{"version": 2}',
    '{"version": 2, "name": "x", "more": 0}',
    '{"version": []}',
)


def event_log(rng: random.Random) -> dict[str, bytes]:
    """Return a log with the orders beside it, one of the two files corrupted."""
    spoiled = rng.choice(list(logs()))
    log = spoiled.replace("orders-", "log-")
    files = {name: raw for name, raw in logs().items() if name in (log, spoiled, log.replace("log-", "orders-"))}
    raw, kind = files[spoiled], spoiled.partition(".")[2]
    if kind == "ocel.json" and rng.random() < 0.5:
        files[spoiled] = json.dumps(shaken(json.loads(raw), rng)).encode()
    elif kind == "xes" and rng.random() < 0.3:
        files[spoiled] = raw.replace(b"UTF-8", rng.choice(CODECS).encode(), 1)
    elif kind == "parquet" and rng.random() < 0.4:
        table = pq.read_table(io.BytesIO(raw))
        about = (table.schema.metadata or {}).get(b"event_log", b"{}")
        changed = json.dumps(shaken(json.loads(about), rng)).encode()
        wrong = rng.choice((changed, bitten(about, rng), rng.choice(METADATA).encode()))
        out = io.BytesIO()
        pq.write_table(table.replace_schema_metadata({b"event_log": wrong}), out)
        files[spoiled] = out.getvalue()
    elif kind in ("parquet", "ocel.sqlite") or rng.random() < 0.3:
        files[spoiled] = rng.choice((bitten, cut, smeared))(raw, rng)
    else:
        files[spoiled] = spoilt(raw.decode(), rng, DATA)
    return files


def cut(raw: bytes, rng: random.Random) -> bytes:
    """Return the beginning of *raw*."""
    return raw[: rng.randrange(len(raw) + 1)]


def smeared(raw: bytes, rng: random.Random) -> bytes:
    """Return *raw* with random bytes over a part of it."""
    at = rng.randrange(len(raw) + 1)
    return raw[:at] + rng.randbytes(len(raw[at : at + 500])) + raw[at + 500 :]


def reads_log(data: Input, folder: Path) -> object:
    """Read a log and its orders, and the arrivals of its orders."""
    assert isinstance(data, dict)
    _put(data, folder)
    file = next(folder.glob("log-*"))
    content = read_log(file)
    content.orders.rows()
    return content.log.digest(), content.provenance, read_arrivals(file).sha256


TARGETS: dict[str, Target] = {
    "lint": Target(200, feature, lints),
    "fmt": Target(100, feature, formats),
    "tags": Target(180, expression, selects),
    "sentence": Target(200, sentence, matches),
    "decide": Target(160, cases, decides),
    "experiment": Target(60, lambda rng: spoilt(rng.choice(experiments()), rng, DATA), sets_up),
    "record": Target(40, run_record, judges),
    "baseline": Target(3, baseline, approves),
    "behaviour": Target(3, table, tabulates),
    "json": Target(40, json_file, reads),
    "shards": Target(4, two_shards, merges),
    "rulebook": Target(3, rulebook, rules),
    "log": Target(8, event_log, reads_log),
}


# Running


@dataclass(frozen=True, slots=True)
class Crash:
    """An input that was handled wrongly."""

    target: str
    number: int
    message: str


def input_of(target: str, seed: int, number: int) -> Input:
    """Make the input of a seed, target and number."""
    return TARGETS[target].made(random.Random(f"{seed}:{target}:{number}"))  # noqa: S311 - not cryptography


def answer(target: str, given: Input, folder: Path) -> str:
    """Return the target's result for an input, or its error."""
    for file in sorted(folder.rglob("*"), reverse=True):
        file.rmdir() if file.is_dir() else file.unlink()
    try:
        return repr(TARGETS[target].takes(given, folder))
    except SopError as error:
        if not str(error).strip():
            raise BrokenPromiseError("refused without a word") from None
        return f"{type(error).__name__}: {error}"


def feed(target: str, seed: int, numbers: Sequence[int]) -> list[Crash]:
    """Run *target* on the inputs of *numbers*; return the crashes."""

    def late(*_: object) -> None:
        raise TimeoutError(f"not done in {PATIENCE_S} s")

    signal.signal(signal.SIGALRM, late)
    crashes = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for number in numbers:
            given = input_of(target, seed, number)
            signal.alarm(PATIENCE_S)
            try:
                first = answer(target, given, folder)
                again = answer(target, given, folder) if number % TWICE == 0 else first
                _promised(again == first, "another answer the second time")
            except Exception:  # noqa: BLE001 - that is what is looked for
                crashes.append(Crash(target, number, traceback.format_exc(limit=-6)))
            finally:
                signal.alarm(0)
    return crashes


def pieces(names: Sequence[str], inputs: int) -> Iterator[tuple[str, range]]:
    """Distribute all inputs over the targets by share."""
    whole = sum(TARGETS[name].share for name in names)
    for name in names:
        count = inputs * TARGETS[name].share // whole
        for first in range(0, count, PIECE):
            yield name, range(first, min(first + PIECE, count))


def _fed(job: tuple[str, int, range]) -> tuple[str, int, float, list[Crash]]:
    target, seed, numbers = job
    started = time.process_time()
    crashes = feed(target, seed, numbers)
    return target, len(numbers), time.process_time() - started, crashes


def kept(crash: Crash, seed: int) -> Path:
    """Write the input of a crash and its message to a folder."""
    folder = CRASHES / f"{crash.target}-{seed}-{crash.number}"
    folder.mkdir(parents=True, exist_ok=True)
    given = input_of(crash.target, seed, crash.number)
    for name, raw in (given if isinstance(given, dict) else {"input": given}).items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(raw)
    (folder / "crash.txt").write_text(crash.message, encoding="utf-8", errors="backslashreplace")
    return folder


def main() -> int:
    """Run the fuzzer; print the number of inputs and the crashes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=f"of {', '.join(TARGETS)}")
    parser.add_argument("--inputs", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--again", metavar="TARGET:NUMBER")
    options = parser.parse_args()
    if unknown := sorted({*options.targets} - TARGETS.keys()):
        parser.error(f"unknown target `{unknown[0]}`; choose of {', '.join(TARGETS)}")
    if options.again:
        target, _, number = options.again.partition(":")
        crashes = feed(target, options.seed, [int(number)])
        print(*(crash.message for crash in crashes), sep="\n")  # noqa: T201
        return len(crashes)
    jobs = [(name, options.seed, numbers) for name, numbers in pieces(options.targets or list(TARGETS), options.inputs)]
    done: dict[str, list[float]] = {}
    number_of_crashes = 0
    with multiprocessing.get_context("spawn").Pool(options.workers) as pool:
        for target, count, seconds, crashes in pool.imap_unordered(_fed, jobs):
            tally = done.setdefault(target, [0, 0.0, 0])
            tally[0], tally[1], tally[2] = tally[0] + count, tally[1] + seconds, tally[2] + len(crashes)
            for crash in crashes:
                number_of_crashes += 1
                again = f"python -m tests.support.fuzz --seed {options.seed} --again {crash.target}:{crash.number}"
                print(f"{kept(crash, options.seed)}\n  {crash.message.strip().splitlines()[-1][:200]}\n  {again}", flush=True)  # noqa: T201
    for target, (count, seconds, crashes) in sorted(done.items()):
        print(f"{target:12} {count:9,} inputs  {count / max(seconds, 1e-9):9,.0f} a second  {crashes} crashes")  # noqa: T201
    print(f"{sum(int(tally[0]) for tally in done.values()):,} inputs, {number_of_crashes} crashes (seed {options.seed})")  # noqa: T201
    return 1 if number_of_crashes else 0


if __name__ == "__main__":
    sys.exit(main())
