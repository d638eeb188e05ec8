"""The page of audits: the figures of each audit of real orders in a folder, and its page, copied."""

import json
from datetime import date
from itertools import islice
from pathlib import Path

import msgspec

from reports.site.folder_pages import copied_page, folder_page
from reports.site.page import Attachment
from sop_engine.input_files import UnreadableFileError
from sop_engine.text import MONTHS, counted
from sop_engine.versions import with_version
from sop_runs.output_folder import is_output_folder

NAV = "Audits"
AUDIT, AUDIT_PAGE, AUDIT_JSON = "audit", "audit.html", "audit.json"
"""What the marker of the folder of an audit says, its page, and the file that begins with its figures."""
HEAD = 20
"""Lines of `AUDIT_JSON` in which the day and the figures are."""
AUDIT_AGAIN = "write it again with `sop audit`"


class AuditView(msgspec.Struct, frozen=True):
    """An audit: ``href`` is its page in the site, or empty if it is not shown, and ``problem`` why; ``folder`` its name if it is not the day."""

    title: str
    href: str = ""
    figures: tuple[tuple[str, str], ...] = ()
    problem: str = ""
    folder: str = ""


class Audits(msgspec.Struct, frozen=True):
    """The page's data: the audits, the last one first."""

    audits: tuple[AuditView, ...]


def audits_page(folder: Path) -> tuple[Audits, tuple[Attachment, ...]]:
    """Return the page's data about the audits below *folder*, and their pages as files of the site."""
    folders = sorted((file.parent for file in folder.glob(f"*/{AUDIT_PAGE}") if not file.parent.is_symlink()), reverse=True)
    audits = [_audit(audit) for audit in folders if is_output_folder(audit, AUDIT)]
    return Audits(tuple(view for view, _ in audits)), tuple(page for _, page in audits if page is not None)


def _audit(folder: Path) -> tuple[AuditView, Attachment | None]:
    try:
        page = copied_page(folder / AUDIT_PAGE, NAV, (AUDIT, "-"), "page", AUDIT_AGAIN)
        as_of, figures = _head(folder / AUDIT_JSON)
    except UnreadableFileError as error:
        return AuditView(folder.name, problem=f"{error.reason}; {with_version(error.remedy)}"), None
    title = f"Audit of orders, {as_of.day} {MONTHS[as_of.month - 1]} {as_of.year}"
    return AuditView(title, page.name, figures, folder="" if folder.name == as_of.isoformat() else folder.name), page


def _head(file: Path) -> tuple[date, tuple[tuple[str, str], ...]]:
    """Return the day and the figures at the beginning of *file*, the rest of which may be long; each figure with its name.

    Raises:
        UnreadableFileError: they are not there.
    """
    try:
        with file.open(encoding="utf-8") as lines:
            named = [line for line in islice(lines, HEAD) if line.startswith(('"as_of"', '"figures"'))]
        head = json.loads(f"{{{''.join(named).rstrip().removesuffix(',')}}}")
        figures = head["figures"]
        return date.fromisoformat(head["as_of"]), (
            ("Against the SOP", f"{figures['against_the_sop']:,}"),
            ("Credit notes due", f"{figures['credit_notes_due']:,}"),
            ("Questions", f"{figures['questions']:,}"),
            ("Rows set aside", f"{figures['rows_set_aside']:,} of {counted(figures['rows'], 'row')}"),
        )
    except (OSError, ValueError, LookupError, TypeError):
        raise UnreadableFileError(file, f"{AUDIT_JSON} does not begin with the day and the figures of an audit", AUDIT_AGAIN) from None


PAGE = folder_page(NAV, lambda context: context.audits, audits_page)
