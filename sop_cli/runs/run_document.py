"""Living document of a run, written after it by `sop verify` and by the workbench."""

from importlib import import_module
from pathlib import Path

from reports.site.newer_run import announce_newer_run
from sop_engine import SopError
from steps.run.runner import RunResult


def write_document(result: RunResult, site: Path) -> tuple[Path | None, str]:
    """Write the living document of a run into *site* and return its path, None if it is not written, and an error text.

    A run without a record has no document. The simulations and audits beside *site* are in it. If nothing is written, the pages that there are
    announce the newer run.
    """
    document, trouble = _written(result, site)
    if document is None:
        announce_newer_run(site, result.run_id)
    return document, trouble


def _written(result: RunResult, site: Path) -> tuple[Path | None, str]:
    if not result.record.exists():
        return None, ""
    try:
        builder, snapshots = import_module("reports.site.builder"), import_module("sop_cli.snapshots")
        base = snapshots.base_of_pages(result.root.parent)
        shown = {"simulations": site.parent / "simulations", "audits": site.parent / "audits"}
        return builder.write_site(result.folder, site, record=result.lines, verdict=result.verdict, base=base, **shown), ""
    except SopError as error:
        return None, str(error)
