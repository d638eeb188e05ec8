"""Words and numbers of the scenario report: titles of measures, names of variants, rounded figures, caveats, tables.

Knows how a figure and its interval are written. Which of them a page shows is decided in `reports.scenario`.
"""

__all__ = ["caveats", "measure_catalogue", "number_format", "study_questions", "tables", "variant_words"]
