"""The page of simulations: question, answers, headline figures, result of the checks, and link to the report of each study in the folder."""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from reports.scenario.headlines import Headline, answer_sentences, headlines_of
from reports.scenario.study_questions import Phrases
from reports.site.context import Context
from reports.site.page import WORK, HtmlFile, Page
from simulator.study_data import FILE, CheckSummary, read_study
from sop_engine.input_files import UnreadableFileError
from sop_engine.text import counted

STUDY_KINDS = (
    ("paired", "side-by-side", "Side by side", "the same week, customers and random draws under several settings: any difference comes from the setting"),
    ("sweep", "swept", "One setting in steps", "from an easy value to a hard one, to find the tipping point"),
    ("single", "alone", "One setting", "a week under one setting, repeated with other random draws"),
    ("", "unread", "Not readable", "studies that this version cannot show"),
)  # fmt: skip
"""Kind, id, heading and meaning; comparisons come first."""
_CAPITALS = re.compile(r"\b(erp|rms|rsi|sla|oms|wms|vms|grn|ajio)\b")


@dataclass(frozen=True, slots=True)
class StudyView:
    """A study: ``href`` is its page, or None if it has none; ``trouble`` is the reason why it cannot be shown."""

    id: str
    title: str
    description: str = ""
    kind: str = ""
    size: str = ""
    answer: Phrases = ()
    headlines: tuple[Headline, ...] = ()
    checks: int = 0
    broken: tuple[str, ...] = ()
    href: str | None = None
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class StudyGroup:
    """Studies of one kind."""

    id: str
    title: str
    says: str
    studies: tuple[StudyView, ...]


@dataclass(frozen=True, slots=True)
class Simulations:
    """The page's data; ``count`` is the number of studies, in words."""

    count: str
    groups: tuple[StudyGroup, ...]


def simulations_page(folder: Path, site: Path | None) -> Simulations:
    """Return the page's data; links are relative to *site*, and left out if it is not given."""
    views = study_views(folder, site)
    groups = ((name, title, says, tuple(view for view in views if view.kind == kind)) for kind, name, title, says in STUDY_KINDS)
    return Simulations(counted(len(views), "experiment"), tuple(StudyGroup(*group) for group in groups if group[-1]))


def study_views(folder: Path, site: Path | None) -> tuple[StudyView, ...]:
    """Return the studies below *folder*, by name."""
    return tuple(_study(file, site) for file in sorted(folder.glob(f"*/{FILE}")))


def _study(file: Path, site: Path | None) -> StudyView:
    name = file.parent.name
    try:
        study = read_study(file)
        report = file.parent / "report.html"
        href = quote(Path(os.path.relpath(report.resolve(), site.resolve())).as_posix()) if site is not None and report.is_file() else None
        return StudyView(
            id=name, title=study_title(study.name), description=study.description, kind=study.kind,
            size=f"{counted(study.replications, 'replication')} of {counted(study.days, 'day')}",
            answer=next(iter(answer_sentences(study)), ()), headlines=headlines_of(study), checks=len(study.checks),
            broken=tuple(map(_broken, (check for check in study.checks if check.is_broken))), href=href,
        )  # fmt: skip
    except UnreadableFileError as error:
        return StudyView(name, study_title(name), trouble=f"{FILE}: {error.reason}; {error.remedy}")


def study_title(name: str) -> str:
    """Return ``ERP against RMS`` for ``erp_against_rms``."""
    words = _CAPITALS.sub(lambda match: "Ajio" if match[0] == "ajio" else match[0].upper(), name.replace("_", " "))
    return words[:1].upper() + words[1:]


def _broken(check: CheckSummary) -> str:
    return f"{check.says} It passed in {check.held} of {check.of}."


def _html_files(context: Context) -> Iterator[HtmlFile]:
    if context.simulations is not None:
        yield HtmlFile("simulations.html", "Simulations", "simulations.html.j2", simulations_page(context.simulations, context.site))


PAGE = Page("Simulations", _html_files, "weeks of simulated orders: what a policy costs, with 95 % confidence intervals", WORK)
