"""The command `sop audit`: real orders, compared with the SOP.

Has the options, the choice of a mapping, the progress and the summary. Reading files is left to `orders.intake`, findings and duties
to `orders.audit`, what is written to `reports.audit`. Only this command imports them: they need the extra `audit`.
"""

__all__ = [
    "assumptions",
    "audit",
    "audit_run",
    "choices",
    "chosen_mapping",
    "column_choices",
    "offered_columns",
    "saved_mapping",
    "shown_result",
    "stored_life",
    "strategy",
]
