"""What detection says of a complaint that is being typed (domain.md 4.1-4.4)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from svcdesk.domain.detection import ComplaintRow, exposure_words, is_exposure
from svcdesk.domain.text import normalise_phone
from svcdesk.store import detection_rows, detections, detections_typed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from svcdesk.services.desk import Desk
    from svcdesk.store.detection_rows import GroupRow, Side


@dataclass(frozen=True)
class Expected:
    """What would be found if the complaint were saved now.

    ``customers``: how many customers complained about the product within ``days``, this one
    included; ``would_form``: it would complete a group complaint.
    """

    repeat_of: Side | None = None
    duplicate_of: Side | None = None
    second_of: Side | None = None
    chain: int = 1
    group: GroupRow | None = None
    would_form: bool = False
    customers: int = 0
    days: int = 0
    words: tuple[str, ...] = ()
    exposed: bool = False

    @property
    def in_group(self) -> bool:
        """Whether it would belong to a group complaint."""
        return self.would_form or self.group is not None

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to tell."""
        return not (
            self.repeat_of or self.duplicate_of or self.second_of or self.in_group or self.words
            or self.exposed
        )  # fmt: skip


def preview(desk: Desk, values: Mapping[str, Any]) -> Expected:
    """Return what detection would find; ``values`` are the columns typed so far.

    Reads only around the complaint; call it off the UI thread while somebody types. A customer who
    is typed anew is recognised by the phone when somebody on the list has it.
    """
    settings = detections.settings_from(desk.reference.settings)
    text = str(values.get("description") or "")
    channel = desk.reference.items.get(int(values.get("channel_id") or 0))
    words = tuple(exposure_words(text, settings.exposure_words))
    public = channel is not None and is_exposure(channel.code)
    with desk.reading() as connection:
        row = _row(desk, values)
        found = detections_typed.look(connection, row, settings)
        keys = {key for key in (found.repeat_of, found.duplicate_of, found.second_of) if key}
        sides = detection_rows.named(connection, keys) if keys else {}
        groups = detection_rows.groups(connection, [found.group]) if found.group else []
    return Expected(
        sides.get(found.repeat_of or 0), sides.get(found.duplicate_of or 0),
        sides.get(found.second_of or 0), found.chain, groups[0] if groups else None,
        found.would_form, found.customers, settings.group_days, words, public,
    )  # fmt: skip


def _row(desk: Desk, values: Mapping[str, Any]) -> ComplaintRow:
    customer: Any = int(values.get("customer_id") or 0) or None
    newcomer = values.get("new_customer")
    if customer is None and isinstance(newcomer, dict):
        phones = [normalise_phone(str(phone)) for phone in newcomer.get("phones") or ()]
        known = detections_typed.customer_of_phones(desk.reader, [p for p in phones if p])
        customer = known or "new"
    product = int(values.get("product_id") or 0) or None
    at = int(values.get("received_at") or desk.clock.now())
    category = int(values.get("category_id") or 0)
    key = int(values.get("id") or 0) or detections_typed.UNSAVED
    return ComplaintRow(
        key, at, customer, category, product, serial=str(values.get("serial_no") or "")
    )
