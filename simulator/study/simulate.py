"""Simulation of one replication: all systems on one SimPy calendar, and the log of their events."""

import gc

from simpy import Environment

from orders.log.event_log import Log
from simulator.experiment.experiment import Experiment
from simulator.model.ajio import Ajio
from simulator.model.draws.order_draws import OrderDraws, draw_orders
from simulator.model.erp import ClientErp
from simulator.model.oms import Assure
from simulator.model.order_states import OrderStates
from simulator.model.warehouse import Warehouse
from simulator.study.recorded_log import RecordedLog


def simulate(experiment: Experiment, replication: int = 0) -> Log:
    """Return the whole log of one replication, a pure function of its arguments."""
    return record_replication(experiment, replication).full_log


def record_replication(experiment: Experiment, replication: int = 0) -> RecordedLog:
    """Simulate one replication; return its log, to be read in blocks."""
    return RecordedLog(experiment, run_processes(experiment, draw_orders(experiment, replication)))


def run_processes(experiment: Experiment, draws: OrderDraws) -> OrderStates:
    """Run the SimPy model and return the final order states."""
    collecting = gc.isenabled()
    gc.disable()  # there is no garbage before the end, and collecting takes a fifth of the time
    try:
        env = Environment()
        oms = Assure(env, OrderStates(draws))
        warehouse = Warehouse(env, experiment, oms)
        erp = ClientErp(env, experiment, oms, warehouse.pulls.add)
        oms.hold(warehouse.pulls.add)
        for process in (*Ajio(env, oms).processes(), *oms.processes(), *erp.processes()):
            env.process(process)
        env.run()
    finally:
        if collecting:
            gc.enable()
    return oms.states
