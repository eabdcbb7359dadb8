"""Two deliverers, and one that is killed while it sends."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Barrier

from flask import Flask
from sqlalchemy import select

from tests.commands import environment
from tests.delivery.posts import messages
from tests.delivery.test_mail import NOW, SITE, deliver, outcomes, posted, states
from tests.delivery.test_robots import posted as posted_to_robot
from tests.robot import Group, listening
from tests.smtp import Postbox, url
from tracker.config import MailServer
from tracker.db import db, writing
from tracker.delivery import lapsing, sending, stamping
from tracker.delivery.answers import CLAIMED_FOR, delivered, refused
from tracker.delivery.claiming import claim_mail, claim_robot
from tracker.delivery.letters import MAIL
from tracker.delivery.models import Message

TRACKER = Path(sys.executable).with_name("tracker")
COMMAND = [TRACKER, "run-job", "deliver", "--on", "2026-04-16", "--json"]
LETTERS = 15


def test_two_deliverers_at_once_send_nothing_twice(
    house: Flask, mail: MailServer, postbox: Postbox
) -> None:
    posted(LETTERS)
    together = Barrier(2)

    def run(_number: int) -> int:
        with house.app_context():
            together.wait(30)
            return sending.deliver(NOW, mail=mail, base_url=SITE).get("deliver", 0)

    with ThreadPoolExecutor(2) as threads:
        sent = list(threads.map(run, range(2)))
    assert sum(sent) == len(postbox.mails) == 2 * LETTERS
    assert set(Counter(postbox.ids).values()) == {1}


def test_two_deliverers_at_once_keep_to_a_robots_limit(house: Flask) -> None:
    together = Barrier(2)
    with listening(Group()) as group:
        posted_to_robot(group.base_url, 30)

        def run(_number: int) -> None:
            with house.app_context():
                together.wait(30)
                sending.deliver(NOW, mail=None, base_url=SITE)

        with ThreadPoolExecutor(2) as threads:
            list(threads.map(run, range(2)))
    assert len(group.told) == 20


def test_a_deliverer_killed_while_sending_leaves_one_message_unclear(
    house: Flask, mail: MailServer, postbox: Postbox
) -> None:
    filer, _ = posted(3)
    postbox.hangs.append(filer)
    kill_one_that_sends(house, mail, postbox)
    (held,) = db.session.scalars(select(Message.message_id).where(Message.state == "sending"))
    # The claim holds: whoever delivers now takes the others.
    deliver(mail)
    assert Counter(postbox.ids)[held] == 1
    assert sorted(states()) == ["sending"] + ["sent"] * 5
    # It runs out: sent again under the same Message-ID, and on record as unclear.
    told = deliver(mail, after=CLAIMED_FOR + timedelta(minutes=2))
    assert told["lapsed"] == 1
    assert Counter(Counter(postbox.ids).values()) == {1: 5, 2: 1}
    assert Counter(postbox.ids)[held] == 2
    assert outcomes().count("lose") == 1
    assert set(states()) == {"sent"}


def own_environment(house: Flask, mail: MailServer) -> dict[str, str]:
    settings = house.config["TRACKER"]
    return environment(
        settings.instance,
        TRACKER_DATABASE_URL=settings.database_url,
        TRACKER_MAIL_URL=url(mail),
        TRACKER_MAIL_FROM=mail.sender,
        TRACKER_NOW=NOW.isoformat(),
    )


def kill_one_that_sends(house: Flask, mail: MailServer, postbox: Postbox) -> None:
    """A process of its own, killed when the server has the text and has not answered."""
    with subprocess.Popen(COMMAND, env=own_environment(house, mail)) as process:
        assert postbox.hanging.wait(60)
        process.send_signal(signal.SIGKILL)
    assert process.returncode == -signal.SIGKILL


def test_a_robots_word_that_was_broken_off_is_not_said_again_by_itself(house: Flask) -> None:
    with listening(Group()) as group:
        posted_to_robot(group.base_url)
        claim_and_die(house)
        for days in range(3):
            sending.deliver(NOW + timedelta(days=days + 1), mail=None, base_url=SITE)
    assert group.told == []
    assert [message.state for message in messages("robot")] == ["unclear"]


def claim_and_die(house: Flask) -> None:
    """As far as a process comes that is killed between its claim and its word."""
    with writing():
        assert claim_robot(NOW)
        db.session.commit()


def test_an_answer_that_comes_after_the_claim_ran_out_still_counts(
    house: Flask, mail: MailServer, postbox: Postbox
) -> None:
    posted()
    with writing():
        held = claim_mail(NOW)
        db.session.commit()
    assert held
    late = NOW + CLAIMED_FOR
    with writing():
        lapsing.let_lapse(late)
        stamping.stamp(held, delivered("250 OK"), late)
        db.session.commit()
    deliver(mail, after=CLAIMED_FOR)
    assert states() == ["sent", "sent"]
    assert len(postbox.mails) == 1


def test_who_was_thought_dead_does_not_decide_what_another_has_in_hand(house: Flask) -> None:
    posted()
    late = NOW + CLAIMED_FOR
    with writing():
        slow = claim_mail(NOW)
        db.session.commit()
        lapsing.let_lapse(late)
        assert claim_mail(late)
        assert claim_mail(late)
        db.session.commit()
        assert slow
        stamping.stamp(slow, refused("550 no"), late)
        db.session.commit()
    assert states() == ["sending", "sending"]
    assert outcomes() == ["lose", "give up"]


def test_the_job_delivers_and_says_so(house: Flask, mail: MailServer, postbox: Postbox) -> None:
    posted(2)
    own = own_environment(house, mail)
    ran = subprocess.run(COMMAND, env=own, capture_output=True, text=True, check=True)
    assert json.loads(ran.stdout)["deliver"] == 4
    assert {message.state for message in messages(MAIL)} == {"sent"}
    assert len(postbox.mails) == 4
