"""The scenario report: one HTML page with what an experiment asked, its results, and their confidence intervals.

Knows which questions a study answers and which measures, sentences and charts show it, as plain data; one template places them.
How a chart is drawn it leaves to `reports.svg`, the figures themselves to `simulator.study`.
"""

__all__ = ["headlines", "report", "study_questions"]
