"""The page of an audit: its content as plain data, and one self-contained file."""

__all__ = ["content"]
