"""Write the published document of the contract: `python -P -m tests.support.write_contract`."""

from steps.contract import openapi
from tests.support.project_figures import TOP

PUBLISHED = TOP / "sop_engine" / "schemas" / openapi.PUBLISHED_FILE

if __name__ == "__main__":
    PUBLISHED.write_text(openapi.text(), encoding="utf-8")
