"""The first mapping of files without one, and the check that a person has confirmed a mapping."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from orders.intake.errors import IntakeError
from orders.intake.event_logs import PROFILE, is_event_log
from orders.intake.files.folders import require_source
from orders.intake.mapping.profiles import profile_named
from orders.intake.mapping.reading import from_profile
from orders.intake.mapping.source_mapping import AuditMapping
from orders.intake.mapping.suggestion import SuggestedSource, suggest


def first_mapping(files: Sequence[Path], invoicing_of: AuditMapping | None = None) -> tuple[AuditMapping, list[SuggestedSource]]:
    """Suggest a mapping of all *files*; *invoicing_of* is a mapping whose other settings are kept.

    Raises:
        IntakeError: a file cannot be read, or no profile fits it.
    """
    suggestions = [suggestion for file in files for suggestion in suggestions_of(file)]
    return replace(invoicing_of or AuditMapping(()), sources=tuple(suggestion.mapping for suggestion in suggestions)), suggestions


def suggestions_of(file: Path) -> list[SuggestedSource]:
    """Suggest a mapping of one file: an event log needs none, for others see `orders.intake.mapping.suggestion`.

    Raises:
        IntakeError: it cannot be read, or no profile fits it.
    """
    require_source(file)
    if is_event_log(file):
        return [SuggestedSource(from_profile(file, profile_named(PROFILE, file.name)), (), ())]
    return suggest(file)


def require_confirmed(mapping: AuditMapping) -> None:
    """Refuse a mapping with a source that no person has confirmed.

    Raises:
        IntakeError: it names the files.
    """
    open_sources = [source.file.name for source in mapping.sources if not source.is_confirmed]
    if open_sources:
        raise IntakeError(
            ", ".join(open_sources),
            "the suggested mapping is not confirmed",
            "check its columns and answer its questions in the mapping file, then set confirmed = true",
        )
