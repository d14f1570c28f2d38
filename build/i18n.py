"""Keep the catalogue: extract texts, merge translations, compile, check.

python build/i18n.py update            take in new texts of the sources, drop those gone, compile
python build/i18n.py merge FILE.po …   the same, with translations from other catalogues
python build/i18n.py check             fail when something is untranslated or out of date
"""

from __future__ import annotations

import argparse
import io
import re
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
PO = ROOT / "resources/i18n/zh_CN/LC_MESSAGES/svcdesk.po"
MO = PO.with_suffix(".mo")

# Texts are marked by these calls; t is a Translator, the errors take a msgid first.
KEYWORDS = {
    "_": None,
    "N_": None,
    "t": None,
    "ngettext": (1, 2),
    "n": (1, 2),
    "pgettext": ((1, "c"), 2),
    "p": ((1, "c"), 2),
    "P_": ((1, "c"), 2),
    "UserError": None,
    "EnvironmentProblem": None,
}
PLACEHOLDER = re.compile(r"\{[^{}]*\}")


def extract() -> Catalog:
    """Collect every marked text of the sources."""
    catalogue = Catalog(project="svcdesk", charset="utf-8")
    for folder in ("svcdesk", "ui"):
        for file, line, message, comments, context in extract_from_dir(
            str(ROOT / folder), [("**.py", "python")], keywords=KEYWORDS, strip_comment_tags=True
        ):
            if message and (not isinstance(message, str) or message.strip()):
                catalogue.add(
                    message,
                    None,
                    [(f"{folder}/{file}", line)],
                    context=context,
                    auto_comments=comments,
                )
    return catalogue


def read(path: Path) -> Catalog:
    """Read a catalogue, or make an empty one."""
    if not path.exists():
        return Catalog(locale="zh_CN", project="svcdesk", charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale="zh_CN", charset="utf-8")


def update(fragments: list[Path]) -> Catalog:
    """Return the sources' texts with the known translations and those of the fragments."""
    known = [read(PO), *(read(path) for path in fragments)]
    result = Catalog(locale="zh_CN", project="svcdesk", charset="utf-8", fuzzy=False)
    for message in extract():
        if not message.id:
            continue
        text: Any = ""
        for catalogue in known:
            found = catalogue.get(message.id, context=message.context)
            if found is None and not isinstance(message.id, str):
                found = catalogue.get(message.id[0], context=message.context)
            if found is None:
                continue
            value = found.string
            if any(value) if isinstance(value, (list, tuple)) else value:
                text = value
        if isinstance(message.id, (list, tuple)):
            single = text[0] if isinstance(text, (list, tuple)) and text else text
            text = (str(single or ""),)
        elif isinstance(text, (list, tuple)):
            text = text[0] if text else ""
        files = sorted({name for name, _ in message.locations})
        result.add(message.id, text, [(name, 0) for name in files], context=message.context)
    return result


def po_text(catalogue: Catalog) -> bytes:
    """Return the catalogue as a stable text: sorted, without dates and line numbers."""
    buffer = io.BytesIO()
    write_po(
        buffer, catalogue, width=100, sort_output=True, omit_header=False, include_lineno=False
    )
    lines = [
        line
        for line in buffer.getvalue().decode().splitlines()
        if not line.startswith(('"POT-Creation-Date', '"PO-Revision-Date', '"Generated-By', "# "))
    ]
    return ("\n".join(lines).rstrip() + "\n").encode()


def mo_bytes(catalogue: Catalog) -> bytes:
    """Return the compiled catalogue."""
    buffer = io.BytesIO()
    # the moment of compiling would make every compilation another file
    catalogue.creation_date = catalogue.revision_date = datetime(2026, 1, 1, tzinfo=UTC)
    write_mo(buffer, catalogue)
    return buffer.getvalue()


def problems(catalogue: Catalog) -> list[str]:
    """Name what is untranslated and translations whose placeholders differ."""
    found = []
    for message in catalogue:
        if not message.id:
            continue
        ids = message.id if isinstance(message.id, (list, tuple)) else (message.id,)
        found_texts = message.string
        texts = [
            str(x)
            for x in (
                found_texts if isinstance(found_texts, (list, tuple)) else (found_texts or "",)
            )
        ]
        if not all(texts):
            found.append(f"untranslated: {ids[0]!r} ({', '.join(n for n, _ in message.locations)})")
            continue
        wanted = set(PLACEHOLDER.findall(ids[-1]))
        for text in texts:
            extra = set(PLACEHOLDER.findall(text)) ^ wanted
            if extra and not (len(ids) > 1 and extra <= set(PLACEHOLDER.findall(" ".join(ids)))):
                found.append(f"placeholders differ: {ids[0]!r} -> {text!r}")
    return found


def show(faults: list[str], most: int = 25) -> None:
    """Print the first faults and how many more there are."""
    for fault in faults[:most]:
        print(fault)
    if len(faults) > most:
        print(f"… and {len(faults) - most} more")


def main() -> int:
    """Run one command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("command", choices=["update", "merge", "check"])
    parser.add_argument("files", nargs="*", type=Path)
    options = parser.parse_args()
    catalogue = update(options.files)
    text = po_text(catalogue)
    faults = problems(catalogue)
    if options.command == "check":
        if not PO.exists() or PO.read_bytes() != text:
            faults.append("the catalogue is out of date: run  python build/dev.py i18n")
        elif MO.read_bytes() != mo_bytes(read(PO)):
            faults.append("the compiled catalogue is out of date: run  python build/dev.py i18n")
        show(faults)
        print(f"catalogue: {len(catalogue)} texts, {len(faults)} problems")
        return 1 if faults else 0
    PO.parent.mkdir(parents=True, exist_ok=True)
    PO.write_bytes(text)
    MO.write_bytes(mo_bytes(read(PO)))
    show(faults)
    print(f"catalogue: {len(catalogue)} texts, {len(faults)} problems")
    return 0


if __name__ == "__main__":
    sys.exit(main())
