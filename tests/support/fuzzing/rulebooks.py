"""Corrupted experiments, rulebooks and cases, and the functions that read and answer them."""

import contextlib
import io
import json
import random
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from simulator.experiment.experiment import parse as parse_experiment
from sop_cli.commands.decide import _answer_lines
from sop_engine import Engine, Reading
from sop_engine.case import FACT_TYPES
from sop_engine.reader import read_rulebook
from tests.support.fuzzing.damage import DATA, shaken, spoilt
from tests.support.fuzzing.inputs import ROOT, BrokenPropertyError, Input, put


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
    put(data, folder)
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
        raise BrokenPropertyError("not a line of answer for every line asked")
    if (status == 0) == any("error" in answer for answer in answers):
        raise BrokenPropertyError("the exit status does not say whether every line was answered")
    return answers
