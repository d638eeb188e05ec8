"""Step definitions of this SOP: the only package that an author of steps edits. Every module in it is found automatically (`docs/steps.md`).

Each step definition calls the system under test or compares its answer; none holds a rule of the SOP. `steps.support` converts words
to values and records claims. The modules are imported by name; no other module imports them.
"""
