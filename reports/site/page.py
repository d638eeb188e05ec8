"""Parts of a site: pages, each with one or more HTML files, and files to download."""

from collections.abc import Callable, Iterable

import msgspec

from reports.site.context import Context

READ, CHECK, WORK = "Read", "Check", "Work"
GROUPS = ("", READ, CHECK, WORK)
"""The groups of the navigation, in their order; the overview stands before them in none."""


class HtmlFile(msgspec.Struct, frozen=True):
    """One HTML file: its template has ``data`` as ``page``; ``title`` is shown in the browser's tab."""

    name: str
    title: str
    template: str
    data: object


class Attachment(msgspec.Struct, frozen=True):
    """A file of another kind: a CSV to download, data of a script."""

    name: str
    content: bytes


class Page(msgspec.Struct, frozen=True):
    """An entry of the navigation: its name there, what it shows of a run, and its group of `GROUPS`.

    The first sheet is what the entry leads to. A page that gives no sheet is left out. A page has one name: `nav`, the beginning of its
    title, its heading and its address are the same words; only the first page's address is ``index.html``, which browsers open.
    """

    nav: str
    files: Callable[[Context], Iterable[HtmlFile | Attachment]]
    group: str = ""
