"""The living document as a folder of HTML pages, and the data that only its pages need.

Renders and writes pages. `reports.site.pages` lists the pages; `reports.document` has the content of the SOP and of a run.
"""

__all__ = ["builder", "newer_run", "reading_rows", "run_stamp"]
