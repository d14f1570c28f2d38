"""What spares typing: ticket templates, macros, canned replies, checklists.

Each is one declaration (``body``). Placeholders stand in braces, by their Chinese or English name;
a reply with one that is empty or unknown is not inserted: a customer never reads “您好，{姓名}”.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from svcdesk.domain.problem import Problem
from svcdesk.i18n.catalog import N_

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

MAX_NAME = 40
_PLACE = re.compile(r"\{([^{}\n]{1,20})\}")


class AidKind(StrEnum):
    """Kinds of templates."""

    TICKET = "ticket"
    MACRO = "macro"
    REPLY = "reply"
    CHECKLIST = "checklist"


# fact -> its names in a text, the Chinese one first
PLACEHOLDERS: dict[str, tuple[str, ...]] = {
    "customer": ("姓名", "客户", "name", "customer"),
    "ticket": ("工单号", "ticket"),
    "title": ("标题", "title"),
    "order": ("订单号", "order"),
    "product": ("产品", "product"),
    "serial": ("序列号", "serial"),
    "due": ("时限", "due"),
    "visit": ("上门时间", "visit"),
    "owner": ("处理人", "客服", "owner", "agent"),
    "department": ("责任部门", "department"),
    "solution": ("解决方案", "solution"),
    "organisation": ("单位", "organisation"),
    "today": ("日期", "date"),
}
BY_NAME = {name: fact for fact, names in PLACEHOLDERS.items() for name in names}


@dataclass(frozen=True)
class Filled:
    """A text with its placeholders filled in; ``missing`` and ``unknown`` name what was not."""

    text: str
    missing: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether the text may be used."""
        return not self.missing and not self.unknown


def fitting(replies: Iterable[Aid], words: str) -> list[Aid]:
    """Return the replies whose shortcut, name, folder or text holds ``words``; shortcuts first."""
    wanted = words.strip().casefold()
    found = [
        (0 if aid.shortcut and aid.shortcut.casefold().startswith(wanted) else 1, aid)
        for aid in replies
        if wanted in f"{aid.shortcut} {aid.name} {aid.folder} {aid.body.get('text', '')}".casefold()
    ]
    return [aid for _rank, aid in sorted(found, key=lambda pair: pair[0])]


def placeholders(text: str) -> list[str]:
    """Return the names in braces, each once, in order."""
    return list(dict.fromkeys(name.strip() for name in _PLACE.findall(text)))


def fill(text: str, facts: Mapping[str, str]) -> Filled:
    """Fill ``facts`` (by their English name) into ``text``; what is not known stays as it is."""
    missing: dict[str, None] = {}
    unknown: dict[str, None] = {}

    def one(match: re.Match[str]) -> str:
        name = match.group(1).strip()
        fact = BY_NAME.get(name)
        if fact is None:
            unknown[name] = None
            return match.group(0)
        value = str(facts.get(fact) or "").strip()
        if not value:
            missing[name] = None
            return match.group(0)
        return value

    return Filled(_PLACE.sub(one, text), tuple(missing), tuple(unknown))


@dataclass(frozen=True)
class Aid:
    """One template; ``owner_id`` None: for everybody; ``id`` 0: not saved yet."""

    id: int
    kind: AidKind
    name: str
    body: Mapping[str, Any] = field(default_factory=dict)
    folder: str = ""
    shortcut: str = ""
    owner_id: int | None = None
    sort: int = 0
    active: bool = True


class Do(StrEnum):
    """What a macro can do, in the order in which it does it."""

    SET = "set"  # field, value
    TAG = "tag"  # add
    SAY = "say"  # kind, text (with placeholders)
    CHECKLIST = "checklist"  # id of the list
    CALLBACK = "callback"  # hours from now
    TIME = "time"  # minutes, activity
    STEP = "step"  # action, values


ORDER = {do: place for place, do in enumerate(Do)}
SETTABLE = ("priority", "request_type", "issue_id", "issue_sub_id", "resp_dept_id", "complexity",
            "callback_required", "solution", "resolution_code")  # fmt: skip
SPOKEN = frozenset({"public_reply", "internal_note", "call_in", "call_out"})


def actions_of(aid: Aid) -> list[dict[str, Any]]:
    """Return the actions of a macro in the order in which they are done."""
    found = [dict(action) for action in aid.body.get("actions", ())]
    return sorted(found, key=lambda action: ORDER.get(action.get("do", ""), len(ORDER)))


def _text_problems(field_name: str, text: str) -> list[Problem]:
    unknown = fill(text, {}).unknown
    if not unknown:
        return []
    return [
        Problem(
            field_name, "placeholder",
            N_("“{name}” is no placeholder. Use one of the list, or no braces."),
            {"name": "{" + unknown[0] + "}"},
        )
    ]  # fmt: skip


def _action_problems(place: int, action: Mapping[str, Any]) -> list[Problem]:
    at = f"actions.{place}"
    do = action.get("do")
    if do == Do.SET and action.get("field") not in SETTABLE:
        return [Problem(at, "field", N_("Choose the field that the macro sets."))]
    if do == Do.TAG and not action.get("add"):
        return [Problem(at, "required", N_("Enter the tag."))]
    if do == Do.SAY:
        if not str(action.get("text") or "").strip() or action.get("kind") not in SPOKEN:
            return [Problem(at, "required", N_("Write what the macro says."))]
        return _text_problems(at, str(action["text"]))
    if do == Do.CHECKLIST and not action.get("id"):
        return [Problem(at, "required", N_("Choose the checklist."))]
    if do == Do.CALLBACK and not (
        isinstance(action.get("hours"), int) and 1 <= action["hours"] <= 720
    ):
        return [Problem(at, "range", N_("Plan the callback in 1 to 720 hours."))]
    if do == Do.TIME and not (
        isinstance(action.get("minutes"), int) and 1 <= action["minutes"] <= 1440
    ):
        return [Problem(at, "range", N_("Enter whole minutes from 1 to {n}."), {"n": 1440})]
    if do == Do.STEP and not action.get("action"):
        return [Problem(at, "required", N_("Choose the step."))]
    if do not in set(Do):
        return [Problem(at, "required", N_("Choose what the macro does."))]
    return []


def problems(aid: Aid) -> list[Problem]:
    """Return what is wrong with a template."""
    found = []
    name = aid.name.strip()
    if not name or len(name) > MAX_NAME:
        found.append(
            Problem(
                "name", "required", N_("Give it a name of at most {n} characters."), {"n": MAX_NAME}
            )
        )
    body = aid.body
    if aid.kind is AidKind.REPLY:
        text = str(body.get("text") or "")
        if not text.strip():
            found.append(Problem("text", "required", N_("Write the text of the reply.")))
        found += _text_problems("text", text)
    elif aid.kind is AidKind.CHECKLIST:
        items = body.get("items") or ()
        if not any(str(item.get("text") or "").strip() for item in items):
            found.append(Problem("items", "required", N_("Write at least one item.")))
    elif aid.kind is AidKind.MACRO:
        actions = list(body.get("actions") or ())
        if not actions:
            found.append(Problem("actions", "required", N_("Add at least one thing that it does.")))
        for place, action in enumerate(actions):
            found += _action_problems(place, action)
    elif not body.get("values"):
        found.append(
            Problem("values", "required", N_("Fill in at least one field of the template."))
        )
    return found
