"""Stands before a Kafka broker that knows neither TLS nor SASL, and asks who is there.

    secured_relay.py inside  FOLDER PORT… [MECHANISM USER PASSWORD]   TLS with certificates both ways on 127.0.0.1
    secured_relay.py outside FOLDER PORT…                             the broker's ports, as sockets in FOLDER

A broker names its own address to its clients. So clients run in a network namespace of their own, where this relay holds
that very address, and reaches the broker by sockets in a folder, which lies in both. FOLDER has ca.pem, server.pem and
server.key. With a mechanism (PLAIN, SCRAM-SHA-256, SCRAM-SHA-512) a client must also name USER and know PASSWORD
(KIP-43, KIP-152, RFC 4616, RFC 5802); the rest of Kafka's protocol is passed on as it is.
"""
import asyncio
import base64
import hashlib
import hmac
import os
import ssl
import struct
import sys

API_VERSIONS, SASL_HANDSHAKE, SASL_AUTHENTICATE = 18, 17, 36
UNSUPPORTED_MECHANISM, UNSUPPORTED_VERSION, FAILED = 33, 35, 58


class Refused(Exception):
    pass


def plain(user, password):
    said = yield
    if said != b"\0".join([b"", user.encode(), password.encode()]):
        raise Refused("wrong name or password")
    yield b""


def scram(algorithm, user, password):
    first = (yield).decode().removeprefix("n,,")
    fields = dict(part.split("=", 1) for part in first.split(","))
    salt, nonce = os.urandom(16), fields["r"] + base64.b64encode(os.urandom(18)).decode()
    second = f"r={nonce},s={base64.b64encode(salt).decode()},i=4096"
    last = (yield second.encode()).decode()
    without, proof = last.rsplit(",p=", 1)
    salted = hashlib.pbkdf2_hmac(algorithm, password.encode(), salt, 4096)
    sign = lambda key, text: hmac.digest(key, text, algorithm)
    said = f"{first},{second},{without}".encode()
    key = sign(salted, b"Client Key")
    right = bytes(a ^ b for a, b in zip(key, sign(hashlib.new(algorithm, key).digest(), said)))
    if fields["n"] != user or not hmac.compare_digest(right, base64.b64decode(proof)):
        raise Refused("wrong name or password")
    yield b"v=" + base64.b64encode(sign(sign(salted, b"Server Key"), said))


def conversation(mechanism, user, password):
    talk = plain(user, password) if mechanism == "PLAIN" else scram(
        mechanism.removeprefix("SCRAM-").replace("-", "").lower(), user, password)
    next(talk)
    return talk


async def frame(reader):
    size = struct.unpack(">i", await reader.readexactly(4))[0]
    return await reader.readexactly(size)


async def say(writer, body):
    writer.write(struct.pack(">i", len(body)) + body)
    await writer.drain()


def text(value):
    return struct.pack(">h", -1) if value is None else struct.pack(">h", len(value.encode())) + value.encode()


async def prove(reader, writer, far, there, mechanism, user, password):
    """Lets nobody through who does not prove who they are."""
    talk = None
    while True:
        request = await frame(reader)
        key, version, correlation, length = struct.unpack(">hhih", request[:10])
        body = request[10 + max(length, 0):]
        head = struct.pack(">i", correlation)
        if key == API_VERSIONS and version > 0:
            await say(writer, head + struct.pack(">hi", UNSUPPORTED_VERSION, 0))
        elif key == API_VERSIONS:
            await say(there, request)
            answer = await frame(far)
            count = struct.unpack(">i", answer[6:10])[0]
            ours = struct.pack(">hhhhhh", SASL_HANDSHAKE, 0, 1, SASL_AUTHENTICATE, 0, 1)
            await say(writer, answer[:6] + struct.pack(">i", count + 2) + answer[10:] + ours)
        elif key == SASL_HANDSHAKE:
            named = body[2:].decode()
            await say(writer, head + struct.pack(">hi", 0 if named == mechanism else UNSUPPORTED_MECHANISM, 1) + text(mechanism))
            talk = conversation(mechanism, user, password)
        elif key == SASL_AUTHENTICATE and talk:
            try:
                answer = talk.send(body[4:])
                await say(writer, head + struct.pack(">h", 0) + text(None) + struct.pack(">i", len(answer)) + answer + (bytes(8) if version else b""))
                if answer.startswith(b"v=") or mechanism == "PLAIN":
                    return
            except Refused as why:
                await say(writer, head + struct.pack(">h", FAILED) + text(str(why)) + struct.pack(">i", 0) + (bytes(8) if version else b""))
                raise
        else:
            raise Refused(f"request {key} before it was said who asks")


async def pump(reader, writer):
    try:
        while part := await reader.read(65536):
            writer.write(part)
            await writer.drain()
    except (OSError, asyncio.IncompleteReadError):
        pass
    finally:
        writer.close()


def relay(connect, asks):
    async def serve(reader, writer):
        far, there = await connect()
        try:
            if asks:
                await prove(reader, writer, far, there, *asks)
        except (Refused, OSError, asyncio.IncompleteReadError) as why:
            print(f"turned away: {why}", flush=True)
            writer.close()
            there.close()
            return
        await asyncio.gather(pump(reader, there), pump(far, writer))
    return serve


async def main():
    side, folder, *rest = sys.argv[1:]
    ports = [int(value) for value in rest if value.isdigit()]
    asks = rest[len(ports):]
    servers = []
    for port in ports:
        path = os.path.join(folder, f"{port}.sock")
        if side == "outside":
            connect = lambda port=port: asyncio.open_connection("127.0.0.1", port)
            servers.append(await asyncio.start_unix_server(relay(connect, []), path))
        else:
            context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=os.path.join(folder, "ca.pem"))
            context.verify_mode = ssl.CERT_REQUIRED
            context.load_cert_chain(os.path.join(folder, "server.pem"), os.path.join(folder, "server.key"))
            connect = lambda path=path: asyncio.open_unix_connection(path)
            servers.append(await asyncio.start_server(relay(connect, asks), "127.0.0.1", port, ssl=context))
    print("ready", flush=True)
    await asyncio.gather(*(server.serve_forever() for server in servers))


asyncio.run(main())
