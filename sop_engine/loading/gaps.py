"""Gaps of a register: their readings, what each reading decides, and the owner's answer."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sop_engine.loading.statements import RULING, StatementReader
from sop_engine.returns import QualityCheck
from sop_engine.statement import CASE, Disposition, Gap, OwnersAnswer, Ruling, Statement, When
from sop_engine.versions import GAPS

_RESOLUTION = {"modality", "actor", "system", *RULING}
_DISPOSITION = {"quality_check", "stock", "offline_claim"}
_TEXTS = ("id", "title", "kind", "aspect", "nearest", "chosen", "why", "question")
_RULED = {"chosen", "leaves_open", "resolution", "disposition"}
_GAP = {*_TEXTS, *_RULED, "readings", "reading", "on", "when", "cases", "watch", "alternative", "answer"}
_ALTERNATIVE = {"reading", *_RULED}
_ANSWER_TEXTS = ("by", "evidence", "remark")
_ANSWER = {"reading", "on", *_ANSWER_TEXTS}


@dataclass
class GapReader(StatementReader):
    """Reads gaps."""

    def gap(self, record: dict[str, object]) -> Gap:
        """Return the gap in *record*, under the reading that is answered or assumed."""
        identifier = str(record["id"])
        location = self.location(identifier, GAPS)
        self.keys(record, _GAP, location)
        subject = self.text(record, "on", location) or CASE
        when = self.when(record["when"], subject, location) if "when" in record else None
        cases = record.get("cases")
        if cases is not None and not isinstance(cases, int):
            self.findings.append(f"{location}: `cases` must be a whole number")
            cases = None
        if when is not None and cases is None:
            self.findings.append(f"{location}: `{identifier}` has a `when` but no number of `cases`; add `cases`")
        texts = {key: self.text(record, key, location, needed=True) for key in _TEXTS}
        readings = tuple(self.texts(record, "readings", location))
        rulings = self.rulings(record, identifier, location, subject, when, len(readings))
        answer = self.answer(record, identifier, location, rulings) if "answer" in record else None
        gap = Gap(
            **{key: texts[key] for key in _TEXTS},  # type: ignore[arg-type]
            location=location,
            readings=readings,
            subject=subject,
            when=when,
            cases=cases,
            watch=self.text(record, "watch", location),
            rulings=tuple(ruling for ruling in rulings if ruling.number),
            assumed=rulings[0],
            answer=answer,
        )
        return gap.with_ruling(next((ruling for ruling in rulings if answer is not None and ruling.number == answer.reading), rulings[0]))

    def rulings(  # noqa: PLR0913 (one record, one call)
        self, record: Mapping[str, object], identifier: str, location: str, subject: str, when: When | None, count: int
    ) -> list[Ruling]:
        """Return what each reading decides, first the one that we assume (with the number 0 if it is none of the *count* readings)."""
        rulings: list[Ruling] = []
        for entry in (record, *self.tables(record, "alternative", location)):
            if entry is not record:
                self.keys(entry, _ALTERNATIVE, location)
            number = entry.get("reading", 0 if entry is record else None)
            if type(number) is not int or not (0 if entry is record and "reading" not in record else 1) <= number <= count:
                self.findings.append(f"{location}: `reading` of `{identifier}` must be the number of one of its {count} `readings`")
                number = 0
            elif number and number in {ruling.number for ruling in rulings}:
                self.findings.append(f"{location}: `{identifier}` decides reading {number} twice; remove one, or correct its `reading`")
            rulings.append(
                Ruling(
                    number,
                    str(record["chosen"])
                    if entry is record and "chosen" in record
                    else self.text(entry, "chosen", location, needed=entry is not record),
                    tuple(self.texts(entry, "leaves_open", location)),
                    tuple(self.resolutions(entry, identifier, location, subject, when)),
                    tuple(self.dispositions(entry, location)),
                )
            )
        return rulings

    def answer(self, record: Mapping[str, object], identifier: str, location: str, rulings: Sequence[Ruling]) -> OwnersAnswer | None:
        """Return the owner's answer; a finding and None if it is not one."""
        entry = record["answer"]
        if not isinstance(entry, dict):
            self.findings.append(f"{location}: `answer` must be written as [gap.answer]")
            return None
        self.keys({"id": identifier, **entry}, _ANSWER | {"id"}, location)
        number, day = entry.get("reading"), entry.get("on")
        texts = {key: self.text(entry, key, location, needed=key == "by") for key in _ANSWER_TEXTS}
        if type(day) is not date:
            self.findings.append(f"{location}: `on` in the answer to `{identifier}` must be a date, such as 2026-12-01")
            return None
        numbers = [ruling.number for ruling in rulings if ruling.number]
        if type(number) is not int or number not in numbers:
            self.findings.append(
                f"{location}: `{identifier}` is answered with a `reading` that cannot be tried; {possible_readings_text(numbers)}"
            )
            return None
        return OwnersAnswer(number, texts["by"], day, texts["evidence"], texts["remark"])

    def dispositions(self, record: Mapping[str, object], location: str) -> Iterator[Disposition]:
        """Yield where stock goes after each quality check, in one reading."""
        for entry in self.tables(record, "disposition", location):
            self.keys(entry, _DISPOSITION, location)
            check = self.word(QualityCheck, entry.get("quality_check"), "quality_check", location)
            stock, claim = self.text(entry, "stock", location, needed=True), entry.get("offline_claim")
            if not isinstance(claim, bool):
                self.findings.append(f"{location}: `offline_claim` must be true or false")
            elif check is not None:
                yield Disposition(str(check), stock, claim)

    def resolutions(
        self, record: Mapping[str, object], identifier: str, location: str, subject: str, when: When | None
    ) -> Iterator[Statement]:
        """Yield the statements of one reading."""
        for number, entry in enumerate(self.tables(record, "resolution", location), start=1):
            self.keys(entry, _RESOLUTION, location)
            if when is None:
                self.findings.append(f"{location}: `{identifier}` has a resolution but no `when`; add the cases that it resolves")
                continue
            yield self.statement(entry, f"{identifier}.{number}", location, subject, when, "", identifier)


def possible_readings_text(numbers: Sequence[int]) -> str:
    """Return which readings of a gap can be tried, for a message."""
    return f"expected one of {', '.join(map(str, numbers))}" if numbers else "none of its readings can be; state `reading` first"
