"""The scenario report: one HTML page that tells what an experiment was asked, what came of it, and how sure that is.

Everything the page says is decided as plain data (:mod:`.content`), charts are
functions from numbers to SVG (:mod:`.intervals`, :mod:`.cliff`, :mod:`.hours`, :mod:`.lanes`, made of :mod:`.svg`), and one template places it all.
"""

from reports.scenario.headlines import Headline
from reports.scenario.report import write_report

__all__ = ["Headline", "write_report"]
