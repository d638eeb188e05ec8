"""A run or the rulebook for other programs: JUnit, Cucumber Messages and JSON, DMN and JDM.

Has the formats of other programs. `sop_cli` decides when they are written.
"""

__all__ = ["dmn_jdm", "run_files", "step_definitions"]
