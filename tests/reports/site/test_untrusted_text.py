"""The site as HTML: no text of a record becomes markup."""

import ast
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from reports.site.builder import site_files
from reports.site.context import context_of
from sop_runs.record.reader import read_record
from tests.support.run_samples import record, write
from tests.support.site_pages import ROOT, Line, Tree, calls, pages_of, sample, trees_of

TEMPLATES = sorted((ROOT / "reports" / "templates").glob("*.html.j2"))
PAYLOADS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "'><b>",
    "</style><script>alert(1)</script>",
    "</title><h1>",
    "<!--",
    "-->",
    "]]>",
    "</p></div></section></main>",
    "<a href=javascript:alert(1)>x</a>",
    "javascript:alert(1)",
    "&lt;b&gt;&amp;&#60;b&#62;",
    '" onmouseover="alert(1)',
    "' autofocus onfocus='alert(1)",
    "{{ 7 * 7 }}{% raw %}",
    "{% include 'style.css' %}",
    "${alert(1)}`",
    "\\",
    "<details open ontoggle=alert(1)>",
    "<table><tr><td>",
    "<base href=//example.invalid>",
    "<meta http-equiv=refresh content=0>",
    "<plaintext>",
    "<textarea>",
    "=1+1",
    "\u202eabc\u200b",
    "नमस्ते 🌿",
]
KEPT = {"type", "kind", "status", "state", "facet", "sha256", "line", "language"}
"""Words of the format itself; everything else in a record is a user's text."""


def spoiled(value: Any, text: str, name: str = "") -> Any:
    """*value* with *text* at the end of every text of a user."""
    if name in KEPT or (name == "version"):
        return value
    if isinstance(value, dict):
        return {_key(key, text, name): item if name == "features" else spoiled(item, text, key) for key, item in value.items()}
    if isinstance(value, list):
        return [spoiled(item, text, name) for item in value]
    return value + _in_name(text, name) if isinstance(value, str) else value


def _in_name(text: str, name: str) -> str:
    """*text* as the name of a file can hold it; a slash would make it a folder."""
    return text.replace("/", "\N{DIVISION SLASH}") if name in ("path", "feature") else text


def _key(key: str, text: str, name: str) -> str:
    return key + _in_name(text, "path") if name == "features" else key


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> dict[str, "Tree"]:
    """The site with harmless words in every slot."""
    return trees_of(spoiled(sample(), " x"), tmp_path_factory.mktemp("plain"))


@pytest.mark.parametrize("payload", [" ".join(PAYLOADS[place::7]) for place in range(7)])
def test_text_in_every_slot_stays_text(tmp_path: Path, plain: dict[str, "Tree"], payload: str) -> None:
    hostile = trees_of(spoiled(sample(), payload), tmp_path)

    assert [tree.elements for tree in hostile.values()] == [tree.elements for tree in plain.values()]
    assert {href.partition(":")[0] for tree in hostile.values() for href in tree.hrefs if ":" in href.partition("#")[0]} == set()


def test_text_in_every_slot_is_shown_whole(tmp_path: Path) -> None:
    payload = "<b>&\"'"
    plain = trees_of(spoiled(sample(), "\N{PILCROW SIGN}"), tmp_path)
    hostile = trees_of(spoiled(sample(), payload), tmp_path)
    result = ["".join(tree.text).count(payload) for tree in hostile.values()]

    assert result == ["".join(tree.text).count("\N{PILCROW SIGN}") for tree in plain.values()]
    assert sum(result) > 300


def test_what_a_run_was_asked_for_stays_text(tmp_path: Path) -> None:
    def asked(text: str) -> list[Line]:
        return record(
            results={("Too late once packed",): {"status": "not-run"}}, selection={"paths": [text], "keyword": text, "tags": text}
        )

    hostile, plain = trees_of(asked(" ".join(PAYLOADS)), tmp_path / "hostile"), trees_of(asked("x"), tmp_path / "plain")

    assert [tree.elements for tree in hostile.values()] == [tree.elements for tree in plain.values()]
    assert any(PAYLOADS[0] in "".join(tree.text) for tree in hostile.values())


TRUSTED = {
    "reports/document/life_cycle_diagram.py": 1,  # joined from pieces that escaped
    "reports/html/markdown.py": 1,  # the renderer escapes, and knows few elements
    "reports/html/single_file.py": 1,  # our own style sheet, whose hash the policy names
    "reports/svg/elements.py": 1,  # escapes every value and child
}
"""Where something else than a text that is written there is taken for HTML, and how often."""


