"""What a site is made of: pages, each with one sheet or several, and files to take away."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from reports.site.context import Context


@dataclass(frozen=True, slots=True)
class HtmlFile:
    """One HTML file: ``data`` is what its template sees as ``page``; ``title`` stands in the browser's tab.

    ``reading`` is the one that it shows, where its page has a sheet for each.
    """

    name: str
    title: str
    template: str
    data: object
    reading: str = ""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file of another kind beside the sheets: a CSV to take away, a script's data."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Page:
    """An entry of the navigation: its name there, what it shows of a run, and the same in half a sentence.

    The first sheet is what the entry leads to. A page that gives no sheet is left out.
    """

    nav: str
    files: Callable[[Context], Iterable[HtmlFile | Attachment]]
    says: str = ""
