"""The sentences of this SOP: the only room that an author of steps edits. Every module here is found by itself (`docs/steps.md`).

Knows what each sentence asks of the system under test or compares; it holds no rule. How words become values and a claim is recorded
it leaves to `steps.support`. Its modules are found by name; nothing imports them.
"""