def test_no_template_is_made_from_data() -> None:
    names = {name for _, name, _ in calls()}
    filters = {match for file in TEMPLATES for match in re.findall(r"\|\s*(\w+)", "".join(re.findall(r"{[{%].*?[%}]}", file.read_text())))}

    assert not names & {"from_string", "Template", "select_autoescape", "render_template_string", "mark_safe"}
    assert not filters & {"safe", "forceescape", "xmlattr", "urlize", "striptags", "format", "indent", "wordwrap"}
    assert not [file.name for file in TEMPLATES if "autoescape" in file.read_text()]


def test_every_environment_of_templates_escapes_and_fails_on_a_name_it_does_not_know() -> None:
    made = [
        (file, {keyword.arg: ast.unparse(keyword.value) for keyword in call.keywords})
        for file, name, call in calls()
        if name.endswith("Environment")
    ]

    assert [file for file, _ in made] == ["reports/html/resources.py"]
    for _, given in made:
        assert (given["autoescape"], given["undefined"], given["loader"]) == ("True", "StrictUndefined", "FunctionLoader(load)")


def test_only_a_few_places_say_what_is_html_already() -> None:
    written = Counter(
        file
        for file, name, call in calls()
        if name == "Markup" and call.args and not (isinstance(call.args[0], ast.Constant) and isinstance(call.args[0].value, str))
    )

    assert written == TRUSTED


QUOTED = re.compile(r'<[a-z][a-z0-9]*(\s+[a-z-]+="[^"]*"|\s+(?:open|checked|defer|hidden|disabled))*\s*>')


def test_every_attribute_in_the_templates_is_quoted() -> None:
    for file in TEMPLATES:
        text = re.sub(r"{%.*?%}|{#.*?#}|{{.*?}}", "", file.read_text(encoding="utf-8"), flags=re.DOTALL)
        tags = re.findall(r"<[a-z][^<>]*>", text)
        assert [tag for tag in tags if not QUOTED.fullmatch(tag)] == [], file.name


SHORT = re.compile(QUOTED.pattern.replace('"[^"]*"', '(?:"[^"]*"|[A-Za-z0-9_.#-]+)'))


def test_every_attribute_in_the_page_is_quoted_unless_it_has_only_letters_digits_and_four_signs(tmp_path: Path) -> None:
    raws = [raw for tree in trees_of(spoiled(sample(), " onclick=x >'\""), tmp_path).values() for raw in tree.raw]

    assert not [raw for raw in raws if not SHORT.fullmatch(raw)]
    assert [raw for raw in raws if not QUOTED.fullmatch(raw)]
    assert not [raw for raw in raws if re.search(r' [a-z-]+="[A-Za-z0-9_.#-]+"[ >]', raw)]


def test_a_page_loads_the_sites_own_style_sheets_and_scripts_and_runs_nothing_else(tmp_path: Path) -> None:
    files = site_files(context_of(read_record(write(sample(), tmp_path))))

    for tree in trees_of(sample(), tmp_path).values():
        names = {tag for tag, _ in tree.elements}
        attributes = {name for _, given in tree.elements for name in given}
        assert not names & {"img", "iframe", "object", "embed", "base", "style"}
        assert not {name for name in attributes if name.startswith("on") or name in ("style", "srcset", "action")}
        assert [raw for raw in tree.raw if raw.startswith("<link")] == [
            "<link rel=stylesheet href=style.css>",
            "<link rel=stylesheet href=state.css>",
        ]
        assert tree.sources
        assert set(tree.sources) <= files.keys()


def test_the_policy_forbids_what_is_written_into_the_page(tmp_path: Path) -> None:
    for html in pages_of(sample(), tmp_path).values():
        policy = re.search(r'http-equiv=Content-Security-Policy content="([^"]*)"', html)
        assert policy
        rules = dict(rule.split(" ", 1) for rule in policy[1].split("; "))
        assert rules["default-src"] == "'none'"
        assert "unsafe" not in policy[1]
        assert rules["script-src"] == rules["style-src"] == "'self' file:"
        assert html.index(policy[0]) < html.index("<link")
        assert not re.search(r"<script[^>]*>[^<]", html)
