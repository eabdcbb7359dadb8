"""公文 on the pages: who makes and reads which, and that a figure opens what it counts."""

from __future__ import annotations

import re
from collections.abc import Callable

from flask import Flask

from tests.web.conftest import Visit
from tests.web.urged import proposed, send
from tracker.db import db
from tracker.papers.models import Paper
from tracker.supervision.models import Urged

SignedIn = Callable[[str], Visit]


def made(visit: Visit, urge_id: int) -> str:
    """The address of the file."""
    response = visit.post(f"/urges/{urge_id}/paper", form=f"/urges/{urge_id}")
    assert response.status_code == 302
    return str(response.location)


def sent(site: Flask, signed_in: SignedIn) -> int:
    urge_id = proposed(site)
    send(signed_in("ziyou2"), site, urge_id)
    return urge_id


def test_office_and_unit_get_the_same_file(site: Flask, signed_in: SignedIn) -> None:
    urge_id = sent(site, signed_in)
    files = []
    for account in ("ziyou1", "shuiwu1"):
        visit = signed_in(account)
        files.append(visit.get(made(visit, urge_id)).data)
    assert files[0] == files[1]
    assert files[0].startswith(b"PK")
    with site.app_context():
        assert len(db.session.query(Paper).all()) == 1


def test_a_figure_opens_the_obligations_it_counts(site: Flask, signed_in: SignedIn) -> None:
    urge_id, office = sent(site, signed_in), signed_in("ziyou1")
    page = made(office, urge_id).removesuffix("/file.docx")
    with site.app_context():
        covers = db.session.query(Urged).filter_by(urge_id=urge_id, is_left_out=False).count()
    assert f"查看{covers}项" in office.page(page)
    listed = office.page(f"{page}/figures/_covered")
    assert len(re.findall(r'data-label="事项"', listed)) == min(covers, 50) > 0
    assert office.get(f"{page}/figures/_nothing").status_code == 404


def test_others_find_neither_paper_nor_figure(site: Flask, signed_in: SignedIn) -> None:
    urge_id, office = sent(site, signed_in), signed_in("ziyou1")
    file = made(office, urge_id)
    for account in ("haishi1", "fagai1", "xitong1"):
        visit = signed_in(account)
        assert visit.get(file).status_code == 404
        assert visit.get(file.removesuffix("/file.docx")).status_code == 404
        assert visit.post(f"/urges/{urge_id}/paper").status_code == 404


def test_a_proposal_has_no_paper_yet(site: Flask, signed_in: SignedIn) -> None:
    urge_id, office = proposed(site), signed_in("ziyou1")
    assert "生成公文" not in office.page(f"/urges/{urge_id}")
    assert office.post(f"/urges/{urge_id}/paper", form=f"/urges/{urge_id}").status_code == 404


def test_papers_are_listed_with_the_office(site: Flask, signed_in: SignedIn) -> None:
    urge_id, office = sent(site, signed_in), signed_in("ziyou1")
    assert "还没有公文" in office.page("/papers")
    made(office, urge_id)
    assert "下载 Word" in office.page("/papers")
    assert "还没有公文" in signed_in("fagai1").page("/papers")
