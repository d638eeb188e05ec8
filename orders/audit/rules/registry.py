"""All rules of the audit, in the order of their ids."""

from orders.audit.rules import cancelling, crediting, invoicing, returning, systems
from orders.audit.rules.context import Rule

RULES: dict[str, Rule] = {
    rule.id: rule
    for rule in sorted((*cancelling.RULES, *crediting.RULES, *invoicing.RULES, *systems.RULES, *returning.RULES), key=lambda rule: rule.id)
}
"""Id to rule."""
