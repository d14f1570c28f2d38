"""Pictures from files: checked before anything is drawn, so that a report fails early and clearly."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from svcdesk.reports.pdf.pieces import Piece
from svcdesk.system.errors import UserError

if TYPE_CHECKING:
    from svcdesk.reports.pdf.ink import Ink

LARGEST = 10 * 1024 * 1024  # bytes of a file
MOST_PIXELS = 40_000_000
DOTS = 300  # per inch: more is not printed and only makes the report large
FORMATS = ("PNG", "JPEG")


@dataclass(frozen=True)
class Loaded:
    """A picture that can be drawn, its sides in pixels; ``svg``: a drawing instead of pixels."""

    width: float
    height: float
    image: Any = None
    svg: Any = None


def load(path: str) -> Loaded:
    """Return the picture at ``path``; a :class:`UserError` says why there is none."""
    file = Path(path)
    try:
        size = file.stat().st_size
        if file.is_dir():
            raise IsADirectoryError(path)
    except OSError:
        raise UserError(
            "The picture “{path}” cannot be read. Choose another file.", path=path
        ) from None
    if size > LARGEST:
        raise UserError(
            "The picture “{path}” has {size} MB; at most {most} MB are possible. Make it smaller "
            "and choose it again.",
            path=path, size=f"{size / 2**20:.0f}", most=f"{LARGEST / 2**20:.0f}",
        )  # fmt: skip
    if _is_svg(file):
        return _load_svg(file)
    return _load_pixels(file)


def _is_svg(file: Path) -> bool:
    """Tell whether a file is a drawing: kept files have no name that says so."""
    if file.suffix:
        return file.suffix.lower() == ".svg"
    with file.open("rb") as found:
        return found.read(64).lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")


def _load_pixels(file: Path) -> Loaded:
    from PIL import Image, UnidentifiedImageError

    size = (0, 0)
    try:
        with Image.open(file, formats=FORMATS) as found:
            size = found.size
            if size[0] * size[1] <= MOST_PIXELS:
                found.load()
                return Loaded(*size, image=_flat(found))
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError, SyntaxError):
        raise UserError(
            "“{path}” is no picture that can be printed. Choose a PNG, JPEG or SVG file.",
            path=str(file),
        ) from None
    raise UserError(
        "The picture “{path}” has {width} × {height} pixels; that is too many. Make it smaller and "
        "choose it again.",
        path=str(file), width=size[0], height=size[1],
    )  # fmt: skip


def _flat(found: Any) -> Any:
    """Return a picture in plain colours on white: what is transparent would not keep (PDF/A)."""
    from PIL import Image

    if found.mode in {"RGBA", "LA", "PA"} or "transparency" in found.info:
        seen = found.convert("RGBA")
        ground = Image.new("RGBA", seen.size, "white")
        return Image.alpha_composite(ground, seen).convert("RGB")
    return found.convert("RGB") if found.mode != "L" else found.copy()


def _load_svg(file: Path) -> Loaded:
    from svcdesk.reports.pdf.svg_in import read

    drawing = read(file)
    return Loaded(drawing.width, drawing.height, svg=drawing)


@dataclass
class Picture(Piece):
    """A picture in the middle of the text."""

    loaded: Loaded | None = None
    wide: float = 0.0
    room: float = 0.0
    alt: str = ""

    def draw(self, ink: Ink, x: float, top: float) -> None:
        """Draw it."""
        if self.loaded is None:
            return
        tall = self.wide * self.loaded.height / self.loaded.width
        scale = min(1.0, self.height / tall)
        wide, tall = self.wide * scale, tall * scale
        element = ink.structure.add("Figure", alt=self.alt)
        with ink.marked(element):
            paint(ink.canvas, self.loaded, x + (self.room - wide) / 2, top - tall, wide, tall)


def paint(canvas: Any, loaded: Loaded, x: float, y: float, wide: float, tall: float) -> None:
    """Draw a picture into a rectangle."""
    from reportlab.lib.utils import ImageReader

    if loaded.svg is not None:
        canvas.saveState()
        canvas.translate(x, y)
        canvas.scale(wide / loaded.width, tall / loaded.height)
        loaded.svg.paint(canvas)
        canvas.restoreState()
        return
    image = loaded.image
    most = (max(1, round(wide / 72 * DOTS)), max(1, round(tall / 72 * DOTS)))
    if image.width > most[0] * 1.2:
        image = image.resize(most)
    canvas.drawImage(ImageReader(image), x, y, wide, tall)


def picture_piece(path: str, wide: float, most: float, room: float, alt: str) -> Picture:
    """Return a picture as a piece, at most ``wide`` and ``most`` points in size."""
    loaded = load(path)
    wide = min(wide, loaded.width * 72 / 96 if loaded.svg is None else wide)
    tall = min(most, wide * loaded.height / loaded.width)
    return Picture(height=tall, before=4, after=8, loaded=loaded, wide=wide, room=room, alt=alt)
