"""The glossary of the site says what the glossary of the project says."""

from pathlib import Path

from reports.document.glossary import chapters, glossary
from reports.site.pages.glossary import chapter_views

ROOT = Path(__file__).parents[3]


def test_marks_become_elements_and_a_mark_without_an_end_stays() -> None:
    (chapter,) = chapters("## One\n\na **b** *c* `d` *e <i>&amp;\n")

    assert chapter.paragraphs == ["a <strong>b</strong> <em>c</em> <code>d</code> *e &lt;i&gt;&amp;amp;"]


def test_a_table_is_read_with_the_words_it_explains() -> None:
    text = "# Title\n\nLost.\n\n## One\n\nTold in\ntwo lines.\n\n| Term | Meaning |\n|---|---|\n| **A, b** | what `x` is |\n| plain | |\n"
    (chapter,) = chapters(text)

    assert (chapter.title, chapter.depth, chapter.paragraphs) == ("One", 1, ["Told in\ntwo lines."])
    assert chapter.header == ["Term", "Meaning"]
    assert [word.terms for word in chapter.words] == [("A", "b"), ()]
    assert [word.text for word in chapter.words] == ["A, b what x is", "plain "]


def test_every_bold_word_of_the_projects_glossary_has_an_address() -> None:
    text = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    rows = [line for line in text.splitlines() if line.startswith("| **")]
    views = chapter_views(glossary())
    addressed = [row for view in views for row in view.rows if row.anchors]

    assert len(addressed) == len(rows) > 50
    assert "word-client" in {anchor for row in addressed for anchor in row.anchors}


def test_a_word_that_is_explained_twice_has_two_addresses() -> None:
    text = "## One\n\n| T |\n|---|\n| **A** |\n\n## Two\n\n| T |\n|---|\n| **A** |\n"
    anchors = [anchor for view in chapter_views(chapters(text)) for row in view.rows for anchor in row.anchors]

    assert len(set(anchors)) == 2
