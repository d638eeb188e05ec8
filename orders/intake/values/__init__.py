"""Values in columns of text: trimmed texts, dates and times, units, money, words, and what an error may show of them.

Each function takes a column of text and returns arrays of the same length, with a mask of the cells that it cannot read. It works
on whole columns; cells are looked at one by one only to explain what is wrong with them. Knows nothing of files and mappings.
"""
