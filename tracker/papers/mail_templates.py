"""A letter in the words of its templates: as text and as HTML."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import current_app


def text_and_html(name: str, given: Mapping[str, Any]) -> tuple[str, str]:
    """Both forms of a letter, from the templates of this name in templates/mail."""
    env = current_app.jinja_env
    text, html = (env.get_template(f"mail/{name}.{form}") for form in ("txt", "html"))
    return text.render(given), html.render(given)
