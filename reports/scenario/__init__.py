"""The scenario report: one HTML page with the question of an experiment, and its results with confidence intervals.

Selects questions, measures, sentences and charts as plain data; one template places them.
`reports.svg` draws the charts; `simulator.study` computes the figures.
"""

__all__ = ["assumptions", "costs", "day_replay", "headlines", "precision", "report", "reproduction", "search_answer", "tornado_charts"]
