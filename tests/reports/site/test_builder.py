"""The site as HTML: nothing in the data becomes markup, every link leads somewhere, same record, same bytes."""

import ast
import errno
import hashlib
import json
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from reports.html.errors import ReportError
from reports.site.builder import site_files, write_site
from reports.site.context import context_of
from reports.site.newer_run import STATE
from reports.site.page import HtmlFile
from reports.site.pages import PAGES
from sop_engine import load_rulebook
from sop_engine.text import slug
from sop_runs.change.snapshot import snapshot_of_run
from sop_runs.output_folder import MARKER
from sop_runs.record.reader import read_record
from tests.support.run_samples import record, write

Line = dict[str, Any]
ROOT = Path(__file__).parents[3]
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


def pages_of(lines: list[Line], folder: Path) -> dict[str, str]:
    """Name to text of every HTML file of the site."""
    files = site_files(context_of(read_record(write(lines, folder)), base=snapshot_of_run(read_record(write(lines, folder / "base")))))
    return {name: content.decode() for name, content in files.items() if name.endswith(".html")}


def trees_of(lines: list[Line], folder: Path) -> dict[str, "Tree"]:
    return {name: Tree(html) for name, html in pages_of(lines, folder).items()}


def sample() -> list[Line]:
    """A record with something in every slot, findings included."""
    place: Line = {"path": "returns/rsi.feature", "line": 8, "column": 5}
    finding = place | {"rule": "no-then", "message": "no check", "remedy": "add one", "suggestion": "Then"}
    lines: list[Line] = json.loads(json.dumps(record(findings=[finding])))
    return lines


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


