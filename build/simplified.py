"""Write the table of traditional characters and their simplified form that the search folds by.

python build/simplified.py [--check]

It is taken from OpenCC once, here: loading the converter in the program costs 6 MB and 13 ms for
3 500 pairs that never change.
"""

from __future__ import annotations

import sys
from pathlib import Path

TABLE = Path(__file__).resolve().parent.parent / "resources" / "chinese" / "simplified.txt"
FIRST, LAST = 0x4E00, 0x9FFF


def table() -> str:
    """Return the two lines of the table: traditional characters, simplified ones below them."""
    import opencc

    characters = [chr(code) for code in range(FIRST, LAST + 1)]
    # line breaks keep the converter from seeing phrases
    converted = str(opencc.OpenCC("t2s").convert("\n".join(characters))).split("\n")
    pairs = [
        (old, new)
        for old, new in zip(characters, converted, strict=True)
        if old != new and len(new) == 1
    ]
    return "\n".join("".join(line) for line in zip(*pairs, strict=True)) + "\n"


def main() -> int:
    """Write the table, or say whether the one there is up to date."""
    found = table()
    if "--check" in sys.argv[1:]:
        same = TABLE.read_text(encoding="utf-8") == found
        print("up to date" if same else f"{TABLE.name} is old: run build/simplified.py")
        return 0 if same else 1
    TABLE.parent.mkdir(exist_ok=True)
    TABLE.write_text(found, encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
