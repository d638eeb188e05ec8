"""The simulator's answers in the form of the contract, and the event log of such an answer. It imports the whole simulator."""

from orders.log.columns import COLUMN_NAMES, EventRow
from orders.log.event_log import Log
from simulator.study.simulate import simulate
from steps.contract.experiments import experiment_in
from steps.contract.simulations import RunOfSimulation, SimulationAnswer, SimulationRequest


def answer_simulation(request: SimulationRequest) -> SimulationAnswer:
    """Simulate the experiment, or each of its variants.

    Raises:
        SopError: as `experiment_in`.
    """
    experiment = experiment_in(request)
    if not request.each_variant:
        return SimulationAnswer(runs=[run_in_contract("", simulate(experiment))])
    return SimulationAnswer(runs=[run_in_contract(variation.name, simulate(variant)) for variation, variant in experiment.variants])


def run_in_contract(variant: str, log: Log) -> RunOfSimulation:
    """Return a run in the form of the contract; columns with defaults only are left out."""
    columns = dict(zip(COLUMN_NAMES, map(list, zip(*log.rows(), strict=True)), strict=True)) if len(log) else {}
    defaults = EventRow._field_defaults
    stored = {name: cells for name, cells in columns.items() if name not in defaults or any(cell != defaults[name] for cell in cells)}
    return RunOfSimulation(variant=variant, rows=len(log), columns=stored)


def log_in(run: RunOfSimulation) -> Log:
    """Return the event log of *run*.

    Raises:
        ValueError: a column is not one of the event log, is missing, or has another number of cells than the log has rows.
    """
    unknown = [name for name in run.columns if name not in COLUMN_NAMES]
    needed = [name for name in COLUMN_NAMES if name not in EventRow._field_defaults and name not in run.columns]
    if unknown or (needed and run.rows):
        message = f"unknown column {unknown[0]}" if unknown else f"no column {needed[0]}"
        raise ValueError(message)
    cells = [run.columns[name] if name in run.columns else [EventRow._field_defaults.get(name)] * run.rows for name in COLUMN_NAMES]
    if any(len(column) != run.rows for column in cells):
        message = f"a column without {run.rows:,} cells"
        raise ValueError(message)
    return Log.from_rows([EventRow._make(row) for row in zip(*cells, strict=True)])