class Tree(HTMLParser):
    """Elements with their depth and the names of their attributes, and what can be asked of them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, tuple[str, ...]]] = []
        self.raw: list[str] = []
        self.ids: list[str] = []
        self.hrefs: list[str] = []
        self.sources: list[str] = []
        self.text: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, tuple(name for name, _ in attrs)))
        self.raw.append(self.get_starttag_text() or "")
        given = dict(attrs)
        self.ids += [given["id"] or ""] if "id" in given else []
        self.hrefs += [given["href"] or ""] if "href" in given else []
        self.sources += [given["src"] or ""] if "src" in given else []

    def handle_endtag(self, tag: str) -> None:
        self.elements.append((f"/{tag}", ()))

    def handle_data(self, data: str) -> None:
        self.text.append(data)


# Untrusted text


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
    told = ["".join(tree.text).count(payload) for tree in hostile.values()]

    assert told == ["".join(tree.text).count("\N{PILCROW SIGN}") for tree in plain.values()]
    assert sum(told) > 300


def test_what_a_run_was_asked_for_stays_text(tmp_path: Path) -> None:
    def asked(text: str) -> list[Line]:
        return record(fates={("Too late once packed",): {"status": "not-run"}}, selection={"paths": [text], "keyword": text, "tags": text})

    hostile, plain = trees_of(asked(" ".join(PAYLOADS)), tmp_path / "hostile"), trees_of(asked("x"), tmp_path / "plain")

    assert [tree.elements for tree in hostile.values()] == [tree.elements for tree in plain.values()]
    assert any(PAYLOADS[0] in "".join(tree.text) for tree in hostile.values())


TRUSTED = {
    "reports/audit/content.py": 1,  # our own style sheet, whose hash the policy names
    "reports/document/life_cycle_diagram.py": 1,  # joined from pieces that escaped
    "reports/html/markdown.py": 1,  # the renderer escapes, and knows few elements
    "reports/scenario/report.py": 1,  # our own style sheet, whose hash the policy names
    "reports/svg/elements.py": 1,  # escapes every value and child
}
"""Where something else than a text that is written there is taken for HTML, and how often."""


@cache
def calls() -> tuple[tuple[str, str, ast.Call], ...]:
    """Every call that is of a name, in our code that knows of templates or markup: the file, the name, the call."""
    return tuple(_calls())


def _calls() -> Iterator[tuple[str, str, ast.Call]]:
    for package in ("orders", "reports", "simulator", "sop_cli", "sop_engine", "sop_runs", "steps"):
        for file in sorted((ROOT / package).rglob("*.py")):
            text = file.read_text(encoding="utf-8")
            for node in ast.walk(ast.parse(text)) if re.search(r"jinja2|markupsafe", text) else ():
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
                    name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
                    yield file.relative_to(ROOT).as_posix(), name, node


def test_no_template_is_made_from_data() -> None:
    names = {name for _, name, _ in calls()}
    filters = {found for file in TEMPLATES for found in re.findall(r"\|\s*(\w+)", "".join(re.findall(r"{[{%].*?[%}]}", file.read_text())))}

    assert not names & {"from_string", "Template", "select_autoescape", "render_template_string", "mark_safe"}
    assert not filters & {"safe", "forceescape", "xmlattr", "urlize", "striptags", "format", "indent", "wordwrap"}
    assert not [file.name for file in TEMPLATES if "autoescape" in file.read_text()]


def test_every_environment_of_templates_escapes_and_fails_on_a_name_it_does_not_know() -> None:
    made = [
        (file, {each.arg: ast.unparse(each.value) for each in call.keywords})
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


# What a page may do


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


# Names and links


def test_a_page_has_one_name_in_the_menu_the_title_the_heading_and_the_address(tmp_path: Path) -> None:
    context = context_of(read_record(write(record(rulebook=load_rulebook().to_plain()), tmp_path / "run")), simulations=tmp_path)
    files = site_files(context)
    for page in PAGES:
        sheets = [part for part in page.files(context) if isinstance(part, HtmlFile)]
        name = "index" if page is PAGES[0] else slug(page.nav)
        assert [sheet.name for sheet in sheets][:1] in ([], [f"{name}.html"])
        for sheet in sheets:
            own = sheet.name.startswith(name) and not sheet.name.startswith("feature-")
            heading = re.search(r"<h1[^>]*>\s*(?:<span[^>]*>[^<]*</span>)?\s*([^<]*)", files[sheet.name].decode())
            assert heading
            assert not own or (sheet.title.startswith(page.nav) and heading[1].strip() == page.nav), sheet.name
            menu = {href.partition("#")[0] for href in Tree(files[sheet.name].decode()).hrefs}
            assert sheets[0].name in menu or sheet.reading


def test_a_failing_run_says_each_reason_once_on_its_first_page(tmp_path: Path) -> None:
    said = " ".join(Tree(pages_of(sample(), tmp_path)["index.html"]).text)
    assert re.findall(r"\d+ examples? failed", said.partition("What is wrong")[2].partition("What is wrong")[0]) == []
    assert len(re.findall(r"\b1 finding in 1 feature file", said)) == 1


def sites(folder: Path) -> Iterator[dict[str, bytes]]:
    real = record(rulebook=load_rulebook().to_plain())
    for number, lines in enumerate((sample(), record(state=None, keep=2), record()[:1], real)):
        yield site_files(context_of(read_record(write(lines, folder / str(number)))))


@pytest.mark.slow
def test_every_link_leads_somewhere_and_no_id_is_used_twice(tmp_path: Path) -> None:
    for files in sites(tmp_path):
        trees = {name: Tree(content.decode()) for name, content in files.items() if name.endswith(".html")}
        for name, tree in trees.items():
            assert [place for place, count in Counter(tree.ids).items() if count > 1] == [], name
            assert set(re.findall(r'aria-(?:labelledby|controls|describedby)="([^"]+)"', files[name].decode())) <= set(tree.ids)
            for href in tree.hrefs:
                target, _, anchor = href.partition("#")
                assert (target or name) in files, (name, href)
                assert not anchor or anchor in trees[target or name].ids, (name, href)


@pytest.mark.slow
def test_every_page_can_be_reached_from_the_first(tmp_path: Path) -> None:
    for files in sites(tmp_path):
        seen: set[str] = set()
        ahead = ["index.html"]
        while ahead:
            name = ahead.pop()
            if name not in seen and name.endswith(".html"):
                seen.add(name)
                ahead += [href.partition("#")[0] for href in Tree(files[name].decode()).hrefs if href[0] != "#"]
        assert seen == {name for name in files if name.endswith(".html")}


def test_ids_that_collide_are_told_apart(tmp_path: Path) -> None:
    lines = sample()
    first = next(line for line in lines if line["type"] == "scenario")
    old = first["id"]
    text = json.dumps(lines).replace(old, "SC-ERP-FULL-1a")

    for tree in trees_of(json.loads(text), tmp_path).values():
        assert max(Counter(tree.ids).values(), default=1) == 1


def test_clauses_gaps_and_examples_have_the_address_that_links_say(tmp_path: Path) -> None:
    lines = sample()
    rulebook = lines[1]
    context = context_of(read_record(write(lines, tmp_path)))
    places = {f"{name}#{anchor}" for name, tree in trees_of(lines, tmp_path).items() for anchor in tree.ids}
    told = [line for line in lines if line["type"] == "scenario"]

    assert {context.links.clause(entry["id"]) for key in ("sections", "clauses") for entry in rulebook[key]} <= places
    assert {context.links.gap(entry["id"]) for entry in rulebook["gaps"]} <= places
    assert {context.links.scenario(line["feature"], line["id"]) for line in told} <= places
    assert {context.links.feature(line["path"]) for line in lines if line["type"] == "feature"} <= {
        each.partition("#")[0] for each in places
    }


def test_addresses_outlive_a_new_order_of_things(tmp_path: Path) -> None:
    def addresses(lines: list[Line], folder: Path) -> dict[tuple[str, str], str | None]:
        links = context_of(read_record(write(lines, folder))).links
        return {(line["feature"], line["id"]): links.scenario(line["feature"], line["id"]) for line in lines if line["type"] == "scenario"}

    lines = sample()
    turned = json.loads(json.dumps(lines))
    for line in turned:
        if line["type"] == "feature" and line["document"]:
            line["document"]["children"].reverse()
    before, after = addresses(lines, tmp_path / "a"), addresses(turned, tmp_path / "b")

    assert None not in before.values()
    assert before == after


# Bytes and files


@pytest.mark.slow
def test_the_same_record_gives_the_same_bytes_under_any_hash_seed(tmp_path: Path) -> None:
    run = write(record(rulebook=load_rulebook().to_plain()), tmp_path / "run").parent
    code = "import sys; from pathlib import Path; from reports.site.builder import write_site; write_site(*map(Path, sys.argv[1:]))"
    written = []
    for seed in ("0", "4711"):
        out = tmp_path / seed
        environment = os.environ | {"PYTHONHASHSEED": seed}
        subprocess.run([sys.executable, "-c", code, str(run), str(out)], check=True, cwd=ROOT, env=environment)
        written.append({file.name: file.read_bytes() for file in out.iterdir()})

    assert written[0] == written[1]


def test_nothing_of_this_machine_is_in_the_site(tmp_path: Path) -> None:
    run = write(record(rulebook=load_rulebook().to_plain()), tmp_path / "run").parent
    write_site(run, tmp_path / "site")

    for file in (tmp_path / "site").iterdir():
        assert str(tmp_path).encode() not in file.read_bytes(), file.name
        assert str(ROOT).encode() not in file.read_bytes(), file.name


def test_grids_of_another_rulebook_are_left_out(tmp_path: Path) -> None:
    write_site(write(record(), tmp_path / "run").parent, tmp_path / "site")

    assert not (tmp_path / "site" / "decision-tables.html").exists()


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EACCES])
def test_a_site_that_cannot_be_written_leaves_the_old_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int) -> None:
    run = write(record(), tmp_path / "run").parent
    out = tmp_path / "site"
    write_site(run, out)

    def contents(folder: Path) -> dict[str, bytes]:
        return {
            file.name: file.read_bytes() for file in folder.iterdir() if file.name not in {STATE, MARKER}
        }  # which could not be put back

    old = contents(out)
    write(record(fates={}), run)
    real, calls = os.fsync, iter(range(100))

    def fail(stream: int) -> None:
        if next(calls) < 3:
            real(stream)
        else:
            raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(ReportError, match=f"the page cannot be written: {os.strerror(code).lower()}"):
        write_site(run, out)

    assert contents(out) == old


def test_pages_of_the_last_time_go_and_other_peoples_files_stay(tmp_path: Path) -> None:
    out = tmp_path / "site"
    write_site(write(record(), tmp_path / "run").parent, out)
    (out / "sub").mkdir()
    for file in (out / "notes.html", out / ".hidden", out / "features.html", tmp_path / "outside.html"):
        file.write_text("mine")
    marker = json.loads((out / MARKER).read_text())
    mine = hashlib.sha256(b"mine").hexdigest()
    (out / MARKER).write_text(
        json.dumps({**marker, "files": {**marker["files"], "../outside.html": [mine], "sub": [mine], ".hidden": [mine]}})
    )
    write_site(write(record()[:1], tmp_path / "short").parent, out)

    assert not (out / "the-sop.html").exists()
    assert (out / "index.html").exists()
    assert [file.exists() for file in (out / "notes.html", tmp_path / "outside.html", out / "sub", out / ".hidden")] == [True] * 4
    assert (out / "features.html").read_text() == "mine", "changed since it was written"


def test_a_missing_folder_is_made(tmp_path: Path) -> None:
    run = write(record(), tmp_path / "run").parent

    assert write_site(run, tmp_path / "a" / "b").is_file()


# What a reader sees


@pytest.mark.parametrize(
    ("state", "words"),
    [("complete", "8 examples failed"), ("interrupted", "This run was interrupted"), (None, "This run did not finish")],
)
def test_bad_news_is_in_the_title_and_in_the_band_of_every_page(tmp_path: Path, state: str | None, words: str) -> None:
    for html in pages_of(record(state=state, keep=None if state == "complete" else 3), tmp_path).values():
        assert f"<title>{words}" in html
        assert '<aside class="band bad"' in html
        assert "band good" not in html


def test_a_selection_says_so_on_every_page(tmp_path: Path) -> None:
    fates = {("A part of a FULFILLABLE order",): {"status": "not-run"}}
    lines = record(fates=fates, selection={"paths": ["a"], "keyword": None, "tags": None})

    for html in pages_of(lines, tmp_path).values():
        assert '<aside class="band partial"' in html
        assert "selected by paths a" in html
