"""A page that stands alone, such as the report of a simulation, as a file of the site that leads back to it."""

from hashlib import sha256

from sop_engine.text import slug

BEGINNING = "<!DOCTYPE html>"
PLACE_OF_SITE = "<!-- site -->"
"""Where the links to the site are written; a page alone has none."""
LARGEST_PAGE = 50_000_000
"""Most bytes of a page that is copied."""


def back_links(name: str, href: str) -> str:
    """Return the links to the first page of the site, and to the page *name* that lists this one."""
    return f'<nav class="home" aria-label="Site"><a href="index.html">Living document</a> · <a href="{href}">{name}</a></nav>'


def page_in_site(page: bytes, links: str) -> bytes | None:
    """Return *page*, which this version wrote, with the *links* to the site in which it is copied; None for another file."""
    if not page.startswith(BEGINNING.encode()) or page.count(PLACE_OF_SITE.encode()) != 1:
        return None
    return page.replace(PLACE_OF_SITE.encode(), links.encode())


def name_in_site(kind: str, folder: str, joint: str) -> str:
    """Return the file name in the site of the page in *folder*, whose words are joined by *joint*; no two folders have one name."""
    plain = slug(folder)
    digest = sha256(folder.encode(errors="surrogateescape")).hexdigest()[:8]
    name = plain if plain.replace("-", joint) == folder else f"{plain}-{digest}"
    return f"{kind}-{name}.html"
