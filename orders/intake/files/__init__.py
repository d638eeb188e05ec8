"""Files of many formats as sheets of text columns, with the number of each row as a spreadsheet shows it.

Knows encodings, delimiters, quotes and formats; a file that cannot be read is one error in one line. It leaves what a column means
to `orders.intake.mapping`, and what a cell means to `orders.intake.values`.
"""

__all__ = ["csv_files", "encodings", "folders", "opening", "sheet", "spreadsheets", "tables", "two_sides"]
