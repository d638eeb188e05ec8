"""What the rows of requests say of themselves, and what they leave open: results, quantities of Ajio, and times to come.

A report of Ajio's quantities or of what was cancelled has no column for the result: what it lists was carried out. In an export of
requests a missing result is open: the request was carried out, turned away, or failed at packing.
"""

import numpy as np

from orders.audit.rows.columns import ABSENT, NEVER, Columns, Flags
from orders.audit.tables import TIMES, Channel, Observed


def complete_results(requests: Columns, of_ajio: Flags, of_vms: Flags) -> None:
    """Complete results and quantities in *requests*, where a report of Ajio or of the VMS does not give them.

    With the status Cancelled and no quantity the whole row is cancelled; with the quantity 0 it contradicts itself, and all rows of
    its order are open. Adds the columns `by_status` and `contradicts_itself`.
    """
    by_status = of_ajio & requests["is_cancellation"] & (requests["channel_status"] == Channel.CANCELLED)
    by_status = np.asarray(by_status & (requests["units_cancelled"] <= 0))
    contradicts = by_status & (requests["units_cancelled"] == 0)
    taken = np.where(contradicts, ABSENT, requests["units"])
    requests["units_cancelled"] = np.where(by_status, taken, requests["units_cancelled"])
    open_orders = np.isin(requests["order"], np.unique(requests["order"][contradicts])) if contradicts.any() else contradicts
    listed = (of_ajio | of_vms) & requests["is_cancellation"] & (requests["carried_out"] == Observed.UNKNOWN) & ~open_orders
    requests["carried_out"] = np.where(listed, Observed.YES, requests["carried_out"]).astype(np.uint8)
    requests["packing_error_known"] = requests["packing_error_known"] | of_ajio | of_vms
    requests["by_status"], requests["contradicts_itself"] = by_status, contradicts


def set_aside_later_times(requests: Columns, last: int) -> None:
    """Empty the times of *requests* from *last* on, but that of the request itself: on the day of the audit they are not known.

    Adds for each time the column `NAME_later`: whether it was emptied.
    """
    for name in TIMES:
        start = requests[f"{name}_start"]
        later = np.asarray(start >= last) if name != "cancelled" else np.zeros(len(start), dtype=bool)
        if later.any():
            for end in ("start", "end"):
                requests[f"{name}_{end}"] = np.where(later, NEVER, requests[f"{name}_{end}"])
        requests[f"{name}_later"] = later
    later = requests["packing_failed_later"]
    requests["packing_error_known"] = requests["packing_error_known"] & ~later
    requests["packing_error"] = requests["packing_error"] & ~later
