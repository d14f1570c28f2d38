"""Texts: complete in both languages, compiled, and only marked where the extractor sees them."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from svcdesk.i18n import catalog

ROOT = Path(__file__).resolve().parents[2]
MARKS = {"_", "N_", "ngettext", "pgettext", "t"}


def test_catalogue_is_complete_and_compiled() -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "build" / "i18n.py"), "check"],
        capture_output=True, text=True, check=False, cwd=ROOT,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout


def test_no_text_hides_from_the_extractor() -> None:
    """Neither an f-string in a mark nor a mark in an f-string is ever extracted."""
    hidden = []
    for path in [*(ROOT / "svcdesk").rglob("*.py"), *(ROOT / "ui").rglob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                marked = node.func.id in MARKS
                if marked and any(isinstance(a, ast.JoinedStr) for a in node.args):
                    hidden.append(f"{path.name}:{node.lineno}")
            if isinstance(node, ast.JoinedStr):
                inner = [n for n in ast.walk(node) if isinstance(n, ast.Call)]
                hidden += [
                    f"{path.name}:{call.lineno}"
                    for call in inner
                    if isinstance(call.func, ast.Name)
                    and call.func.id in MARKS
                    and call.args
                    and isinstance(call.args[0], ast.Constant)
                ]
    assert hidden == []


@pytest.mark.parametrize(
    ("name", "shipped"),
    [
        ("zh", "zh_CN"),
        ("zh_TW.UTF-8", "zh_CN"),
        ("Chinese (Simplified)_China", "zh_CN"),
        ("C", "en"),
    ],
)
def test_a_name_of_a_language_finds_the_shipped_one(name: str, shipped: str) -> None:
    assert catalog.shipped(name) == shipped
