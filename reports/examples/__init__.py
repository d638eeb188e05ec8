"""One example as a reader sees it: its steps, tables and rows with the results of a run.

Knows statuses, values and failure messages. Where an example is shown it leaves to `reports.document`.
"""

__all__ = ["scenario_views", "status_marks", "values", "views"]
