"""Amounts of money as text."""


def rupees(paise: int | None) -> str:
    """Return an amount as text, grouped as in India: ``₹2,10,000.00``; an empty text for none."""
    if paise is None:
        return ""
    whole, rest = divmod(abs(paise), 100)
    digits = str(whole)
    head, tail = digits[:-3], digits[-3:]
    groups = [head[max(0, end - 2) : end] for end in range(len(head), 0, -2)][::-1]
    sign = "\N{MINUS SIGN}" if paise < 0 else ""
    return f"{sign}₹{','.join([*groups, tail])}.{rest:02}"
