"""Evidence is checked by its content, kept once, and used only by the unit it belongs to."""

from __future__ import annotations

import contextlib
import io
import zipfile
from collections.abc import Iterator
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings as trials, strategies as st
from sqlalchemy import func, select

from tests.cast import (
    EIGHTH,
    MARITIME,
    STARTED,
    TAX,
    Act,
    Desk,
    at_once,
    moment,
    owed,
    tasks_of,
)
from tracker import storage
from tracker.db import db
from tracker.reports import evidence
from tracker.reports.evidence import KINDS, LARGEST, OLE, Rejected
from tracker.reports.models import Evidence
from tracker.tasks.models import Obligation

DAY = date(2026, 4, 1)
PDF = b"%PDF-1.7 proof"
EXE = b"MZ\x90\x00\x03" + b"\0" * 60


def package(*names: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return made.getvalue()


GOOD = {
    "pdf": PDF,
    "ofd": package("OFD.xml"),
    "docx": package("[Content_Types].xml", "word/document.xml"),
    "xlsx": package("xl/workbook.xml"),
    "pptx": package("ppt/presentation.xml"),
    "zip": package("说明.txt"),
    "doc": OLE + b"x",
    "xls": OLE + b"x",
    "wps": OLE + b"x",
    "jpg": b"\xff\xd8\xff\xe0",
    "jpeg": b"\xff\xd8\xff\xe0",
    "png": b"\x89PNG\r\n\x1a\n",
}


@pytest.mark.parametrize("ending", KINDS)
def test_each_kind_is_taken_by_its_own_content(desk: Desk, ending: str) -> None:
    taken = desk.upload(GOOD[ending], f"证明.{ending.upper()}")
    assert taken.media_type == KINDS[ending][1]
    assert taken.size == len(GOOD[ending])


@pytest.mark.parametrize("ending", KINDS)
def test_a_programme_under_another_name_is_refused(desk: Desk, ending: str) -> None:
    with pytest.raises(Rejected, match="内容与扩展名不符，请上传原始文件。"):
        desk.upload(EXE, f"证明.{ending}")


@pytest.mark.parametrize("ending", ["docx", "xlsx", "pptx", "ofd"])
def test_a_package_without_its_document_inside_is_refused(desk: Desk, ending: str) -> None:
    with pytest.raises(Rejected, match="内容与扩展名不符"):
        desk.upload(package("readme.txt"), f"证明.{ending}")


@pytest.mark.parametrize("name", ["a.exe", "文件夹/B.BAT", "c.js"])
def test_a_programme_inside_a_package_is_refused(desk: Desk, name: str) -> None:
    with pytest.raises(Rejected, match="内容与扩展名不符"):
        desk.upload(package("说明.txt", name), "证明.zip")


@pytest.mark.parametrize(
    "data",
    [b"PK\x03\x04", b"PK\x03\x04" + b"\xff" * 200, package("a")[:-8]],
    ids=["nothing behind the mark", "rubbish behind the mark", "cut off"],
)
def test_a_package_that_cannot_be_opened_is_refused(desk: Desk, data: bytes) -> None:
    for ending in ("docx", "zip"):
        with pytest.raises(Rejected, match="内容与扩展名不符"):
            desk.upload(data, f"证明.{ending}")


@pytest.mark.parametrize("name", ["证明.exe", "证明", "证明.pdf.sh", "证明.html", "证明.svg"])
def test_a_kind_that_is_not_asked_for_is_refused(desk: Desk, name: str) -> None:
    with pytest.raises(Rejected, match=r"不接收"):
        desk.upload(PDF, name)


def test_an_empty_file_is_refused(desk: Desk) -> None:
    with pytest.raises(Rejected, match=r"“证明\.pdf”是空文件"):
        desk.upload(b"")


def test_a_file_over_50_megabytes_is_refused_and_one_of_50_is_taken(desk: Desk) -> None:
    whole = PDF + b"\0" * (LARGEST - len(PDF))
    assert desk.upload(whole).size == 50 * 1024 * 1024
    with pytest.raises(Rejected, match="超过50 MB，请压缩或拆分后再上传"):
        desk.upload(whole + b"\0")


def test_nothing_of_a_refused_file_is_kept(desk: Desk) -> None:
    folder = desk.app.config["TRACKER"].instance / "evidence"
    before = sorted(folder.rglob("*"))
    with pytest.raises(Rejected):
        desk.upload(EXE)
    assert sorted(folder.rglob("*")) == before
    assert db.session.scalar(select(func.count()).select_from(Evidence)) == 0


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("../../etc/证明.pdf", "证明.pdf"),
        (r"C:\Users\张三\证明.pdf", "证明.pdf"),
        ("证\x00明\x1b.pdf", "证明.pdf"),
        ("证明\u202efdp.pdf", "证明fdp.pdf"),
        ("证明\r\nSet-Cookie: a.pdf", "证明Set-Cookie: a.pdf"),
        ("  证明.pdf ", "证明.pdf"),
    ],
)
def test_a_name_is_kept_without_folders_and_without_what_cannot_be_seen(
    desk: Desk, given_name: str, kept: str
) -> None:
    assert desk.upload(PDF, given_name).name == kept


