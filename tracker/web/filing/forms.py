"""The small forms of a unit: a reason, a note."""

from __future__ import annotations

from wtforms import TextAreaField

from tracker.reports.filing import LONGEST_NOTE
from tracker.tasks.waiving import LONGEST
from tracker.web.forms import Form, at_most, needed


class NoteForm(Form):
    note = TextAreaField("退回修改的意见", [needed("退回修改的意见"), at_most(LONGEST_NOTE)])


class ReasonForm(Form):
    reason = TextAreaField("不涉及的理由", [needed("不涉及的理由"), at_most(LONGEST)])
