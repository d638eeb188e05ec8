"""Sheets as HTML. Templates only place what the page data says."""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined

from reports.context import Context
from reports.markdown import markdown
from reports.sheets import Page, Sheet
from reports.status import Status

STYLE, SCRIPT = "style.css", "site.js"

LEGEND = (
    (Status.PASSED, "its examples ran, and the answers were those written down"),
    (Status.FAILED, "at least one example ran and the answer was another, or it could not be carried out"),
    (Status.KNOWN, "its author says that it fails, and why; it counts against the run when it begins to pass"),
    (Status.NOT_RUN, "there are examples, and at least one of them did not run"),
    (Status.NO_EXAMPLE, "the sentence says something, and nothing tries it yet"),
    (Status.SILENT, "the SOP leaves it open; we take one reading and say so"),
    (Status.NOT_OPERATIVE, "the sentence says nothing that could be tried; the reason stands beside it"),
)

_templates = Environment(
    loader=PackageLoader("reports"),
    autoescape=True,
    undefined=StrictUndefined,  # a template typo fails the build
    trim_blocks=True,
    lstrip_blocks=True,
)
_templates.filters["markdown"] = markdown


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the navigation, and what it leads to in half a sentence; ``here`` is "page" on the sheet it names and "true" on the page's other sheets."""

    name: str
    href: str
    here: str
    says: str


class Renderer:
    """Puts sheets into the frame that all share: navigation and the verdict of the run."""

    def __init__(self, context: Context, pages: Sequence[tuple[Page, str]]) -> None:
        self._document = context.document
        self._pages = pages

    def render(self, sheet: Sheet, page: Page) -> str:
        """*sheet*, which belongs to *page*, as HTML; it loads one style sheet and one script, and nothing else may run."""
        nav = [Entry(each.nav, first, _here(each, first, page, sheet), each.says) for each, first in self._pages]
        return _templates.get_template(sheet.template).render(
            page=sheet.data,
            sheet=sheet,
            site=self._document,
            nav=nav,
            legend=LEGEND,
            style=STYLE,
            script=SCRIPT,
        )

    @staticmethod
    def assets() -> dict[str, bytes]:
        """The style sheet and the script, put together from their parts in the order of their names."""
        folder = files("reports").joinpath("templates")
        parts = {STYLE: "style", SCRIPT: "script"}
        return {
            name: b"\n".join(part.read_bytes().strip() for part in sorted(folder.joinpath(kind).iterdir(), key=lambda part: part.name))
            + b"\n"
            for name, kind in parts.items()
        }


def _here(entry: Page, first: str, page: Page, sheet: Sheet) -> str:
    if entry is not page:
        return ""
    return "page" if first == sheet.name else "true"
