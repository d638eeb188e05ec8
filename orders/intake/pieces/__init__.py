"""A source in pieces: the parts of a folder, or slices of a large file, each read by itself, and joined to what the whole would have.

A piece knows its own rows only. Numbers of rows, repeated rows and totals of the whole are settled when the pieces are joined.
"""
