#!/usr/bin/env python3
"""Checks an export of `suishoupai export` by its signed manifest.

    verify-export.py FOLDER/TOPIC.manifest.json [PUBLIC-KEY]

PUBLIC-KEY (base64) is the one that you were told by those who run the system; without it only the manifest's own is used, which
proves that nothing was changed after signing, not who signed. Checks the signature (Ed25519), every file's hash, how many records
there are, that no row of a store is missing where all of time was asked for, and the root over the hash chains. Ends with 0 where all is
as signed, 1 where something is not. Needs `pip install cryptography`.
"""
import base64
import hashlib
import json
import sys
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


def merkle(leaves):
    """RFC 6962, section 2.1."""
    if len(leaves) < 2:
        return leaves[0] if leaves else hashlib.sha256(b"").digest()
    split = 1 << (len(leaves) - 1).bit_length() - 1
    return hashlib.sha256(b"\1" + merkle(leaves[:split]) + merkle(leaves[split:])).digest()


def chains(records):
    """How many chains there are, how many links, and the root over the newest of each."""
    heads, links = {}, set()
    for record in records:
        data = record["data"]
        named = [(posting["accountId"], posting.get("chain")) for posting in data.get("postings", [])]
        for name, chain in named if "postings" in data else [(record["subject"], data.get("chain"))]:
            if chain:
                links.add(chain["hash"])
                heads[name] = max(heads.get(name, (0, "")), (chain["number"], chain["hash"]))
    ordered = sorted(heads.items(), key=lambda each: each[0].encode("utf-8"))
    leaves = [hashlib.sha256(f"\0{name}\n{number}\n{digest}".encode("utf-8")).digest() for name, (number, digest) in ordered]
    return {"chains": len(heads), "links": len(links), "root": merkle(leaves).hex()}


def faults(path, told_key):
    content = path.read_bytes()
    manifest = json.loads(content)
    if told_key not in (None, manifest["publicKey"]):
        yield "it is signed by another key than the one that you were told"
    signature = base64.b64decode(path.with_name(path.name.removesuffix(".json") + ".sig").read_text())
    try:
        Ed25519PublicKey.from_public_bytes(base64.b64decode(manifest["publicKey"])).verify(signature, content)
    except InvalidSignature:
        yield "the signature is not of this manifest"
    for file in manifest["files"]:
        found = path.with_name(file["name"]).read_bytes()
        if (len(found), hashlib.sha256(found).hexdigest()) != (file["bytes"], file["sha256"]):
            yield f"{file['name']} is not the file that was signed"
    lines = path.with_name(manifest["files"][0]["name"]).read_bytes().decode("utf-8").split("\n")
    records = [json.loads(line) for line in lines if line]
    if not len(records) == manifest["records"] == sum(part["records"] for part in manifest["parts"]):
        yield f"there are {len(records)} records, not {manifest['records']}"
    for part in manifest["parts"] if not manifest.get("from") and not manifest.get("to") else []:
        for source, rows in part["sources"].items():
            if rows["count"] != rows["last"] - rows["first"] + 1:
                yield f"rows of {source} are missing in partition {part['partition']}"
    if manifest.get("chains", None) not in (None, chains(records)):
        yield "the chains do not have the root that was signed"


found = list(faults(Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else None))
print("\n".join(found) or "as signed")
sys.exit(1 if found else 0)
