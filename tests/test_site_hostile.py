# ruff: noqa: F811 - a fixture is asked for by its name
"""Whatever anybody writes, it is text: hundreds of payloads in every slot, through the real writers, in a real browser.

Two sites of the same record, one with hostile text in every slot and one with letters in its place, must be the same tree of
elements; nothing may run, open a dialog, ask for an address or complain. See `tests.hostile_text` and `tests.hostile_site`.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import zip_longest
from pathlib import Path
from typing import Any

import pytest

from reports.scenario import write_report
from reports.site import write_site
from simulator.experiment import load
from simulator.lives import OrderLife, choose
from simulator.week import simulate
from tests.browsing import browser, tab  # noqa: F401 - a fixture
from tests.hostile_site import base_of, catalogue, file_names, filled, run_of, study_of, template
from tests.hostile_text import PAYLOADS, plain
from tests.run_samples import Line
from tests.test_scenario_report_browser import MEASURES

TEXTS = [" ".join(two) for two in zip(PAYLOADS[::2], (*PAYLOADS[1::2], ""), strict=False)]
"""Two payloads each, which halves the pages: whichever is taken for more than text, the tree is another."""

HERE = re.compile(r"(?![a-z]*:|//)[\w./#?=%-]*|written: (https?://\S+|(?![a-z]*:|//)[\w./#?=%();-]*)", re.IGNORECASE)
"""An address in the site: no scheme, no other machine. What Markdown made may lead into the web, if somebody follows it."""

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


def made(folder: Path, lines: list[Line], lives: list[OrderLife], change: Callable[[str], str]) -> Site:
    """Everything that is written, with changed payloads in every slot."""
    texts = [change(text) for text in TEXTS]
    run, base = run_of(folder / "run", lines, texts), run_of(folder / "base", base_of(lines), texts)
    (run / "steps.json").write_text(filled(json.dumps(catalogue(len(texts))), texts), encoding="utf-8")
    (folder / "source.txt").write_text("\n".join(" ".join(text.split()) for text in texts), encoding="utf-8")
    studies = []
    for name, kind in zip(file_names(PAYLOADS, change), ("single", "paired", "sweep", *[""] * len(texts)), strict=False):
        study = folder / "studies" / name
        study.mkdir(parents=True)
        told = filled(json.dumps(study_of(kind, MEASURES) if kind else {"name": name}), texts)
        (study / "study.json").write_text(told, encoding="utf-8")
        if kind:
            studies.append(write_report(json.loads(told), [told_life(life, texts) for life in lives], study))
    site = write_site(run, folder / "site", base=base, source=folder / "source.txt", simulations=folder / "studies").parent
    return Site(tuple(sorted(site.glob("*.html"))), tuple(studies), run)


def told_life(life: OrderLife, texts: list[str]) -> OrderLife:
    """*life* with some of *texts* as details."""
    return replace(life, rows=tuple((*row[:-1], texts[(life.number + place) % len(texts)]) for place, row in enumerate(life.rows)))


@pytest.fixture(scope="module")
def hostile_and_plain(tmp_path_factory: pytest.TempPathFactory) -> tuple[Site, Site]:
    """The same twice: with hostile text, and with letters in its place."""
    lines = template(len(TEXTS))
    lives = choose(simulate(load("partial_cancels", ["ajio.orders_per_day=100", "run.days=2"]), 0), 3)
    hostile, harmless = tmp_path_factory.mktemp("hostile"), tmp_path_factory.mktemp("plain")
    return made(hostile, lines, lives, str), made(harmless, lines, lives, plain)


def test_there_are_hundreds_of_payloads_and_each_is_hostile() -> None:
    assert len(PAYLOADS) == len(set(PAYLOADS)) > 500
    assert all(not re.search(r"[<>\"'&`{}=]", plain(payload)) for payload in PAYLOADS)


def test_text_in_every_slot_is_the_same_tree_as_plain_text_and_nothing_runs(browser: Any, hostile_and_plain: tuple[Site, Site]) -> None:
    hostile, harmless = hostile_and_plain
    page = tab(browser)
    assert len(hostile.pages) == len(harmless.pages) > 14
    for one, other in zip(hostile.pages + hostile.reports, harmless.pages + harmless.reports, strict=True):
        page.goto(other.as_uri())
        expected = page.evaluate(TREE)
        page.goto(one.as_uri())
        found = page.evaluate(TREE)
        assert first_difference(found["tree"], expected["tree"]) is None, one.name
        assert [link for link in found["links"] if not HERE.fullmatch(link)] == [], one.name
        assert set(found["written"]) <= MARKDOWN, one.name
        assert (found["ran"], page.complaints) == ("undefined", []), one.name
    page.close()


def first_difference(found: list[str], expected: list[str]) -> Any:
    """Where two trees part, with what is before it; None where they are the same."""
    for place, (one, other) in enumerate(zip_longest(found, expected)):
        if one != other:
            return place, found[max(0, place - 3) : place], one, other
    return None
