"""Whatever anybody writes, it is text: hundreds of payloads in every slot, through the real writers, in a real browser.

Two sites of the same record, one with hostile text in every slot and one with letters in its place, must be the same tree of
elements; nothing may run, open a dialog, ask for an address or complain. See `tests.support.hostile_text` and `tests.support.hostile_site`.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import zip_longest
from pathlib import Path
from typing import Any

import pytest

from orders.log.order_histories import OrderHistory, select_diverse
from reports.scenario.report import write_report
from reports.site.builder import write_site
from simulator.experiment.experiment import load
from simulator.study.simulate import simulate
from simulator.study_data import read_study
from tests.support.browsing import tab
from tests.support.hostile_site import base_of, catalogue, file_names, filled, run_of, study_of, template
from tests.support.hostile_text import PAYLOADS, plain
from tests.support.run_samples import Line, record, write
from tests.support.study_samples import hashed
from tests.support.whole_site import MEASURES

TEXTS = [" ".join(PAYLOADS[place : place + 3]) for place in range(0, len(PAYLOADS), 3)]
"""Three payloads each, which makes a third of the pages: whichever is taken for more than text, the tree is another."""

HERE = re.compile(r"(?![a-z]*:|//)[\w./#?=%-]*|written: (https?://\S+|(?![a-z]*:|//)[\w./#?=%();-]*)", re.IGNORECASE)
"""An address in the site: no scheme, no other machine. A link that Markdown made may lead into the web if a reader follows it."""

MARKDOWN = {"p ", "p class", "em ", "strong ", "code ", "pre ", "ul ", "ol ", "ol start", "li ", "blockquote ", "a href", "br ", "hr "}
"""All that Markdown may make, with all the attributes; the only place in which what is written decides about elements."""

TREE = """() => {
    const tree = [], links = [], written = new Set()
    const walk = (node, depth) => {
        const given = [...node.attributes].map(each => each.name === 'class' ? `class=${each.value}` : each.name)
        tree.push(`${depth} ${node.localName} ${given.sort().join(' ')}`)
        if (node.matches('.prose')) node.querySelectorAll('*').forEach(each => written.add(`${each.localName} ${each.getAttributeNames()}`))
        else for (const child of node.children) walk(child, depth + 1)
        if (node.localName === 'template') tree.push('what a template hides')
    }
    walk(document.documentElement, 0)
    for (const name of ['href', 'src', 'action', 'formaction', 'data', 'xlink:href'])
        document.querySelectorAll(`[${CSS.escape(name)}]`).forEach(
            each => links.push((each.closest('.prose') ? 'written: ' : '') + each.getAttribute(name)))
    return {tree, links, written: [...written], ran: typeof window.pwned}
}"""
INJECT = """() => {
    const script = document.createElement('script'), image = document.createElement('img')
    script.textContent = 'pwned = 1'
    image.setAttribute('onerror', 'pwned = 1')
    image.src = 'data:,'
    document.body.append(script, image)
    return new Promise(done => setTimeout(() => done(typeof window.pwned), 20))
}"""
POLICY = "document.querySelector('head > meta[http-equiv=\"Content-Security-Policy\"]').content"


@dataclass(frozen=True)
class Site:
    """A site, and a scenario report of each kind, of which every text is made by one change of the payloads."""

    pages: tuple[Path, ...]
    reports: tuple[Path, ...]
    run: Path


@dataclass(frozen=True)
class Seen:
    """A page in the browser: its own tree and its twin's, what the tab complained of, and how it took what was injected."""

    name: str
    content: dict[str, Any]
    twin: list[str]
    complaints: tuple[str, ...]
    policy: str
    injected: str
    stopped: tuple[str, ...]


def made(folder: Path, lines: list[Line], lives: list[OrderHistory], change: Callable[[str], str]) -> Site:
    """Everything that is written, with changed payloads in every slot."""
    texts = [change(text) for text in TEXTS]
    run, base = run_of(folder / "run", lines, texts), run_of(folder / "base", base_of(lines), texts)
    for name in file_names(PAYLOADS[::50], change):
        write(record(), folder / name)  # an earlier run beside it, for the trend
    (run / "steps.json").write_text(filled(json.dumps(catalogue(len(texts))), texts), encoding="utf-8")
    (folder / "source.txt").write_text("\n".join(" ".join(text.split()) for text in texts), encoding="utf-8")
    studies = []
    for name, kind in zip(file_names(PAYLOADS, change), ("single", "paired", "sweep", *[""] * len(texts)), strict=False):
        study = folder / "studies" / name
        study.mkdir(parents=True)
        study_or_name = hashed(json.loads(filled(json.dumps(study_of(kind, MEASURES)), texts))) if kind else {"name": name}
        (study / "study.json").write_text(json.dumps(study_or_name), encoding="utf-8")
        if kind:
            studies.append(write_report(read_study(study / "study.json"), [life_with_texts(life, texts) for life in lives], study))
    site = write_site(run, folder / "site", base=base, source=folder / "source.txt", simulations=folder / "studies").parent
    return Site(tuple(sorted(site.glob("*.html"))), tuple(studies), run)


