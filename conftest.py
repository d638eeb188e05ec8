"""Makes `pytest features`, one file of them, and the test explorer of an editor collect the specification, as `sop verify` does."""

pytest_plugins = ["steps.run.plugin"]
