"""One complaint and lists on paper: set like the reports, tagged, masked, and traced (A3, 2.18)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pypdf import PdfReader

from svcdesk.i18n.catalog import translator
from svcdesk.services import complaint_printing, listing, printing
from svcdesk.services.complaint_printing import PrintRequest
from svcdesk.services.printing import PaperColumn, Sheet
from svcdesk.services.queries import Query
from svcdesk.system.errors import EnvironmentProblem, ProblemsError, UserError
from svcdesk.system.job import ImmediateContext
from tests.services.desks import a_complaint, a_ticket

if TYPE_CHECKING:
    from pathlib import Path

    from svcdesk.services.desk import Desk

CONTEXT = ImmediateContext()
EN = translator("en")


def read(path: Path) -> tuple[PdfReader, list[str]]:
    paper = PdfReader(path)
    return paper, [page.extract_text() for page in paper.pages]


def tagged(paper: PdfReader) -> bool:
    root = paper.trailer["/Root"]
    return "/StructTreeRoot" in root and bool(root["/MarkInfo"]["/Marked"])


@pytest.fixture
def case(desk: Desk) -> int:
    return a_complaint(
        desk, new_customer={"name": "欧阳小明", "phones": ["138 1234 5678"]},
        description="客服承诺回电13812345678却没有回电，欧阳小明等了两天",
    )  # fmt: skip


class TestComplaint:
    def test_masked_and_tagged(self, desk: Desk, case: int, tmp_path: Path) -> None:
        target = tmp_path / "sheet.pdf"
        pages = complaint_printing.write(desk, PrintRequest(case), target, EN, CONTEXT)
        paper, texts = read(target)
        assert len(texts) == pages
        assert tagged(paper)
        whole = "".join(texts)
        assert "TS202604-0001" in whole
        assert "欧阳小明" not in whole
        assert "13812345678" not in whole
        for role in complaint_printing.SIGNATURES:
            assert role in whole
        assert "UNMASKED" not in whole

    def test_unmasked_is_said_at_the_head_of_every_page(
        self, desk: Desk, case: int, tmp_path: Path
    ) -> None:
        target = tmp_path / "sheet.pdf"
        with pytest.raises(ProblemsError):
            complaint_printing.write(desk, PrintRequest(case, True), target, EN, CONTEXT)
        assert not target.exists()
        request = PrintRequest(case, True, "答复12315" * 60)  # longer than the header
        complaint_printing.write(desk, request, target, EN, CONTEXT)
        paper, texts = read(target)
        assert all("UNMASKED" in text for text in texts)
        assert "13812345678" in "".join(texts).replace(" ", "")
        assert tagged(paper)
        trace = desk.reader.execute("SELECT action FROM audit ORDER BY id DESC LIMIT 1").fetchone()[
            0
        ]
        assert trace == "export_unmasked"


class TestLists:
    def sheet(self) -> Sheet:
        columns = (PaperColumn("No.", 1), PaperColumn("Title", 4))
        return Sheet(Query("ticket"), "Tickets", ("Status: new",), columns,
                     lambda row: (row.number, row.title))  # fmt: skip

    def test_every_row_across_the_page(self, desk: Desk, tmp_path: Path) -> None:
        numbers = []
        for place in range(30):
            key = a_ticket(desk, title=f"空调第{place}次报修，{'出风口漏水，' * (place % 7)}请尽快")
            numbers.append(desk.reader.execute(
                "SELECT ticket_no FROM ticket WHERE id = ?", (key,)).fetchone()[0])  # fmt: skip
        target = tmp_path / "list.pdf"
        pages = printing.print_list(desk, self.sheet(), target, EN, CONTEXT)
        paper, texts = read(target)
        assert pages == len(texts) > 1
        assert tagged(paper)
        box = paper.pages[0].mediabox
        assert box.width > box.height
        whole = "".join(texts)
        assert all(number in whole for number in numbers)
        assert "Status: new; 30 records" in whole
        assert all("Title" in text for text in texts)  # the header is on every page

    def test_too_many_are_refused(
        self, desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        a_ticket(desk)
        a_ticket(desk)
        monkeypatch.setattr(printing, "LIMIT", 1)
        with pytest.raises(UserError, match="narrow the list"):
            printing.print_list(desk, self.sheet(), tmp_path / "list.pdf", EN, CONTEXT)

    def test_a_folder_that_is_a_file_now(self, desk: Desk, tmp_path: Path) -> None:
        a_ticket(desk)
        (tmp_path / "gone").write_text("x", encoding="utf-8")
        with pytest.raises(EnvironmentProblem):
            printing.print_list(desk, self.sheet(), tmp_path / "gone" / "list.pdf", EN, CONTEXT)

    def test_any_table_can_be_a_list(self, desk: Desk, tmp_path: Path) -> None:
        target = tmp_path / "contacts.pdf"
        lines = [("Name", "Phone"), ("欧阳*", "138****5678")]
        listing.write(desk, target, lines, "contact-plan", CONTEXT, title="Reach list", t=EN)
        _paper, texts = read(target)
        assert "138****5678" in texts[0]
