"""The parts of any HTML page: addresses, anchors, Markdown, packaged files, and the folder a site is written to.

Knows HTML and files. What a page says it leaves to `reports.document` and `reports.scenario`.
"""

__all__ = ["anchors", "errors", "links", "markdown", "output", "reading_switch", "resources", "script_data"]
