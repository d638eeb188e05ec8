"""The living document as a folder of HTML pages, and the data that only its pages need.

Knows how pages are rendered and written. Which pages there are it leaves to `reports.site.pages`, what they say to
`reports.document`.
"""

__all__ = ["builder"]
