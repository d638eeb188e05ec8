"""Pages of one file: the style is inside, and the policy of the page names its hash."""

from base64 import b64encode
from collections.abc import Iterable
from hashlib import sha256
from typing import Any

from markupsafe import Markup

from reports.html.resources import environment, joined_templates
from sop_engine.text import legal

_environment = environment(finalize=lambda value: value if isinstance(value, Markup) else legal(value))


def single_file_page(template: str, styles: Iterable[str], **values: Any) -> str:
    """Render *template* with *values*, and with the joined *styles* as ``style`` and ``style_hash``."""
    style = joined_templates(styles)
    return _environment.get_template(template).render(
        **values,
        style=Markup(style),  # noqa: S704 - our own files, and their hash is what the browser checks
        style_hash=b64encode(sha256(style.encode()).digest()).decode(),
    )
