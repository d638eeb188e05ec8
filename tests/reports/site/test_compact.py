"""Pages, styles and scripts in fewer bytes say the same."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from reports.html.compact import compact_html, compact_script, compact_style, compact_template
from reports.html.resources import TEMPLATES, template
from reports.html.script_data import script_data
from reports.site.renderer import ASSET_PARTS, SCRIPT, STYLE
from tests.support.script_data import data_of_script

NAMES = sorted(file.name for file in Path(str(TEMPLATES)).glob("*.j2"))


class Parts(HTMLParser):
    """The start tags of a page with their attributes, and its letters; end tags may be left out."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[object] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, attrs))

    def handle_data(self, data: str) -> None:
        self.found += "".join(data.split())


@pytest.mark.parametrize("name", NAMES)
def test_a_short_template_has_the_same_tags_words_and_instructions(name: str) -> None:
    source = template(name)
    short = compact_template(source)
    instructions = re.compile(r"{[{%#].*?[}%#]}", re.DOTALL)

    assert instructions.findall(short) == instructions.findall(source)
    without = [instructions.sub("x", text) for text in (short, source)]
    assert Parts(without[0]).found == Parts(without[1]).found
    assert len(short) <= len(source)


@pytest.mark.parametrize(
    ("html", "short"),
    [
        ('<a href="the-sop.html#SC-1.1" class="id">', "<a href=the-sop.html#SC-1.1 class=id>"),
        ('<a href="a b" title="x">', '<a href="a b" title=x>'),
        ('<p title="">', '<p title="">'),
        ('<a href="?a=b&amp;c">', '<a href="?a=b&amp;c">'),
        ('<path d="M0"/>', '<path d="M0"/>'),
        ("<p>a=&#34;b&#34; c", "<p>a=&#34;b&#34; c"),
    ],
)
def test_only_values_that_need_no_quotation_marks_lose_them(html: str, short: str) -> None:
    assert compact_html(html) == short
    assert Parts(html).found == Parts(short).found


def test_a_short_style_sheet_has_the_same_rules() -> None:
    style = "\n".join(map(template, ASSET_PARTS[STYLE]))
    short = compact_style(style)

    def tokens(css: str) -> list[str]:
        actual = re.findall(r'"[^"]*"|[^\s{}:;,"]+|[{}:;,]', re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL))
        return [token for token, after in zip(actual, [*actual[1:], ""], strict=True) if (token, after) != (";", "}")]

    assert tokens(short) == tokens(style)
    assert len(short) < 0.9 * len(style)
    assert 'content:"; "' in short
    assert compact_style("a :is(b, c) > d { width: calc(1px + 2px) } /* { */") == "a :is(b,c) > d{width:calc(1px + 2px)}"


def test_a_short_script_has_the_same_statements_and_no_text_goes_over_several_lines() -> None:
    for part in ASSET_PARTS[SCRIPT]:
        source = template(part)
        assert all(re.sub(r'"[^"]*"', "", line).count("`") % 2 == 0 for line in source.splitlines()), part
        lines = [line.strip() for line in source.splitlines() if not re.match(r"\s*(//|$)", line)]
        assert compact_script(source).splitlines() == lines


@pytest.mark.parametrize("length", range(12))
def test_data_for_a_script_are_read_back_whatever_their_length(length: int) -> None:
    data = {"text": 'ä\u2028"\\</script>'[:length] * length}

    assert data_of_script(script_data("some", data), "some") == data
    assert script_data("some", data) == script_data("some", data)


def test_only_a_value_behind_a_name_loses_its_quotation_marks() -> None:
    assert compact_html('<a id="b" data-1="c" =="d" >') == '<a id=b data-1="c" =="d" >'
