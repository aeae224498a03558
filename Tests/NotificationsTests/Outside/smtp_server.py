"""A mail server (aiosmtpd) that answers by whom a mail is for, and tells each mail that it keeps as a line of JSON.

    smtp_server.py none|starttls|tls FOLDER [USER PASSWORD]
"""

import asyncio
import email
import email.policy
import json
import sys

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

from serving import end_with_input, tls_context

AT_RECIPIENT = {
    "nobody": "550 5.1.1 no such mailbox, secret words of the server",
    "bare": "550 no such mailbox",
    "full": "552 5.2.2 mailbox full",
    "unwanted": "550 5.7.1 not wanted here",
    "later": "451 4.7.1 greylisted, come again",
}


class Handler:
    async def handle_MAIL(self, server, session, envelope, address, options):
        if address.startswith("refused"):
            return "553 5.7.1 not your address"
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        name = address.split("@")[0].split("-")[0]
        if name == "stalled":
            await asyncio.sleep(600)
        if name in AT_RECIPIENT:
            return AT_RECIPIENT[name]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        name = envelope.rcpt_tos[0].split("@")[0]
        tell(session, envelope)
        if name == "spam":
            return "554 5.7.1 this looks like spam"
        if name == "crowded":
            return "452 4.3.1 no room now"
        if name == "silent":
            await asyncio.sleep(600)
        if name == "lost":
            server.transport.abort()
            await asyncio.sleep(600)
        return "250 2.0.0 kept"


def tell(session, envelope):
    message = email.message_from_bytes(envelope.content, policy=email.policy.default)
    print(json.dumps({
        "from": envelope.mail_from, "to": envelope.rcpt_tos, "tls": session.ssl is not None,
        "authenticated": bool(session.authenticated), "ehlo": session.host_name,
        "headers": {name: str(value) for name, value in message.items()},
        "raw": envelope.content.decode("ascii"), "text": message.get_content(),
        "defects": [str(defect) for defect in message.defects],
    }), flush=True)


async def main():
    mode, folder = sys.argv[1:3]
    login = [word.encode() for word in sys.argv[3:5]]
    context = tls_context(folder) if mode != "none" else None

    def authenticate(server, session, envelope, mechanism, data):
        is_known = isinstance(data, LoginPassword) and [data.login, data.password] == login
        return AuthResult(success=is_known, handled=False)

    def make():
        return SMTP(
            Handler(), hostname="mail.test", enable_SMTPUTF8=True,
            tls_context=context if mode == "starttls" else None, require_starttls=mode == "starttls",
            authenticator=authenticate if login else None, auth_required=bool(login), auth_require_tls=mode == "starttls")

    server = await asyncio.get_running_loop().create_server(
        make, "127.0.0.1", 0, ssl=context if mode == "tls" else None)
    print("port", server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


end_with_input()
asyncio.run(main())
