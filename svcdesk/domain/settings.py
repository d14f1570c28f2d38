"""Settings of a data file, declared once: key, default, label, bounds.

The settings page, the checks and the defaults come from this list; values live in the data file
with their history. Defaults are those of ``domain.md`` (bold parameters of section 4 and 3.2).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from svcdesk.domain.lists import EXPOSURE_WORDS
from svcdesk.domain.problem import Problem
from svcdesk.i18n.catalog import N_

MIN_WORD = 2  # characters of a word that tells something


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


def _complaint_limits() -> list[Setting]:
    """Return the limits of complaints (2.7): one row of settings per limit, one per severity."""
    rows: tuple[tuple[str, tuple[str, str, str], tuple[int, int, int], int], ...] = (
        ("ack", (N_("First contact, ordinary (hours)"), N_("First contact, major (hours)"),
                 N_("First contact, urgent (hours)")), (24, 12, 2), 1),
        ("interim", (N_("Interim feedback, ordinary (working days, 0: none)"),
                     N_("Interim feedback, major (working days, 0: none)"),
                     N_("Interim feedback, urgent (working days, 0: none)")), (0, 2, 0), 0),
        ("answer", (N_("Answer, ordinary (working days)"), N_("Answer, major (working days)"),
                    N_("Answer, urgent (hours)")), (3, 5, 24), 1),
        ("closing", (N_("Settlement, ordinary (working days)"),
                     N_("Settlement, major (working days)"), N_("Settlement, urgent (hours)")),
         (3, 5, 24), 1),
    )  # fmt: skip
    return [
        Setting(f"complaint_{name}_{severity}", default, text, "complaints", low, 720)
        for name, labels, defaults, low in rows
        for severity, text, default in zip(
            ("normal", "major", "urgent"), labels, defaults, strict=True
        )
    ]


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
    *_complaint_limits(),
    Setting("complaint_major_demand", 5000, N_("Demand that makes a complaint major, from (¥)"),
            "complaints", 1, 100_000_000),
    Setting("compensation_agent", 500, N_("Compensation without approval: agents up to (¥)"),
            "complaints", 0, 100_000_000),
    Setting("compensation_supervisor", 5000,
            N_("Compensation without approval: supervisors up to (¥)"),
            "complaints", 0, 100_000_000),
    Setting("case_accept_days", 7, N_("Authorities accept within (working days)"),
            "complaints", 1, 365),
    Setting("case_close_days", 60, N_("Authorities mediate within (days)"), "complaints", 1, 730),
    Setting("low_score", 2, N_("A score counts as low up to"), "callbacks", 1, 3),
    Setting("low_nps", default=False, label=N_("An NPS of 6 or less counts as low, too"),
            group="callbacks"),
    Setting("low_score_hours", 48, N_("Low-score callback due after (hours)"), "callbacks", 1, 720),
    Setting("comment_score", 2, N_("Words are required up to a score of (0: never)"),
            "callbacks", 0, 5),
    Setting("callback_retry_minutes", 120, N_("Nobody answers: call again after (working min)"),
            "callbacks", 10, 1440),
    Setting("callback_busy_minutes", 30, N_("Line busy: call again after (working min)"),
            "callbacks", 5, 1440),
    Setting("callback_tries_per_day", 2, N_("Attempts on one day"), "callbacks", 1, 5),
    Setting("callback_next", default=True, label=N_("Load the next callback after saving"),
            group="callbacks"),
    Setting("survey_days", 7, N_("A survey expires after (days)"), "surveys", 1, 90),
    Setting("survey_gap_days", 30, N_("Same customer: next survey after (days, 0: at once)"),
            "surveys", 0, 365),
    Setting("count_mystery", default=False, label=N_("Mystery customers count in satisfaction"),
            group="surveys"),
    Setting("count_partner", default=False, label=N_("Partner feedback counts in satisfaction"),
            group="surveys"),
    Setting("count_third_party", default=False,
            label=N_("Reports of third parties count in satisfaction"), group="surveys"),
    Setting("evaluate_department", default=False,
            label=N_("Judge every department against the targets when a month is closed"),
            group="targets"),
    Setting("evaluate_product", default=False,
            label=N_("Judge every product against the targets when a month is closed"),
            group="targets"),
    Setting("evaluate_agent", default=False,
            label=N_("Judge every agent against the targets when a month is closed"),
            group="targets"),
    Setting("quality_pass", 90, N_("A quality check is passed from (points)"), "quality", 50, 100),
    Setting("quality_sample", 3, N_("Checks per agent and month"), "quality", 1, 50),
    Setting("duplicate_minutes", 60, N_("Same complaint again within (minutes): duplicate"),
            "detection", 1, 1440),
    Setting("repeat_days", 30, N_("Repeat complaint within (days)"), "detection", 1, 365),
    Setting("repeat_same_product", default=False, label=N_("A repeat needs the same product"),
            group="detection"),
    Setting("second_days", 30, N_("Second complaint within (days)"), "detection", 1, 365),
    Setting("group_days", 7, N_("Group complaint within (days)"), "detection", 1, 90),
    Setting("group_customers", 3, N_("Group complaint from (customers)"), "detection", 2, 50),
    Setting("group_by", "product", N_("A group has in common"), "detection",
            choices=("product", "category", "serial")),
    Setting("group_serial_prefix", 6, N_("Characters of the serial number that tell a batch"),
            "detection", 1, 20),
    Setting("exposure_words", " ".join(EXPOSURE_WORDS), N_("Words of a publication"), "detection"),
    Setting("duplicate_ticket_minutes", 30, N_("Same ticket again within (minutes)"),
            "detection", 1, 1440),
    Setting("fcr_days", 7, N_("Follow-up spoils one-time resolution within (days)"),
            "general", 1, 30),
    Setting("key_share", 20, N_("Key customers: first by spend (% of the active ones)"),
            "key_customers", 0, 100),
    Setting("key_amount", 0, N_("Key customers: spend of at least (yuan, 0: not used)"),
            "key_customers", 0, 100_000_000),
    Setting("key_months", 12, N_("Key customers: months looked at"), "key_customers", 1, 36),
    # persons by key, 0: nobody
    Setting("data_owner_tickets", 0, N_("Data owner: tickets"), "data_quality"),
    Setting("data_owner_complaints", 0, N_("Data owner: complaints"), "data_quality"),
    Setting("data_owner_callbacks", 0, N_("Data owner: callbacks"), "data_quality"),
    Setting("data_owner_surveys", 0, N_("Data owner: survey answers"), "data_quality"),
    Setting("data_owner_visits", 0, N_("Data owner: visits"), "data_quality"),
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
    if setting.choices and value not in setting.choices:
        return [Problem(key, "choice", N_("This value has the wrong form."))]
    if key == "exposure_words":
        return _words(key, value)
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


def _words(key: str, value: str) -> list[Problem]:
    """Return what is wrong with a list of words: none at all, or one that fits everything."""
    words = value.split()
    if not words:
        return [Problem(key, "required", N_("Write at least one word."))]
    text = N_("“{word}” is too short: it would be found in almost every text.")
    return [Problem(key, "short", text, {"word": word}) for word in words if len(word) < MIN_WORD]


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
