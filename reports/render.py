"""The page as one self-contained HTML text. Templates only place what the page data says."""

from base64 import b64encode
from hashlib import sha256
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from reports.content import Page
from reports.status import Status

LEGEND = (
    (Status.PASSED, "its examples ran, and the answers were those written down"),
    (Status.FAILED, "at least one example ran and the answer was another, or it could not be carried out"),
    (Status.NOT_RUN, "there are examples, and at least one of them did not run"),
    (Status.NO_EXAMPLE, "the sentence says something, and nothing tries it yet"),
    (Status.SILENT, "the SOP leaves it open; we take one reading and say so"),
    (Status.NOT_OPERATIVE, "the sentence says nothing that could be tried; the reason stands beside it"),
)

_templates = Environment(
    loader=PackageLoader("reports"),
    autoescape=True,
    undefined=StrictUndefined,  # a template typo fails the build
    trim_blocks=True,
    lstrip_blocks=True,
)


def render(page: Page) -> str:
    """*page* as HTML. The style sheet is inline and named to the browser by its hash; nothing else may load or run."""
    style = files("reports").joinpath("templates", "style.css").read_text(encoding="utf-8").strip()
    digest = b64encode(sha256(style.encode()).digest()).decode()
    return _templates.get_template("page.html.j2").render(
        page=page,
        legend=LEGEND,
        style=Markup(style),  # noqa: S704 - our own file, and its hash is what the browser checks
        style_hash=digest,
    )
