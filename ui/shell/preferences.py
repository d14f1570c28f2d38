"""What the user chose for the program on this computer: language, theme, text size, last data file."""

from __future__ import annotations

import json
import tomllib
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING

from svcdesk.system.paths import config_dir

if TYPE_CHECKING:
    from pathlib import Path


@dataclass
class Preferences:
    """Values of ``preferences.toml``; "" means: as the system has it."""

    language: str = ""
    theme: str = "system"
    text_size: str = "100"  # % of the usual size
    data_file: str = ""

    @staticmethod
    def file() -> Path:
        """Return where they are kept."""
        return config_dir() / "preferences.toml"

    @classmethod
    def load(cls) -> Preferences:
        """Read them; a damaged file counts as none."""
        try:
            with cls.file().open("rb") as file:
                data = tomllib.load(file)
        except (OSError, tomllib.TOMLDecodeError):
            return cls()
        known = {field.name for field in fields(cls)}
        return cls(
            **{key: value for key, value in data.items() if key in known and isinstance(value, str)}
        )

    def save(self) -> None:
        """Write them; a folder that cannot be written is not worth a message."""
        lines = [f"{key} = {json.dumps(value)}" for key, value in asdict(self).items()]
        try:
            self.file().parent.mkdir(parents=True, exist_ok=True)
            self.file().write_text("\n".join(lines) + "\n", encoding="utf-8")
        except OSError:
            return
