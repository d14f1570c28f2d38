"""The core stays free of Qt, SQL stays in the store, the domain reads no clock."""

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SQL = ("SELECT ", "INSERT INTO", "UPDATE ", "DELETE FROM", "PRAGMA ")


def sources(folder: str) -> list[Path]:
    return sorted((ROOT / folder).rglob("*.py"))


def test_sql_stands_in_the_store_alone() -> None:
    found = []
    for folder in (
        "svcdesk/services",
        "svcdesk/reports",
        "svcdesk/interchange",
        "svcdesk/domain",
        "ui",
    ):
        for path in sources(folder):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                text = node.value if isinstance(node, ast.Constant) else None
                if isinstance(text, str) and text.startswith(SQL):
                    found.append(f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}")
    assert found == []


def test_the_domain_reads_no_clock_and_does_no_input() -> None:
    found = []
    for path in sources("svcdesk/domain"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            called = node.func
            name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
            own = isinstance(called, ast.Attribute) and getattr(called.value, "id", "") == "self"
            if name in {"now", "today", "utcnow", "time_ns", "open", "read_text"} and not own:
                found.append((path.name, node.lineno, name))
    assert found == []


def test_modules_stay_readable() -> None:
    long = {
        str(path.relative_to(ROOT)): count
        for folder in ("svcdesk", "ui")
        for path in sources(folder)
        if (count := len(path.read_text(encoding="utf-8").splitlines())) > 620
    }
    assert long == {}
