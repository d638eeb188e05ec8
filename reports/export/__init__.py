"""A run or the rulebook for other programs: JUnit, Cucumber Messages and JSON, DMN and JDM.

Knows other programs' formats. When they are written it leaves to `sop_cli`.
"""

__all__ = ["dmn_jdm", "run_files", "step_definitions"]
