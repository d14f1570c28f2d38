"""One improvement item on paper: A3 on one page, or as 8D report (domain.md 2.12)."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from svcdesk.domain import causes
from svcdesk.domain.improvement import PDCA, QUESTIONS, ActionKind, ActionState
from svcdesk.domain.people import Permission
from svcdesk.i18n.catalog import Translator, translator
from svcdesk.i18n.labels import code_label, field_label
from svcdesk.reports.model import (
    Beside,
    Block,
    Column,
    Figure,
    Fishbone,
    Heading,
    Ladder,
    Note,
    PageFormat,
    Paragraph,
    ReportData,
    Section,
    Table,
)
from svcdesk.services import (
    improvement_causes,
    improvement_effect,
    improvement_measures,
    improvement_words,
    improvements,
    targets,
)
from svcdesk.services.improvement_rows import metric_name, value_text
from svcdesk.system.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from svcdesk.services.desk import Desk
    from svcdesk.services.improvements import ItemDetail
    from svcdesk.system.job import JobContext

DASH = "—"


class Form(StrEnum):
    """How an item is laid out."""

    A3 = "a3"  # problem, causes, measures, effect on one page
    EIGHT_D = "8d"  # eight disciplines
    PDCA = "pdca"  # plan, do, check, act


def blocks(desk: Desk, item_id: int, language: str, form: Form) -> list[Block]:
    """Return an item in the parts of a form."""
    return _Writer(desk, improvements.get(desk, item_id), translator(language)).blocks(form)


def collect(desk: Desk, item_id: int, language: str, form: Form = Form.A3) -> ReportData:
    """Return the paper of an item before it is drawn."""
    desk.require(Permission.MAKE_REPORTS)
    t, stamp = translator(language), desk.clock.now()
    detail = improvements.get(desk, item_id)
    item, moment = detail.item, datetime.fromtimestamp(stamp, desk.zone)
    writer = _Writer(desk, detail, t)
    title = f"{item['item_no']} {item['title']}"
    head = t("8D report {title}").format(title=title) if form is Form.EIGHT_D else title
    settings = desk.reference.settings
    return ReportData(
        language, settings["organisation"], head, "", "", settings["confidentiality"],
        f"{moment:%Y-%m-%d %H:%M}", "", writer.person(item["owner_id"]), "", f"{moment:%Y-%m-%d}",
        sections=[Section("item", head, "", writer.blocks(form))], stamp=stamp,
        page_format=PageFormat.A3 if form is Form.A3 else PageFormat.A4,
    )  # fmt: skip


def write(
    desk: Desk, item_id: int, target: Path, language: str, context: JobContext,
    form: Form = Form.A3,
) -> int:  # fmt: skip
    """Write the paper of an item as PDF and return its number of pages."""
    from svcdesk.reports.pdf import document

    return document.write(collect(desk, item_id, language, form), target, context, cover=False)


def write_fishbone(
    desk: Desk, item_id: int, target: Path, language: str, context: JobContext
) -> None:
    """Write the fishbone of an item alone, by the ending of the name: SVG, PNG in print quality, PDF."""
    from svcdesk.reports.pdf import document, pictures_out

    data = collect(desk, item_id, language)
    item = improvements.get(desk, item_id)
    analysis = improvement_causes.analysis_of(item.rca)
    t = translator(language)
    title = t("Fishbone of {number} {title}").format(
        number=item.item["item_no"], title=item.item["title"]
    )
    bones = Fishbone(improvement_causes.diagram(analysis, item.item, t), title)
    kind, picture = target.suffix.lower(), pictures_out.picture_of(bones)
    if not analysis.causes or picture is None:
        raise UserError("{number} has no causes on its fishbone yet.", code="empty",
                        number=item.item["item_no"])  # fmt: skip
    if kind == ".svg":
        pictures_out.write_svg(picture[0], target, title, picture[1], language)
    elif kind == ".png":
        pictures_out.write_png(picture[0], target)
    else:
        data.title, data.page_format = title, PageFormat.ACROSS
        data.sections = [Section("fishbone", title, "", [bones])]
        document.write(data, target, context, cover=False)


class _Writer:
    """Puts an item into words in the language of the paper."""

    def __init__(self, desk: Desk, detail: ItemDetail, t: Translator) -> None:
        self._desk, self._detail, self._t = desk, detail, t
        self._item = detail.item
        self._analysis = improvement_causes.analysis_of(detail.rca)

    def blocks(self, form: Form) -> list[Block]:
        """Return the parts of a form."""
        return {Form.A3: self.a3, Form.EIGHT_D: self.eight_d, Form.PDCA: self.pdca}[form]()

    def a3(self) -> list[Block]:
        """Return the four fields of an A3."""
        t = self._t
        left: list[Block] = [
            Heading(t("1 Problem")), self._facts(), *self._asked(), *self._evidence(),
            Heading(t("2 Causes")), *self._causes(),
        ]  # fmt: skip
        right: list[Block] = [
            Heading(t("3 Measures")), self._measures(),
            Heading(t("4 Effect")), *self._effect(), *self._standard(),
        ]  # fmt: skip
        return [Beside(tuple(left), tuple(right))]

    def pdca(self) -> list[Block]:
        """Return the four steps of the cycle, as 2.12 maps the stages to them."""
        t = self._t
        return [
            Heading(t("P Plan: problem, cause, measures")), self._facts(), *self._asked(),
            *self._evidence(), *self._causes(), self._measures(),
            Heading(t("D Do: measures carried out")),
            *(self._done() or [Note(t("No measures have been planned yet."))]),
            Heading(t("C Check: what it brought")), *self._effect(),
            Heading(t("A Act: make it the standard, or analyse again")),
            *(self._standard() or [Note(t("Not made standard yet."))]),
        ]  # fmt: skip

    def eight_d(self) -> list[Block]:
        """Return D0 to D8, as 2.12 maps them."""
        t, item = self._t, self._item
        return [
            Heading(t("D0 What raised it")), self._facts(), *self._evidence(),
            Heading(t("D1 Team")), self._team(),
            Heading(t("D2 Problem")), *(self._asked() or [Paragraph(item["title"])]),
            Heading(t("D3 Containment")), *self._containment(),
            Heading(t("D4 Root cause")), *self._causes(),
            Heading(t("D5 Chosen measures")), self._measures(),
            Heading(t("D6 Carried out, and what it brought")), *self._done(), *self._effect(),
            Heading(t("D7 Made standard")),
            *(self._standard() or [Note(t("Not made standard yet."))]),
            Heading(t("D8 Recognition")),
            Paragraph(item["recognition"]) if item["recognition"]
            else Note(t("Nobody has been named yet.")),
        ]  # fmt: skip

    # --- words ---------------------------------------------------------------------------

    def person(self, key: int | None) -> str:
        """Return the name of a person, "" for nobody."""
        found = self._desk.reference.people.get(key) if key is not None else None
        return found.name if found is not None else ""

    def _day(self, at: int | None) -> str:
        return DASH if at is None else f"{datetime.fromtimestamp(at, self._desk.zone):%Y-%m-%d}"

    def _value(self, value: float | None) -> str:
        if value is None:
            return DASH
        return value_text(self._item["metric"], Fraction(str(value)))

    def _baseline(self) -> str:
        exact = self._item["snapshot"].get("value")
        if exact is not None:
            text = value_text(self._item["metric"], Fraction(exact))
        else:
            text = self._value(self._item["baseline"])
        n = self._item["baseline_n"]
        return text if n is None or text == DASH else f"{text} (n={n})"

    def _pairs(self, pairs: Iterable[tuple[str, str]]) -> Table:
        """Return facts, two a line, without header."""
        known = [(name, text) for name, text in pairs if text and text != DASH]
        if len(known) % 2:
            known.append(("", ""))
        rows = tuple((*a, *b) for a, b in zip(known[::2], known[1::2], strict=True))
        columns = (Column("", share=0.16, names=True), Column("", share=0.34),
                   Column("", share=0.16, names=True), Column("", share=0.34))  # fmt: skip
        return Table("", columns, rows, wrap=True)

    # --- parts ---------------------------------------------------------------------------

    def _facts(self) -> Table:
        t, item = self._t, self._item
        stage = code_label("ItemStatus", item["status"], t)
        pdca = PDCA.get(item["status"])
        metric = metric_name(item["metric"], t) if item["metric"] else ""
        if metric and item["scope"] != targets.WHOLE_DESK:
            metric += f" · {targets.named(self._desk, item['scope'], t)}"
        months = t(", ").join(o["period"] for o in self._detail.occurrences)
        return self._pairs([
            (t("Raised by"), code_label("ItemSource", item["source"], t)),
            (t("Raised on"), self._day(item["created_at"])),
            (t("Metric"), metric), (t("Found in"), months),
            (t("Before"), self._baseline()), (t("Target"), self._value(item["target"])),
            (t("Owner"), self.person(item["owner_id"])),
            (t("Target date"), item["target_date"] or ""),
            (t("State"), f"{stage} ({t(pdca)})" if pdca else stage),
            (t("Closed on"), self._day(item["closed_at"])),
        ])  # fmt: skip

    def _asked(self) -> list[Block]:
        """Return the problem in 5W2H, as far as it was answered."""
        answers = self._item["problem"]
        known = [(self._t(text), answers[q]) for q, text in QUESTIONS.items() if answers.get(q)]
        return [self._pairs(known)] if known else []

    def _evidence(self) -> list[Block]:
        told = [
            f"{one['number']} ({one['note']})" if one["note"] else one["number"]
            for one in self._detail.links
        ]
        if not told:
            return []
        t = self._t
        return [Paragraph(t("Evidence: {records}").format(records=t(", ").join(told)))]

    def _team(self) -> Table:
        t, detail = self._t, self._detail
        roles: list[tuple[str, Any]] = [(t("In charge of the item"), self._item["owner_id"])]
        roles += [
            (t("Measure {number}").format(number=a["action_no"]), a["owner_id"])
            for a in detail.actions
        ]
        if detail.rca:
            roles.append((t("Confirmed the root cause"), detail.rca["confirmed_by_id"]))
        roles += [(t("Verified the effect"), v["verifier_id"]) for v in detail.verifications]
        parts: dict[str, list[str]] = {}
        for role, key in roles:
            if name := self.person(key):
                parts.setdefault(name, []).append(role)
        columns = (Column(t("Person"), share=0.25), Column(t.p("team", "Part"), share=0.75))
        rows = tuple((name, t(", ").join(dict.fromkeys(told))) for name, told in parts.items())
        return Table("", columns, rows, wrap=True)

    def _containment(self) -> list[Block]:
        interim = [a for a in self._detail.actions if a["kind"] == ActionKind.INTERIM]
        found: list[Block] = []
        if self._item["containment"]:
            found.append(Paragraph(self._item["containment"]))
        if interim:
            found.append(self._table(interim))
        t = self._t
        return found or [Note(t("No interim measure was needed or written down."))]

    def _causes(self) -> list[Block]:
        t, analysis = self._t, self._analysis
        blocks: list[Block] = []
        if analysis.whys:
            blocks.append(Ladder(causes.ladder(analysis.whys), t("5 Whys")))
        if analysis.causes:
            diagram = improvement_causes.diagram(analysis, self._item, t)
            blocks.append(Fishbone(diagram, t("Fishbone")))
        if analysis.root_cause:
            blocks.append(Paragraph(t("Root cause: {text}").format(text=analysis.root_cause)))
            if analysis.controllable is not None:
                word = t("yes") if analysis.controllable else t("no")
                name = field_label("improvement_item", "controllable", t)
                blocks.append(Paragraph(t("{name}: {value}").format(name=name, value=word)))
        return blocks or [Note(t("The causes have not been looked into yet."))]

    def _measures(self) -> Block:
        live = [a for a in self._detail.actions if a["state"] != ActionState.CANCELLED]
        if not live:
            return Note(self._t("No measures have been planned yet."))
        return self._table(live)

    def _table(self, actions: list[dict[str, Any]]) -> Table:
        t = self._t
        late = t("overdue")
        rows = tuple(
            (a["text"], code_label("ActionKind", a["kind"], t), self.person(a["owner_id"]) or DASH,
             a["due_date"] or DASH, self._needs(a),
             code_label("ActionState", a["state"], t)
             + (f" ({late})" if improvement_measures.is_late(self._desk, a) else ""))
            for a in actions
        )  # fmt: skip
        columns = (Column(t("Measure"), share=0.34), Column(t("Kind"), share=0.1),
                   Column(t("Owner"), share=0.12), Column(t("Due"), share=0.14),
                   Column(t("Needs"), share=0.18), Column(t("State"), share=0.12))  # fmt: skip
        return Table(t("Measures and where they stand"), columns, rows, wrap=True)

    def _needs(self, action: dict[str, Any]) -> str:
        t, told = self._t, [action["resources"]] if action["resources"] else []
        if action["cost"]:
            told.append(f"¥{action['cost'] / 100:,.2f}")
        if action["hours"]:
            told.append(t("{n} h").format(n=action["hours"]))
        return t(", ").join(told) or DASH

    def _done(self) -> list[Block]:
        t = self._t
        rows = tuple(
            (a["action_no"], f"{improvement_measures.percent_of(a)} %", self._day(a["done_at"]),
             a["progress"][-1].get("note", "") if a["progress"] else "", a["evidence"])
            for a in self._detail.actions if a["state"] != ActionState.CANCELLED
        )  # fmt: skip
        if not rows:
            return []
        columns = (Column(t("Measure"), share=0.16), Column(t("Progress"), right=True, share=0.1),
                   Column(t("Done on"), share=0.14), Column(t("Last entry"), share=0.3),
                   Column(t("Proof that it was done"), share=0.3))  # fmt: skip
        return [Table(t("How far the measures are"), columns, rows, wrap=True)]

    def _effect(self) -> list[Block]:
        t, item, blocks = self._t, self._item, list[Block]()
        effect = improvement_effect.of(self._desk, item["id"])
        if any(month.value is not None for month in effect.months):
            name = metric_name(item["metric"], t)
            chart = improvement_words.chart(effect, item["metric"], t)
            blocks.append(Figure(chart, t("{name} before, during and after the measures").format(
                name=name)))  # fmt: skip
            blocks.append(Paragraph(improvement_words.told(effect, item["metric"], t)))
        verdict = (
            code_label("Verdict", item["verdict"], t) if item["verdict"] else t("not verified yet")
        )
        judged = [v for v in self._detail.verifications if v["verdict"] is not None]
        if judged:
            last = judged[-1]
            who = t("{name}, {day}").format(name=self.person(last["verifier_id"]),
                                            day=self._day(last["at"]))  # fmt: skip
            verdict += f" ({who})" + (f" {last['note']}" if last["note"] else "")
        blocks.append(Paragraph(t("Verdict: {text}").format(text=verdict)))
        return blocks

    def _standard(self) -> list[Block]:
        told = self._item["standardised"]
        return [Paragraph(self._t("Made standard: {text}").format(text=told))] if told else []
