"""The scenario report: one HTML page with what an experiment asked, what came of it, and how certain that is.

Knows which questions a study answers and which measures, sentences and charts show it, as plain data; one template places them.
How a chart is drawn it leaves to `reports.svg`, the figures themselves to `simulator.study`.
"""

__all__ = ["headlines", "report", "study_questions"]
