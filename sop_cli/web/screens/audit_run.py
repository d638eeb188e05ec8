"""An audit of the files that the page sent, for the Audit screen; the mapping that was chosen, as a file of the project."""

from collections.abc import Sequence
from datetime import date
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from orders.intake.values.dates import FIRST_YEAR
from reports.audit.earlier_audit import compare, read_earlier, read_notes, with_notes
from reports.audit.writing import FILES, check_audit_folder, write_audit
from sop_cli.audits.assumptions import ON_THE_PAGE
from sop_cli.audits.audit_run import AuditRequest, material_for
from sop_cli.audits.choices import ChosenSettings, ChosenSource
from sop_cli.audits.chosen_mapping import MAPPING, ChosenMapping
from sop_cli.audits.column_choices import chosen_mapping, mapping_of_choices
from sop_cli.audits.shown_result import shown_result
from sop_cli.audits.strategy import audit_strategy
from sop_cli.web.audit_results import AUDITS, RESULT_NAME
from sop_cli.web.progress import steps
from sop_cli.web.uploads import uploaded_file
from sop_cli.web.uploads_folder import RESULTS, uploads_folder
from sop_engine import Reading, SopError
from sop_engine.files import write_atomically
from sop_engine.input_files import read_bytes
from sop_engine.text import quoted

VMS_LIST = "the list of orders cancelled after posting"
WRITTEN = len(FILES) - 2
"""Files of an audit of which each is announced; the tables of CSV are written together."""
OTHER_NAME = "choose it as the earlier audit and another name for this one, so that your notes are kept"


def audited(  # noqa: PLR0913 - the parts of an audit
    sources: Sequence[ChosenSource], settings: ChosenSettings, since: str, name: str, notes: Sequence[str], *, replace: bool
) -> dict[str, Any]:
    """Audit, and write the result *name*, all of it or nothing, into the folder of audits; an earlier one only if *replace*.

    *notes* are ids of worklists whose notes come into the new one.

    Raises:
        SopError: it cannot be run; nothing is written.
    """
    return _audited(sources, settings, since, name, notes, AUDITS, replace=replace)


def audited_temporarily(
    sources: Sequence[ChosenSource], settings: ChosenSettings, since: str, name: str, notes: Sequence[str]
) -> dict[str, Any]:
    """Audit as `audited`, but write into the temporary folder of the workbench."""
    folder = uploads_folder()
    if folder is None:
        raise SopError("the workbench has no temporary folder; start it again")
    return _audited(sources, settings, since, name, notes, folder / RESULTS, replace=True)


def mapping_shown(sources: Sequence[ChosenSource], settings: ChosenSettings) -> dict[str, Any]:
    """Return the ``text`` of the mapping file, and the ``present`` one in the project with its digest."""
    present = _present()
    return {
        "file": MAPPING,
        "text": _chosen_as_file(sources, settings),
        "present": None if present is None else {"text": present.decode(errors="replace"), "digest": sha256(present).hexdigest()},
    }


def mapping_saved(sources: Sequence[ChosenSource], settings: ChosenSettings, digest: str | None) -> dict[str, Any]:
    """Write the mapping file, if the present one is that with *digest*.

    Raises:
        SopError: it is another one, or what was chosen cannot be used.
    """
    present = _present()
    if (None if present is None else sha256(present).hexdigest()) != digest:
        raise SopError(f"{MAPPING} has changed since you saw it; look at it again")
    text = _chosen_as_file(sources, settings)
    write_atomically(Path(MAPPING), text.encode())
    return {"file": MAPPING}


def _chosen_as_file(sources: Sequence[ChosenSource], settings: ChosenSettings) -> str:
    """Return the mapping file with the names of the files; it is read once, so that only one that can be used is saved."""
    with TemporaryDirectory(prefix="sop-audit-") as folder:
        chosen_mapping(sources, settings, uploaded_file, Path(folder))
    return mapping_of_choices(sources, settings, lambda file: uploaded_file(file).name)


def _present() -> bytes | None:
    file = Path(MAPPING)
    return read_bytes(file, "move it elsewhere") if file.exists() or file.is_symlink() else None


def _audited(  # noqa: PLR0913 - the parts of an audit
    sources: Sequence[ChosenSource],
    settings: ChosenSettings,
    since: str,
    name: str,
    worklists: Sequence[str],
    results: Path,
    *,
    replace: bool,
) -> dict[str, Any]:
    for given in (since, name):
        if given and not RESULT_NAME.fullmatch(given):
            raise SopError("the name of a result must be of letters, digits, - and _, and at most 64 of them")
    with TemporaryDirectory(prefix="sop-audit-") as folder:
        mapping = chosen_mapping(sources, settings, uploaded_file, Path(folder))
        notes = {key: note for worklist in worklists for key, note in read_notes(uploaded_file(worklist)).items()}
        earlier = with_notes(read_earlier(AUDITS / since), notes) if since else None
        if name:
            _check(results / name, replace=replace)
        announce = steps(len(sources) + 1 + WRITTEN)
        day = date.fromisoformat(settings.as_of) if settings.as_of else None
        request = AuditRequest(
            (),
            None,
            day,
            _reading(settings.reading),
            None,
            None,
            (),
            None,
            strict=False,
            accepts=False,
            as_json=False,
            remedies=ON_THE_PAGE,
            vms_days=_vms_days(settings),
            notes=notes,
        )
        with audit_strategy(mapping, None, Path(folder)) as strategy:
            _, material = material_for(request, ChosenMapping(mapping, Path(MAPPING), ()), earlier, strategy, announce)
        comparison = None if earlier is None else compare(earlier, material)
        result = name or material.as_of.isoformat()
        _check(results / result, replace=replace)
        write_audit(results / result, material, comparison, lambda file: announce(f"writing {file}"))
    return shown_result(result, material, comparison)


def _vms_days(settings: ChosenSettings) -> tuple[date, date] | None:
    """Return the first and the last day of the list of orders cancelled after posting; None for all days.

    Raises:
        SopError: only one is chosen, one is no day, or they are in the wrong order.
    """
    if not settings.vms_from and not settings.vms_to:
        return None
    if not settings.vms_from or not settings.vms_to:
        raise SopError(f"{VMS_LIST}: choose its first and its last day, or neither")
    try:
        first, last = date.fromisoformat(settings.vms_from), date.fromisoformat(settings.vms_to)
    except ValueError:
        raise SopError(f"{VMS_LIST}: a day is not one of the calendar; choose it again") from None
    if first.year < FIRST_YEAR:
        raise SopError(f"{VMS_LIST}: its first day is {first}, before {FIRST_YEAR}; write the year with four digits")
    if last < first:
        raise SopError(f"{VMS_LIST}: its last day, {last}, is before its first day, {first}; exchange them")
    return first, last


def _reading(text: str) -> Reading:
    if text not in [str(reading) for reading in Reading]:
        raise SopError(f"there is no reading {quoted(text)}; choose {' or '.join(Reading)}")
    return Reading(text)


def _check(out: Path, *, replace: bool) -> None:
    """Check that the result may be written, before the work; the remedy names what is on the page.

    Raises:
        SopError: it is there and not to be replaced, has files of others, or a worklist with notes.
    """
    if out.exists() and not replace:
        raise SopError(f"there is a result {out.name} already; write its name to replace it, or another name")
    check_audit_folder(out, OTHER_NAME)
