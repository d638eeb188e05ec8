"""Reference server of the contract: the engine's answers over HTTP, without pages and without state.

Knows addresses, limits and worker processes; what is asked and what is answered is in `steps.contract`, what every server refuses in
`sop_cli.serving`.
"""
