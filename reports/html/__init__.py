"""The parts of any HTML page: addresses, anchors, Markdown, packaged files, and the folder a site is written to.

Has HTML and files. `reports.document` and `reports.scenario` decide the content of a page.
"""

__all__ = [
    "anchors",
    "compact",
    "errors",
    "json_columns",
    "links",
    "markdown",
    "output",
    "page_in_site",
    "reading_switch",
    "resources",
    "script_data",
    "single_file",
]
