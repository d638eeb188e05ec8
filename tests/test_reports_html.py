"""The page as HTML: nothing in the data becomes markup, every link leads somewhere, same record, same bytes."""

import base64
import errno
import hashlib
import json
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from reports.errors import ReportError
from reports.page import build_page
from reports.record import read_record
from reports.render import render
from reports.site import write_site
from sop_engine import load_rulebook
from tests.run_samples import record, write

Line = dict[str, Any]
ROOT = Path(__file__).parents[1]
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
"""Words of the format itself; everything else in a record is somebody's text."""


def page_html(lines: list[Line], folder: Path) -> str:
    return render(build_page(read_record(write(lines, folder))))


def sample() -> list[Line]:
    """A record with something in every slot, findings included."""
    place: Line = {"path": "returns/rsi.feature", "line": 8, "column": 5}
    finding = place | {"rule": "no-then", "message": "no check", "remedy": "add one", "suggestion": "Then"}
    lines: list[Line] = json.loads(json.dumps(record(findings=[finding])))
    return lines


def spoiled(value: Any, text: str, name: str = "") -> Any:
    """*value* with *text* at the end of everything that somebody wrote."""
    if name in KEPT or (name == "version"):
        return value
    if isinstance(value, dict):
        return {_key(key, text, name): spoiled(item, text, key) for key, item in value.items()}
    if isinstance(value, list):
        return [spoiled(item, text, name) for item in value]
    return value + text if isinstance(value, str) else value


def _key(key: str, text: str, name: str) -> str:
    return key + text if name == "features" else key


