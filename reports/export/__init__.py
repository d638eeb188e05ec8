"""A run or the rulebook for other programs: JUnit, Cucumber Messages and JSON, DMN and JDM.

Knows other people's formats. When they are written it leaves to `sop_cli`.
"""
