"""The SOP in reading order with the results of a run: clauses, questions, cases and the life of an order.

Holds everything that the site shows, as plain data. `reports.site` has the pages and files.
"""

__all__ = [
    "answer_marks",
    "assembly",
    "case_explorer",
    "case_grids",
    "certainty",
    "content",
    "filters",
    "gaps",
    "glossary",
    "heading_titles",
    "life_cycle",
    "life_cycle_diagram",
    "placement",
    "source_text",
    "verdict_band",
]
