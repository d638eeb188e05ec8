"""Files of many formats as sheets of text columns.

Each reader gives the same: sheets, and of each sheet its first rows, and then its rows in batches of columns of text, with the number of
each row as a spreadsheet shows it and the rows that have another number of cells or a fault in their quotes. Knows nothing of what a
column means. A file that cannot be read is one `IntakeError`.
"""
