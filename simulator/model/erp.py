"""The client's ERP: orders are posted to it, it makes e-invoices in batches and pushes them; its clerks make credit notes.

While it is down, nothing is posted, made or pushed; afterwards the backlog drains, so many posts at a time. A cancellation
may reach it too late: then it e-invoices a cancelled order (GAP-17).
"""

from collections import deque
from collections.abc import Callable, Generator

from simpy import Environment, Event

from orders.log.calendar import MINUTE, after
from simulator.experiment.experiment import Experiment
from simulator.experiment.schedule import office_of, outages_of
from simulator.model.oms import Assure
from simulator.model.worker_pool import Pool


class ClientErp:
    """The ERP of a replication; *release* is told of each order that may go to the warehouse, and when."""

    def __init__(self, env: Environment, experiment: Experiment, oms: Assure, release: Callable[[int, int], None]) -> None:
        self.env, self.oms, self.release = env, oms, release
        self.most = experiment.erp.posts_per_interval
        self.post = experiment.erp.post_interval_minutes * MINUTE
        self.batch = experiment.erp.invoice_interval_minutes * MINUTE
        self.push = experiment.erp.push_interval_minutes * MINUTE
        self.pull = experiment.wms.pull_interval_minutes * MINUTE
        self.outages = outages_of(experiment.erp)

    def polls(self) -> Generator[Event, None, None]:
        """Post what is ready, so many at a time, whenever the ERP is up and something waits."""
        fates = self.oms.life.fates
        ready = fates.details
        coming = deque(sorted((order for order in range(len(ready)) if fates.erp[order]), key=ready.__getitem__))
        while coming:
            now = int(self.env.now)
            moment = self.outages.working(max(now, ready[coming[0]]), self.post)
            yield self.env.timeout(moment - now)
            room = self.most
            while room and coming and ready[coming[0]] < moment:
                order = coming.popleft()
                if not self.oms.gone(order, moment):
                    self.take(order, moment)
                    room -= 1

    def take(self, order: int, now: int) -> None:
        """An order is posted; its e-invoice, the push and the release follow, unless somebody cancels in between."""
        life = self.oms.life
        life.posted[order] = now
        life.generated[order] = generated = self.outages.working(now + life.fates.lag[order], self.batch)
        life.pushed[order] = pushed = self.outages.working(generated, self.push)
        life.released[order] = released = after(pushed, self.pull)
        if not self.oms.gone(order, released):
            self.release(order, released)


def make_credit_notes(experiment: Experiment, oms: Assure) -> None:
    """The clerks make the credit notes that are due, first come, first served; nothing else waits for them."""
    life = oms.life
    env = Environment()

    def begin(order: int) -> int:
        life.made[order] = made = int(env.now) + life.fates.clerk[order]
        return made

    clerks = Pool(env, experiment.erp.clerks, office_of(experiment.erp), begin, lambda _: None)
    due = life.due
    for order in [order for order in range(len(due)) if life.because.get(order)]:
        env.timeout(due[order], order).callbacks.append(lambda event: clerks.enter(event.value, int(env.now)))
    env.run()
