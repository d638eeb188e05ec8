"""Answers are written into the register as text: everything else stays byte for byte, and what is not understood is refused."""

import re
from datetime import date
from importlib.resources import files
from pathlib import Path

import pytest

from sop_engine import load_rulebook
from sop_engine.input_files import parse_toml
from sop_engine.reader import read_rulebook
from sop_engine.register.answers import AnswerError, answer_from, with_answers
from sop_engine.register.record_text import RegisterError
from sop_engine.statement import OwnersAnswer
from sop_engine.versions import GAPS

FOLDER = Path(str(files("sop_engine") / "rulebook" / "clients_v1"))
REGISTER = (FOLDER / GAPS).read_bytes()
BOOK = load_rulebook()
HOSTILE = [
    "A. Owner",
    'quote " and \\ backslash',
    "two\nlines\r\nand\ttabs",
    "\x1b[31mred\x7f",
    "<script>alert(1)</script>",
    '=HYPERLINK("http://x")',
    ']]\n[[gap]]\nid = "GAP-99"',
    '"""',
    "\u2028\u202e\ufeff",
    "अ मलयाളം 🙂 \U000e0041",
]


def read(folder: Path, content: bytes) -> dict[str, OwnersAnswer | None]:
    (folder / GAPS).write_bytes(content)
    (folder / "clauses.toml").write_bytes((FOLDER / "clauses.toml").read_bytes())
    return {gap.id: gap.answer for gap in read_rulebook(folder).gaps if gap.answer is not None}


@pytest.mark.parametrize("text", HOSTILE)
def test_any_text_stays_text(text: str, tmp_path: Path) -> None:
    answer = answer_from(BOOK, "GAP-04", 3, f"x{text}x", "2026-12-01", f"x{text}x", f"x{text}x")
    assert read(tmp_path, with_answers(REGISTER, {"GAP-04": answer})) == {"GAP-04": answer}
    assert answer.by == f"x{text}x".replace("\r\n", "\n")
    assert answer.status.isprintable()


@pytest.mark.parametrize("part", ["by", "evidence", "remark"])
def test_a_null_character_is_refused_and_line_ends_are_those_of_a_text_that_comes_back(part: str) -> None:
    """Otherwise a CSV file with the answer could not be read, and an exported answer would come back as another one."""
    texts = {"by": "A. Owner", part: "a\r\nb\rc"}
    assert getattr(answer_from(BOOK, "GAP-04", 3, on="2026-12-01", **texts), part) == "a\nb\nc"
    with pytest.raises(AnswerError, match=f"`{part}` has a null character; write it without"):
        answer_from(BOOK, "GAP-04", 3, on="2026-12-01", **{"by": "A. Owner", part: "a\0b"})


def test_only_lines_of_the_answer_are_added_and_taking_it_out_restores_the_file() -> None:
    answer = OwnersAnswer(3, "A", date(2026, 12, 1), "e", "r")
    for gap in BOOK.gaps:
        new = with_answers(REGISTER, {gap.id: answer})
        added = b'\n[gap.answer]\nreading = 3\nby = "A"\non = 2026-12-01\nevidence = "e"\nremark = "r"\n'
        assert new.count(added) == 1
        assert new.replace(added, b"") == REGISTER
        assert with_answers(new, {gap.id: None}) == REGISTER, gap.id


def test_an_answer_is_changed_in_its_place_and_comments_stay() -> None:
    commented = REGISTER.replace(b'\n[[gap]]\nid = "GAP-05"', b'\n# about GAP-05\n[[gap]]\nid = "GAP-05"  # five', 1)
    first = with_answers(commented, {"GAP-04": OwnersAnswer(3, "A", date(2026, 12, 1))})
    second = with_answers(first, {"GAP-04": OwnersAnswer(1, "B", date(2026, 12, 2))})
    assert second == first.replace(b'reading = 3\nby = "A"\non = 2026-12-01\n', b'reading = 1\nby = "B"\non = 2026-12-02\n')
    assert with_answers(second, {"GAP-04": None}) == commented


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data.replace(b"\n", b"\r\n"),
        lambda data: b"\xef\xbb\xbf" + data,
        lambda data: data.rstrip(b"\n"),
        lambda data: data.replace(b'id = "GAP-57"', b"id   =  'GAP-57'   # the last"),
        lambda data: data.replace(b'question = "Which column', b'question = """\n[[gap]]\nWhich column').replace(
            b'cancelled an order?"\non', b'cancelled an order?"""\non'
        ),
    ],
)
def test_other_layouts_stay_as_they_are(change: object) -> None:
    content = change(REGISTER)  # type: ignore[operator]
    assert content != REGISTER
    new = with_answers(content, {"GAP-57": OwnersAnswer(1, "A", date(2026, 12, 1))})
    assert new.startswith(content.rstrip(b"\r\n"))
    assert parse_toml(new)["gap"][-1]["answer"]["by"] == "A"
    assert (b"\r\n" in new) == (b"\r\n" in content)
    assert not re.search(rb"[^\r]\n", new) or b"\r\n" not in content


INLINE = b'id = "GAP-04"\nanswer = { reading = 1, by = "B", on = 2026-11-30 }'


@pytest.mark.parametrize("change", [(b'id = "GAP-04"', b'"id" = "GAP-04"'), (b"[[gap]]", b"[[ 'gap' ]]"), (b'id = "GAP-04"', INLINE)])
def test_a_layout_that_is_not_read_is_refused(change: tuple[bytes, bytes]) -> None:
    with pytest.raises(RegisterError, match=r"GAP-04.*change it by hand"):
        with_answers(REGISTER.replace(*change), {"GAP-04": OwnersAnswer(1, "A", date(2026, 12, 1))})
