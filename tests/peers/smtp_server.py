"""A real mail server for the tests: prints its port, then keeps every letter that it takes as a file.

    smtp_server.py FOLDER [--refuse ADDRESS]… [--greylist ADDRESS]… [--drop] [--tls] [--login USER:PASSWORD]

A letter becomes FOLDER/<number>.eml with the envelope in FOLDER/<number>.to. --refuse answers RCPT of that address with
550, --greylist the first one of that address with 450; --drop breaks the connection after the letter has arrived, before the answer; --tls demands STARTTLS with a certificate
for localhost whose authority is written to FOLDER/ca.pem; --login demands that user and password.
"""

import argparse
import asyncio
import datetime as dt
import os
import ssl

from aiosmtpd.smtp import SMTP, AuthResult


class Box:
    """Takes letters."""

    def __init__(self, folder, refuse, greylist, drop):
        self.folder, self.refuse, self.greylist, self.drop, self.taken = folder, refuse, set(greylist), drop, 0

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address in self.refuse:
            return "550 5.1.1 no such user here"
        if address in self.greylist:
            self.greylist.discard(address)
            return "450 4.2.0 not now, come back"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        self.taken = len([name for name in os.listdir(self.folder) if name.endswith(".eml")]) + 1
        name = os.path.join(self.folder, f"{self.taken:03}")
        with open(name + ".to", "w", encoding="utf-8") as out:
            out.write("\n".join(envelope.rcpt_tos))
        with open(name + ".eml", "wb") as out:
            out.write(envelope.original_content)
        if self.drop:
            server.transport.abort()
        return "250 OK, taken"


def certificate(folder):
    """A private authority and a certificate for localhost that it signed."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    now = dt.datetime.now(dt.timezone.utc)

    def build(subject, issuer, key, is_authority):
        name = [x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, one)]) for one in (subject, issuer)]
        made = x509.CertificateBuilder().subject_name(name[0]).issuer_name(name[1]).public_key(key.public_key())
        made = made.serial_number(x509.random_serial_number()).not_valid_before(now - dt.timedelta(days=1))
        made = made.not_valid_after(now + dt.timedelta(days=30))
        made = made.add_extension(x509.BasicConstraints(is_authority, None), critical=True)
        return made if is_authority else made.add_extension(
            x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)

    def pem(one):
        return one.public_bytes(serialization.Encoding.PEM)

    authority, own = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    root = build("Test authority", "Test authority", authority, True).sign(authority, hashes.SHA256())
    leaf = build("localhost", "Test authority", own, False).sign(authority, hashes.SHA256())
    paths = [os.path.join(folder, name) for name in ("ca.pem", "server.pem", "server.key")]
    secret = own.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    for path, content in zip(paths, (pem(root), pem(leaf), secret)):
        with open(path, "wb") as out:
            out.write(content)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(paths[1], paths[2])
    return context


async def serve(arguments):
    box = Box(arguments.folder, arguments.refuse, arguments.greylist, arguments.drop)
    context = certificate(arguments.folder) if arguments.tls else None
    wanted = arguments.login and arguments.login.split(":", 1)

    def authenticate(server, session, envelope, mechanism, data):
        given = [data.login.decode(), data.password.decode()] if mechanism in ("LOGIN", "PLAIN") else []
        return AuthResult(success=given == wanted, handled=False)

    def session():
        return SMTP(box, hostname="localhost", tls_context=context, require_starttls=bool(context),
                    auth_required=bool(wanted), auth_require_tls=bool(context),
                    authenticator=authenticate if wanted else None, loop=asyncio.get_running_loop())

    server = await asyncio.get_running_loop().create_server(session, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("folder")
    parser.add_argument("--refuse", action="append", default=[])
    parser.add_argument("--greylist", action="append", default=[])
    parser.add_argument("--drop", action="store_true")
    parser.add_argument("--tls", action="store_true")
    parser.add_argument("--login")
    asyncio.run(serve(parser.parse_args()))


if __name__ == "__main__":
    main()
