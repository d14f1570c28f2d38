"""A child process that writes until it is killed; run as ``python killed.py TASK FILE``.

Whatever it reports on standard output was saved before the report.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

from svcdesk.services.desk import Desk
from svcdesk.store import migrations
from svcdesk.system.job import ImmediateContext


def report(text: object) -> None:
    """Tell the parent what is saved."""
    print(text, flush=True)


def write(path: Path) -> None:
    """Enter tickets and change them, one unit of work each."""
    from svcdesk.services import tickets

    with Desk.open(path) as desk:
        channel = desk.reference.by_code("channel", "chat")
        issue = desk.reference.by_code("issue", "quality")
        assert channel is not None
        assert issue is not None
        report("ready")
        while True:
            made = tickets.create(
                desk,
                {"new_customer": {"name": "张晓明", "phones": ["13812345678"]},
                 "channel_id": channel.id, "issue_id": issue.id, "title": "空调制冷效果差",
                 "description": "空调制冷效果差，出风口温度25℃", "owner_id": desk.actor.id},
            )  # fmt: skip
            report(f"ticket {made.value}")
            tickets.say(desk, made.value, "您好，已收到", "public_reply")
            tickets.step(
                desk,
                made.value,
                "resolve",
                {"solution": "更换主板，试机正常", "resolution_code": "onsite"},
            )
            report(f"resolved {made.value}")


def load(path: Path) -> None:
    """Import a file of tickets."""
    from svcdesk.services import imports

    source = path.with_suffix(".csv")
    with Desk.open(path) as desk:
        mapping = replace(imports.load_mapping(None, "tickets"), create=frozenset({"customer"}))
        report("ready")
        plan = imports.apply(desk, source, mapping, ImmediateContext()).value
        report(f"imported {plan.inserted} {plan.problems[:1]}")


def upgrade(path: Path) -> None:
    """Upgrade the file by a migration that rewrites every row."""
    original, before = migrations.migrations, migrations.VERSION

    def more():  # type: ignore[no-untyped-def]
        steps = original()

        @steps()
        def m9999_numbers(db):  # type: ignore[no-untyped-def]
            db.execute("CREATE TABLE numbers (n INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT")
            for n in range(20000):
                db.execute("INSERT INTO numbers VALUES (?, ?)", (n, "x" * 200))
            db.execute("ALTER TABLE product ADD COLUMN weight INTEGER")
            migrations.mark(db, before + 1)

        return steps

    migrations.migrations = more
    migrations.VERSION = before + 1
    report("ready")
    with Desk.open(path):
        report("upgraded")


def create(path: Path) -> None:
    """Make new files, one after the other."""
    report("ready")
    for number in range(1000):
        target = path.with_name(f"new{number}.svcdesk")
        Desk.create(target).close()
        report(f"created {target.name}")


if __name__ == "__main__":
    {"write": write, "load": load, "upgrade": upgrade, "create": create}[sys.argv[1]](
        Path(sys.argv[2])
    )
