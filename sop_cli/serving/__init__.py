"""What every server of this program needs: a port, connections with deadlines, a guard against other sites, problem details.

Knows HTTP, and nothing of what is asked; what is asked is in `sop_cli.web`.
"""

__all__ = ["connections", "guard", "listening", "messages", "responses"]
