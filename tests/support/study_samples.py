"""Small studies, in the form of ``study.json``, with the estimates that a test wants."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from simulator.study_data import Study, hash_of
from simulator.typed_json import decode

NAMES = {"single": ("base",), "paired": ("ERP", "RMS"), "sweep": ("7 packers", "6 packers", "5 packers", "4 packers")}
PACKERS = (7, 6, 5, 4)
Interval = tuple[Any, Any]


def estimate(mean: Any, half: Any, runs: int = 5) -> dict[str, Any]:
    """Return an estimate in its plain form."""
    return {"mean": mean, "half_width": half, "replications": runs, "interval": None, "events": None, "of": None, "p": None}


def queue(station: str, verdict: str, load: float = 0.5, start: float = 0, end: float = 1) -> dict[str, Any]:
    """Return the stability of a station in its plain form."""
    growth = estimate((end - start) / 7, 0.5)
    days = {"waiting": [end] * 8, "closed_hours": [3.0] * 8, "queue_hours": [0.5] * 8}
    return {"station": station, "load": load, "start": start, "end": end, "growth": growth, **days, "verdict": verdict}


def stability(*queues: dict[str, Any], warm_up: str = "enough") -> dict[str, Any]:
    """Return the stability of a variant in its plain form."""
    return {"queues": list(queues), "warm_up": {"hours": [11.0, 12.0], "days": 1, "excess": estimate(0.1, 0.2), "verdict": warm_up}}


def study(kind: str, measures: Mapping[str, Sequence[Interval]], *, runs: int = 5, spread: float = 0.1) -> dict[str, Any]:
    """Return a study of *kind*; each measure has an interval for each variant. A difference has *spread* times the base's half-width."""
    names = NAMES[kind]
    changes = [{"wms.packers": value} for value in PACKERS] if kind == "sweep" else [{}] * len(names)
    plain = {
        "version": 1,
        "name": "a_sample",
        "description": "What if?",
        "sha256": "",
        "seed": 1,
        "days": 8,
        "warm_up_days": 1,
        "replications": runs,
        "confidence": 0.95,
        "kind": kind,
        "sweep": {"key": "wms.packers", "says": "packers at work", "values": list(PACKERS)} if kind == "sweep" else None,
        "settings": [
            setting("ajio.breach_hours", 48.0, "Fynd: 100% in 48 h"),
            setting("ajio.target_hours", 24.0, "Fynd: 95% in 24 h"),
            setting("wms.packers", 9, "assumed"),
        ],
        "variants": [
            {
                "name": name,
                "says": f"the side of {name}",
                "changes": changes[k],
                "sha256": str(k) * 64,
                "replications": [{"number": n, "digest": f"{k}{n}" * 32, "rows": 1000, "measures": {}} for n in range(runs)],
                "estimates": {measure: estimate(*of[k], runs) for measure, of in measures.items()},
                "against_base": _against(measures, k, runs, spread) if k else None,
                "stability": None,
            }
            for k, name in enumerate(names)
        ],
        "checks": [{"name": "life cycle", "says": "Every order took its steps in their order.", "held": runs, "of": runs, "failed": []}],
    }
    return hashed(plain)


def hashed(plain: dict[str, Any]) -> dict[str, Any]:
    """Return *plain*, a study, with the hash of its variants as they are now."""
    return plain | {"sha256": hash_of((variant["name"], variant["sha256"]) for variant in plain["variants"])}


def typed(plain: dict[str, Any]) -> Study:
    """Return *plain* as the study that is read from it."""
    return decode(json.dumps(plain).encode(), Study)


def setting(key: str, value: Any, source: str) -> dict[str, Any]:
    """Return a setting in its plain form."""
    return {"key": key, "value": value, "says": f"what {key} means", "source": source, "assumed": source == "assumed", "varied": False}


def _against(measures: Mapping[str, Sequence[Interval]], k: int, runs: int, spread: float) -> dict[str, Any]:
    result = {}
    for measure, of in measures.items():
        (base, half), (mean, _) = of[0], of[k]
        result[measure] = estimate(mean - base, None if half is None else spread * half, runs)
    return result


def searched(**changes: Any) -> dict[str, Any]:
    """Return a search for packers in its plain form: with 5 the goal is met, with 4 the queue grows, 7 and 6 meet it too."""
    trials = [
        trial(7, "met", 0.9999),
        trial(6, "met", 0.9998),
        trial(5, "met", 0.998),
        trial(4, "unsteady", None, "the queue for packers grows day by day (load 107 %)"),
    ]
    plain = {
        "key": "wms.packers",
        "says": "packers at work",
        "goal": "SLA breached < 0.5 %",
        "is_best": False,
        "measure": "SLA breached, share of orders",
        "candidates": list(PACKERS),
        "confidence": 0.95,
        "limit": 24,
        "answer": 5,
        "is_clear": True,
        "replications": 20,
        "trials": trials,
    }
    return plain | changes


def trial(value: Any, verdict: str, sure: Any, reason: str = "", runs: int = 5) -> dict[str, Any]:
    """Return a trial of a search in its plain form; a queue is that of the packers."""
    queue_at = "packers" if reason.startswith("the queue") else ""
    return {"value": value, "replications": runs, "verdict": verdict, "sure": sure, "reason": reason, "queue_at": queue_at}


def precision(**changes: Any) -> dict[str, Any]:
    """Return a wanted half-width in its plain form."""
    plain = {
        "measure": "time to dispatch, hours",
        "wanted": "time to dispatch ± 0.1 hours",
        "half_width": 0.08,
        "reached": True,
        "limit": 100,
    }
    return plain | changes


def sensitive(**changes: Any) -> dict[str, Any]:
    """Return a sensitivity analysis in its plain form."""
    swings = {
        "orders": [{"value": 1600.0, "mean": -2.0, "low": -3.0, "high": -1.0}, {"value": 2400.0, "mean": 2.0, "low": 1.0, "high": 3.0}]
    }
    assumption = {
        "key": "ajio.orders_per_day",
        "says": "orders on an ordinary day",
        "value": 2000.0,
        "swings": swings,
        "turns": ["at 2400 x"],
    }
    plain = {
        "replications": 5,
        "bases": {"orders": 10.0},
        "assumptions": [assumption],
        "left_out": {"run.days": "a choice"},
        "failed_checks": 0,
    }
    return plain | changes
