"""Registers that cannot be read at all, and the words of a refusal."""

from pathlib import Path

import pytest

from sop_engine.errors import RulebookError
from sop_engine.reader import read_rulebook
from tests.support.small_registers import CLAUSES, reasons_of_refusal, write


def test_a_register_without_records_is_refused(tmp_path: Path) -> None:
    assert reasons_of_refusal(write(tmp_path, 'title = "Empty"\nclause = []\n', "gap = 1\n")) == [
        "clauses.toml: has no [[section]] record",
        "clauses.toml: has no [[clause]] record",
        "gaps.toml: has no [[gap]] record",
    ]


def test_registers_that_are_missing_are_refused_together(tmp_path: Path) -> None:
    hint = "a rulebook is a folder with clauses.toml and gaps.toml"
    assert reasons_of_refusal(tmp_path) == [
        f"{name}: cannot be read (the file does not exist); {hint}" for name in ("clauses.toml", "gaps.toml")
    ]


def test_a_folder_that_only_says_that_it_fails_is_quoted() -> None:
    class Gone:
        name = "gone"

        def __truediv__(self, name: str) -> "Gone":
            return self

        def read_bytes(self) -> bytes:
            raise OSError("the network is down")

    assert reasons_of_refusal(Gone())[0] == (  # type: ignore[arg-type]
        "clauses.toml: cannot be read (the network is down); a rulebook is a folder with clauses.toml and gaps.toml"
    )


def test_a_register_that_is_no_text_or_no_toml_is_refused(tmp_path: Path) -> None:
    write(tmp_path, gaps="a = 1\na = 2\n")
    (tmp_path / "clauses.toml").write_bytes(b'a = "\xff"')

    assert reasons_of_refusal(tmp_path) == [
        "clauses.toml: it is not UTF-8 text (byte 6); write it as TOML in UTF-8",
        "gaps.toml: it is not TOML: Cannot overwrite a value (at line 2, column 6); write it as TOML in UTF-8",
    ]


def test_a_register_nested_without_end_is_refused(tmp_path: Path) -> None:
    (reason,) = reasons_of_refusal(write(tmp_path, gaps="a = " + "[" * 20_000))

    assert reason.startswith("gaps.toml: it is nested too deeply")


def test_a_refusal_names_the_rulebook_and_counts_its_reasons(tmp_path: Path) -> None:
    folder = tmp_path / "of_ours"
    folder.mkdir()

    with pytest.raises(RulebookError) as refusal:
        read_rulebook(write(folder, CLAUSES.replace('line = "3"', "line = 3")))

    assert str(refusal.value) == "the rulebook `of_ours` is refused for 1 reason:\n  clauses.toml:22: `line` must be a text"
