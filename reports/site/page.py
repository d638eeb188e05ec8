"""Parts of a site: pages, each with one or more HTML files, and files to download."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from reports.site.context import Context

READ, CHECK, WORK = "Read", "Check", "Work"
GROUPS = ("", READ, CHECK, WORK)
"""The groups of the navigation, in their order; the overview stands before them in none."""


@dataclass(frozen=True, slots=True)
class HtmlFile:
    """One HTML file: its template has ``data`` as ``page``; ``title`` is shown in the browser's tab."""

    name: str
    title: str
    template: str
    data: object


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file of another kind: a CSV to download, data of a script."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Page:
    """An entry of the navigation: its name there, what it shows of a run, the same in half a sentence, and its group of `GROUPS`.

    The first sheet is what the entry leads to. A page that gives no sheet is left out. A page has one name: `nav`, the beginning of its
    title, its heading and its address are the same words; only the first page's address is ``index.html``, which browsers open.
    """

    nav: str
    files: Callable[[Context], Iterable[HtmlFile | Attachment]]
    says: str = ""
    group: str = ""
