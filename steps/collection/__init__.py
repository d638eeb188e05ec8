"""Collection: the feature files of a pytest run as tests, with a plan of `sop verify` or without one.

Makes a test of each example and of all findings of a file, and shows them on pytest-html's page. `steps.run` executes and records them.
"""

__all__: list[str] = []
