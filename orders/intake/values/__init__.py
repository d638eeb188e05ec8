"""Values in columns of text: trimmed texts, dates and times, units, money, words, ids, and what an error may show of them.

Knows whole columns and the mistakes of single cells. It leaves where a column comes from to `orders.intake.files`, and checks of
values against each other to `orders.intake`.
"""

__all__ = [
    "date_formats",
    "date_reasons",
    "dates",
    "day_readings",
    "ids",
    "ids_above",
    "masking",
    "moved_cells",
    "numbers",
    "other_channels",
    "references",
    "text_columns",
    "words",
]
