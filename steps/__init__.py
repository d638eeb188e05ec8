"""The sentences of the specification, bound to the system under test, and the strictness with which they are run.

The steps know how the SOP's words map to calls and how to say what they found; they hold no rule. What is true they ask
of the engine (or of whatever stands behind the driver), how a run is shown they leave to the reports: the two meet only
in the run record.
"""
