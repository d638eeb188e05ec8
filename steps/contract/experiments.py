"""The experiment that a request for a simulation asks for, checked before anything is simulated; this imports no simulator."""

from simulator.experiment.experiment import Experiment, load, shipped_experiments
from sop_engine import SopError
from sop_engine.errors import did_you_mean
from steps.contract.simulations import SimulationRequest


class OtherExperimentError(SopError):
    """An experiment that does not come with the program."""

    def __init__(self, experiment: str) -> None:
        super().__init__(f"there is no experiment `{experiment}`; {did_you_mean(experiment, shipped_experiments())}")


class NoVariantsError(SopError):
    """A request for each variant of an experiment that has none."""

    def __init__(self, experiment: str) -> None:
        super().__init__(f"the experiment `{experiment}` has no variants; leave out `each_variant`")


def experiment_in(request: SimulationRequest) -> Experiment:
    """Return the experiment with its settings, one of those that come with the program.

    Raises:
        OtherExperimentError: there is no experiment of that name.
        ExperimentError: a setting is invalid.
        NoVariantsError: each variant is to be simulated, and there is none.
    """
    if request.experiment not in shipped_experiments():  # never a file of this computer
        raise OtherExperimentError(request.experiment)
    experiment = load(request.experiment, [f"{setting.key}={setting.value}" for setting in request.settings])
    if request.each_variant and not experiment.variants:
        raise NoVariantsError(request.experiment)
    return experiment
