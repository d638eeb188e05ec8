"""Tasks after a cancellation and after a return: their keys, and their words as a register has them."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar, Self

from sop_engine.errors import did_you_mean

_ID = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
_WORDS = re.compile(r"\w[\w'/&-]*(?: [\w'/&-]+)*")
_CODE = re.compile(r"[A-Z0-9]{0,8}")


@dataclass(frozen=True, slots=True)
class TaskWords:
    """A task of a register.

    Attributes:
        id: its key.
        subject: case or return; what it can follow.
        words: the task in the words of feature files and answers.
        short: in few words.
        code: its code in decision tables; empty if it has none.
        chosen: a pattern of how `chosen` of a gap names it, besides by `words`; empty for `short`.
    """

    id: str
    subject: str
    words: str
    short: str
    code: str = ""
    chosen: str = ""

    @property
    def key(self) -> "TaskKey":
        """Return the key."""
        return TaskKey(self.id)

    def to_plain(self) -> dict[str, object]:
        """Return the task, ready for JSON."""
        return {
            "id": self.id,
            "rules_on": self.subject,
            "words": self.words,
            "short": self.short,
            "code": self.code or None,
            "chosen": self.chosen or None,
        }


class TaskKey(str):
    """The key of a task after a cancellation or a return; equal keys are one object.

    Its words are those of the rulebook that this process has read first, its own. A key that no rulebook has stands for itself.
    """

    __slots__ = ()

    ASK_AJIO_TO_CANCEL: ClassVar["TaskKey"]
    CANCEL_IN_ASSURE: ClassVar["TaskKey"]
    CREDIT_NOTE: ClassVar["TaskKey"]
    """The tasks to which this program gives a meaning besides their words: an order's life, the age of credit notes, the simulator."""
    _keys: ClassVar[dict[str, "TaskKey"]] = {}
    _words: ClassVar[dict[str, TaskWords]] = {}

    def __new__(cls, key: str) -> Self:
        """Return the object of *key*.

        Raises:
            ValueError: it is not words in lower case with hyphens.
        """
        if key not in cls._keys:
            if not cls.is_key(key):
                raise ValueError(f"{key!r} is not a valid TaskKey")
            cls._keys[str(key)] = super().__new__(cls, key)
        return cls._keys[key]  # type: ignore[return-value]

    @staticmethod
    def is_key(text: str) -> bool:
        """Return whether *text* can be a key."""
        return _ID.fullmatch(text) is not None

    @classmethod
    def add_words(cls, tasks: Iterable[TaskWords]) -> None:
        """Take the words of *tasks* for keys that have none yet."""
        for task in tasks:
            cls._words.setdefault(task.id, task)

    @property
    def words(self) -> str:
        """Return the task in the words of the feature files and answers."""
        return self._words[self].words if self in self._words else self.replace("-", " ")

    @property
    def short(self) -> str:
        """Return the task in few words."""
        return self._words[self].short if self in self._words else self.replace("-", " ")


TaskKey.ASK_AJIO_TO_CANCEL = TaskKey("ask-ajio-to-cancel")
TaskKey.CANCEL_IN_ASSURE = TaskKey("cancel-in-assure")
TaskKey.CREDIT_NOTE = TaskKey("credit-note")


def task_findings(task: TaskWords, others: Iterable[TaskWords], subjects: Sequence[str]) -> Iterator[str]:
    """Yield what is wrong with *task*, which follows one of *subjects*, and what does not differ from one of *others*."""
    if not TaskKey.is_key(task.id):
        yield f"the id `{task.id}` of a task must be words in lower case with hyphens, such as credit-note"
    if task.subject not in subjects:
        yield f"unknown `on` `{task.subject}`; {did_you_mean(task.subject, subjects)}"
    for name in ("words", "short"):
        if not _WORDS.fullmatch(getattr(task, name) or "x"):
            yield f"`{name}` of the task `{task.id}` must be words with single spaces between them, without other signs than ' / & -"
    if not _CODE.fullmatch(task.code):
        yield f"`code` of the task `{task.id}` must be at most 8 capitals and digits, such as CN"
    for other in others:
        same = [name for name in ("words", "short", "code") if getattr(task, name) and getattr(task, name) == getattr(other, name)]
        for name in same:
            yield f"the tasks `{task.id}` and `{other.id}` have the same `{name}`; write another one"
    try:
        re.compile(task.chosen)
    except re.error as error:
        yield f"`chosen` of the task `{task.id}` is not a pattern ({error}); leave it out, and `short` is used"
