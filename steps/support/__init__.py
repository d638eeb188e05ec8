"""What bindings use: the words of the feature files, claims, the driver of the system under test, and data tables.

Knows how words become values and how an assertion is recorded. The sentences themselves stand in `steps.bindings`; no rule of the
SOP stands here, `sop_engine` has them.
"""
