"""Products as forms look for them: by name, number or model, while somebody types."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from svcdesk.store import records

if TYPE_CHECKING:
    from svcdesk.services.desk import Desk

OFFERED = 20


@dataclass(frozen=True)
class Product:
    """A product that fits what was typed."""

    id: int
    number: str
    name: str
    model: str = ""


def find(desk: Desk, text: str) -> list[Product]:
    """Return active products whose name, number or model holds ``text``, at most 20."""
    words = text.strip()
    if not words:
        return []
    return [Product(*row) for row in records.products(desk.reader, words, OFFERED)]


def get(desk: Desk, product_id: int) -> Product | None:
    """Return a product, also a retired one; None when it is gone."""
    row = records.get(desk.reader, "product", product_id)
    if row is None:
        return None
    return Product(product_id, str(row["product_no"]), str(row["name"]), str(row["model"] or ""))
