"""Draw the two pictures of the README from the real pages: the form of the front page, and a decision table.

    python -m tests.support.draw_pages

`docs/pictures.json` has a digest of what each picture shows: the part of the page without the run, the parts of the style sheet that it
uses, and the answer that a script writes into the form. So a test sees without a browser that a picture is out of date, and another run,
date or number of examples changes nothing.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from reports.document.case_explorer import FIRST
from reports.html.resources import joined_templates
from reports.site.builder import site_files
from reports.site.context import context_of
from reports.site.renderer import STYLE
from sop_engine import load_rulebook
from sop_engine.engine import decide_mapping
from sop_engine.files import write_atomically
from sop_runs.record.reader import read_record
from tests.support.browsing import DECODED, running_browser
from tests.support.run_samples import record, write

DOCS = Path(__file__).parents[2] / "docs"
DIGESTS = DOCS / "pictures.json"
MOST_BYTES = 150_000
ALONE = b"body { padding: 1rem 1.2rem 1.2rem; width: 60rem; background: var(--paper); } h2 { margin-top: 0; }"


@dataclass(frozen=True, slots=True)
class Picture:
    """A part of a page: the page, the selector of the part, its markup as a pattern, and the style sheets that it uses."""

    page: str
    selector: str
    markup: str
    parts: tuple[str, ...]


PICTURES = {
    "front-page.png": Picture(
        "index.html", "section.ask", r"<section class=ask.*?</section>", ("style/10-base.css", "style/20-overview.css", "style/40-cases.css")
    ),
    "decision-table.png": Picture(
        "decision-tables.html", "#cases-SC-ERP-PART", r"<details class=grid open id=cases-SC-ERP-PART>.*?</details>", ("style/10-base.css", "style/40-cases.css")
    ),
}  # fmt: skip


def pages(folder: Path) -> Mapping[str, bytes]:
    """Return the files of a site with the present rulebook; the parts that the pictures show do not depend on its run."""
    return site_files(context_of(read_record(write(record(rulebook=load_rulebook().to_plain()), folder))))


def digests(files: Mapping[str, bytes]) -> dict[str, str]:
    """Return name to digest of what each picture shows."""
    result = {}
    for name, picture in PICTURES.items():
        markup = re.search(picture.markup, files[picture.page].decode(), re.DOTALL)
        if markup is None:
            raise ValueError(f"{picture.page} has no {picture.selector}; correct PICTURES")
        answer = json.dumps(decide_mapping(FIRST).to_plain()) if "form" in markup[0] else ""
        result[name] = sha256("\n".join([markup[0], *_styles(markup[0], picture.parts), answer]).encode()).hexdigest()
    return result


def _styles(markup: str, parts: tuple[str, ...]) -> list[str]:
    """Return the lines of the style sheet that set colours, or name a class or an id of *markup*."""
    names = {name for names in re.findall(r'(?:class|id)=("[^"]+"|[^ >]+)', markup) for name in names.strip('"').split()}
    lines = joined_templates(parts).splitlines()
    return [line for line in lines if line.lstrip().startswith("--") or names & set(re.findall(r"[.#]([a-z][a-z0-9-]*)", line))]


def draw(folder: Path) -> None:
    """Draw every picture, and write their digests."""
    files = pages(folder / "run")
    for name, content in files.items():
        (folder / name).write_bytes(content)
    (folder / STYLE).write_bytes(files[STYLE] + ALONE)
    for browser in running_browser():
        page = browser.new_page(viewport={"width": 1280, "height": 900}, color_scheme="light")
        for name, picture in PICTURES.items():
            page.goto((folder / picture.page).as_uri())
            page.evaluate(DECODED)
            page.locator(picture.selector).evaluate("part => document.body.replaceChildren(part)")
            page.locator("body").screenshot(path=str(DOCS / name))
    write_atomically(DIGESTS, json.dumps(digests(files), indent=1).encode() + b"\n")


if __name__ == "__main__":
    with TemporaryDirectory() as scratch:
        draw(Path(scratch))
