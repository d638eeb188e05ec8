"""A simulated log that is read from its file by the intake has, in an audit, its own answers, duties and makings."""

import pytest

from orders.audit.audit import audit
from orders.audit.rows.days import day_at
from orders.audit.tables import Tables
from orders.log.columns import Event
from orders.log.export.formats import LogFormat
from simulator.experiment.experiment import load
from simulator.study.log_files import write_log_files
from simulator.study.simulate import record_replication
from sop_engine import TaskKey
from tests.support.audit_logs import lives
from tests.support.intake import read_file


@pytest.mark.slow
def test_an_audit_of_the_file_of_a_log_agrees_with_the_log(tmp_path):
    experiment = load("partial_cancels", ["run.days=3"])
    recorded = record_replication(experiment)
    file = write_log_files(LogFormat.PARQUET, recorded, experiment, 0, tmp_path, "x")[0]
    intake = read_file(file, 'profile = "event-log"\n', audit="[audit]\n")
    events = [event for of_order in lives(recorded.full_log).values() for event in of_order]
    result = audit(Tables(intake.rows, intake.requests, intake.documents, intake.sources))
    notes = [duty for duty in result.context.duties if duty.arisen.task == TaskKey.CREDIT_NOTE]

    assert sorted(row["outcome"] for row in result.answers.to_pylist()) == sorted(
        event.outcome for event in events if event.event == Event.CANCELLATION
    )
    assert sorted((duty.arisen.at, sorted(duty.arisen.ids)) for duty in notes) == sorted(
        (event.at, sorted(event.ids)) for event in events if event.event == Event.CREDIT_NOTE_DUE
    )
    assert sorted(duty.done_on for duty in notes if duty.done_on) == sorted(
        day_at(event.at) for event in events if event.event == Event.CREDIT_NOTE_MADE
    )
    assert notes
