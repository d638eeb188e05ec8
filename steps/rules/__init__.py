"""The strictness rules: what a feature file may not say, one module per subject.

Every rule is a function from a sheet (one feature file, and what it is held against) to findings. It knows nothing of
running: what it finds is wrong before anything runs.
"""
