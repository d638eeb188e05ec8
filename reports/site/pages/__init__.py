"""The pages of the site, one module each, in the order of the navigation.

Lists the pages and collects the data of each. `reports.site` renders and writes them; `reports.document` has the content of the SOP
and of a run.

A page is a module here with a ``PAGE``, which :data:`PAGES` lists::

    class Steps(msgspec.Struct, frozen=True):      # what the reader sees, as plain data
        sentences: tuple[SentenceView, ...]

    def _html_files(context: Context) -> Iterator[HtmlFile | Attachment]:
        yield HtmlFile("steps.html", "Steps", "steps.html.j2", Steps(...))   # nothing yielded: no such page
        yield Attachment("steps.csv", b"...")      # a file to take away, if there is one

    PAGE = Page("Steps", _html_files)                  # name in the navigation

The template extends ``layout.html.j2`` and fills ``main`` (one ``<h1>`` first) and, if the page is long, ``contents`` (a
``<ul>`` below the page's entry in the navigation); it sees the data as ``page``. Styles go into a file of their own in
``templates/style``, scripts into one in ``templates/script``; :data:`reports.site.renderer.ASSET_PARTS` lists what becomes ``style.css`` and
``site.js``. A file that is listed and missing is an error. A page can be read with scripts off; nothing is written into the page as script or style, which the content
security policy forbids. Whatever has an address gets it from ``context.links`` (:class:`reports.html.links.Links`): ids are made
of what a thing is called, never of where it stands.

What an author wrote below a title is Markdown: ``<div class="prose">{{ text | markdown }}</div>``. A long list gets a filter from
``marks.html.j2``, whose script knows sentences and questions (``.clause``), scenarios (``.group > .scenario``) and files.

The tests of all pages take in a new one by themselves: hostile text in every slot, every link of the site, quoted attributes,
same bytes, the verdict on every page, 320 to 2200 pixels, keyboard, scripts off, axe. Its data is tested in a file of its own.
"""

from reports.site.pages import (
    audits,
    cases,
    changes,
    features,
    glossary,
    life,
    overview,
    questions,
    search,
    simulations,
    sop,
    steps,
    traceability,
)

__all__ = ["PAGES"]

PAGES = (
    overview.PAGE,
    sop.PAGE,
    cases.PAGE,
    life.PAGE,
    questions.PAGE,
    glossary.PAGE,
    features.PAGE,
    traceability.PAGE,
    changes.PAGE,
    steps.PAGE,
    simulations.PAGE,
    audits.PAGE,
    search.PAGE,
)
