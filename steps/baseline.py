"""The baseline: what somebody approved, kept beside the specification; the answers, and every example with what it says."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from sop_engine import SopError
from sop_engine.behaviour import Behaviour
from sop_engine.engine import ENGINE
from steps.green import Line, Record
from steps.whole import write_whole

VERSION = 1
BEHAVIOUR, EXAMPLES = "behaviour.json", "examples.json"


class BaselineError(SopError):
    """A baseline that is missing or cannot be used."""

    def __init__(self, file: Path, reason: str) -> None:
        super().__init__(f"{file.as_posix()}: {reason}; approve the present behaviour with `sop approve`")


@dataclass(frozen=True, slots=True)
class Example:
    """An example as it was approved: where it stands, what it is called, and a digest of its steps."""

    feature: str
    id: str
    name: str
    says: str


@dataclass(frozen=True, slots=True)
class Baseline:
    """What was approved."""

    behaviour: Behaviour
    examples: Mapping[tuple[str, str], Example]


def examples_of(record: Record) -> dict[tuple[str, str], Example]:
    """The examples of a run, by feature and id."""
    found = (Example(each["feature"], each["id"], each["name"], _digest(each)) for each in record.scenarios)
    return {(example.feature, example.id): example for example in found}


def _digest(scenario: Line) -> str:
    """Of the steps as they ran and of the tags; a name may be bettered without changing what is said."""
    said = [[step["kind"], step["text"], step["table"], step["docstring"]] for step in scenario["steps"]]
    return hashlib.sha256(json.dumps([sorted(scenario["tags"]), said], ensure_ascii=False).encode()).hexdigest()[:16]


def approve(record: Record, folder: Path) -> tuple[Path, Path]:
    """Keep the behaviour of the rulebook at hand and the examples of *record* in *folder*; each file appears whole.

    Raises:
        OSError: the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    lines = ",\n".join(json.dumps(_plain(example), ensure_ascii=False) for example in examples_of(record).values())
    behaviour, examples = folder / BEHAVIOUR, folder / EXAMPLES
    write_whole(behaviour, Behaviour.of(ENGINE).to_text().encode())
    write_whole(examples, f'{{"version": {VERSION}, "examples": [\n{lines}\n]}}\n'.encode())
    return behaviour, examples


def _plain(example: Example) -> dict[str, str]:
    return {"feature": example.feature, "id": example.id, "name": example.name, "says": example.says}


def read_baseline(folder: Path) -> Baseline:
    """What is approved in *folder*.

    Raises:
        SopError: nothing is, or it cannot be read.
    """
    behaviour = Behaviour.from_text(_read(folder / BEHAVIOUR), (folder / BEHAVIOUR).as_posix())
    file = folder / EXAMPLES
    try:
        given = json.loads(_read(file))
        if given["version"] != VERSION:
            raise BaselineError(file, f"has version {given['version']!r}, expected {VERSION}")
        examples = {(each["feature"], each["id"]): Example(**each) for each in given["examples"]}
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise BaselineError(file, f"is no list of examples ({type(error).__name__}: {error})") from None
    return Baseline(behaviour, examples)


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise BaselineError(file, "there is no such file") from None
    except (OSError, UnicodeDecodeError) as error:
        raise BaselineError(file, f"cannot be read ({error})") from None


@dataclass(frozen=True, slots=True)
class Moved:
    """An example that is not as approved: vanished, reworded (another text under the same name) or renamed."""

    kind: str
    was: Example
    now: Example | None = None


def moved(baseline: Mapping[tuple[str, str], Example], present: Mapping[tuple[str, str], Example]) -> Iterator[Moved]:
    """What became of the approved examples, where they are not as they were; new ones are nobody's loss."""
    fresh: dict[str, list[Example]] = {}
    for key, example in present.items():
        if key not in baseline:
            fresh.setdefault(example.says, []).append(example)
    for key, was in baseline.items():
        now = present.get(key)
        if now is None:
            twins = fresh.get(was.says)
            twin = twins.pop(0) if twins else None
            yield Moved("renamed" if twin is not None else "vanished", was, twin)
        elif now.says != was.says:
            yield Moved("reworded", was, now)
