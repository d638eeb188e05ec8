"""Names, links and addresses of the site: every link has a target, and addresses stay."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from reports.site.builder import site_files
from reports.site.context import context_of
from reports.site.page import HtmlFile
from reports.site.pages import PAGES
from sop_engine import load_rulebook
from sop_engine.text import slug
from sop_runs.record.reader import read_record
from tests.support.run_samples import record, write
from tests.support.site_pages import Line, Tree, pages_of, sample, trees_of


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
    text = " ".join(Tree(pages_of(sample(), tmp_path)["index.html"]).text)
    assert re.findall(r"\d+ examples? failed", text.partition("What is wrong")[2].partition("What is wrong")[0]) == []
    assert len(re.findall(r"\b1 finding in 1 feature file", text)) == 1


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


def test_ids_that_collide_become_different(tmp_path: Path) -> None:
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
    result = [line for line in lines if line["type"] == "scenario"]

    assert {context.links.clause(entry["id"]) for key in ("sections", "clauses") for entry in rulebook[key]} <= places
    assert {context.links.gap(entry["id"]) for entry in rulebook["gaps"]} <= places
    assert {context.links.scenario(line["feature"], line["id"]) for line in result} <= places
    assert {context.links.feature(line["path"]) for line in lines if line["type"] == "feature"} <= {
        place.partition("#")[0] for place in places
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
