"""Handing mail in: one connection for a whole run, and an answer for every message."""

from __future__ import annotations

import smtplib
import ssl
from types import TracebackType

from tracker.config import MailServer
from tracker.delivery.answers import Answer, deferred, delivered, lost, refused
from tracker.delivery.composing import Outgoing, bare_address, mail
from tracker.delivery.states import DELIVER

READY, CLOSING, PERMANENT = frozenset({250, 251}), 421, 500
# Nothing that a server says in these words came from the message itself.
UNREACHABLE = "无法连接邮件服务器"
NO_SIGN_IN = "邮件服务器没有接受登录或加密"
BROKEN = "连接中断"
# So often in a row may the connection break before the rest of a run is left for the next.
MOST_BREAKS = 3
LOST = "内容已交出，没有得到回应，对方可能已经收到"


class _Dropped(Exception):
    """The connection broke before anything of the message was handed over."""


class MailLine:
    """A connection to the mail server that is made when first needed."""

    def __init__(self, server: MailServer, *, base_url: str) -> None:
        self._server, self._base_url = server, base_url
        self._open: smtplib.SMTP | None = None
        self._breaks = 0

    @property
    def is_down(self) -> bool:
        """Whether trying further messages in this run is of no use."""
        return self._breaks >= MOST_BREAKS

    def __enter__(self) -> MailLine:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self._hang_up()

    def send(self, message: Outgoing) -> Answer:
        """Hand one message in. Whatever goes wrong is the answer, never an exception."""
        try:
            message.address.encode("ascii")
            data = mail(message, sender=self._server.sender, base_url=self._base_url)
        except ValueError as error:
            return refused(f"无法组成邮件，请核对收件地址：{error}")
        try:
            answer = self._hand_in(message.address, data)
        except _Dropped as drop:
            answer = deferred(str(drop), is_line=True)
        self._breaks = self._breaks + 1 if answer.is_line else 0
        return answer

    def _hand_in(self, address: str, data: bytes) -> Answer:
        smtp = self._agreed(address)
        if isinstance(smtp, Answer):
            return smtp
        try:
            return self._judged(*smtp.data(data))
        except smtplib.SMTPDataError as error:
            return self._judged(error.smtp_code, error.smtp_error)
        except (smtplib.SMTPException, OSError) as error:
            self._hang_up()
            return lost(f"{LOST}：{_said(error)}")

    def _agreed(self, address: str) -> smtplib.SMTP | Answer:
        """A connection on which the message is awaited, or why it is not."""
        is_used = self._open is not None
        try:
            return self._envelope(address)
        except _Dropped:
            if not is_used:
                raise
            # A server may close a connection that it has used enough: once more on a new one.
            return self._envelope(address)

    def _envelope(self, address: str) -> smtplib.SMTP | Answer:
        smtp = self._open or self._connect()
        self._open = smtp
        try:
            code, words = smtp.mail(bare_address(self._server.sender))
            if code in READY:
                code, words = smtp.rcpt(address)
                answer = self._judged(code, words)
            else:
                # What the server says of our own address is not the message's end.
                self._breaks = MOST_BREAKS
                answer = deferred(f"{code} {_decoded(words)}", is_line=True)
            if code == CLOSING:
                raise smtplib.SMTPServerDisconnected(_decoded(words))
        except (smtplib.SMTPException, OSError) as error:
            self._hang_up()
            raise _Dropped(f"{BROKEN}：{_said(error)}") from error
        if answer.event == DELIVER:
            return smtp
        self._begin_anew(smtp)
        return answer

    def _begin_anew(self, smtp: smtplib.SMTP) -> None:
        """Forget the envelope; a server that closes after refusing has said enough."""
        try:
            smtp.rset()
        except (smtplib.SMTPException, OSError):
            self._hang_up()

    def _judged(self, code: int, words: bytes | str) -> Answer:
        said = f"{code} {_decoded(words)}"
        if code == CLOSING:
            self._hang_up()
        if code in READY:
            return delivered(said)
        return refused(said) if code >= PERMANENT else deferred(said, is_line=code == CLOSING)

    def _connect(self) -> smtplib.SMTP:
        server = self._server
        try:
            smtp = _opened(server)
        except (smtplib.SMTPException, OSError, ValueError) as error:
            self._breaks = MOST_BREAKS
            raise _Dropped(f"{UNREACHABLE}：{_said(error)}") from error
        try:
            if server.security == "starttls":
                smtp.starttls(context=_trust(server))
            smtp.ehlo_or_helo_if_needed()
            if server.user:
                smtp.login(server.user, server.password)
        except (smtplib.SMTPException, OSError, ValueError) as error:
            smtp.close()
            self._breaks = MOST_BREAKS
            raise _Dropped(f"{NO_SIGN_IN}：{_said(error)}") from error
        return smtp

    def _hang_up(self) -> None:
        smtp, self._open = self._open, None
        if smtp is None:
            return
        try:
            if smtp.sock is not None:
                smtp.quit()
        except (smtplib.SMTPException, OSError):
            pass  # it is closed on our side in any case
        finally:
            smtp.close()


def _opened(server: MailServer) -> smtplib.SMTP:
    # Said as our name: looking up the machine's own takes long where no name server answers.
    own_name = bare_address(server.sender).rpartition("@")[2]
    if server.security == "tls":
        return smtplib.SMTP_SSL(
            server.host, server.port, own_name, timeout=server.timeout, context=_trust(server)
        )
    return smtplib.SMTP(server.host, server.port, own_name, timeout=server.timeout)


def _trust(server: MailServer) -> ssl.SSLContext:
    """A server is who its certificate says; an intranet brings its own authority."""
    return ssl.create_default_context(cafile=server.ca_file or None)


def _said(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_decoded(error.smtp_error)}"
    return str(error) or type(error).__name__


def _decoded(words: bytes | str) -> str:
    if isinstance(words, str):
        return words
    try:
        return words.decode("utf-8")
    except UnicodeDecodeError:
        return words.decode("gb18030", "replace")
