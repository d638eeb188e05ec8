"""Mapping of the columns of files to the columns of the canonical tables.

A mapping file names for each source its columns, words and forms; a shipped profile has them for a known export; a suggestion finds
them in a file and waits to be confirmed. Finds the header of a sheet. Reads no rows below it, except samples for a suggestion.
"""
