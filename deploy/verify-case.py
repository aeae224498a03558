#!/usr/bin/env python3
"""Checks the log of a case by the rule of docs/routing-log.md; needs nothing but Python.

    kcat -C -b HOST:9092 -t case-events.v1 -e -q | verify-case.py CASE-ID [HASH-OF-THE-LAST-LINK]

Ends with 0 where the log is whole, 1 where it is broken, 2 where there is no such case.
"""
import hashlib
import json
import sys


def sha256(text):
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


case, last = sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else None
# A record may come twice: the same line is the same record.
records = [json.loads(line) for line in dict.fromkeys(sys.stdin.buffer.read().decode("utf-8").split("\n")) if line]
events = [r for r in records if r["subject"] == case and r["type"] != "case.state"]
events.sort(key=lambda r: r["data"].get("chain", {}).get("number", 0))
if not events:
    print(f"no event of case {case}")
    sys.exit(2)
previous = ""
for number, event in enumerate(events, start=1):
    data = dict(event["data"])
    chain = data.pop("chain", None)
    content = sha256(json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False))
    link = sha256("\n".join([str(number), previous, content, event["time"], event["type"]]))
    if chain != {"number": number, "previous": previous, "content": content, "hash": link}:
        print(f"broken at link {number}: {event['time']} {event['type']}")
        sys.exit(1)
    previous = link
if last not in (None, previous):
    print(f"the log ends with link {len(events)}, which is not {last}")
    sys.exit(1)
print(f"whole: {len(events)} events, the last link is {previous}")
