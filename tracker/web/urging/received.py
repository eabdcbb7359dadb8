"""催办单 that the visitor's unit received: what waits for it, and what is done with."""

from __future__ import annotations

from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker.clock import today
from tracker.supervision import queries, replies, states
from tracker.web.access import access
from tracker.web.urging.urge import pages

DONE = (states.ANSWERED, states.CLOSED, states.WITHDRAWN)


@pages.get("/urges/received")
@access("answer urges")
def received() -> ResponseReturnValue:
    own = current_user.unit_id
    return render_template(
        "urging/received.html",
        waiting=queries.urges_of_unit(own, replies.AWAITED, day=today()),
        done=queries.urges_of_unit(own, DONE, day=today()),
        bulletins=queries.bulletins_naming(own),
    )


def waiting() -> dict[str, Any]:
    """For the first page: what the unit has to acknowledge or answer."""
    own = current_user.unit_id
    return {"urged": queries.urges_of_unit(own, replies.AWAITED, day=today())}
