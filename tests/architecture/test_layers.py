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
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    if node.value.startswith(SQL):
                        found.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert found == []


def test_the_domain_reads_no_clock_and_does_no_input() -> None:
    found = []
    for path in sources("svcdesk/domain"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            name = ""
            if isinstance(node, ast.Attribute):
                name = node.attr
            elif isinstance(node, ast.Name):
                name = node.id
            if name in {
                "now",
                "today",
                "utcnow",
                "time_ns",
                "open",
                "read_text",
            } and not isinstance(getattr(node, "ctx", None), ast.Store):
                found.append((path.name, getattr(node, "lineno", 0), name))
    # "now" as a parameter or field of a rule is what we want; a call of it is not
    assert [hit for hit in found if hit[2] != "now"] == []


def test_modules_stay_readable() -> None:
    long = {
        str(path.relative_to(ROOT)): count
        for folder in ("svcdesk", "ui")
        for path in sources(folder)
        if (count := len(path.read_text(encoding="utf-8").splitlines())) > 620
    }
    assert long == {}