def life_with_texts(life: OrderHistory, texts: list[str]) -> OrderHistory:
    """*life* with some of *texts* as reasons and as what decided."""
    reasons = [texts[(life.number + place) % len(texts)] for place in range(len(life.rows))]
    return replace(life, rows=tuple(row._replace(reason=text, because=text) for row, text in zip(life.rows, reasons, strict=True)))


@pytest.fixture(scope="module")
def hostile_and_plain(tmp_path_factory: pytest.TempPathFactory) -> tuple[Site, Site]:
    """The same twice: with hostile text, and with letters in its place."""
    lines = template(len(TEXTS))
    lives = select_diverse(simulate(load("partial_cancels", ["ajio.orders_per_day=100", "run.days=2"]), 0), 3)
    hostile, harmless = tmp_path_factory.mktemp("hostile"), tmp_path_factory.mktemp("plain")
    return made(hostile, lines, lives, str), made(harmless, lines, lives, plain)


def test_there_are_hundreds_of_payloads_and_each_is_hostile() -> None:
    assert len(PAYLOADS) == len(set(PAYLOADS)) > 500
    assert all(not re.search(r"[<>\"'&`{}=]", plain(payload)) for payload in PAYLOADS)


@pytest.fixture(scope="module")
def seen(browser: Any, hostile_and_plain: tuple[Site, Site]) -> list[Seen]:
    """Every page of the hostile site in a browser, beside its twin."""
    hostile, harmless = hostile_and_plain
    page, result = tab(browser), []
    for one, other in zip(hostile.pages + hostile.reports, harmless.pages + harmless.reports, strict=True):
        page.goto(other.as_uri())
        twin = page.evaluate(TREE)
        page.goto(one.as_uri())
        content = page.evaluate(TREE)
        complaints = tuple(page.complaints)
        injected = page.evaluate(INJECT)
        result.append(
            Seen(one.name, content, twin["tree"], complaints, page.evaluate(POLICY), injected, tuple(page.complaints[len(complaints) :]))
        )
        page.complaints.clear()
    page.close()
    return result


def test_text_in_every_slot_is_the_same_tree_as_plain_text(seen: list[Seen]) -> None:
    assert len(seen) > 18
    assert {entry.name: difference for entry in seen if (difference := first_difference(entry.content["tree"], entry.twin))} == {}


def test_nothing_runs_nothing_is_asked_for_and_nothing_complains(seen: list[Seen]) -> None:
    assert {entry.name: entry.complaints for entry in seen if entry.complaints or entry.content["ran"] != "undefined"} == {}


def test_no_address_leaves_the_site_but_those_that_markdown_may_write(seen: list[Seen]) -> None:
    assert {(entry.name, link) for entry in seen for link in entry.content["links"] if not HERE.fullmatch(link)} == set()


def test_markdown_makes_no_other_elements_than_it_may(seen: list[Seen]) -> None:
    assert {element for entry in seen for element in entry.content["written"]} <= MARKDOWN
    assert any(entry.content["written"] for entry in seen)


def test_every_page_has_a_policy_that_stops_what_is_injected_on_purpose(seen: list[Seen]) -> None:
    for entry in seen:
        assert entry.policy.startswith("default-src 'none'; "), entry.name
        assert "unsafe" not in entry.policy, entry.name
        assert entry.injected == "undefined", entry.name
        assert sum("Content Security Policy" in stopped for stopped in entry.stopped) >= 2, (entry.name, entry.stopped)


def test_a_page_with_an_injected_script_does_not_run_it(browser: Any, hostile_and_plain: tuple[Site, Site]) -> None:
    first = hostile_and_plain[1].pages[0]
    changed = first.with_name("changed.html")
    evil = """<script>pwned = 1</script><img src="data:," onerror="pwned = 1"><a id="go" href="javascript:pwned=1">go</a><style>*{color:red}</style>"""
    changed.write_text(first.read_text(encoding="utf-8").replace("</main>", f"{evil}</main>"), encoding="utf-8")
    page = tab(browser)
    page.goto(changed.as_uri())
    page.evaluate("document.querySelector('#go').click()")

    assert page.evaluate("new Promise(done => setTimeout(() => done(typeof window.pwned), 50))") == "undefined"
    assert len(page.complaints) >= 4
    page.close()


def test_what_is_searched_for_is_shown_as_text(browser: Any, hostile_and_plain: tuple[Site, Site]) -> None:
    trees = []
    page = tab(browser)
    for site in hostile_and_plain:
        page.goto(site.pages[0].with_name("search.html").as_uri())
        page.fill("#query", "pwned")
        if button := page.query_selector("#results > button"):
            button.click()
        trees.append(page.evaluate(TREE))

    assert first_difference(trees[0]["tree"], trees[1]["tree"]) is None
    assert len(trees[0]["tree"]) > 1000
    assert (trees[0]["ran"], page.complaints) == ("undefined", [])
    page.close()


def first_difference(actual: list[str], expected: list[str]) -> Any:
    """Where two trees part, with what is before it; None where they are the same."""
    for place, (one, other) in enumerate(zip_longest(actual, expected)):
        if one != other:
            return place, actual[max(0, place - 3) : place], one, other
    return None
