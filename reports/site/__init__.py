"""The living document as a folder of HTML pages, and the data that only its pages need.

Renders and writes pages. `reports.site.pages` lists the pages; their content is in
`reports.document`.
"""

__all__ = ["builder"]
