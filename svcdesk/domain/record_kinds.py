"""What each kind of ticket asks for beyond the fields of every ticket (features T2).

Asked for at entry as advice, required when the ticket is resolved, in the window, in bulk and by
macros alike: somebody on the phone is never kept from saving what he has heard.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from svcdesk.domain.problem import Problem
from svcdesk.domain.ticket import RequestType
from svcdesk.i18n.catalog import N_
from svcdesk.i18n.labels import Msg

if TYPE_CHECKING:
    from collections.abc import Mapping

    from svcdesk.domain.statemachine import Guard, Step


@dataclass(frozen=True)
class KindField:
    """A field of a kind; ``stored`` names a column of every ticket, else it is one of the details.

    ``choices``: accepted codes and their names.
    """

    name: str
    label: str
    required: bool = False
    stored: str = ""
    choices: tuple[tuple[str, str], ...] = ()


_PRODUCT = KindField("product", N_("Product"), required=True, stored="product_id")
_ORDER = KindField("order", N_("Order no."), required=True, stored="order_no")
_SERIAL = KindField("serial_no", N_("Serial no."), stored="serial_no")
_ADDRESS = KindField("visit_address", N_("Address of the visit"), required=True)
_PHONE = KindField("visit_contact", N_("Contact on site"))
_WARRANTY = KindField(
    "warranty", N_("Warranty"), required=True,
    choices=(("in", N_("in warranty")), ("out", N_("out of warranty")), ("unknown", N_("not clear"))),
)  # fmt: skip
_REASON = KindField(
    "return_reason", N_("Reason of the return"), required=True,
    choices=(("quality", N_("quality")), ("wrong", N_("wrong goods")), ("damaged", N_("damaged in transit")),
             ("unwanted", N_("not wanted any more")), ("other", N_("other reason"))),
)  # fmt: skip
_PARCEL = KindField("return_parcel", N_("Parcel no. of the return"))
_RECEIVED = KindField(
    "goods_checked", N_("Goods checked in the warehouse"),
    choices=(("ok", N_("as described")), ("differs", N_("differs")), ("none", N_("nothing came back"))),
)  # fmt: skip

KINDS: dict[RequestType, tuple[KindField, ...]] = {
    RequestType.INSTALL: (_PRODUCT, _ADDRESS, _PHONE),
    RequestType.REPAIR: (_PRODUCT, _SERIAL, _WARRANTY, KindField("fault_code", N_("Fault code"))),
    RequestType.RETURN: (_ORDER, _PRODUCT, _REASON, _PARCEL, _RECEIVED),
    RequestType.EXCHANGE: (_ORDER, _PRODUCT, _REASON, _PARCEL, _RECEIVED,
                           KindField("new_parcel", N_("Parcel no. of the new goods"))),
    RequestType.PARTS: (_PRODUCT, KindField("part", N_("Part"), required=True),
                        KindField("part_count", N_("Number of parts"))),
    RequestType.COMPLAINT: (KindField("demand_text", N_("What the customer demands"), required=True),),
}  # fmt: skip


# every field by its name; those of the same name are the same in every kind
FIELDS: dict[str, KindField] = {field.name: field for fields in KINDS.values() for field in fields}


def fields_of(request_type: str) -> tuple[KindField, ...]:
    """Return the fields of a kind, none for a kind without."""
    try:
        return KINDS.get(RequestType(request_type), ())
    except ValueError:
        return ()


def value_of(field: KindField, record: Mapping[str, Any]) -> Any:
    """Return what a ticket holds in ``field``; details are a mapping under ``details``."""
    if field.stored:
        return record.get(field.stored)
    return (record.get("details") or {}).get(field.name)


def missing(record: Mapping[str, Any], *, advice: bool = False) -> list[Problem]:
    """Return the required fields of its kind that a ticket lacks; ``advice``: as warnings."""
    text = N_("A ticket of this kind needs “{name}”.")
    found = []
    for field in fields_of(str(record.get("request_type") or "")):
        value = value_of(field, record)
        if field.required and (value is None or not str(value).strip()):
            found.append(
                Problem(field.name, "kind_field", text, {"name": Msg(field.label)}, warning=advice)
            )
    return found


def details_of(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what ``values`` says about fields that belong to kinds alone, by their names."""
    entered = {**(values.get("details") or {}), **values}
    return {name: entered[name] for name in FIELDS if not FIELDS[name].stored and name in entered}


def clean(request_type: str, details: Mapping[str, Any]) -> dict[str, Any]:
    """Return the details that belong to a kind, without empty ones; refuse none, drop the rest."""
    names = {field.name for field in fields_of(request_type) if not field.stored}
    return {
        name: str(value).strip()
        for name, value in details.items()
        if name in names and value is not None and str(value).strip()
    }


def _guard(name: str) -> Guard:
    """Require a field of the ticket's kind, entered now or before."""

    def guard(step: Step) -> Problem | None:
        known = {**(step.record.get("details") or {}), **step.values}
        record = {**step.record, **step.values, "details": known}
        return next((p for p in missing(record) if p.field == name), None)

    return guard


# of the step that resolves a ticket
KIND_FIELDS: tuple[Guard, ...] = tuple(
    _guard(name)
    for name in sorted({f.name for fields in KINDS.values() for f in fields if f.required})
)
