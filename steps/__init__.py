"""Feature files, their step definitions, the lint, and runs of the specification.

Maps the SOP's words to calls of the system under test and records the results; it holds no rule. Answers come from `sop_engine`
(or another system behind the driver), pages from `reports`: the run record is the only link between `steps` and `reports`.
"""
