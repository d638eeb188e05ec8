"""Corrupted files of the approved baseline, and the functions that read them."""

import json
import random
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from sop_engine.decision_table import Behaviour
from sop_engine.input_files import read_json
from sop_runs.change.baseline import read_baseline
from tests.support.fuzzing.damage import DATA, shaken, spoilt
from tests.support.fuzzing.inputs import ROOT, Input, put, require


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
    put(data, folder)
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
    require(value == json.loads(data.decode("utf-8-sig")), "it is read as something else")
    return value
