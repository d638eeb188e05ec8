"""A replication: the systems are put on one calendar, and what happened becomes a log."""

import gc

from simpy import Environment

from orders.log.event_log import Log
from simulator.experiment.experiment import Experiment
from simulator.model.erp import ClientErp, make_credit_notes
from simulator.model.oms import Assure
from simulator.model.order_draws import Fates, draw
from simulator.model.order_states import Life
from simulator.model.rms import release_time
from simulator.model.wms import Warehouse
from simulator.study.recorded_log import Happened


def simulate(experiment: Experiment, replication: int = 0) -> Log:
    """The whole log of one replication, a pure function of its arguments."""
    return happened(experiment, replication).whole


def happened(experiment: Experiment, replication: int = 0) -> Happened:
    """What happened in one replication, to be read in blocks."""
    return Happened(experiment, move(experiment, draw(experiment, replication)))


def log_of(experiment: Experiment, life: Life) -> Log:
    """What happened, as a log."""
    return Happened(experiment, life).whole


def move(experiment: Experiment, fates: Fates) -> Life:
    """Every order from its arrival to its end."""
    collecting = gc.isenabled()
    gc.disable()  # nothing here is garbage before the end, and looking for it takes a fifth of the time
    try:
        env = Environment()
        life = Life(fates)
        oms = Assure(life)
        warehouse = Warehouse(env, experiment, oms)
        erp = ClientErp(env, experiment, oms, warehouse.release)
        env.process(erp.polls())
        for order, posted in enumerate(fates.erp):
            if not posted:
                life.released[order] = at = release_time(experiment, life, order)
                if not oms.gone(order, at):
                    warehouse.release(order, at)
        env.run()
        make_credit_notes(experiment, oms)
    finally:
        if collecting:
            gc.enable()
    return life
