"""Changed sentences, compared word by word without losing a word."""

from pathlib import Path

from hypothesis import example, given, settings
from hypothesis import strategies as st

from reports.site.context import context_of
from reports.site.pages.changes import changes_page
from reports.site.text_diff import line_diff, word_diff
from sop_runs.record.reader import RunRecord
from tests.support.run_changes import since, texts
from tests.support.run_samples import Line


def test_sentences_and_questions_are_compared_word_by_word(now: RunRecord, lines: list[Line], tmp_path: Path) -> None:
    rulebook = next(line for line in lines if line["type"] == "rulebook")
    rulebook["clauses"][3]["text"] += " So it was."
    removed = rulebook["gaps"].pop()
    rulebook["gaps"][0]["chosen"] = "Something else."

    difference = since(lines, now, tmp_path)

    assert {(text.id, text.kind, tuple(name for name, _, _ in text.parts)) for text in difference.texts} == {
        (rulebook["clauses"][3]["id"], "edited", ("text",)),
        (rulebook["gaps"][0]["id"], "edited", ("chosen",)),
        (removed["id"], "new", ()),
    }
    page = changes_page(context_of(now, base=difference.before))
    view = next(text for text in page.texts if text.id == rulebook["clauses"][3]["id"])
    assert [piece.text.strip() for piece in view.parts[0][1] if piece.kind == "old"] == ["So it was."]
    assert page.verdict == "3 texts changed"


@settings(max_examples=150, deadline=None)
@example("on 30 May it was so at last", "on 1 June it was so at last")
@given(texts, texts)
def test_of_two_texts_each_can_be_read_out_of_their_comparison(before: str, after: str) -> None:
    pieces = word_diff(before, after)

    assert "".join(piece.text for piece in pieces if piece.kind != "new") == before
    assert "".join(piece.text for piece in pieces if piece.kind != "old") == after
    assert (before == after) == all(piece.kind == "same" for piece in pieces)


@settings(max_examples=100, deadline=None)
@given(st.lists(texts, max_size=6), st.lists(texts, max_size=6))
def test_of_two_wordings_no_word_is_lost(before: list[str], after: list[str]) -> None:
    pieces = line_diff(before, after)

    for words, other in ((before, "new"), (after, "old")):
        assert "".join(piece.text for line in pieces for piece in line if piece.kind != other) == "".join(words)
