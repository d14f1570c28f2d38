"""The import template of a kind: Chinese headers, lists to choose from, and a sheet that explains."""

from __future__ import annotations

from typing import TYPE_CHECKING

from svcdesk.i18n.catalog import N_, Translator
from svcdesk.interchange.kinds import KINDS, Field, FieldType, Kind, choice_names
from svcdesk.interchange.kinds.model import CHINESE, ENGLISH
from svcdesk.interchange.writers import SheetForm, write_table

if TYPE_CHECKING:
    from pathlib import Path

_HINTS: dict[FieldType, str] = {
    FieldType.TEXT: N_("Any words"),
    FieldType.LONG_TEXT: N_("Text, several lines allowed"),
    FieldType.NAME: N_("Any words on one line"),
    FieldType.CODE: N_("Number as text, leading zeros are kept; format the column as text"),
    FieldType.PHONES: N_("Phone numbers as text, several separated by commas"),
    FieldType.MOMENT: N_("Date and time, such as 2026-03-05 14:30"),
    FieldType.DAY: N_("Date, such as 2026-03-05"),
    FieldType.MONTH: N_("Month, such as 2026-03"),
    FieldType.INTEGER: N_("Whole number"),
    FieldType.DECIMAL: N_("Number"),
    FieldType.MONEY: N_("Amount in yuan"),
    FieldType.CSAT: N_("1 to 5, or 非常满意 to 非常不满意; blank if not answered"),
    FieldType.NPS: N_("0 to 10; blank if not answered"),
    FieldType.YES_NO: N_("是 or 否"),
    FieldType.WORDS: N_("Words separated by commas"),
}
_TARGETS: dict[str, str] = {
    "customer": N_("Customer no. or name"),
    "product": N_("Product no. or name"),
    "person": N_("Name or number of a user"),
    "ticket": N_("Ticket no. or external no."),
    "complaint": N_("Complaint no. or external no."),
    "callback": N_("Callback no. or external no."),
    "survey": N_("Survey no. or external no."),
    "knowledge": N_("Article no."),
}
LIST_TARGET = N_("A name of the list")
ONE_OF = N_("One of: {names}")
SOME_OF = N_("Some of: {names}")
YES, NO = N_("Yes"), N_("No")


def hint(field: Field, t: Translator) -> str:
    """Return what may stand in a field, in one line."""
    if field.type is FieldType.CHOICE:
        return t(ONE_OF).format(names="、".join(choice_names(field.choice)))
    if field.type is FieldType.CHOICES:
        return t(SOME_OF).format(names="、".join(choice_names(field.choice)))
    if field.type in (FieldType.REFERENCE, FieldType.REFERENCES):
        return t(_TARGETS.get(field.target, LIST_TARGET))
    return t(_HINTS[field.type])


def explanations(kind: Kind, t: Translator) -> list[list[str]]:
    """Return the second sheet: header, English name, required, what it holds, example."""
    lines = [[t(N_("Column")), t(N_("English name")), t(N_("Required")), t(N_("What it holds")),
              t(N_("Example"))]]  # fmt: skip
    lines += [
        [
            kind.header(field, CHINESE),
            field.name,
            t(YES if field.required else NO),
            hint(field, t),
            field.example,
        ]
        for field in kind.fields
    ]
    return lines


def write_template(kind: Kind, path: Path, t: Translator) -> None:
    """Write the template of ``kind`` as .csv (headers only) or .xlsx (with explanations)."""
    write_table(
        path,
        [kind.header(field, CHINESE) for field in kind.fields],
        [],
        form=SheetForm(
            CHINESE(kind.label)[:31],
            explanations(kind, t),
            t(N_("Explanations"))[:31],
            [place for place, field in enumerate(kind.fields) if field.type in _AS_TEXT],
            {place: words for place, field in enumerate(kind.fields) if (words := _words(field))},
        ),
    )


# What Excel would turn into a number and so spoil.
_AS_TEXT = frozenset({FieldType.CODE, FieldType.PHONES, FieldType.REFERENCE, FieldType.REFERENCES})


def _words(field: Field) -> list[str]:
    """Return the words to choose from in a cell of a field."""
    if field.type is FieldType.YES_NO:
        return ["是", "否"]
    return choice_names(field.choice) if field.type is FieldType.CHOICE else []


def listing(t: Translator) -> list[dict[str, object]]:
    """Return every kind with its columns, for ``template --list``."""
    return [
        {
            "kind": kind.code,
            "label": t(kind.label),
            "columns": [
                {
                    "name": field.name,
                    "zh": kind.header(field, CHINESE),
                    "en": kind.header(field, ENGLISH),
                    "required": field.required,
                    "hint": hint(field, t),
                }
                for field in kind.fields
            ],
        }
        for kind in KINDS.values()
    ]
