"""`sop rulebook`: list the versions of the document, or begin a new one."""

import json
from datetime import date
from enum import StrEnum
from pathlib import Path

import click

from sop_cli.called_as import as_called
from sop_cli.decision_text import Day, OneOf
from sop_cli.exit_status import SUCCESS
from sop_cli.paths import FolderType, near
from sop_engine import SopError
from sop_engine.engine import FOLDER
from sop_engine.reader import Rulebook, read_rulebook
from sop_engine.register.new_version import begin_version, folder_of_new_versions
from sop_engine.text import visible
from sop_engine.versions import find_version, versions


class Action(StrEnum):
    """What the command does."""

    LIST = "list"
    NEW = "new"


@click.command(short_help="List the versions of the document, or begin a new one.")
@click.argument("action", type=OneOf(Action), default=Action.LIST)
@click.argument("name", required=False)
@click.option("--from", "source", metavar="NAME|FOLDER", help="Version that the new one is a copy of.")
@click.option("--into", type=FolderType(), help="Folder for the new version (default: rulebook, in the project that of the program).")
@click.option("--title", help="Title of the new version (default: that of the other one, with the number of NAME).")
@click.option("--dated", type=Day(), metavar="DATE", help="Date of the new version of the document, such as 2026-12-01.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def rulebook(  # noqa: PLR0913 - one for each option
    action: Action,
    name: str | None,
    source: str | None,
    into: Path | None,
    title: str | None,
    dated: date | None,
    *,
    as_json: bool,
) -> int:
    """List the versions of the document, or begin the new version NAME as a copy of another one.

    Each version has a rulebook of its own, and every command that uses one takes --rulebook. The copy has the same clauses and
    gaps as the other version; edit it, and compare both with `sop diff`. It is written only if it loads.

    Exit status: 0 done, 2 invalid input or option, 70 internal error, 130 interrupted.

    \b
      sop rulebook
      sop rulebook new clients_v2 --from clients_v1
      sop diff clients_v1 clients_v2
      sop verify --rulebook clients_v2
    """
    if action is Action.LIST:
        if name or source or into or title is not None or dated:
            raise click.UsageError("these are for `sop rulebook new`; leave them out, or write `new` before the name")
        _print_versions(as_json=as_json)
        return SUCCESS
    if not name or not source:
        raise click.UsageError("name the new version and the one to copy, such as `sop rulebook new clients_v2 --from clients_v1`")
    folder, version = begin_version(name, find_version(source), into or folder_of_new_versions(), title or "", dated)
    use = name if name in dict(versions()) else near(folder)
    if as_json:
        click.echo(json.dumps({**_plain(name, version), "folder": near(folder)}, ensure_ascii=False, indent=1))
        return SUCCESS
    click.echo(f"{near(folder)}: a copy of {version.follows[-1]} with the title {version.title}")
    click.echo(as_called(f"change it with `sop clause` and `sop gap`, and see `sop diff {source} {use}` and `sop verify --rulebook {use}`"))
    return SUCCESS


def _print_versions(*, as_json: bool) -> None:
    """Print each version, with `*` before the one that commands use here; of one that cannot be read, the reason."""
    plain: list[dict[str, object]] = []
    lines: list[str] = []
    for name, folder in versions():
        place, used = near(Path(str(folder))), str(folder) == str(FOLDER)
        try:
            version = read_rulebook(folder)
        except SopError as error:
            plain.append({"name": name, "folder": place, "used": used, "error": str(error)})
            lines.append(f"{'*' if used else ' '} {name:16} {place}: {str(error).splitlines()[0]}")
            continue
        plain.append({**_plain(name, version), "folder": place, "used": used})
        dated = f", {version.dated}" if version.dated else ""
        lines.append(f"{'*' if used else ' '} {name:16} {version.title}{dated}  {place}")
    if not any(entry["used"] for entry in plain):
        lines.append(f"* {near(Path(str(FOLDER)))}")
    click.echo(json.dumps(plain, ensure_ascii=False, indent=1) if as_json else "\n".join(map(visible, lines)))


def _plain(name: str, version: Rulebook) -> dict[str, object]:
    return {"name": name, "title": version.title, "dated": version.dated or None, "follows": list(version.follows)}
