"""Import of questionnaire exports: one row per answer, matched with its case (V14)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from svcdesk.domain.survey import SurveySource
from svcdesk.domain.text import is_phone
from svcdesk.i18n.catalog import N_
from svcdesk.interchange.cleaning import fold
from svcdesk.services import surveys, surveys_matching
from svcdesk.services.imports_run import Row, Run, refusal
from svcdesk.services.imports_tables import TableHandler, TableSpec
from svcdesk.store import records
from svcdesk.store import surveys as store

if TYPE_CHECKING:
    from collections.abc import Iterable

    from svcdesk.interchange.problems import Bad

NOTHING_SAID = N_("The row has neither a score nor a comment.")


def name_reasons(run: Run, values: dict[str, Any]) -> None:
    """Read reasons by their names on the list of ours; other words stay as they are."""
    words = values.get("reasons")
    if words:
        items = [i for i in run.reference.items.values() if i.list == "low_reason"]
        known = {fold(i.name): i.id for i in items}
        values["reasons"] = [known.get(fold(str(word)), word) for word in words]


def complete(run: Run, values: dict[str, Any]) -> Iterable[Bad]:
    """Refuse a row that says nothing; keep the one phone that can be looked for."""
    name_reasons(run, values)
    if all(values.get(name) is None for name in (*surveys.SCORES, "comment")):
        yield refusal("AB08", NOTHING_SAID, "csat")
    phones = values.get("phone") or []
    if phones:
        values["phone"] = next((p for p in phones if is_phone(p)), phones[0])


def freeze(run: Run, values: dict[str, Any]) -> None:
    """Take what the row does not say from its case, as it stood when it was closed (V11).

    What was taken is noted: it belongs to new surveys only, a known one keeps its attribution.
    """
    before = set(values)
    given = {name for name, value in values.items() if value is not None}
    case = next((c for c in store.CASES if values.get(c) is not None), None)
    if case is not None:
        at = values.get("responded_at") or values["sent_at"]
        closed = store.closing(run.connection, case, values[case], at)
        for column, value in store.attribution(run.connection, case, values[case], closed).items():
            name = column.removesuffix("_id")
            if name not in given and value is not None:
                values[name] = value
        row = records.get(run.connection, case, values[case]) or {}
        values["ticket_created_at"] = row.get("created_at")
    if values.get("responded_at") is not None:
        values["first_at"] = values["responded_at"]
    now = {name for name, value in values.items() if value is not None}
    values["derived"] = frozenset((now - given) | (set(values) - before))


class SurveyHandler(TableHandler):
    """Surveys as we export them: a known one keeps what was frozen when it was closed."""

    def columns_of(self, row: Row) -> dict[str, Any]:
        """Leave out what the row does not say itself when it changes a known survey."""
        found = super().columns_of(row)
        if row.changes:
            for name in row.values.get("derived", ()):
                found.pop(self._column(name), None)
        return found


SPEC = TableSpec(
    defaults={"comment": "", "method": "form", "source": "customer", "reasons": "[]"},
    derive=complete,
)


class QuestionnaireHandler(TableHandler):
    """Answers: each is kept, and becomes one of its ticket's survey when the ticket is found."""

    def insert(self, rows: list[Row]) -> int:
        """Write new answers and match them."""
        written = super().insert(rows)
        self.run.flush()
        if self.run.uow is not None:
            for row in rows:
                self._match(row.record)
        return written

    def _match(self, key: int) -> None:
        uow = self.run.writing
        answer = records.get(uow.connection, "survey_answer", key) or {}
        clue = surveys_matching.clue_of(answer)
        ticket = surveys_matching.find_ticket(uow.connection, clue, answer["responded_at"])
        if ticket is not None or answer["source"] != SurveySource.CUSTOMER:
            surveys_matching.attach(uow, self.run.desk, answer, ticket, by_hand=False)
            matched = records.get(uow.connection, "survey_answer", key) or {}
            self.run.plan.flagged.update(matched["data_flags"])  # answered before it was sent

    def update(self, row: Row) -> bool:
        """Change an answer that another file corrects; its survey counts anew."""
        changed = super().update(row)
        if changed and self.run.uow is not None:
            answer = records.get(self.run.writing.connection, "survey_answer", row.record) or {}
            if answer.get("survey_id"):
                surveys.recount(self.run.writing, answer["survey_id"])
            else:
                self._match(row.record)
        return changed

    def finish(self) -> None:
        """Tell the batch of the surveys that the answers made, so that it is taken back whole."""
        if self.run.uow is None:
            return
        self.run.flush()
        uow = self.run.writing
        for table in ("survey", "survey_answer"):
            self.run.written[table] = store.of_batch(uow.connection, table, uow.batch_id or 0)
