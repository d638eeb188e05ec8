"""What people read: the living document, written from a run record.

This package knows how a run is told to a reader, and nothing of how a run is made: it reads
``run.ndjson`` and asks :mod:`sop_engine` for the table of all cases. Content is decided as plain
data (:mod:`reports.page`), tested without HTML, and only then placed by templates.
"""
