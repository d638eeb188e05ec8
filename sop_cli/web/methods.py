"""Methods that the page may call, each with the lane of the worker that runs it.

A lane is one worker process and its queue. `edit` answers in milliseconds, `run` runs examples, `simulate` simulations, and
`experiments` lists them and checks their settings meanwhile; `audit` audits real orders, and `mappings` reads the columns of their files.
"""

LANES = {"edit": 20.0, "run": 600.0, "experiments": 60.0, "simulate": 7200.0, "mappings": 600.0, "audit": 7200.0}
"""Seconds after which a call in a lane is stopped."""
FOLDER_OF_WORKER = "sop-workbench-"
"""Beginning of the name of the folder for temporary files that the server makes for each worker."""
CODE_VARIABLE = "SOP_WORKBENCH_CODE"
"""Environment variable of a worker with the digest of the code from before its start."""
BACKGROUND = frozenset({"experiments", "simulate", "mappings", "audit"})
"""Lanes that start at their first call, without what runs need, and give way to the others."""

METHODS: dict[str, str] = {
    "project.catalogue": "edit",
    "project.run": "edit",
    "feature.list": "edit",
    "feature.words": "edit",
    "feature.place": "edit",
    "feature.new": "edit",
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
    "case.first_example": "edit",
    "questions.list": "edit",
    "questions.show": "edit",
    "questions.export": "edit",
    "questions.try": "run",
    "questions.import": "run",
    "clauses.show": "edit",
    "clauses.try": "run",
    "gate.check": "run",
    "gate.write": "run",
    "review.show": "run",
    "review.approve": "run",
    "review.plan": "run",
    "review.commit": "run",
    "simulate.overview": "experiments",
    "simulate.form": "experiments",
    "simulate.check": "experiments",
    "simulate.run": "simulate",
    "audit.overview": "mappings",
    "audit.columns": "mappings",
    "audit.mapping": "mappings",
    "audit.save": "mappings",
    "audit.saved": "mappings",
    "audit.explain": "mappings",
    "audit.run": "audit",
    "audit.show": "audit",
}
"""Each method, ``SCREEN.NAME``, with its lane; `sop_cli.web.screens.SCREEN` has the function."""

WRITES = frozenset({"gate.write", "review.approve", "review.plan", "review.commit", "simulate.run", "audit.run", "audit.save"})
"""Methods that write into the folder of the project, which a workbench that is read only refuses."""
