"""Read an event log from a file of any of its forms."""

from importlib import import_module
from pathlib import Path

from orders.log.errors import EventLogError
from orders.log.export.formats import ENDINGS, READERS, LogFile, LogFormat


def read_log(file: Path) -> LogFile:
    """The log in *file*, whose name says its form; of a table ``log-STEM``, also the orders in ``orders-STEM`` beside it.

    Raises:
        EventLogError: the file is not a log of this version, or holds something that no log can.
        OSError: *file* cannot be read.
    """
    module, function = READERS[format_of(file)]
    read: LogFile = getattr(import_module(module), function)(file)
    return read


def format_of(file: Path) -> LogFormat:
    """The form of a log, by the end of its file's name.

    Raises:
        EventLogError: the name ends like none of them.
    """
    for format_, ending in ENDINGS.items():
        if file.name.endswith(f".{ending}"):
            return format_
    endings = ", ".join(f".{ending}" for ending in ENDINGS.values())
    raise EventLogError(file, "its name does not say which form of the event log it has", f"name it with one of {endings}")
