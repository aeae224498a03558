#!/usr/bin/env python3
"""Checks the log of a case by the rule of docs/routing-log.md; needs nothing but Python.

    kcat -C -b HOST:9092 -t case-events.v1 -e -q | verify-case.py CASE-ID [HASH]
    curl -H "Authorization: Bearer TOKEN" HOST/v1/cases/CASE-ID/log | verify-case.py CASE-ID [HASH]

HASH is one that you kept, of the last link; of portal's answer it may be any link's. A link that comes without its data,
as residents get it, is checked as a link: that it names the one before and that its hash is its own.
Ends with 0 where the log is whole, 1 where it is broken, 2 where there is no such case.
"""
import hashlib
import json
import sys


def sha256(text):
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def from_records(case, text):
    """The links of a case in records of case-events.v1, one a line; the same line is the same record."""
    records = [json.loads(line) for line in dict.fromkeys(text.split("\n")) if line]
    links = []
    for record in records:
        if record["subject"] == case and record["type"] not in ("case.state", "open-case.state"):
            data = dict(record["data"])
            links.append({**data.pop("chain", {}), "type": record["type"], "time": record["time"], "data": data})
    return links, None


def from_answer(answer):
    """The links of portal's answer, and the hash that the case's state has."""
    links = []
    for item in answer["items"]:
        data = item.get("data")
        links.append({**item, "data": {k: v for k, v in data.items() if k != "chain"} if data else None})
    return links, (answer.get("chain") or {}).get("hash")


def is_link(link, number, previous):
    content = link.get("content", "")
    if link["data"] is not None:
        content = sha256(json.dumps(link["data"], sort_keys=True, separators=(",", ":"), ensure_ascii=False))
    own = sha256("\n".join([str(number), previous, content, link["time"], link["type"]]))
    return [link.get(k) for k in ("number", "previous", "content", "hash")] == [number, previous, content, own]


case, kept = sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else None
text = sys.stdin.buffer.read().decode("utf-8")
try:
    answer = json.loads(text)
except ValueError:
    answer = None
is_answer = isinstance(answer, dict) and "items" in answer
links, head = from_answer(answer) if is_answer else from_records(case, text)
links.sort(key=lambda link: link.get("number", 0))
if not links:
    print(f"no event of case {case}")
    sys.exit(2)
previous = ""
for number, link in enumerate(links, start=1):
    if not is_link(link, number, previous):
        print(f"broken at link {number}: {link['time']} {link['type']}")
        sys.exit(1)
    previous = link["hash"]
if head not in (None, previous) or (not is_answer and kept not in (None, previous)):
    print(f"the log ends with link {len(links)}, which is not {head or kept}")
    sys.exit(1)
if kept is not None and kept not in [link["hash"] for link in links]:
    print(f"no link of the log is {kept}")
    sys.exit(1)
bare = sum(link["data"] is None for link in links)
print(f"whole: {len(links)} events, the last link is {previous}" + (f"; {bare} without their data" if bare else ""))
