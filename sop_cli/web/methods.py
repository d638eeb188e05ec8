"""Methods that the page may call, each with the lane of the worker that runs it.

A lane is one worker process and its queue. `edit` answers in milliseconds, `run` runs examples, and `simulate` simulations.
"""

LANES = {"edit": 20.0, "run": 600.0, "simulate": 7200.0}
"""Seconds after which a call in a lane is stopped."""

METHODS: dict[str, str] = {
    "project.catalogue": "edit",
    "feature.list": "edit",
    "feature.words": "edit",
    "feature.check": "edit",
    "feature.fixes": "edit",
    "feature.format": "edit",
    "feature.sentence": "edit",
    "feature.rename": "edit",
    "feature.try": "run",
    "feature.accept": "run",
    "case.answers": "edit",
    "case.examples": "edit",
    "case.places": "edit",
    "case.example": "edit",
    "questions.list": "edit",
    "questions.show": "edit",
    "questions.export": "edit",
    "questions.try": "run",
    "questions.import": "run",
}
"""Each method, ``SCREEN.NAME``, with its lane; `sop_cli.web.screens.SCREEN` has the function."""
