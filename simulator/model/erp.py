"""The client's ERP: it receives posts, makes e-invoices in batches and pushes them; its clerks make credit notes.

While it is down, nothing is posted, made or pushed; afterwards the backlog drains, a limited number per post. E-invoices also wait for
the IRP, where they are registered. A cancellation may reach the ERP too late: then it e-invoices a cancelled order (GAP-17).
"""

from collections import deque
from collections.abc import Callable, Iterator

from simpy import Environment

from orders.log.calendar import MINUTE, NEVER
from orders.log.columns import System
from simulator.experiment.experiment import Experiment
from simulator.experiment.schedule import clerks_of
from simulator.model.batches import Batches
from simulator.model.oms import Assure
from simulator.model.worker_pool import Process, WorkerPool
from sop_engine.order import LATE_E_INVOICE


class ClientErp:
    """The ERP of a replication; it calls *release* with each order that may go to the warehouse, and the time."""

    def __init__(self, env: Environment, experiment: Experiment, oms: Assure, release: Callable[[int, int], None]) -> None:
        erp = experiment.erp
        self.env, self.oms, self.states, self.release = env, oms, oms.states, release
        self.most, self.interval = erp.posts_per_interval, erp.post_interval_minutes * MINUTE
        outages = oms.states.draws.outages
        self.outages = outages[System.ERP]
        self.invoices = Batches(env, erp.invoice_interval_minutes * MINUTE, self._invoice, self.outages | outages[System.IRP])
        self.pushes = Batches(env, erp.push_interval_minutes * MINUTE, self._push, self.outages)
        self.clerks = WorkerPool(env, clerks_of(erp), self._begin_credit_note, self._finish_credit_note)
        oms.enqueue_credit_note = self.enqueue_credit_note

    def processes(self) -> Iterator[Process]:
        """Yield the process that posts; batches of e-invoices and pushes are processes of their own, clerks a pool."""
        yield self.posts()

    def posts(self) -> Process:
        """Post the orders whose details are there, at most `most` at each interval at which the ERP is up."""
        draws, cancelled = self.states.draws, self.states.cancelled
        ready = draws.details
        coming = deque(sorted((order for order in range(len(ready)) if draws.erp[order] and ready[order] != NEVER), key=ready.__getitem__))
        while coming:
            now = int(self.env.now)
            moment = self.outages.working(max(now, ready[coming[0]]), self.interval)
            yield self.env.timeout(moment - now)
            room = self.most
            while room and coming and ready[coming[0]] < moment:
                order = coming.popleft()
                if cancelled[order] == NEVER:
                    self.states.posted[order] = moment
                    self.invoices.add(order, moment + draws.lag[order])
                    room -= 1

    def _invoice(self, order: int, now: int) -> None:
        """Make the e-invoice, also of a cancelled order unless the cancellation has reached the ERP."""
        states = self.states
        if states.cancelled[order] == NEVER:
            states.generated[order] = now
            self.pushes.add(order, now)
        elif not states.draws.learns[order]:
            states.generated[order] = now
            self.oms.credit_note_due(order, now, LATE_E_INVOICE)

    def _push(self, order: int, now: int) -> None:
        """Send the e-invoice on to Increff; then the order is released."""
        if self.states.cancelled[order] == NEVER:
            self.states.pushed[order] = now
            self.release(order, now)

    # Credit notes

    def enqueue_credit_note(self, order: int) -> None:
        """Enqueue a credit note that is due now for a clerk."""
        self.clerks.enqueue(order, int(self.env.now))

    def _begin_credit_note(self, order: int) -> int:
        return int(self.env.now) + self.states.draws.clerk[order]

    def _finish_credit_note(self, order: int) -> None:
        self.states.note_made[order] = int(self.env.now)
