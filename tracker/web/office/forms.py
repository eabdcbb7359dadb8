"""The form by which a document is handed in."""

from __future__ import annotations

from flask_wtf.file import FileField, FileRequired

from tracker.web.forms import Form


class UploadForm(Form):
    file = FileField("通知文件", [FileRequired(message="请先选择文件。")])
