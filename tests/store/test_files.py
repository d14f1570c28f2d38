import shutil
from pathlib import Path

import pytest

from svcdesk.services import backups
from svcdesk.services.desk import Desk
from svcdesk.store import change_log, migrations
from svcdesk.store.connection import open_writer
from svcdesk.system import volumes
from svcdesk.system.clock import FixedClock
from svcdesk.system.errors import AppError, EnvironmentProblem, UserError
from svcdesk.system.job import Cancelled, ImmediateContext
from svcdesk.system.volumes import Volume, classify
from tests.support.old_program import keeps_no_sums


def test_a_new_file_has_every_list_and_calendar_day(desk: Desk) -> None:
    reference = desk.reference
    assert [i.name for i in reference.items_of("department")] == ["客服", "物流", "产品", "其他"]
    assert reference.by_code("channel", "phone").live  # type: ignore[union-attr]
    # S3 counts e-mail as an offline channel (domain.md 2.15)
    assert reference.by_code("channel", "email").group == "offline"  # type: ignore[union-attr]
    assert reference.calendar.years == frozenset(range(2015, 2027))
    assert [p.name for p in reference.policies] == ["urgent", "high", "normal", "low"]


def test_schema_is_strict_and_refers_to_what_exists(desk: Desk) -> None:
    tables = desk.reader.execute(
        "SELECT name, strict FROM pragma_table_list WHERE schema = 'main' AND type = 'table' "
        "AND name NOT LIKE 'sqlite_%' AND name NOT LIKE '_sqlite_%' AND name NOT LIKE 'search_index%' AND name NOT LIKE 'customer_index%'"
    ).fetchall()
    assert len(tables) > 50
    assert [name for name, strict in tables if not strict] == []
    assert desk.reader.execute("PRAGMA foreign_key_check").fetchall() == []
    # every logged table has its three guards in the file, and its log in the connection that writes
    with desk.write("Nothing"):
        pass
    for master, kind in (("main", "guard"), ("temp", "log")):
        found = {
            name
            for (name,) in desk.writer.execute(
                f"SELECT name FROM {master}.sqlite_master WHERE type = 'trigger' "
                "AND (instr(name, '_guard_') OR instr(name, '_log_'))"
            )
        }
        assert found == {
            f"{table}_{kind}_{event}"
            for table in change_log.logged_tables(desk.reader)
            for event in ("insert", "update", "delete")
        }


def test_an_existing_file_is_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "note.svcdesk"
    path.write_text("mine")
    with pytest.raises(UserError, match="exists already"):
        Desk.create(path)
    assert path.read_text() == "mine"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"just a text, nothing else" * 20, "not_a_data_file"),
        (b"", "not_a_data_file"),
        (b"SQLite format 3\x00" + b"\x10\x00" + b"\0" * 200, "foreign_file"),
    ],
)
def test_foreign_files_are_refused_unchanged(tmp_path: Path, content: bytes, code: str) -> None:
    path = tmp_path / "x.svcdesk"
    path.write_bytes(content)
    for write in (True, False):
        with pytest.raises(EnvironmentProblem) as caught:
            Desk.open(path, write=write)
        assert caught.value.code in {code, "not_a_data_file", "damaged"}
        assert caught.value.exit_status == 3
    assert path.read_bytes() == content


def test_another_programs_database_is_refused(tmp_path: Path) -> None:
    import sqlite3

    path = tmp_path / "x.svcdesk"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE t (a)")
    connection.close()
    with pytest.raises(EnvironmentProblem, match="another program"):
        Desk.open(path)


