"""The registers against the source document, where a copy of it is present (its path in the variable SOP_SOURCE)."""

import os
import re
import tomllib
from importlib.resources import files
from pathlib import Path

import pytest

RULEBOOK = files("sop_engine") / "rulebook" / "clients_v1"
LONGEST_SHARED_RUN = 6
PAGE_FURNITURE = re.compile(r"Skip to|Go to start|You are viewing|Compare with|No labels|^$")

pytestmark = pytest.mark.skipif("SOP_SOURCE" not in os.environ, reason="no copy of the source document: set SOP_SOURCE to its path")


def test_every_line_that_says_something_has_its_record() -> None:
    """By line number; page furniture and list introductions excepted."""
    result: set[int] = set()
    for record in [*registers()["clause"], *registers()["section"]]:
        first, _, last = record["line"].partition("-")
        result |= set(range(int(first), int(last or first) + 1))

    untold = [number for number, line in enumerate(source(), start=1) if not PAGE_FURNITURE.search(line.strip()) and number not in result]

    assert untold == [73], "line 73 is the title of the part that AC-0 opens"


def test_no_restatement_copies_the_source() -> None:
    """No run of more than six words is shared."""
    words = normalised(" ".join(source()))
    runs = {tuple(words[at : at + LONGEST_SHARED_RUN + 1]) for at in range(len(words))}
    copies = []
    for texts in project_texts():
        restated = normalised(texts)
        copies += [
            " ".join(run)
            for at in range(len(restated))
            if (run := tuple(restated[at : at + LONGEST_SHARED_RUN + 1])) in runs and len(run) > LONGEST_SHARED_RUN
        ]

    assert copies == []


def source() -> list[str]:
    """The lines of the source document."""
    return Path(os.environ["SOP_SOURCE"]).read_text(encoding="utf-8").splitlines()


def registers() -> dict[str, list[dict[str, str]]]:
    """The clause register as it stands."""
    return tomllib.loads((RULEBOOK / "clauses.toml").read_text(encoding="utf-8"))


def project_texts() -> list[str]:
    """Every sentence of the project: the registers' texts and the features."""
    texts = [record["text"] for record in [*registers()["clause"], *registers()["section"]]]
    gaps = tomllib.loads((RULEBOOK / "gaps.toml").read_text(encoding="utf-8"))["gap"]
    for gap in gaps:
        texts += [gap["title"], gap["nearest"], *gap["readings"], gap["chosen"], gap["why"], gap["question"]]
    texts += [file.read_text(encoding="utf-8") for file in sorted(Path(str(files("features"))).rglob("*.feature"))]
    return texts


def normalised(text: str) -> list[str]:
    """The words, in lower case."""
    return re.findall(r"[a-z0-9]+", text.lower())
