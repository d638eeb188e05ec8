"""What every server of this program needs: a port, connections with deadlines, a guard against other sites, problem details.

Knows HTTP, and nothing of what is asked; the pages of the workbench are in `sop_cli.web`, the contract of orders in `sop_cli.serve`.
"""

__all__ = ["connections", "guard", "listening", "responses"]
