"""One example for a page: its steps, tables and rows with the results of a run.

Has statuses, values and failure messages. `reports.document` decides where an example is shown.
"""

__all__ = ["failure_messages", "scenario_views", "status_marks", "values", "views"]
