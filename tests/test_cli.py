"""The command line as a program sees it: JSON on standard output, exit status, one sentence."""

import json
from pathlib import Path

import pytest

from svcdesk.cli import main
from svcdesk.services.desk import Desk
from svcdesk.system.clock import FixedClock


@pytest.fixture
def data(tmp_path: Path, clock: FixedClock) -> Path:
    path = tmp_path / "desk.svcdesk"
    Desk.create(path, clock=clock).close()
    return path


def run(capsys: pytest.CaptureFixture[str], *words: object) -> tuple[int, str, str]:
    status = main([str(word) for word in words])
    captured = capsys.readouterr()
    return status, captured.out, captured.err


def as_json(capsys: pytest.CaptureFixture[str], *words: object) -> dict[str, object]:
    status, out, err = run(capsys, *words, "--json")
    assert status == 0, err
    answer = json.loads(out)
    assert isinstance(answer, dict)
    return answer


def test_new_refuses_to_overwrite(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.svcdesk"
    assert run(capsys, "new", "--data", path)[0] == 0
    status, out, err = run(capsys, "new", "--data", path, "--lang", "zh")
    assert (status, out) == (1, "")
    assert "已存在" in err
    assert err.count("\n") == 1


def test_working_time(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    # Friday 17:00 to Tuesday 10:00 over 清明 (Sat–Mon off): 60 + 60 minutes
    answer = as_json(
        capsys, "calendar", "minutes", "2026-04-03T17:00", "2026-04-07T10:00", "--data", data
    )
    assert answer["minutes"] == 120
    answer = as_json(capsys, "calendar", "add", "2026-04-03T17:00", "60", "--data", data)
    assert answer["at"] == "2026-04-03T18:00:00+08:00"
    # Sunday 20 Sept 2026 is a make-up day before 中秋 and 国庆
    answer = as_json(capsys, "calendar", "deadline", "2026-09-18T10:00", "1", "--data", data)
    assert answer["at"] == "2026-09-20T18:00:00+08:00"
    answer = as_json(capsys, "calendar", "deadline", "2027-02-01T10:00", "1", "--data", data)
    assert answer["missing_years"] == [2027]
    status, _, err = run(capsys, "calendar", "minutes", "2026-04-07", "2026-04-03", "--data", data)
    assert status == 1
    assert err.strip()


def test_import_metrics_drill_undo(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = tmp_path / "t.csv"
    source.write_text(
        "外部单号,标题,客户,渠道,问题类型,受理时间,首次响应时间,解决时间\n"
        "A1,空调不制冷,张三,微信,产品质量缺陷,2026-03-03 10:00,2026-03-03 10:10,2026-03-03 12:00\n"
        "A2,空调漏水,李四,微信,产品质量缺陷,2026-03-04 10:00,2026-03-04 10:50,\n",
        encoding="utf-8-sig",
    )
    mapping = tmp_path / "m.toml"
    mapping.write_text('kind = "tickets"\ncreate = ["customer"]\n', encoding="utf-8")
    words = ("import", source, "--map", mapping, "--data", data)
    assert as_json(capsys, *words, "--dry-run")["inserted"] == 2
    done = as_json(capsys, *words)
    assert (done["rows_read"], done["inserted"], done["rejected"]) == (2, 2, [])
    again = as_json(capsys, *words)
    assert (again["inserted"], again["updated"], again["skipped"]) == (0, 0, 2)
    figures = as_json(capsys, "metrics", "-p", "2026-03", "--as-of", "2026-04-01", "--data", data)
    # (10 + 50) / 2 working minutes; one of two within 30
    assert figures["frt_mean_min"] | {} == figures["frt_mean_min"]
    mean, rate = figures["frt_mean_min"], figures["frt_sla_rate"]
    assert isinstance(mean, dict)
    assert isinstance(rate, dict)
    assert (mean["value"], mean["n"], mean["met"]) == (30, 2, None)
    assert (rate["num"], rate["den"], rate["display"]) == (1, 2, "50.0%")
    csat = figures["csat_mean"]
    assert isinstance(csat, dict)
    assert (csat["value"], csat["display"]) == (None, "—")
    drilled = as_json(
        capsys, "drill", "frt_sla_rate", "-p", "2026-03", "--part", "num", "--data", data
    )
    assert drilled["records"] == ["GD202603-0001"]
    by = as_json(
        capsys,
        "metrics",
        "-p",
        "2026-03",
        "--by",
        "channel",
        "--only",
        "ticket_created",
        "--data",
        data,
    )
    groups = by["ticket_created"]
    assert isinstance(groups, list)
    assert [(g["code"], g["num"]) for g in groups] == [("wechat", 2)]
    as_json(capsys, "undo-import", done["batch"], "--data", data)
    after = as_json(capsys, "metrics", "-p", "2026-03", "--only", "ticket_created", "--data", data)
    created = after["ticket_created"]
    assert isinstance(created, dict)
    assert created["num"] in {0, None}


def test_rejected_rows_name_row_field_and_reason(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = tmp_path / "s.csv"
    source.write_text(
        "问卷编号,发送时间,评分\nS1,2026-03-05,6\nS2,2026-03-05,0\n", encoding="utf-8"
    )
    status, out, _ = run(capsys, "import", source, "--as", "surveys", "--data", data, "--json")
    answer = json.loads(out)
    if "rejected" in answer:
        assert status == 1
        assert {(r["row"], r["code"]) for r in answer["rejected"]} == {(2, "AB07"), (3, "AB07")}
        assert answer["applied"] is False
    else:  # the headers differ: the refusal is one sentence
        pytest.fail(str(answer))


def test_usage_and_environment_have_their_status(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(capsys, "metrics", "--data", data)[0] == 2
    assert run(capsys, "nonsense")[0] == 2
    text = tmp_path / "text.svcdesk"
    text.write_text("not a data file" * 50)
    status, out, err = run(capsys, "check", "--data", text, "--lang", "zh")
    assert (status, out) == (3, "")
    assert "不是本程序的数据文件" in err
    assert run(capsys, "metrics", "-p", "2026-99", "--data", data)[0] == 1
    with Desk.open(data):
        status, _, err = run(capsys, "undo-import", "DR000001", "--data", data)
        assert status == 3
        assert "open in another window" in err


def test_backup_check_restore_template(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copy, back = tmp_path / "copy.svcdesk", tmp_path / "back.svcdesk"
    as_json(capsys, "backup", "--out", copy, "--data", data)
    as_json(capsys, "restore", copy, "--to", back)
    assert as_json(capsys, "check", "--data", back) == {"ok": True, "problems": []}
    kinds = as_json(capsys, "template", "--list")["kinds"]
    assert isinstance(kinds, list)
    assert {k["kind"] for k in kinds} >= {
        "customers", "products", "orders", "tickets", "ticket-events", "visits", "complaints",
        "complaint-events", "callbacks", "callback-attempts", "surveys", "quality-checks", "knowledge",
        "users", "targets", "calendar", "channel-daily", "order-volume", "spare-parts", "manual-metrics",
    }  # fmt: skip
    for suffix in ("csv", "xlsx"):
        out = tmp_path / f"t.{suffix}"
        as_json(capsys, "template", "tickets", "--out", out)
        assert out.stat().st_size > 100


def test_a_full_disk_is_told_and_nothing_is_saved(tmp_path: Path, clock: FixedClock) -> None:
    from svcdesk.system.errors import EnvironmentProblem

    with Desk.create(tmp_path / "d.svcdesk", clock=clock) as desk:
        pages = desk.writer.execute("PRAGMA page_count").fetchone()[0]
        desk.writer.execute(f"PRAGMA max_page_count = {pages}")

        def fill() -> None:
            with desk.write("Fill") as uow:
                for number in range(2000):
                    uow.insert("product", {"product_no": f"P{number}", "name": "x" * 500})

        with pytest.raises(EnvironmentProblem, match="no space left") as caught:
            fill()
        assert caught.value.exit_status == 3
        assert desk.reader.execute("SELECT count(*) FROM product").fetchone() == (0,)
