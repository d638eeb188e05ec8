"""The page of an audit: one self-contained file without a script, and a style sheet allowed by its hash."""

from base64 import b64encode
from hashlib import sha256

from markupsafe import Markup

from reports.audit.content import AuditPage, page_of
from reports.audit.earlier_audit import Comparison
from reports.audit.material import AuditMaterial
from reports.html.resources import environment, joined_templates
from sop_engine import load_rulebook
from sop_engine.text import legal

PAGE_FILE = "audit.html"
STYLE = ("style/10-base.css", "style/99-print.css", "scenario_report.css", "audit.css")

_environment = environment(finalize=lambda value: value if isinstance(value, Markup) else legal(value))


def audit_page(material: AuditMaterial, comparison: Comparison | None = None) -> bytes:
    """Return the page of *material*; the same audit gives the same bytes."""
    rulebook = load_rulebook()
    return render(page_of(material, comparison, rulebook), rulebook.sha256).encode("utf-8", "replace")


def render(page: AuditPage, rulebook: str) -> str:
    """Render *page* as HTML; *rulebook* is the digest of the rulebook that gave the answers."""
    style = joined_templates(STYLE)
    return _environment.get_template("audit.html.j2").render(
        page=page,
        rulebook=rulebook,
        style=Markup(style),  # noqa: S704 - our own files, and their hash is what the browser checks
        style_hash=b64encode(sha256(style.encode()).digest()).decode(),
    )
