"""Pages that list the results in a folder, such as audits, and copy the page of each result into the site."""

from collections.abc import Callable, Iterator
from pathlib import Path

from reports.html.page_in_site import LARGEST_PAGE, back_links, name_in_site, page_in_site
from reports.site.context import Context
from reports.site.page import WORK, Attachment, HtmlFile, Page
from sop_engine.input_files import UnreadableFileError, read_bytes


def folder_page(
    nav: str, folder_of: Callable[[Context], Path | None], read: Callable[[Path], tuple[object, tuple[Attachment, ...]]]
) -> Page:
    """Return the page *nav*, which lists what *read* finds in a folder and has its files; without a folder there is no page."""

    def html_files(context: Context) -> Iterator[HtmlFile | Attachment]:
        folder = folder_of(context)
        if folder is not None:
            page, copies = read(folder)
            yield HtmlFile(_address(nav), nav, f"{_address(nav)}.j2", page)
            yield from copies

    return Page(nav, html_files, WORK)


def copied_page(file: Path, nav: str, name: tuple[str, str], kind: str, remedy: str) -> Attachment:
    """Return *file* as a file of the site, with the way back to the page *nav*.

    Args:
        file: the page of a result, in a folder of its own.
        nav: the page that lists it.
        name: with what its name in the site begins, and what joins the words of the folder's name.
        kind: what it is, in one word, for the error.
        remedy: what to do if it cannot be copied.

    Raises:
        UnreadableFileError: it cannot be read, or this version did not write it.
    """
    page = page_in_site(read_bytes(file, remedy, LARGEST_PAGE), back_links(nav, _address(nav)))
    if page is None:
        raise UnreadableFileError(file, f"it is not a {kind} that this version wrote", remedy)
    beginning, joint = name
    return Attachment(name_in_site(beginning, file.parent.name, joint), page)


def _address(nav: str) -> str:
    return f"{nav.lower()}.html"
