"""Settings of an older file become its callback rules."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from svcdesk.store import callbacks, migrations
from svcdesk.store.connection import open_writer

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_what_a_team_had_set_goes_on_to_hold(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    connection = open_writer(tmp_path / "old.svcdesk", create=True)
    with monkeypatch.context() as older:
        older.setattr(migrations, "SCRIPTS", migrations.SCRIPTS[:2])
        migrations.apply(connection, migrations.migrations())
    settings = {"callback_sampling": 30, "callback_hours": 24, "complaint_callback_hours": 36}
    connection.execute("UPDATE unit_of_work SET operation_id = 1, bulk = 2")
    for key, (name, value) in enumerate(settings.items(), start=1):
        connection.execute(
            "INSERT INTO setting (id, entered_at, updated_at, key, value) VALUES (?, 0, 0, ?, ?)",
            (key, name, json.dumps(value)),
        )
    connection.execute("UPDATE unit_of_work SET operation_id = NULL, bulk = 0")
    migrations.apply(connection, migrations.migrations())
    rules = [(r.name, r.percent, r.delay_hours) for r in callbacks.rules(connection)]
    assert rules == [("repair", 100, 24), ("other", 30, 24), ("complaint", 100, 36)]
    assert callbacks.routine_hours(connection) == 24
    reasons = connection.execute("SELECT count(*) FROM list_item WHERE list = 'low_reason'")
    assert reasons.fetchone() == (8,)
    connection.close()