@pytest.mark.parametrize("name", ["", " ", "///", "\x00"])
def test_a_file_without_a_name_is_refused(desk: Desk, name: str) -> None:
    with pytest.raises(Rejected, match="没有名称"):
        desk.upload(PDF, name)


def test_a_name_that_is_too_long_is_refused(desk: Desk) -> None:
    with pytest.raises(Rejected, match="文件名超过200字"):
        desk.upload(PDF, "字" * 200 + ".pdf")


def test_the_same_file_twice_is_kept_once(desk: Desk) -> None:
    one, two = desk.upload(PDF, "一.pdf"), desk.upload(PDF, "二.pdf")
    assert one is two
    assert one.name == "一.pdf"


def test_the_same_file_of_another_unit_is_theirs_and_on_disk_once(desk: Desk) -> None:
    ours, theirs = desk.upload(PDF), desk.upload(PDF, unit_name=MARITIME)
    assert ours.id != theirs.id
    assert ours.sha256 == theirs.sha256


def test_two_who_upload_the_same_file_at_once_get_one_row(alone: Desk) -> None:
    def uploading() -> Iterator[None]:
        db.session.scalar(select(Evidence.id))
        yield
        alone.upload(PDF)

    acts: list[Act] = [uploading] * 4
    assert at_once(alone.app, *acts) == [None] * 4
    assert db.session.scalar(select(func.count()).select_from(Evidence)) == 1


def test_a_report_refers_to_evidence_of_its_own_unit(desk: Desk, first: Obligation) -> None:
    report = desk.draft(first, DAY)
    evidence.back(report, [desk.upload(PDF)])
    assert [item.name for item in evidence.of_report(report.id)] == ["证明.pdf"]


def test_evidence_of_another_unit_is_refused(desk: Desk, first: Obligation) -> None:
    report = desk.draft(first, DAY)
    with pytest.raises(Rejected, match="只能引用本单位上传的佐证材料。"):
        evidence.back(report, [desk.upload(PDF, unit_name=MARITIME)])
    assert evidence.of_report(report.id) == []


def test_evidence_is_used_again_for_another_measure(desk: Desk, first: Obligation) -> None:
    proof = desk.upload(PDF)
    reports = [desk.draft(owed(task), DAY) for task in tasks_of(TAX, EIGHTH)[:2]]
    for report in reports:
        evidence.back(report, [proof])
    assert [evidence.of_report(report.id) for report in reports] == [[proof], [proof]]


def test_the_same_evidence_twice_is_referred_to_once(desk: Desk, first: Obligation) -> None:
    report, proof = desk.draft(first, DAY), desk.upload(PDF)
    evidence.back(report, [proof, proof])
    evidence.back(report, [proof])
    assert len(evidence.of_report(report.id)) == 1


def test_100_files_are_taken_and_the_101st_is_refused(desk: Desk, first: Obligation) -> None:
    report = desk.draft(first, DAY)
    proofs = [desk.upload(PDF + bytes([n])) for n in range(101)]
    evidence.back(report, proofs[:100])
    with pytest.raises(Rejected, match="最多引用100个佐证材料"):
        evidence.back(report, proofs[100:])
    assert len(evidence.of_report(report.id)) == 100


def test_101_files_at_once_are_refused_whole(desk: Desk, first: Obligation) -> None:
    report = desk.draft(first, DAY)
    with pytest.raises(Rejected, match="最多引用100个"):
        evidence.back(report, [desk.upload(PDF + bytes([n])) for n in range(101)])
    assert evidence.of_report(report.id) == []


def test_nothing_is_added_to_what_is_filed(desk: Desk, first: Obligation) -> None:
    report = desk.file(first, DAY)
    with pytest.raises(Rejected, match="待审核"):
        evidence.back(report, [desk.upload(PDF)])


def test_evidence_is_taken_off_a_draft_and_stays_with_the_unit(
    desk: Desk, first: Obligation
) -> None:
    report, proof = desk.draft(first, DAY), desk.upload(PDF)
    evidence.back(report, [proof])
    evidence.drop(report, proof.id)
    assert evidence.of_report(report.id) == []
    assert db.session.get(Evidence, proof.id) is proof


@given(st.data())
@trials(
    max_examples=200,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_a_damaged_package_is_taken_or_refused_and_never_an_error(
    desk: Desk, data: st.DataObject
) -> None:
    whole = bytearray(GOOD["docx"])
    for _ in range(data.draw(st.integers(1, 6))):
        whole[data.draw(st.integers(4, len(whole) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(Rejected):
        taken = desk.upload(bytes(whole), "证明.docx")
        assert storage.fetch(desk.app.config["TRACKER"].instance / "evidence", taken.sha256)


def test_it_is_known_who_uploaded_it_and_when(desk: Desk) -> None:
    taken = desk.upload(PDF)
    assert (taken.uploaded_by, taken.uploaded_at) == (desk.cast.filer, moment(STARTED))
