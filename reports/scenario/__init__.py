"""The scenario report: one HTML page with the question of an experiment, and its results with confidence intervals.

Selects questions, measures, sentences and charts as plain data; one template places them.
`reports.svg` draws the charts; `simulator.study` computes the figures.
"""

__all__ = ["caveats", "day_replay", "headlines", "measure_catalogue", "planning", "report", "study_questions"]