def test_a_place_that_cannot_be_written_is_named_as_the_user_knows_it(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("x")
    for target in (blocked / "desk.svcdesk", Path("/proc/desk.svcdesk")):
        with pytest.raises(EnvironmentProblem) as caught:
            Desk.create(target)
        assert caught.value.values["path"] == str(target)


def test_a_folder_and_a_missing_file_are_told(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="is a folder"):
        Desk.open(tmp_path)
    with pytest.raises(UserError, match="does not exist"):
        Desk.open(tmp_path / "none.svcdesk")


def test_a_truncated_file_is_told(tmp_path: Path, clock: FixedClock) -> None:
    path = tmp_path / "desk.svcdesk"
    Desk.create(path, clock=clock).close()
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(EnvironmentProblem, match="damaged"):
        Desk.open(path)


def test_a_newer_file_is_refused_unchanged(tmp_path: Path, clock: FixedClock) -> None:
    path = tmp_path / "desk.svcdesk"
    Desk.create(path, clock=clock).close()
    connection = open_writer(path)
    connection.execute(f"PRAGMA user_version = {migrations.VERSION + 1}")
    connection.close()
    for write in (True, False):
        with pytest.raises(EnvironmentProblem, match="newer version"):
            Desk.open(path, write=write)


def test_an_older_file_is_upgraded_after_a_backup(
    tmp_path: Path, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "desk.svcdesk"
    Desk.create(path, clock=clock).close()
    original, before = migrations.migrations, migrations.VERSION

    def more():  # type: ignore[no-untyped-def]
        steps = original()

        @steps()
        def m9999_shoe_size(db):  # type: ignore[no-untyped-def]
            db.execute("ALTER TABLE person ADD COLUMN shoe_size INTEGER")
            migrations.mark(db, before + 1)

        return steps

    monkeypatch.setattr(migrations, "migrations", more)
    monkeypatch.setattr(migrations, "VERSION", before + 1)
    with Desk.open(path, clock=clock) as desk:
        assert "shoe_size" in change_log.columns(desk.reader, "person")
    copy = tmp_path / f"desk-before-upgrade-v{before}.svcdesk"
    assert copy.exists()
    monkeypatch.setattr(migrations, "VERSION", before)
    with Desk.open(copy, write=False, clock=clock) as old:
        assert "shoe_size" not in change_log.columns(old.reader, "person")


def test_a_file_of_the_first_version_becomes_as_a_new_one(
    tmp_path: Path, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new = tmp_path / "old.svcdesk", tmp_path / "new.svcdesk"
    monkeypatch.setattr(migrations, "SCRIPTS", ("0001_initial",))
    monkeypatch.setattr(migrations, "VERSION", 1)
    keeps_no_sums(monkeypatch)
    Desk.create(old, clock=clock).close()
    monkeypatch.undo()
    Desk.create(new, clock=clock).close()
    made = "SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite%' ORDER BY 1, 2"
    with Desk.open(old, clock=clock) as upgraded, Desk.open(new, clock=clock) as fresh:
        assert upgraded.reader.execute(made).fetchall() == fresh.reader.execute(made).fetchall()
        assert upgraded.reader.execute("PRAGMA user_version").fetchone()[0] == migrations.VERSION


@pytest.mark.parametrize(
    "path",
    ["/home/a/OneDrive/desk.svcdesk", "/home/a/OneDrive - Firma/x/desk.svcdesk",
     "/Users/a/Dropbox/desk.svcdesk", "/data/坚果云/desk.svcdesk", "/home/a/百度网盘同步空间/d.svcdesk"],
)  # fmt: skip
def test_sync_folders_are_recognised(path: str) -> None:
    assert classify(Path(path)) is Volume.SYNC


def test_names_that_only_sound_alike_are_fine(tmp_path: Path) -> None:
    folder = tmp_path / "dropbox-free notes"
    assert volumes.sync_folder(tmp_path / "onedriver" / "x") is None
    folder.mkdir()


def test_network_paths_are_recognised(monkeypatch: pytest.MonkeyPatch) -> None:
    assert classify(Path(r"\\server\share\desk.svcdesk")) is Volume.NETWORK
    monkeypatch.setattr(volumes, "_mounted_type", lambda path: "cifs")
    monkeypatch.setattr(volumes.sys, "platform", "linux")
    assert classify(Path("/mnt/office/desk.svcdesk")) is Volume.NETWORK


def test_unsafe_folders_are_refused_for_writing(tmp_path: Path, clock: FixedClock) -> None:
    folder = tmp_path / "OneDrive"
    folder.mkdir()
    with pytest.raises(EnvironmentProblem, match="cloud-sync folder"):
        Desk.create(folder / "desk.svcdesk", clock=clock)
    local = tmp_path / "desk.svcdesk"
    Desk.create(local, clock=clock).close()
    shutil.copy(local, folder / "desk.svcdesk")
    with pytest.raises(EnvironmentProblem, match="cloud-sync folder"):
        Desk.open(folder / "desk.svcdesk", clock=clock)
    assert list(folder.iterdir()) == [folder / "desk.svcdesk"]


def test_backup_while_working_and_restore(desk: Desk, tmp_path: Path) -> None:
    with desk.write("Add") as uow:
        uow.insert("product", {"product_no": "A", "name": "空调"})
    target = tmp_path / "backups" / "copy.svcdesk"
    backups.make(desk, target, ImmediateContext())
    with pytest.raises(UserError, match="exists already"):
        backups.make(desk, target, ImmediateContext())
    restored = tmp_path / "restored.svcdesk"
    backups.restore(target, restored, ImmediateContext())
    with Desk.open(restored, clock=desk.clock) as again:
        assert again.reader.execute("SELECT name FROM product").fetchall() == [("空调",)]
        assert backups.check(again) == []


def test_a_cancelled_backup_leaves_nothing(desk: Desk, tmp_path: Path) -> None:
    context = ImmediateContext()
    context.cancelled = True
    target = tmp_path / "copy.svcdesk"
    with pytest.raises(Cancelled):
        backups.make(desk, target, context)
    assert not [p for p in tmp_path.iterdir() if "copy" in p.name]


def test_check_names_a_broken_reference(desk: Desk) -> None:
    assert backups.check(desk) == []
    with desk.write("Add") as uow:
        key = uow.insert("product", {"product_no": "A", "name": "a"})
    desk.writer.execute("PRAGMA foreign_keys = OFF")
    with desk.write("Break") as uow:
        uow.update("product", key, {"category_id": 42})
    desk.writer.execute("PRAGMA foreign_keys = ON")
    (problem,) = backups.check(desk)
    assert "product" in problem


def test_errors_have_a_sentence_in_both_languages() -> None:
    from svcdesk.i18n.catalog import translator
    from svcdesk.i18n.labels import sentence

    error: AppError = EnvironmentProblem(
        "“{path}” is not a svcdesk data file. Choose a file that svcdesk made.",
        code="x",
        path="a.txt",
    )
    assert "a.txt" in sentence(error.text, error.values, translator("zh_CN"))
