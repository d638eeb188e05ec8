"""Write the living document into a folder: every page of :mod:`reports.site.pages`, a style sheet and a script."""

from pathlib import Path

from reports.html.errors import ReportError
from reports.html.links import OVERVIEW_PAGE
from reports.html.output import write_files
from reports.site.context import Context, context_of
from reports.site.newer_run import STATE, rewriting_announced
from reports.site.page import Attachment, HtmlFile
from reports.site.pages import PAGES
from reports.site.renderer import Renderer
from sop_engine.garbage_collection import collection_paused
from sop_engine.input_files import UnreadableFileError, read_text
from sop_engine.text import path_shown
from sop_runs.change.snapshot import Snapshot
from sop_runs.record.reader import RunRecord, read_record
from sop_runs.record.verdict import Verdict

MOST_SOURCE_BYTES = 1_000_000
"""Largest copy of the SOP that is shown; the SOP has about 5,000 characters."""


@collection_paused()
def write_site(  # noqa: PLR0913 - what can be asked for
    run_dir: Path,
    out: Path,
    *,
    record: RunRecord | None = None,
    verdict: Verdict | None = None,
    base: Snapshot | str | None = None,
    source: Path | None = None,
    simulations: Path | None = None,
    audits: Path | None = None,
) -> Path:
    """Write the site of the record in *run_dir* into *out* and return the path of its first page; the same inputs give the same bytes.

    *record* is that record if it was read already, *verdict* the verdict on the run (the record alone is judged if not given), *base*
    what it is compared with (a text says why nothing is), *source* the reader's own copy of the SOP as text, whose lines are shown beside
    ours, *simulations* a folder of simulation results and *audits* one of audits, which need not be there yet; their pages are copied into the site.

    Raises:
        RunRecordError: the record cannot be read.
        ReportError: something else cannot be read or written; nothing is left half written.
    """
    return write_pages(
        read_context(run_dir, record=record, verdict=verdict, base=base, source=source, simulations=simulations, audits=audits), out
    )


def read_context(  # noqa: PLR0913 - as in `write_site`
    run_dir: Path,
    *,
    record: RunRecord | None = None,
    verdict: Verdict | None = None,
    base: Snapshot | str | None = None,
    source: Path | None = None,
    simulations: Path | None = None,
    audits: Path | None = None,
) -> Context:
    """The inputs of a run's site; see `write_site`."""
    return context_of(
        record or read_record(run_dir),
        verdict=verdict,
        base=base,
        source=_source_lines(source) if source else None,
        simulations=simulations,
        audits=audits,
        folder=run_dir if run_dir.is_dir() else run_dir.parent,
    )


def write_pages(context: Context, out: Path) -> Path:
    """Write every file of the site into *out* and return the path of its first page."""
    files = site_files(context)
    with rewriting_announced(out):
        last = sorted(files, key=lambda name: name == STATE)  # the notice goes last
        write_files(out, {name: files[name] for name in last}, changing={STATE})
    return out / OVERVIEW_PAGE


def site_files(context: Context) -> dict[str, bytes]:
    """Return file name to bytes for every file of the site."""
    files_by_page = [(page, list(page.files(context))) for page in PAGES]
    html_files_by_page = [(page, [part for part in parts if isinstance(part, HtmlFile)]) for page, parts in files_by_page]
    renderer = Renderer(context, [(page, html_files) for page, html_files in html_files_by_page if html_files])
    files = {
        html_file.name: renderer.render(html_file, page).encode() for page, html_files in html_files_by_page for html_file in html_files
    }
    files |= {part.name: part.content for _, parts in files_by_page for part in parts if isinstance(part, Attachment)}
    return files | renderer.assets()


def _source_lines(file: Path) -> list[str]:
    try:
        return read_text(file, "", MOST_SOURCE_BYTES).splitlines()
    except UnreadableFileError as error:
        raise ReportError(
            path_shown(file.name), f"the source document cannot be read: {error.reason}", "name a text file with --source"
        ) from None
