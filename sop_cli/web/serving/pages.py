"""The page of the workbench with its files, and the pages of the living document."""

import secrets
from http import HTTPStatus
from importlib.resources import files
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, Response

from sop_cli.serving.responses import problem
from sop_cli.web.audit_results import AUDITS, DOWNLOADS, PAGE_FILE
from sop_cli.web.serving.state import workbench_of
from sop_cli.web.uploads_folder import RESULTS

STATIC, SITE = "static", Path("build", "site")
SIMULATIONS = Path("build", "simulations")
PAGE = "workbench.html"
SHARED = {"document.css": ("reports/templates/style", ""), "explorer.js": ("reports/templates/script", "40-explorer.js")}
"""Parts of the living document that the page uses too, by the name in which it asks for them: folder, and file (all if empty)."""
MEDIA_TYPES = {".css": "text/css", ".js": "text/javascript", ".html": "text/html", ".svg": "image/svg+xml", ".txt": "text/plain"}
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    "form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
)
SITE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; "
    "form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
)
"""Policy for the living document, whose pages each have a stricter one: no script of theirs may send a request to the workbench."""
NONCE = "{{nonce}}"
"""Where the page has the nonce of its style elements, which the editor makes."""


async def page(request: Request) -> Response:  # noqa: ARG001 - of a route
    """Return the page."""
    nonce = secrets.token_urlsafe(16)
    text = (files("sop_cli.web") / STATIC / PAGE).read_text(encoding="utf-8").replace(NONCE, nonce)
    return Response(text, media_type="text/html", headers={"content-security-policy": POLICY.format(nonce=nonce)})


async def static(request: Request) -> Response:
    """Return a file of the page."""
    return _file_below(Path(str(files("sop_cli.web") / STATIC)), request.path_params["path"])


async def shared(request: Request) -> Response:
    """Return the styles, or a script, of the living document."""
    name = request.url.path.rpartition("/")[2]
    place, only = SHARED[name]
    folder, suffix = files(place.partition("/")[0]).joinpath(*place.split("/")[1:]), f".{name.rpartition('.')[2]}"
    parts = sorted((part for part in folder.iterdir() if part.name.endswith(only or suffix)), key=lambda part: part.name)
    return Response("\n".join(part.read_text(encoding="utf-8") for part in parts), media_type=MEDIA_TYPES[suffix])


async def site(request: Request) -> Response:
    """Return a page of the living document."""
    workbench = workbench_of(request)
    response = _file_below(workbench.project.home / SITE, request.path_params["path"] or "index.html")
    response.headers["content-security-policy"] = SITE_POLICY
    return response


async def simulation(request: Request) -> Response:
    """Return the report of a simulation, also of one that the living document does not have yet."""
    response = _file_below(workbench_of(request).project.home / SIMULATIONS, f"{request.path_params['name']}/report.html")
    response.headers["content-security-policy"] = SITE_POLICY
    return response


async def audit(request: Request) -> Response:
    """Return a file of an audit: the page, or a download; of a workbench that is read only, also one that was not kept."""
    workbench = workbench_of(request)
    name, file = request.path_params["name"], request.path_params["file"]
    if file != PAGE_FILE and file not in DOWNLOADS:
        return problem(404, "No such page", "an audit has no such file; go back to the workbench")
    folders = [workbench.uploads.folder / RESULTS] if workbench.project.read_only else []
    for folder in (*folders, workbench.project.home / AUDITS):
        response = _file_below(folder, f"{name}/{file}")
        if response.status_code == HTTPStatus.OK:
            break
    response.headers["content-security-policy"] = SITE_POLICY
    if file != PAGE_FILE:
        response.headers["content-disposition"] = f'attachment; filename="{file}"'
    return response


def _file_below(folder: Path, path: str) -> Response:
    """Return the file *path* below *folder*, never one that a link or `..` leads to elsewhere."""
    parts = path.split("/")
    file = folder.joinpath(*parts)
    try:
        inside = not {"", ".", ".."} & {*parts} and file.resolve(strict=True).is_relative_to(folder.resolve(strict=True)) and file.is_file()
    except (OSError, ValueError, RuntimeError):
        inside = False
    if not inside:
        return problem(404, "No such page", "there is no such page; go back, or run the specification to write the living document")
    return FileResponse(file, media_type=MEDIA_TYPES.get(file.suffix, "application/octet-stream"))