class Tree(HTMLParser):
    """Elements with their depth and the names of their attributes, and what can be asked of them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, tuple[str, ...]]] = []
        self.raw: list[str] = []
        self.ids: list[str] = []
        self.hrefs: list[str] = []
        self.text: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, tuple(name for name, _ in attrs)))
        self.raw.append(self.get_starttag_text() or "")
        given = dict(attrs)
        self.ids += [given["id"] or ""] if "id" in given else []
        self.hrefs += [given["href"] or ""] if "href" in given else []

    def handle_endtag(self, tag: str) -> None:
        self.elements.append((f"/{tag}", ()))

    def handle_data(self, data: str) -> None:
        self.text.append(data)


# Untrusted text


@pytest.mark.parametrize("payload", PAYLOADS)
def test_text_in_every_slot_stays_text(tmp_path: Path, payload: str) -> None:
    plain = Tree(page_html(spoiled(sample(), " x"), tmp_path))
    hostile = Tree(page_html(spoiled(sample(), payload), tmp_path))

    assert hostile.elements == plain.elements


def test_text_in_every_slot_is_shown_whole(tmp_path: Path) -> None:
    payload = "<b>&\"'"
    plain = "".join(Tree(page_html(spoiled(sample(), "\N{PILCROW SIGN}"), tmp_path)).text)
    hostile = "".join(Tree(page_html(spoiled(sample(), payload), tmp_path)).text)

    assert hostile.count(payload) == plain.count("\N{PILCROW SIGN}") > 300


def test_no_template_is_made_from_data() -> None:
    sources = [file.read_text(encoding="utf-8") for file in (ROOT / "reports").rglob("*.py")]

    assert not [source for source in sources if "from_string" in source]
    assert not [file.name for file in TEMPLATES if "|safe" in file.read_text().replace(" ", "")]


QUOTED = re.compile(r'<[a-z][a-z0-9]*(\s+[a-z-]+="[^"]*"|\s+(?:open|checked))*\s*>')


def test_every_attribute_in_the_templates_is_quoted() -> None:
    for file in TEMPLATES:
        text = re.sub(r"{%.*?%}|{#.*?#}|{{.*?}}", "", file.read_text(encoding="utf-8"), flags=re.DOTALL)
        tags = re.findall(r"<[a-z][^<>]*>", text)
        assert [tag for tag in tags if not QUOTED.fullmatch(tag)] == [], file.name


def test_every_attribute_in_the_page_is_quoted(tmp_path: Path) -> None:
    tree = Tree(page_html(spoiled(sample(), " onclick=x >'\""), tmp_path))

    assert not [raw for raw in tree.raw if not QUOTED.fullmatch(raw)]


# What the page may do


def test_the_page_loads_and_runs_nothing(tmp_path: Path) -> None:
    html = page_html(sample(), tmp_path)
    tree = Tree(html)
    names = {tag for tag, _ in tree.elements}
    attributes = {name for _, given in tree.elements for name in given}

    assert not names & {"script", "link", "img", "iframe", "object", "embed", "form", "base", "svg"}
    assert not {name for name in attributes if name.startswith("on") or name in ("style", "src", "srcset")}
    assert {href[0] for href in tree.hrefs} == {"#"}


def test_the_policy_names_the_style_sheet_by_its_hash(tmp_path: Path) -> None:
    html = page_html(sample(), tmp_path)
    style = re.search(r"<style>(.*?)</style>", html, re.DOTALL)
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', html)

    assert style
    assert policy
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert policy[1].replace("&#39;", "'").split("; ")[:2] == ["default-src 'none'", f"style-src 'sha256-{digest}'"]
    assert html.index(policy[0]) < html.index(style[0])


# Links


def pages(folder: Path) -> Iterator[str]:
    yield page_html(sample(), folder)
    yield page_html(record(state=None, keep=2), folder)
    yield page_html(record()[:1], folder)
    real = write(record(rulebook=load_rulebook().to_plain()), folder)
    yield write_site(real, folder / "site").read_text(encoding="utf-8")


def test_every_link_leads_somewhere_and_no_id_is_used_twice(tmp_path: Path) -> None:
    for html in pages(tmp_path):
        tree = Tree(html)
        assert {href[1:] for href in tree.hrefs} - set(tree.ids) == set()
        assert [name for name, count in Counter(tree.ids).items() if count > 1] == []
        labelled = set(re.findall(r'aria-labelledby="([^"]+)"', html))
        assert labelled <= set(tree.ids)


def test_ids_that_collide_are_told_apart(tmp_path: Path) -> None:
    lines = sample()
    first = next(line for line in lines if line["type"] == "scenario")
    old = first["id"]
    text = json.dumps(lines).replace(old, "SC-ERP-FULL-1a")
    tree = Tree(page_html(json.loads(text), tmp_path))

    assert max(Counter(tree.ids).values()) == 1


def test_clauses_gaps_and_examples_have_their_own_address(tmp_path: Path) -> None:
    lines = sample()
    rulebook = lines[1]
    ids = set(Tree(page_html(lines, tmp_path)).ids)

    assert {entry["id"] for key in ("sections", "clauses", "gaps") for entry in rulebook[key]} <= ids
    assert {line["id"] for line in lines if line["type"] == "scenario"} <= ids


# Bytes and files


def test_the_same_record_gives_the_same_bytes_under_any_hash_seed(tmp_path: Path) -> None:
    run = write(record(rulebook=load_rulebook().to_plain()), tmp_path / "run").parent
    code = "import sys; from pathlib import Path; from reports.site import write_site; write_site(*map(Path, sys.argv[1:]))"
    written = []
    for seed in ("0", "1", "4711"):
        out = tmp_path / seed
        environment = os.environ | {"PYTHONHASHSEED": seed}
        subprocess.run([sys.executable, "-c", code, str(run), str(out)], check=True, cwd=ROOT, env=environment)
        written.append((out / "index.html").read_bytes())

    assert written[0] == written[1] == written[2]


def test_nothing_of_this_machine_is_in_the_page(tmp_path: Path) -> None:
    run = write(record(rulebook=load_rulebook().to_plain()), tmp_path / "run").parent
    html = write_site(run, tmp_path / "site").read_text(encoding="utf-8")

    assert str(tmp_path) not in html
    assert str(ROOT) not in html


def test_grids_of_another_rulebook_are_left_out(tmp_path: Path) -> None:
    html = write_site(write(record(), tmp_path).parent, tmp_path / "site").read_text(encoding="utf-8")

    assert 'id="cases"' not in html


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EACCES])
def test_a_page_that_cannot_be_written_leaves_the_old_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int) -> None:
    run = write(record(), tmp_path / "run").parent
    out = tmp_path / "site"
    old = write_site(run, out).read_bytes()
    write(record(fates={}), run)

    def fail(_: int) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(ReportError, match=f"index.html: the page cannot be written: {os.strerror(code).lower()}"):
        write_site(run, out)

    assert [file.name for file in out.iterdir()] == ["index.html"]
    assert (out / "index.html").read_bytes() == old


def test_an_output_folder_that_is_a_file_is_one_clear_error(tmp_path: Path) -> None:
    run = write(record(), tmp_path / "run").parent
    (tmp_path / "site").write_text("in the way")

    with pytest.raises(ReportError, match="the page cannot be written"):
        write_site(run, tmp_path / "site")


def test_a_missing_folder_is_made(tmp_path: Path) -> None:
    run = write(record(), tmp_path / "run").parent

    assert write_site(run, tmp_path / "a" / "b").is_file()


# What a reader is told


@pytest.mark.parametrize(
    ("state", "words"),
    [("complete", "8 examples failed"), ("interrupted", "This run was interrupted"), (None, "This run did not finish")],
)
def test_bad_news_is_in_the_title_and_in_the_band(tmp_path: Path, state: str | None, words: str) -> None:
    html = page_html(record(state=state, keep=None if state == "complete" else 3), tmp_path)

    assert f"<title>{words}" in html
    assert '<section class="verdict bad"' in html
    assert 'class="verdict good"' not in html
