"""Rendering of pages as HTML; templates only place the page's data."""

from collections.abc import Sequence

import msgspec

from reports.examples.status_marks import Status
from reports.html.compact import compact_html, compact_script, compact_style
from reports.html.markdown import markdown
from reports.html.resources import add_filter, compact, environment, joined_templates
from reports.site.context import Context
from reports.site.newer_run import LATEST, STATE
from reports.site.page import GROUPS, HtmlFile, Page
from reports.site.run_stamp import run_stamp

STYLE, SCRIPT = "style.css", "site.js"
ASSET_PARTS = {
    STYLE: (
        "style/10-base.css",
        "style/20-overview.css",
        "style/30-sop.css",
        "style/40-cases.css",
        "style/45-life.css",
        "style/50-traceability.css",
        "style/60-changes.css",
        "style/70-steps.css",
        "style/80-glossary.css",
        "style/90-simulations.css",
        "style/95-search.css",
        "style/99-print.css",
    ),
    SCRIPT: (
        "script/03-data.js",
        "script/05-header.js",
        "script/10-folds.js",
        "script/15-reading.js",
        "script/20-query.js",
        "script/25-filter.js",
        "script/30-search.js",
        "script/40-explorer.js",
        "script/90-print.js",
    ),
}
"""The style sheet and the script, and the parts of each."""

LEGEND = (
    (Status.PASSED, "its examples ran and gave the expected answers"),
    (Status.FAILED, "at least one example gave another answer or stopped with an error"),
    (Status.KNOWN, "expected to fail, for a reason that it gives; if it passes, the run fails"),
    (Status.NOT_RUN, "at least one of its examples did not run"),
    (Status.NOT_SUPPORTED, "at least one example needs what the system that was tested does not offer, or a package that is not installed"),
    (Status.NO_EXAMPLE, "it can be tested, but has no example yet"),
    (Status.SILENT, "the SOP leaves it open; we assume one reading and say so"),
    (Status.NOT_OPERATIVE, "the clause cannot be tested; the reason is given"),
)

_templates = environment(load=compact)
add_filter(_templates, "markdown", markdown)


class Entry(msgspec.Struct, frozen=True):
    """A line of the navigation; ``current`` is "page" on the HTML file that it names and "true" on the page's other sheets."""

    name: str
    href: str
    current: str
    group: str = ""


class Renderer:
    """Renderer of HTML files in their common frame: navigation and the verdict on the run."""

    def __init__(self, context: Context, pages: Sequence[tuple[Page, Sequence[HtmlFile]]]) -> None:
        self._document = context.document
        self._pages = pages
        self._links = context.links
        self._stamp = run_stamp(context.folder)

    def render(self, html_file: HtmlFile, page: Page) -> str:
        """Render *html_file* of *page*; it loads one style sheet and one script, and nothing else may run."""
        nav = [
            Entry(
                entry.nav,
                target := html_files[0].name,
                _aria_current(entry, target, page, html_file),
                entry.group,
            )
            for entry, html_files in self._pages
        ]
        html = _templates.get_template(html_file.template).render(
            page=html_file.data,
            html_file=html_file,
            site=self._document,
            nav=nav,
            groups=[(group, [entry for entry in nav if entry.group == group]) for group in GROUPS],
            stamp=self._stamp,
            tag_href=self._links.id,
            legend=LEGEND,
            style=STYLE,
            state=STATE,
            script=SCRIPT,
        )
        return compact_html(html)

    @staticmethod
    def assets() -> dict[str, bytes]:
        """Return the style sheet and the script, joined from their parts, and the style sheet of the notice."""
        style, script = (joined_templates(ASSET_PARTS[name]) for name in (STYLE, SCRIPT))
        return {STYLE: f"{compact_style(style)}\n".encode(), SCRIPT: f"{compact_script(script)}\n".encode(), STATE: LATEST}


def _aria_current(entry: Page, target: str, page: Page, html_file: HtmlFile) -> str:
    if entry is not page:
        return ""
    return "page" if target == html_file.name else "true"
