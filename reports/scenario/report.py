"""A study as one self-contained page: no script, no other file, and a style sheet allowed by its hash."""

from collections.abc import Sequence
from pathlib import Path

from orders.log.order_histories import OrderHistory
from reports.html.output import write_file
from reports.html.single_file import single_file_page
from reports.scenario.content import ScenarioReport, report_of
from simulator.analysis.day_replay import DayReplay
from simulator.study_data import Study
from sop_engine import load_rulebook

FILE = "report.html"

STYLE = ("style/10-base.css", "style/99-print.css", "scenario_report.css")


def write_report(study: Study, lives: Sequence[OrderHistory], out: Path, replay: DayReplay | None = None) -> Path:
    """Write the report on *study* as ``report.html`` in *out*; the same inputs give the same bytes.

    *lives* are the histories of a few orders, *replay* is that of a day. Return the written file.

    Raises:
        ReportError: the file cannot be written; nothing is left half written.
    """
    return write_file(out / FILE, render(report_of(study, lives, load_rulebook(), replay)).encode(), "report")


def render(page: ScenarioReport) -> str:
    """Render *page* as HTML."""
    return single_file_page("scenario_report.html.j2", STYLE, page=page, study=page.study)
