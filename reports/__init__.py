"""What people and other programs read: the living document of a run, its exports, and the report of a simulated scenario.

Knows how results are shown: as plain data, tested without HTML, which templates only place. How a run is made it leaves to `steps`
and reads its record through `sop_runs`; what is true of a case it leaves to `sop_engine`.
"""
