"""Files of the log of a replication, written block by block; a file is complete or absent."""

from importlib import import_module
from pathlib import Path

from orders.log.export.formats import BY_ORDER, ENDINGS, LogFormat
from orders.log.export.tables import write_log_csv, write_log_parquet, write_orders_csv, write_orders_parquet
from orders.log.provenance import Provenance
from simulator.experiment.experiment import Experiment
from simulator.study.identities import Identities
from simulator.study.recorded_log import RecordedLog


def write_log_files(  # noqa: PLR0913 (what, of what, where)
    form: LogFormat, recorded_log: RecordedLog, experiment: Experiment, number: int, folder: Path, stem: str
) -> tuple[Path, ...]:
    """Write the files of a replication to *folder*: ``log-STEM``, and for table formats also ``orders-STEM``.

    Raises:
        OSError: a file cannot be written.
    """
    identities, provenance = Identities(experiment.run.seed, number, recorded_log.teams), provenance_of(experiment, number)
    log_file, orders_file = (folder / f"{table}-{stem}.{ENDINGS[form]}" for table in ("log", "orders"))
    if form in BY_ORDER:
        module, function = BY_ORDER[form]
        getattr(import_module(module), function)(map(identities.block, recorded_log.by_order()), provenance, log_file)
        return (log_file,)
    rows, orders = map(identities.with_ids, recorded_log.by_time()), map(identities.orders, recorded_log.by_order())
    if form is LogFormat.CSV:
        write_log_csv(rows, log_file)
        write_orders_csv(orders, orders_file)
    else:
        write_log_parquet(rows, provenance, log_file)
        write_orders_parquet(orders, orders_file)
    return log_file, orders_file


def provenance_of(experiment: Experiment, number: int) -> Provenance:
    """Return the provenance of the log of replication *number*."""
    return Provenance(experiment.name, experiment.sha256, experiment.run.seed, number)
