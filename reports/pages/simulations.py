"""The simulations at hand: what each was asked, its headline figures, and where its own page lies."""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from reports.context import Context
from reports.errors import ReportError
from reports.scenario import Headline, headline
from reports.sheets import Page, Sheet

KINDS = {"single": "one setting", "paired": "side by side", "sweep": "one setting swept"}


@dataclass(frozen=True, slots=True)
class StudyView:
    """A study: ``href`` is its page, or None where it has none; ``trouble`` says why it cannot be shown."""

    name: str
    description: str
    kind: str
    replications: int
    days: int
    headlines: tuple[Headline, ...]
    href: str | None
    trouble: str = ""


def studies(folder: Path, site: Path | None) -> tuple[StudyView, ...]:
    """The studies below *folder*, by name; links lead from *site*, or are left out where nobody knows where that is."""
    return tuple(_study(file, site) for file in sorted(folder.glob("*/study.json")))


def _study(file: Path, site: Path | None) -> StudyView:
    name = file.parent.name
    try:
        given = json.loads(file.read_text(encoding="utf-8"))
        report = file.parent / "report.html"
        href = quote(Path(os.path.relpath(report.resolve(), site.resolve())).as_posix()) if site is not None and report.is_file() else None
        return StudyView(
            str(given["name"]), str(given["description"]), KINDS.get(given["kind"], str(given["kind"])), int(given["replications"]),
            int(given["days"]), headline(given), href,
        )  # fmt: skip
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError, ReportError) as error:
        said = str(error) if isinstance(error, ReportError) else "it is no study that this version can read"
        return StudyView(name, "", "", 0, 0, (), None, said)


def _sheets(context: Context) -> Iterator[Sheet]:
    if context.simulations is not None:
        yield Sheet("simulations.html", "Simulations", "simulations.html.j2", studies(context.simulations, context.site))


PAGE = Page("Simulations", 90, _sheets, "weeks of orders in motion: what a policy costs, with the figures' own doubt beside them")
