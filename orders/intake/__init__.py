"""Intake of an audit: from files that other systems export to the canonical tables of `orders.audit.tables`.

Every row of every file ends in exactly one state; a row that cannot be read is set aside with all its reasons. Nothing is guessed:
encodings, forms of dates and zones are declared in a mapping file or refused. `files` turns bytes into columns of text, `values` turns
text into times, numbers and words, `mapping` says which column is what; the modules here make rows and tables of them. Needs the extra
`audit`. What the tables mean for an order is left to `orders.audit`.
"""
