"""Text as it may be shown: characters that a terminal would obey are written out."""


def visible(text: str) -> str:
    r"""*text* with every character that a terminal would obey or hide written out: ``\x1b``, ``\u200b``."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode("ascii") for char in text)


def quoted(text: str, limit: int = 80) -> str:
    """*text* in backticks, shortened, for a message."""
    seen = visible(text)
    return f"`{seen}`" if len(seen) <= limit else f"`{seen[: limit - 1]}…`"
