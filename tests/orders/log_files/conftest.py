"""A small simulated log, written in every form."""

from pathlib import Path

import pytest

from orders.log.export.formats import LogFormat
from orders.log.order_blocks import OrderBlock
from orders.log.provenance import Provenance
from simulator.experiment.experiment import load
from simulator.study.identities import Identities
from simulator.study.log_files import provenance_of, write_log_files
from simulator.study.simulate import record_replication


@pytest.fixture(scope="session")
def small(tmp_path_factory) -> tuple[Path, OrderBlock, Provenance]:
    experiment = load("partial_cancels", ["run.days=2", "run.warm_up_days=0", "ajio.orders_per_day=40"])
    folder = tmp_path_factory.mktemp("small")
    for form in LogFormat:
        write_log_files(form, record_replication(experiment), experiment, 0, folder, "base-0000")
    recorded = record_replication(experiment)
    return folder, Identities(1, 0, recorded.teams).block(recorded.full_log), provenance_of(experiment, 0)
