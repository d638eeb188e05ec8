"""The SOP in reading order with a run painted onto it: sentences, questions, cases and the order's life.

Knows everything that the site says, as plain data. Pages and files it leaves to `reports.site`.
"""

__all__ = [
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
