"""Types of the values in ``study.json``, with their ranges, and the words for a setting's value."""

from typing import Annotated

from msgspec import Meta

Count = Annotated[int, Meta(ge=0, le=2**63 - 1)]
Positive = Annotated[int, Meta(ge=1, le=2**63 - 1)]
Hash = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}\Z")]
Confidence = Annotated[float, Meta(gt=0, lt=1)]
Probability = Annotated[float, Meta(ge=0, le=1)]
HalfWidth = Annotated[float, Meta(ge=0)]
Number = Annotated[int, Meta(ge=-(2**63), le=2**63 - 1)] | float
Value = Number | str | list[Number]
"""Value of a setting, with the types of TOML."""


def setting_words(value: Value) -> str:
    """Format the value of a setting: numbers without needless decimals, lists with commas."""
    return ", ".join(map(setting_words, value)) if isinstance(value, list) else f"{value:g}" if isinstance(value, float) else str(value)
