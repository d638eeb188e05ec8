"""The sentences of this SOP: the only room that an author of steps edits. Every module here is found by itself (`docs/steps.md`).

Each function converts words, asks the system under test, or compares; it holds no rule. What it needs for that is in
`steps.support`.
"""
