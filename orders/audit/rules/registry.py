"""All rules of the audit, in the order of their ids."""

from orders.audit.rules import (
    cancelling,
    crediting,
    invoicing,
    made_notes,
    one_id,
    packing_errors,
    returning,
    superfluous,
    two_systems,
    undecided,
    vms_report,
)
from orders.audit.rules.context import Rule

MODULES = (cancelling, packing_errors, undecided, crediting, made_notes, superfluous, invoicing, two_systems, vms_report, one_id, returning)
RULES: dict[str, Rule] = {rule.id: rule for rule in sorted((rule for module in MODULES for rule in module.RULES), key=lambda rule: rule.id)}
"""Id to rule."""
