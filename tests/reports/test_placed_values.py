"""Values on pages: escaped as Jinja escapes them, although most of them are placed without Jinja's own type for escaped text."""

import pytest
from jinja2 import Environment
from markupsafe import Markup

from reports.examples.status_marks import Status
from reports.html.resources import environment


class Text(str):
    """A text of a type of its own."""

    __slots__ = ()


class Html:
    """An object that knows its HTML."""

    def __html__(self) -> str:
        return "<b>&amp;</b>"


VALUES = [
    "plain", "", "ä ✓\n", "a & b", "<b>", "a > b", 'say "no"', "it's", "&amp;", Text("plain"), Text("<i>"), Markup("<b>&amp;</b>"),
    Html(), Status.PASSED, 0, -7, 1.5, True, None, ["<a>"], ValueError("<x>"),
]  # fmt: skip


@pytest.mark.parametrize("value", VALUES)
@pytest.mark.parametrize("template", ["{{ value }}", '<p title="{{ value }}">', "{% macro m(v) %}<{{ v }}>{% endmacro %}{{ m(value) }}"])
def test_a_value_is_escaped_as_by_jinja(value: object, template: str) -> None:
    reference = Environment(autoescape=True)

    assert environment().from_string(template).render(value=value) == reference.from_string(template).render(value=value)


def test_the_result_of_the_last_change_of_a_value_is_escaped_too() -> None:
    marked = environment(finalize=lambda value: f"<{value}>")

    assert marked.from_string("{{ value }}").render(value="&") == "&lt;&amp;&gt;"
