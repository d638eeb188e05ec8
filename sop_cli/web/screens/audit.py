"""The Audit screen: how the columns of the files that were sent are read, audits of them, and results. The libraries come with the calls."""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from sop_cli.audits.audit import EXTRA_PACKAGES
from sop_cli.audits.choices import ChosenSettings, ChosenSource
from sop_cli.called_as import missing_package
from sop_cli.web.audit_results import PAGE_FILE, earlier_results
from sop_cli.web.uploads import LARGEST, MOST_FILES, uploaded_file
from sop_cli.web.uploads_folder import RESULTS, uploads_folder
from sop_engine.errors import SopError
from sop_engine.text import quoted

MAPPING_FILE = "audit.toml"
"""The mapping file in the folder of the project."""


def overview() -> dict[str, Any]:
    """Return what can be chosen, the limits of files, and past results; or in ``missing`` how to install what audits need."""
    missing = next((package for package in EXTRA_PACKAGES if find_spec(package) is None), None)
    if missing is not None:
        return {"missing": str(missing_package(ModuleNotFoundError(name=missing), None)), "results": []}
    limits = {"largest": LARGEST, "most": MOST_FILES}
    return {
        "missing": "",
        "results": results(),
        "limits": limits,
        "has_mapping": Path(MAPPING_FILE).is_file(),
        **import_module("sop_cli.audits.offered_columns").offered_choices(),
    }


def results() -> list[dict[str, str]]:
    """Return the past audits, the last one first."""
    return [{"name": folder.name, "written": _written_at(folder)} for folder in earlier_results()]


def columns(file: str, encoding: str | None, profile: str | None = None, header: int | None = None) -> dict[str, Any]:
    """Return how the columns of *file*, the id of one that was sent, would be read: by *profile*, none if it is empty, or the best one."""
    path = uploaded_file(file)
    module = import_module("sop_cli.audits.offered_columns")
    offered: dict[str, Any] = module.offered_columns(path, encoding or None, profile, header)
    return offered


def audited(  # noqa: PLR0913 - the parts of an audit
    sources: list[ChosenSource], settings: ChosenSettings, since: str, name: str, notes: list[str] | None = None, *, replace: bool
) -> dict[str, Any]:
    """Audit the files of *sources* as they were confirmed, and write the result *name* into the folder of audits.

    *notes* are ids of worklists that were sent with notes in them. A result of this name is replaced only if the page has asked, and says
    *replace*.
    """
    run = import_module("sop_cli.web.screens.audit_run")
    result: dict[str, Any] = run.audited(sources, settings, since, name, notes or (), replace=replace)
    return result


def audited_temporarily(
    sources: list[ChosenSource], settings: ChosenSettings, since: str, name: str, notes: list[str] | None = None
) -> dict[str, Any]:
    """Audit as `audited`, but write into the temporary folder: the result is there until the workbench ends."""
    result: dict[str, Any] = import_module("sop_cli.web.screens.audit_run").audited_temporarily(sources, settings, since, name, notes or ())
    return result


def mapping(sources: list[ChosenSource], settings: ChosenSettings) -> dict[str, Any]:
    """Return the mapping file of what was chosen, and the one in the project if there is one."""
    result: dict[str, Any] = import_module("sop_cli.web.screens.audit_run").mapping_shown(sources, settings)
    return result


def save(sources: list[ChosenSource], settings: ChosenSettings, digest: str | None) -> dict[str, Any]:
    """Write the mapping file of what was chosen into the project, if the one there has the *digest* that was shown; None: there is none."""
    result: dict[str, Any] = import_module("sop_cli.web.screens.audit_run").mapping_saved(sources, settings, digest)
    return result


def saved(file: str) -> dict[str, Any]:
    """Return what the mapping file with the id *file* chooses, or that of the project if the id is empty."""
    module = import_module("sop_cli.audits.saved_mapping")
    result: dict[str, Any] = module.saved_choices(uploaded_file(file) if file else Path(MAPPING_FILE))
    return result


def explained(name: str, order: str) -> dict[str, Any]:
    """Return the life of *order* in the result *name*: events, cases with their clauses, documents, duties, findings."""
    folder = next((folder for folder in result_folders() if folder.name == name), None)
    if folder is None:
        raise SopError(f"there is no result {quoted(name)} any more; audit again")
    result: dict[str, Any] = import_module("sop_cli.audits.stored_life").stored_life(folder, order)
    return result


def result_folders() -> Iterator[Path]:
    """Yield the folders of results: those in the project, and those that are there until the workbench ends."""
    temporary = uploads_folder()
    if temporary is not None:
        yield from earlier_results(temporary / RESULTS)
    yield from earlier_results()


def _written_at(folder: Path) -> str:
    return f"{datetime.fromtimestamp((folder / PAGE_FILE).stat().st_mtime, UTC):%Y-%m-%d %H:%M} UTC"


METHODS: Mapping[str, Callable[..., Any]] = {
    "audit.overview": overview, "audit.columns": columns, "audit.run": audited, "audit.show": audited_temporarily, "audit.mapping": mapping, "audit.save": save,
    "audit.saved": saved, "audit.explain": explained,
}  # fmt: skip
