"""The living document of a run, its exports, and the report of a simulated scenario.

Results become plain data, tested without HTML; templates only place it. `steps` makes the run, `sop_runs` reads its record, and
`sop_engine` decides cases.
"""
