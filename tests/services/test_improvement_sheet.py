"""One improvement item on one page, from its own data only."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from pypdf import PdfReader

from svcdesk.services import improvement_sheet, sample_data
from svcdesk.services.desk import Desk
from svcdesk.services.improvement_sheet import Form
from svcdesk.system.clock import FixedClock
from svcdesk.system.errors import UserError
from svcdesk.system.job import ImmediateContext

if TYPE_CHECKING:
    from pathlib import Path

AT = int(datetime(2026, 4, 2, 2, tzinfo=UTC).timestamp())


@pytest.mark.parametrize("form", list(Form))
@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_every_item_of_the_sample_on_paper(tmp_path: Path, language: str, form: Form) -> None:
    path, clock = tmp_path / "sample.svcdesk", FixedClock(AT)
    sample_data.create(path, months=4, seed=1, context=ImmediateContext(), clock=clock)
    with Desk.open(path, clock=clock) as desk:
        found = desk.reader.execute(
            "SELECT i.id, i.item_no, i.title, r.root_cause FROM improvement_item i "
            "LEFT JOIN rca r ON r.item_id = i.id WHERE i.deleted_at IS NULL"
        ).fetchall()
        assert found
        for key, number, title, cause in found:
            target = tmp_path / f"{number}-{language}.pdf"
            pages = improvement_sheet.write(desk, key, target, language, ImmediateContext(), form)
            text = "".join(p.extract_text() for p in PdfReader(target).pages)
            squeezed = "".join(text.split())
            assert pages <= (1 if form is Form.A3 else 4)
            for name in (f"D{n} " for n in range(9)) if form is Form.EIGHT_D else ():
                assert name in text
            assert number in text
            assert "".join(title.split()) in squeezed
            assert "".join((cause or "").split()) in squeezed
        with pytest.raises(UserError):
            improvement_sheet.collect(desk, 1, language)
