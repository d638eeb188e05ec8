"""A run as Cucumber Messages, so that Cucumber's own tools can read it.

`stream.messages_of` turns a run record into the messages; the other modules each know one part: the tree of a feature
file (`tree`), the examples it makes (`pickles`), the bound sentences (`sentences`) and what became of a step
(`outcomes`). Format: https://github.com/cucumber/messages, version `stream.PROTOCOL`.
"""
