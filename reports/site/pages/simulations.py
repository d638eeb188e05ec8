"""The page of simulations: question, answers, headline figures and result of the checks of each study in a folder, and its report, copied."""

from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from reports.site.folder_pages import copied_page, folder_page
from reports.site.page import Attachment
from simulator.study_data import FILE, CheckSummary, read_study
from sop_engine.input_files import UnreadableFileError
from sop_engine.text import counted
from sop_engine.versions import with_version

if TYPE_CHECKING:
    from reports.scenario.headlines import Headline
    from reports.scenario.wording.study_questions import Phrases

NAV = "Simulations"
STUDY_KINDS = (
    ("paired", "side-by-side", "Side by side", "the same week, customers and random draws under several settings: any difference comes from the setting"),
    ("sweep", "swept", "One setting in steps", "from an easy value to a hard one, to find the tipping point"),
    ("single", "alone", "One setting", "a week under one setting, repeated with other random draws"),
    ("", "unread", "Not readable", "studies that this version cannot show"),
)  # fmt: skip
"""Kind, id, heading and meaning; comparisons come first."""
SIMULATE_AGAIN = "write it again with `sop simulate`"


class StudyView(msgspec.Struct, frozen=True):
    """A study: ``href`` is its report in the site, or None if it has none, and ``no_report`` why it is not shown; ``problem`` is the reason why it cannot be shown."""

    id: str
    title: str
    description: str = ""
    kind: str = ""
    size: str = ""
    answer: "Phrases" = ()
    headlines: "tuple[Headline, ...]" = ()
    checks: int = 0
    broken: tuple[str, ...] = ()
    href: str | None = None
    no_report: str = ""
    problem: str = ""


class StudyGroup(msgspec.Struct, frozen=True):
    """Studies of one kind."""

    id: str
    title: str
    description: str
    studies: tuple[StudyView, ...]


class Simulations(msgspec.Struct, frozen=True):
    """The page's data; ``count`` is the number of studies, in words."""

    count: str
    groups: tuple[StudyGroup, ...]


def simulations_page(folder: Path) -> tuple[Simulations, tuple[Attachment, ...]]:
    """Return the page's data about the studies below *folder*, and their reports as files of the site."""
    studies = [_study(file) for file in sorted(folder.glob(f"*/{FILE}"))]
    views = [view for view, _ in studies]
    groups = (
        (name, title, description, tuple(view for view in views if view.kind == kind)) for kind, name, title, description in STUDY_KINDS
    )
    page = Simulations(counted(len(views), "experiment"), tuple(StudyGroup(*group) for group in groups if group[-1]))
    return page, tuple(report for _, report in studies if report is not None)


def _study(file: Path) -> tuple[StudyView, Attachment | None]:
    from reports.scenario.headlines import answer_sentences, headlines_of  # noqa: PLC0415 - slow to import, and most sites have no study
    from reports.scenario.report import FILE as REPORT  # noqa: PLC0415 - as above
    from reports.scenario.wording.study_questions import study_title  # noqa: PLC0415 - as above

    name, report, no_report = file.parent.name, None, ""
    try:
        study = read_study(file)
    except UnreadableFileError as error:
        return StudyView(name, study_title(name), problem=f"{FILE}: {error.reason}; {with_version(error.remedy)}"), None
    try:
        report = _copied_report(file.parent)
    except UnreadableFileError as error:
        no_report = f"{REPORT}: {error.reason}; {with_version(error.remedy)}"
    view = StudyView(
        id=name, title=study_title(study.name), description=study.description, kind=study.kind,
        size=f"{counted(study.replications, 'replication')} of {counted(study.days, 'day')}",
        answer=next(iter(answer_sentences(study)), ()), headlines=headlines_of(study), checks=len(study.checks),
        broken=tuple(map(_broken, (check for check in study.checks if check.is_broken))),
        href=report.name if report is not None else None, no_report=no_report,
    )  # fmt: skip
    return view, report


def _copied_report(folder: Path) -> Attachment | None:
    """Return the report in *folder* as a file of the site, with the way back to it; None if there is none.

    Raises:
        UnreadableFileError: it cannot be read, or it is not a report of this version.
    """
    from reports.scenario.report import FILE as REPORT  # noqa: PLC0415 - as above

    file = folder / REPORT
    return copied_page(file, NAV, ("simulation", "_"), "report", SIMULATE_AGAIN) if file.exists() else None


def _broken(check: CheckSummary) -> str:
    return f"{check.says} It passed in {check.held} of {check.of}."


PAGE = folder_page(NAV, lambda context: context.simulations, simulations_page)
