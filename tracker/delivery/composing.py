"""A message as mail and as a robot's words. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from typing import Any

from tracker.delivery.letters import Attachment

LONGEST_WORDS = 2048  # bytes that a WeCom robot takes
OWN_CHOICES = "/messages/channels"


@dataclass(frozen=True, kw_only=True)
class Outgoing:
    """A message with all that is needed to send it."""

    message_id: str
    address: str
    kind: str
    subject: str
    brief: str
    text: str
    html: str
    link: str
    posted_at: datetime
    attachment: Attachment | None = None


def mail(message: Outgoing, *, sender: str, base_url: str) -> bytes:
    """Text and HTML beside each other, the file after them; the same bytes at every try."""
    made = EmailMessage(policy=SMTP)
    for name, value in _heads(message, sender, base_url).items():
        made[name] = value
    made.set_content(message.text, cte="base64")
    made.add_alternative(message.html, subtype="html", cte="base64")
    if (file := message.attachment) is not None:
        main, _, sub = file.media_type.partition("/")
        made.add_attachment(file.data, maintype=main, subtype=sub, filename=file.name)
    _name_the_seams(made, message.message_id)
    return made.as_bytes()


def _heads(message: Outgoing, sender: str, base_url: str) -> Mapping[str, str]:
    posted = message.posted_at
    aware = posted if posted.tzinfo else posted.replace(tzinfo=UTC)
    return {
        "From": sender,
        "To": message.address,
        "Subject": message.subject,
        "Date": format_datetime(aware),
        "Message-ID": message.message_id,
        "List-Id": f"<{message.kind}.replication-tracker>",
        "List-Unsubscribe": f"<{base_url}{OWN_CHOICES}>",
        # No holiday notes and receipts back to a machine.
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
    }


def _name_the_seams(made: EmailMessage, message_id: str) -> None:
    """Boundaries that the library would draw at random follow from the message."""
    stem = "".join(letter for letter in message_id if letter.isalnum())[:40]
    for number, part in enumerate(made.walk()):
        if part.is_multipart():
            part.set_boundary(f"=={stem}-{number}")


def bare_address(written: str) -> str:
    return parseaddr(written)[1]


def robot_words(message: Outgoing, *, base_url: str) -> dict[str, Any]:
    """Counts and a link, in the form of a WeCom group robot."""
    link = f"\n{base_url}{message.link}" if message.link else ""
    room = LONGEST_WORDS - len(link.encode())
    words = message.brief.encode()[: max(room, 0)].decode(errors="ignore")
    return {"msgtype": "text", "text": {"content": words + link}}
