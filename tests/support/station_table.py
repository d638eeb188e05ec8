"""Write the table of stations in `docs/experiments.md` from `orders.log.stations`: ``python -m tests.support.station_table``."""

from pathlib import Path

from orders.log.stations import STATIONS, Station, StationFailure

PAGE = Path(__file__).resolve().parents[2] / "docs" / "experiments.md"
HEAD = "| station | waits after | work | how long | what can go wrong |\n| --- | --- | --- | --- | --- |\n"


def station_table() -> str:
    """Return the table as Markdown."""
    return HEAD + "".join(map(_row, STATIONS))


def with_station_table(page: str) -> str:
    """Return the text of the page with the table of the program."""
    start = page.index(HEAD)
    rest = page[start:].splitlines(keepends=True)
    end = next((k for k, line in enumerate(rest) if not line.startswith("|")), len(rest))
    return page[:start] + station_table() + "".join(rest[end:])


def _row(station: Station) -> str:
    unit = ", for each unit" if station.by_unit else ""
    cells = (
        f"{station.name}: `{station.people}`",
        f"`{station.after}`",
        f"`{station.started}` … `{station.done}`",
        f"`{station.seconds}`, `{station.sigma}`{unit}",
        "; ".join(map(_in_words, station.possible_failures)) or "nothing",
    )
    return "| " + " | ".join(cells) + " |\n"


def _in_words(possible_failure: StationFailure) -> str:
    return f"`{possible_failure.event}`: {possible_failure.says}" if possible_failure.event else possible_failure.says


if __name__ == "__main__":
    PAGE.write_text(with_station_table(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
