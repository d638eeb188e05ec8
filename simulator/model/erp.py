"""The client's ERP: it receives posts, makes e-invoices in batches and pushes them; its clerks make credit notes.

While it is down, nothing is posted, made or pushed; afterwards the backlog drains, a limited number per post. A cancellation
may reach it too late: then it e-invoices a cancelled order (GAP-17).
"""

from collections import deque
from collections.abc import Callable, Generator

from simpy import Environment, Event

from orders.log.calendar import MINUTE, NEVER, after
from simulator.experiment.experiment import Experiment
from simulator.experiment.schedule import office_of, outages_of
from simulator.model.oms import Assure
from simulator.model.worker_pool import WorkerPool


class ClientErp:
    """The ERP of a replication; it calls *release* with each order that may go to the warehouse, and the time."""

    def __init__(self, env: Environment, experiment: Experiment, oms: Assure, release: Callable[[int, int], None]) -> None:
        self.env, self.oms, self.release = env, oms, release
        self.most = experiment.erp.posts_per_interval
        self.post = experiment.erp.post_interval_minutes * MINUTE
        self.batch = experiment.erp.invoice_interval_minutes * MINUTE
        self.push = experiment.erp.push_interval_minutes * MINUTE
        self.pull = experiment.wms.pull_interval_minutes * MINUTE
        self.outages = outages_of(experiment.erp)

    def polls(self) -> Generator[Event, None, None]:
        """Post the orders that are ready, at most `most` at a time, while the ERP is up."""
        draws = self.oms.states.draws
        ready = draws.details
        coming = deque(sorted((order for order in range(len(ready)) if draws.erp[order] and ready[order] != NEVER), key=ready.__getitem__))
        while coming:
            now = int(self.env.now)
            moment = self.outages.working(max(now, ready[coming[0]]), self.post)
            yield self.env.timeout(moment - now)
            room = self.most
            while room and coming and ready[coming[0]] < moment:
                order = coming.popleft()
                if not self.oms.settle_and_check(order, moment):
                    self.post_order(order, moment)
                    room -= 1

    def post_order(self, order: int, now: int) -> None:
        """Post an order; its e-invoice, push and release follow unless it is cancelled in between."""
        states = self.oms.states
        states.posted[order] = now
        states.generated[order] = generated = self.outages.working(now + states.draws.lag[order], self.batch)
        states.pushed[order] = pushed = self.outages.working(generated, self.push)
        states.released[order] = released = after(pushed, self.pull)
        if not self.oms.settle_and_check(order, released):
            self.release(order, released)


def make_credit_notes(experiment: Experiment, oms: Assure) -> None:
    """Simulate the clerks, who make the credit notes due, first come, first served; no other process waits for them."""
    states = oms.states
    env = Environment()

    def begin(order: int) -> int:
        states.note_made[order] = note_made = int(env.now) + states.draws.clerk[order]
        return note_made

    clerks = WorkerPool(env, experiment.erp.clerks, office_of(experiment.erp), begin, lambda _: None)
    due = states.due
    for order in [order for order in range(len(due)) if states.because.get(order)]:
        env.timeout(due[order], order).callbacks.append(lambda event: clerks.enqueue(event.value, int(env.now)))
    env.run()
