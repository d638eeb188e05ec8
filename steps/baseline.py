"""The baseline: what somebody approved, kept beside the specification: the answers, the sentences, and what every example says."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sop_engine import SopError
from sop_engine.behaviour import Behaviour
from sop_engine.engine import ENGINE
from steps.green import Line, Record
from steps.whole import write_whole

VERSION = 1
BEHAVIOUR, EXAMPLES, SENTENCES = "behaviour.json", "examples.json", "sentences.json"
Said = tuple[str, str, tuple[tuple[str, ...], ...] | None, str | None]
"""A step as it ran: kind, text, table, doc string."""


class BaselineError(SopError):
    """A baseline that is missing or cannot be used."""

    def __init__(self, file: Path, reason: str) -> None:
        super().__init__(f"{file.as_posix()}: {reason}; approve the present behaviour with `sop approve`")


@dataclass(frozen=True, slots=True)
class Example:
    """An example as it was approved: where it stands, what it is called, a digest of its steps, and the steps themselves.

    ``steps`` is None where the list was written before it had them.
    """

    feature: str
    id: str
    name: str
    says: str
    tags: tuple[str, ...] = ()
    steps: tuple[Said, ...] | None = None


@dataclass(frozen=True, slots=True)
class Baseline:
    """What was approved; ``sentences`` is the rulebook as a reader of a run gets it, None where it was not kept."""

    behaviour: Behaviour
    examples: Mapping[tuple[str, str], Example]
    sentences: Mapping[str, Any] | None = None


def examples_of(record: Record) -> dict[tuple[str, str], Example]:
    """The examples of a run, by feature and id."""
    found = (example_of(each["feature"], each["id"], each["name"], each["tags"], map(_said, each["steps"])) for each in record.scenarios)
    return {(example.feature, example.id): example for example in found}


def example_of(feature: str, identifier: str, name: str, tags: Iterable[str], steps: Iterable[Said]) -> Example:
    """An example with the digest of its steps and tags; a name may be bettered without changing what is said."""
    tags, steps = tuple(tags), tuple(steps)
    said = json.dumps([sorted(tags), steps], ensure_ascii=False)
    return Example(feature, identifier, name, hashlib.sha256(said.encode()).hexdigest()[:16], tags, steps)


def _said(step: Line) -> Said:
    return step["kind"], step["text"], *_attached(step["table"], step["docstring"])


def approve(record: Record, folder: Path) -> tuple[Path, ...]:
    """Keep the behaviour and the sentences of the rulebook at hand, and the examples of *record*, in *folder*; each file appears whole.

    Raises:
        OSError: the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    book = ENGINE.rulebook
    kept = {
        BEHAVIOUR: Behaviour.of(ENGINE).to_text(),
        EXAMPLES: _lists(examples=map(asdict, examples_of(record).values())),
        SENTENCES: _lists(clauses=(each.to_plain() for each in book.clauses), gaps=(each.to_plain() for each in book.gaps)),
    }
    for name, text in kept.items():
        write_whole(folder / name, text.encode())
    return tuple(folder / name for name in kept)


def _lists(**lists: Iterable[Any]) -> str:
    """Lists as JSON, an entry a line, so that a comparison of texts shows what changed."""
    told = (
        f'"{name}": [\n' + ",\n".join(json.dumps(each, ensure_ascii=False) for each in entries) + "\n]" for name, entries in lists.items()
    )
    return f'{{"version": {VERSION}, {", ".join(told)}}}\n'


def read_baseline(folder: Path) -> Baseline:
    """What is approved in *folder*.

    Raises:
        SopError: nothing is, or it cannot be read.
    """
    behaviour = Behaviour.from_text(_read(folder / BEHAVIOUR), (folder / BEHAVIOUR).as_posix())
    examples = _listed(folder / EXAMPLES, "examples")
    try:
        known = {(each["feature"], each["id"]): _example(each) for each in examples["examples"]}
    except (KeyError, TypeError, ValueError) as error:
        raise _no_list(folder / EXAMPLES, "examples", error) from None
    return Baseline(behaviour, known, _sentences(folder / SENTENCES) if (folder / SENTENCES).exists() else None)


def _example(given: Mapping[str, Any]) -> Example:
    steps = given.get("steps")
    told = None if steps is None else tuple((str(kind), str(text), *_attached(table, doc)) for kind, text, table, doc in steps)
    tags = tuple(map(str, given.get("tags", ())))
    return Example(str(given["feature"]), str(given["id"]), str(given["name"]), str(given["says"]), tags, told)


def _attached(table: Any, docstring: Any) -> tuple[tuple[tuple[str, ...], ...] | None, str | None]:
    rows = None if table is None else tuple(tuple(map(str, row)) for row in table)
    return rows, None if docstring is None else str(docstring)


def _sentences(file: Path) -> Mapping[str, Any]:
    given = _listed(file, "sentences")
    try:
        named = all(isinstance(each["id"], str) for each in (*given["clauses"], *given["gaps"]))
    except (KeyError, TypeError) as error:
        raise _no_list(file, "sentences", error) from None
    if not named:
        raise BaselineError(file, "has an entry whose id is no text")
    return given


def _listed(file: Path, what: str) -> dict[str, Any]:
    """The JSON in *file*, of a version that is known."""
    try:
        given = json.loads(_read(file))
        version = given["version"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise _no_list(file, what, error) from None
    if version != VERSION:
        raise BaselineError(file, f"has version {version!r}, expected {VERSION}")
    return dict(given)


def _no_list(file: Path, what: str, error: Exception) -> BaselineError:
    return BaselineError(file, f"is no list of {what} ({type(error).__name__}: {error})")


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
