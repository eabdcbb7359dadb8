"""What holds for every page of a unit: sound HTML, labelled fields, tokens, Chinese only."""

from __future__ import annotations

import re
from collections.abc import Callable

import html5lib
import lxml.html
import pytest
from flask import Flask

from tests.web.conftest import Visit
from tests.web.filing import OPENED, form_of, ids_owed, owe, sign, write
from tests.web.test_pages import NAMES, printed_words, visible

SHEET = "/sheets/yfh-2023-59/2026-H1"
SHORT = frozenset({"PDF", "OFD", "ZIP"})


@pytest.fixture
def pages(
    site: Flask, monkeypatch: pytest.MonkeyPatch, signed_in: Callable[[str], Visit]
) -> dict[str, str]:
    monkeypatch.setenv("TRACKER_NOW", f"{OPENED.isoformat()}T10:00")
    owe(site)
    filer, signer, city = (signed_in(a) for a in ("shuiwu1", "shuiwu2", "guangzhou1"))
    first, second, third, *_ = (f"/obligations/{one}" for one in ids_owed(site))
    write(filer, int(first.split("/")[-1]), "submit")
    sign(signer, int(first.split("/")[-1]))
    write(filer, int(second.split("/")[-1]), "submit")
    wrong = write(filer, int(third.split("/")[-1]), "submit", stage="", progress="")
    stale = {**form_of(filer, third), "version": "1", "progress": "另一份文字"}
    found = {
        "mistakes": wrong.text,
        "conflict": filer.client.post(third, data=stale).text,
        "refused": filer.client.post(second, data={**stale, "action": "save"}).text,
    }
    for visit, urls in (
        (filer, ("/", "/obligations", first, second, third, "/receipts?number=x")),
        (signer, ("/", "/signing", second, "/receipts/2026-000001")),
        (city, ("/", SHEET, "/exemptions")),
    ):
        found |= {f"{url} {id(visit)}": visit.page(url) for url in urls}
    return found


def test_they_are_sound_and_can_be_used_by_everyone(pages: dict[str, str], site: Flask) -> None:
    with site.app_context():
        printed = frozenset(printed_words()) | NAMES | SHORT
    for url, text in pages.items():
        parser = html5lib.HTMLParser()
        parser.parse(text)
        assert not parser.errors, (url, parser.errors[:3])
        page = lxml.html.fromstring(text)
        ids = page.xpath("//@id")
        assert len(ids) == len(set(ids)), (url, {one for one in ids if ids.count(one) > 1})
        assert not page.xpath("//script[not(@src)]|//style|//@style|//@onclick"), url
        assert set(re.findall("[A-Za-z]{2,}", " ".join(visible(page)))) <= printed, url
        for form in page.xpath('//form[@method="post"]'):
            assert form.xpath('.//input[@name="csrf_token"]/@value'), url
        for field in page.xpath('//input[@type!="hidden"]|//select|//textarea'):
            labelled = page.xpath("//label[@for=$id]", id=field.get("id", ""))
            inside = field.xpath("ancestor::label")
            assert labelled or inside or field.get("aria-label"), (url, field.get("name"))
        for said in page.xpath("//@aria-describedby"):
            assert all(page.xpath("//*[@id=$id]", id=one) for one in said.split()), (url, said)
