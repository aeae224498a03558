"""Reads a push message as a browser and its push service do, by PyPI's http_ece: JSON in, JSON out."""

import base64
import json
import sys

import http_ece
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature


def unpadded(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


given = json.load(sys.stdin)
key = ec.derive_private_key(int.from_bytes(unpadded(given["private"]), "big"), ec.SECP256R1())
text = http_ece.decrypt(
    base64.b64decode(given["body"]), private_key=key, auth_secret=unpadded(given["auth"]), version="aes128gcm")

token, public = given["authorization"].removeprefix("vapid t=").split(", k=")
head, claims, signature = token.split(".")
point = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), unpadded(public))
raw = unpadded(signature)
try:
    point.verify(
        encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big")),
        f"{head}.{claims}".encode(), ec.ECDSA(hashes.SHA256()))
    is_signed = True
except InvalidSignature:
    is_signed = False
json.dump({
    "text": text.decode(), "signed": is_signed, "key": public, "head": json.loads(unpadded(head)),
    "claims": json.loads(unpadded(claims)),
}, sys.stdout)
