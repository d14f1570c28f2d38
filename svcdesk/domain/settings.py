"""Settings of a data file, declared once: key, default, label, bounds.

The settings page, the checks and the defaults come from this list; values live in the data file
with their history. Defaults are those of ``domain.md`` (bold parameters of section 4 and 3.2).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from svcdesk.domain.problem import Problem
from svcdesk.i18n.catalog import N_


@dataclass(frozen=True)
class Setting:
    """One setting; ``low`` and ``high`` bound numbers, ``choices`` lists allowed texts."""

    key: str
    default: Any
    label: str
    group: str
    low: int | None = None
    high: int | None = None
    choices: tuple[str, ...] = ()


SETTINGS: tuple[Setting, ...] = (
    Setting("organisation", "售后服务部", N_("Name of the organisation"), "general"),
    Setting("confidentiality", "内部资料", N_("Confidentiality mark of reports"), "general"),
    Setting("timezone", "Asia/Shanghai", N_("Time zone of the team"), "general"),
    Setting("period_start_day", 1, N_("First day of a reporting month"), "general", 1, 28),
    Setting("report_author", "", N_("Reports are written by"), "general"),
    Setting("report_reviewer", "", N_("Reports are reviewed by"), "general"),
    Setting("show_rankings", default=False, label=N_("Show agents by name in reports"),
            group="general"),
    Setting("hand_over_times", "10:00,16:00", N_("Hand-over sheets at (times, e.g. 10:00,16:00)"),
            "general"),
    Setting("low_score", 2, N_("A score counts as low up to"), "callbacks", 1, 3),
    Setting("callback_sampling", 100, N_("Callbacks on routine tickets (%)"), "callbacks", 0, 100),
    Setting("callback_hours", 72, N_("Routine callback due after (hours)"), "callbacks", 1, 720),
    Setting("complaint_callback_hours", 48, N_("Complaint callback due after (hours)"),
            "callbacks", 1, 720),
    Setting("low_score_hours", 48, N_("Low-score callback due after (hours)"), "callbacks", 1, 720),
    Setting("duplicate_minutes", 60, N_("Same complaint again within (minutes): duplicate"),
            "detection", 1, 1440),
    Setting("repeat_days", 30, N_("Repeat complaint within (days)"), "detection", 1, 365),
    Setting("repeat_same_product", default=False, label=N_("A repeat needs the same product"),
            group="detection"),
    Setting("second_days", 30, N_("Second complaint within (days)"), "detection", 1, 365),
    Setting("group_days", 7, N_("Group complaint within (days)"), "detection", 1, 90),
    Setting("group_customers", 3, N_("Group complaint from (customers)"), "detection", 2, 50),
    Setting("duplicate_ticket_minutes", 30, N_("Same ticket again within (minutes)"),
            "detection", 1, 1440),
    Setting("fcr_days", 7, N_("Follow-up spoils one-time resolution within (days)"),
            "detection", 1, 30),
    Setting("key_share", 20, N_("Key customers: first by spend (% of the active ones)"),
            "key_customers", 0, 100),
    Setting("key_amount", 0, N_("Key customers: spend of at least (yuan, 0: not used)"),
            "key_customers", 0, 100_000_000),
    Setting("key_months", 12, N_("Key customers: months looked at"), "key_customers", 1, 36),
)  # fmt: skip

BY_KEY = {setting.key: setting for setting in SETTINGS}


def check(key: str, value: Any) -> list[Problem]:
    """Return what is wrong with ``value`` for the setting ``key``."""
    setting = BY_KEY[key]
    if type(value) is not type(setting.default):
        return [Problem(key, "type", N_("This value has the wrong form."))]
    low, high = setting.low, setting.high
    if low is not None and high is not None and not low <= value <= high:
        text = N_("{value} is out of range; use {low} to {high}.")
        return [Problem(key, "range", text, {"value": value, "low": low, "high": high})]
    if key == "hand_over_times":
        return _times(key, value)
    if key == "timezone":
        from svcdesk.domain.localtime import zone

        try:
            zone(value)
        except Exception:  # noqa: BLE001 - zoneinfo raises several kinds for a bad name
            return [
                Problem(key, "zone", N_("“{value}” is not a time zone; write it as Asia/Shanghai."),
                        {"value": value})
            ]  # fmt: skip
    return []


def _times(key: str, value: str) -> list[Problem]:
    """Return which of the times of day in a list cannot be read."""
    from svcdesk.domain.workcalendar import parse_clock
    from svcdesk.system.errors import UserError

    found = []
    for part in filter(None, (part.strip() for part in value.split(","))):
        try:
            parse_clock(part)
        except UserError:
            text = N_("“{value}” is not a time of day like 09:00.")
            found.append(Problem(key, "clock", text, {"value": part}))
    return found
