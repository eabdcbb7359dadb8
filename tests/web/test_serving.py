"""`tracker serve` and the people of a demonstration."""

from __future__ import annotations

import socket
from dataclasses import replace

import pytest
from flask import Flask

from tests.web.conftest import Visit
from tracker.db import db
from tracker.operations import demonstration, serving
from tracker.registry import queries
from tracker.registry.models import Installation


def greeting(site: Flask) -> str:
    lines: list[str] = []
    with site.app_context():
        serving.greet("127.0.0.1", 8000, lines.append)
    return "\n".join(lines)


def test_it_prints_where_to_look(site: Flask) -> None:
    assert "http://127.0.0.1:8000/" in greeting(site)


def test_links_that_only_this_machine_can_open_are_told_in_earnest(site: Flask) -> None:
    guessed = replace(site.config["TRACKER"], base_url=serving.site_at("0.0.0.0", 9000))
    said: list[str] = []
    for settings in (guessed, replace(guessed, production=True, is_site_chosen=True)):
        serving.warn_of_links(settings, said.append)
    assert said == []
    serving.warn_of_links(replace(guessed, production=True), said.append)
    assert "没有设置 TRACKER_BASE_URL" in said[0]
    assert "将指向 http://127.0.0.1:9000，" in said[0]
    assert serving.site_at("::1", 9000) == "http://[::1]:9000"


def test_it_names_who_can_sign_in_only_in_a_demonstration(site: Flask) -> None:
    assert demonstration.PASSWORD not in greeting(site)
    with site.app_context():
        db.session.get_one(Installation, 1).is_demonstration = True
        db.session.commit()
    said = greeting(site)
    assert demonstration.PASSWORD in said
    for member in demonstration.CAST:
        assert member.account in said


def test_everyone_it_names_can_sign_in(site: Flask) -> None:
    for member in demonstration.CAST:
        visit = Visit(site.test_client())
        assert visit.sign_in(member.account).headers["Location"] == "/"
        assert member.name in visit.page("/")


def test_the_people_are_added_once(site: Flask) -> None:
    with site.app_context():
        before = len(queries.people())
        assert demonstration.people(production=False) == 0
        assert len(queries.people()) == before


def test_they_have_no_place_in_production(site: Flask) -> None:
    with site.app_context(), pytest.raises(demonstration.Refused, match="正式环境"):
        demonstration.people(production=True)


def test_a_demonstration_is_never_served_in_earnest(site: Flask) -> None:
    with site.app_context():
        serving.refuse_demonstration(production=True)
        db.session.get_one(Installation, 1).is_demonstration = True
        db.session.flush()
        serving.refuse_demonstration(production=False)
        with pytest.raises(serving.Refused, match="演示环境"):
            serving.refuse_demonstration(production=True)


def test_a_port_that_is_taken_is_told_in_one_sentence(site: Flask) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(serving.Refused, match=f"不能在 127.0.0.1:{port} 上提供服务"):
            serving.serve(site.wsgi_app, host="127.0.0.1", port=port, workers=1)


def test_health_says_whether_the_database_is_ready(site: Flask, stranger: Visit) -> None:
    assert stranger.get("/healthz").status_code == 200
    with site.app_context():
        db.session.delete(db.session.get_one(Installation, 1))
        db.session.commit()
    assert stranger.get("/healthz").status_code == 503
