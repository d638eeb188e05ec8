"""The pages of the site, one module each, in the order of the navigation."""

from reports.site.pages import cases, changes, features, glossary, life, overview, questions, search, simulations, sop, steps, traceability

PAGES = (
    overview.PAGE,
    sop.PAGE,
    questions.PAGE,
    features.PAGE,
    cases.PAGE,
    life.PAGE,
    traceability.PAGE,
    changes.PAGE,
    steps.PAGE,
    glossary.PAGE,
    simulations.PAGE,
    search.PAGE,
)
