"""The team: training, knowledge written and used, warm-service stories (5.2, chapter 12)."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from svcdesk.domain.localtime import local_date
from svcdesk.domain.masking import mask_name, mask_text
from svcdesk.domain.statistics import format_number
from svcdesk.domain.training import COURSE, ONBOARDING, totals
from svcdesk.i18n.catalog import N_
from svcdesk.reports.model import Column, Heading, Note, Paragraph, Table
from svcdesk.store import knowledge as store
from svcdesk.store import report_rows
from svcdesk.store import trainings as store_trainings

if TYPE_CHECKING:
    from svcdesk.domain.training import Share
    from svcdesk.reports.draft import Draft
    from svcdesk.reports.figures import Numbers
    from svcdesk.reports.model import Block
    from svcdesk.store.knowledge import CaseRow

GOAL = 10  # stories a month (S4)
TYPED = {"training_coverage": N_("Training coverage"),
         "newcomer_pass": N_("Newcomers who passed to work on their own")}  # fmt: skip


def team(n: Draft) -> list[Block]:
    """Return the chapter."""
    t = n.t
    blocks: list[Block] = []
    blocks += [Heading(t("Training and knowledge")), _counts(n), *_trainings(n)]
    months = [month.code for month in n.period.whole_months()] or [n.period.code]
    picked = [row for code in months for row in store.picked(n.board.run.connection, code)]
    stories = [row for row in picked if row.kind == "praise"]
    cases = [row for row in picked if row.kind == "case"]
    blocks.append(Heading(t("Warm-service stories")))
    blocks += _stories(n, stories)
    text = t("{n} stories picked for this period; the goal is {goal} a month.")
    blocks.append(Note(text.format(n=len(stories), goal=GOAL)))
    if cases:
        blocks.append(Heading(t("Cases to copy")))
        blocks += _stories(n, cases)
    return blocks


def _counts(n: Numbers) -> Table:
    t = n.t
    end = min(n.period.end_at, n.board.as_of)
    found = store.month_counts(n.board.run.connection, n.period.start_at, end)
    typed = report_rows.typed_figures(n.board.run.connection, n.period.code)
    rows = [
        (t(name), format_number(Fraction(typed[key]), 1) + "%")
        for key, name in TYPED.items()
        if typed.get(key) is not None
    ]
    rows += [
        (t("Articles published"), str(found["published"])),
        (t("Articles revised"), str(found["changed"])),
        (t("Tickets in which an article was used"), str(found["used"])),
    ]
    columns = (Column(t("Metric")), Column(t("This period"), right=True))
    return Table(t("Training and knowledge"), columns, tuple(rows))


def _trainings(n: Numbers) -> list[Block]:
    """Return the trainings held in the period with who came and passed, and all of them together."""
    t = n.t
    last = min(n.period.last_day, local_date(n.board.as_of, n.board.zone))
    held = store_trainings.listed(n.board.run.connection, str(n.period.start), str(last))
    if not held:
        return []
    kinds = {COURSE: t.p("training", "Course"), ONBOARDING: t.p("training", "Onboarding")}
    rows = []
    for row in reversed(held):
        one = totals([row.held], row.minutes or 0)
        rows.append((row.title, kinds[row.kind], row.held_on, str(one.minutes),
                     _share(one.coverage), _share(one.exams)))  # fmt: skip
    together = totals([row.held for row in held], sum(row.minutes or 0 for row in held))
    if len(held) > 1:
        rows.append((t("Total"), "", "", str(together.minutes), _share(together.coverage),
                     _share(together.exams)))  # fmt: skip
    columns = (
        Column(t.p("training", "About"), share=0.36), Column(t("Kind"), share=0.12),
        Column(t.p("date", "Day"), share=0.14), Column(t("Minutes"), right=True, share=0.1),
        Column(t("Attended"), right=True, share=0.14), Column(t("Passed"), right=True, share=0.14),
    )  # fmt: skip
    caption = t("Trainings of this period (attended of those expected, passed of those examined)")
    return [Table(caption, columns, tuple(rows), total=len(held) > 1, wrap=True)]


def _share(share: Share) -> str:
    if share.percent is None:
        return "—"
    return f"{format_number(share.percent, 1)}% ({share.num}/{share.den})"


def _stories(n: Numbers, rows: list[CaseRow]) -> list[Block]:
    """Return each story with its title, whom it came from and who is praised; names are masked."""
    t = n.t
    if not rows:
        return [Paragraph(t("No data in this reporting period."))]
    found: list[Block] = []
    for row in rows:
        customer = ""
        if row.customer is not None:
            customer = mask_name(row.customer, organisation=row.customer_kind == "company")
        facts = [row.number, customer, row.source_number or ""]
        found.append(Heading(mask_text(row.title), 3))
        text = " ".join(mask_text(part) for part in (row.symptom, row.solution) if part)
        found.append(Paragraph(text))
        found.append(Note(" · ".join(fact for fact in facts if fact)))
    return found
