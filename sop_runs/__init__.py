"""Runs of the specification: run record, verdict, baseline, and the changes between two states.

Its root contains the gate, which checks whether a change may go in (`sop_runs.gate`), and the messages about claims that do not hold
(`sop_runs.claim_messages`). Gherkin and pytest are in `steps`, pages in
`reports`.
"""

__all__ = [
    "claim_advice",
    "claim_messages",
    "claim_words",
    "engine_answers",
    "errors",
    "gate",
    "mutation_score",
    "output_folder",
    "problem",
]
