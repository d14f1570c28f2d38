"""What is typed or pasted about the people of a training: cells of a grid, names with scores."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from svcdesk.domain import training as rules
from svcdesk.i18n.catalog import N_, Translator, current
from svcdesk.interchange import cleaning
from svcdesk.services import trainings
from svcdesk.services.typed_figures import Grid, GridColumn
from svcdesk.services.typed_saving import BadCell

if TYPE_CHECKING:
    from collections.abc import Mapping

    from svcdesk.services.desk import Desk, Outcome
    from svcdesk.services.trainings import TrainingDetail

YES = frozenset(
    {"是", "y", "yes", "1", "√", "✓", "对", "到", "出勤", "到场", "参加", "通过", "合格"}
)
NO = frozenset(
    {"否", "n", "no", "0", "×", "x", "缺", "缺席", "缺勤", "未到", "未参加", "未通过", "不合格"}
)
COLUMNS = (
    ("attended", N_("Attended"), "flag"), ("score", N_("Score"), "integer"),
    ("passed", N_("Passed"), "flag"), ("days", N_("Days to go alone"), "integer"),
)  # fmt: skip
NOT_A_FLAG = N_("Write yes or no, not “{value}”.")
NOT_A_SCORE = N_("A score is a whole number from 0 to 100, not “{value}”.")
NOT_DAYS = N_("Days are a whole number, not “{value}”.")
BY_MARK = N_("Whether it was passed follows from the score and the pass mark {mark}.")
MOST_DAYS = 1000


def grid(desk: Desk, detail: TrainingDetail, t: Translator | None = None) -> Grid:
    """Return the people of a training as a grid; days stand in it for onboarding only."""
    words = t or current()
    onboarding = detail.row.kind == rules.ONBOARDING
    columns = tuple(
        GridColumn(key, words(label), "integer") for key, label, _kind in COLUMNS
        if key != "days" or onboarding
    )  # fmt: skip
    people = desk.reference.people
    cells: dict[tuple[str, str], str] = {}
    lines = []
    for seat in detail.row.held.seats:
        row = str(seat.person_id)
        lines.append((row, people[seat.person_id].name if seat.person_id in people else row))
        passed = rules.passed(seat, detail.row.pass_mark)
        values = {"attended": _flag(words, value=seat.attended), "passed": _flag(words, value=passed),
                  "score": seat.score, "days": seat.days}  # fmt: skip
        cells |= {(row, key): str(v) for key, v in values.items() if v not in {None, ""}}
    return Grid("training", str(detail.row.id), tuple(lines), columns, cells)


def _flag(t: Translator, *, value: bool | None) -> str:
    """Return yes, no, or nothing while nobody said so."""
    return "" if value is None else t.p("flag", "yes") if value else t.p("flag", "no")


def save(
    desk: Desk, training_id: int, edits: Mapping[tuple[str, str], str],
    t: Translator | None = None,
) -> Outcome[list[BadCell]]:  # fmt: skip
    """Write the cells that are good as one step; give back the others with a sentence."""
    from svcdesk.services.desk import Outcome

    words = t or current()
    detail = trainings.get(desk, training_id)
    seats: dict[int, dict[str, Any]] = {}
    bad: list[BadCell] = []
    for (row, column), text in edits.items():
        good, found = _read(column, text, detail, words)
        if good:
            seats.setdefault(int(row), {})[column] = found
        else:
            bad.append(BadCell(row, column, text, found))
    outcome = trainings.save_seats(desk, training_id, seats)
    return Outcome(bad, outcome.changes)


def _read(column: str, text: str, detail: TrainingDetail, t: Translator) -> tuple[bool, Any]:
    """Return whether a cell can be read, and its value or the sentence why not."""
    plain = cleaning.plain(text).strip()
    if not plain:
        return True, None
    if column == "passed" and detail.row.pass_mark is not None:
        return False, t(BY_MARK).format(mark=detail.row.pass_mark)
    if column in {"attended", "passed"}:
        flag = read_flag(plain, t)
        if flag is None:
            return False, t(NOT_A_FLAG).format(value=plain)
        return True, int(flag)
    number = read_whole(plain)
    most, sentence = (rules.FULL_SCORE, NOT_A_SCORE) if column == "score" else (MOST_DAYS, NOT_DAYS)
    if number is None or number > most:
        return False, t(sentence).format(value=plain)
    return True, number


def read_flag(text: str, t: Translator) -> bool | None:
    """Return yes or no, ``None`` when it is neither."""
    word = text.lower()
    if word in YES | {t.p("flag", "yes").lower()}:
        return True
    return False if word in NO | {t.p("flag", "no").lower()} else None


def read_whole(text: str) -> int | None:
    """Return a whole number, also from 90.0 or 90分."""
    found = re.fullmatch(r"(\d+)(?:\.0+)?\s*(?:分|天)?", text)
    return int(found[1]) if found else None


@dataclass(frozen=True)
class Paste:
    """What a block of names and scores says: values by person, and the lines not understood."""

    seats: dict[int, dict[str, Any]]
    wrong: tuple[str, ...]


def read_paste(desk: Desk, text: str, t: Translator | None = None) -> Paste:
    """Read lines of a name, a score (or attendance) and days, as a spreadsheet copies them.

    A first line of headings is passed over. A name stands for the active person of that name; one
    that two people have is not guessed.
    """
    words = t or current()
    seats: dict[int, dict[str, Any]] = {}
    wrong: list[str] = []
    people = [p for p in desk.reference.people.values() if p.active and not p.is_bot]
    for place, line in enumerate(text.replace("\r\n", "\n").strip("\n").split("\n")):
        cells = [c.strip() for c in re.split(r"\t|[,，;；]|\s{2,}", cleaning.plain(line).strip())]
        cells = cells if len(cells) > 1 else cells[0].split()
        if not cells or not cells[0]:
            continue
        named = [p for p in people if p.name == cells[0]]
        if len(named) != 1:
            numbers = any(read_whole(c) is not None for c in cells[1:])
            if place or numbers or len(cells) == 1:
                wrong.append(_unknown(cells[0], len(named), words))
            continue
        found, sentence = _values(cells[1:], words)
        if sentence:
            wrong.append(f"{cells[0]}: {sentence}")
        else:
            seats[named[0].id] = found
    return Paste(seats, tuple(wrong))


def _unknown(name: str, count: int, t: Translator) -> str:
    if count:
        return t("Two people are called {name}: type the score by hand.").format(name=name)
    return t("Nobody here is called {name}.").format(name=name)


def _values(cells: list[str], t: Translator) -> tuple[dict[str, Any], str]:
    """Return what stands behind a name: score or attendance first, then days."""
    found: dict[str, Any] = {"attended": 1}
    for place, cell in enumerate(cells[:2]):
        number = read_whole(cell)
        if not cell:
            continue
        if number is not None and place == 0:
            if number > rules.FULL_SCORE:
                return {}, t(NOT_A_SCORE).format(value=cell)
            found["score"] = number
        elif number is not None:
            found["days"] = min(number, MOST_DAYS)
        elif (flag := read_flag(cell, t)) is not None:
            found["attended"] = int(flag)
        else:
            return {}, t(NOT_A_SCORE).format(value=cell)
    return found, ""
