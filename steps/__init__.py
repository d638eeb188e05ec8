"""The sentences of the specification, bound to the system under test, and the strictness with which they are run.

Knows how the SOP's words map to calls and how what was found is recorded; it holds no rule. What is true it leaves to `sop_engine`
(or to what stands behind the driver), how a run is shown to `reports`: the two meet only in the run record.
"""
