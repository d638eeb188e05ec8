"""Files and folders that a test makes in a folder of features."""

from collections.abc import Callable
from pathlib import Path

FEATURE = """Feature: Orders

  Scenario: A packed order
    Given an order invoiced through the client's ERP
    And the order is PACKED
    When the seller cancels the full order
    Then the cancellation is refused
"""
Make = Callable[[Path], None]


def written(name: str, text: str = FEATURE) -> Make:
    def make(features: Path) -> None:
        (features / name).parent.mkdir(parents=True, exist_ok=True)
        (features / name).write_text(text, encoding="utf-8")

    return make


def packed(name: str, data: bytes) -> Make:
    return lambda features: (features / name).write_bytes(data) and None


def linked(name: str, to: str) -> Make:
    def make(features: Path) -> None:
        (features.parent / "elsewhere").mkdir(exist_ok=True)
        (features.parent / "elsewhere" / "z.feature").write_text(FEATURE, encoding="utf-8")
        (features / name).symlink_to(to)

    return make


def folder(name: str) -> Make:
    return lambda features: (features / name).mkdir(parents=True)


def both(*makes: Make) -> Make:
    def make(features: Path) -> None:
        for one in makes:
            one(features)

    return make
