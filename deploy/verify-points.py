#!/usr/bin/env python3
"""Checks every account by the rule of docs/points.md; needs nothing but Python.

    (kcat -C -b HOST:9092 -t points-events.v1 -e -q; kcat -C -b HOST:9092 -t accounts.v1 -e -q) | verify-points.py

Ends with 0 where all is whole, 1 where something is broken, 2 where there is no posting.
"""
import hashlib
import json
import sys

STATE = "account.state"


def fault_of(postings, state):
    """What is wrong with the postings of one account, by the published rule; None where nothing is."""
    previous, balance, count = "", 0, 0
    for event, posting in postings:
        link = posting["chain"]
        number, account, amount = count + 1, posting["accountId"], posting["amount"]
        parts = [number, previous, account, amount, balance + amount, event["data"]["transferId"], event["time"]]
        text = "\n".join(str(part) for part in parts)
        expected = {
            "number": number, "previous": previous, "balance": balance + amount,
            "hash": hashlib.sha256(text.encode("utf-8")).hexdigest(),
        }
        if link != expected:
            return f"posting {number} ({event['time']}, transfer {event['data']['transferId']})"
        previous, balance, count = link["hash"], balance + amount, number
    if state and (state["version"], state["balance"], state.get("hash")) != (count, balance, previous):
        return f"its end: {count} postings make {balance}, the account has {state['version']} that make {state['balance']}"
    return None


# A record may come twice: the same line is the same record.
lines = dict.fromkeys(sys.stdin.buffer.read().decode("utf-8").split("\n"))
records = [json.loads(line) for line in lines if line]
accounts, states, broken = {}, {}, []
for record in records:
    data = record["data"]
    if record["type"] == STATE:
        known = states.get(data["accountId"])
        if not known or data["version"] >= known["version"]:
            states[data["accountId"]] = data
    elif "postings" in data:
        if sum(posting["amount"] for posting in data["postings"]):
            broken.append(f"transfer {data['transferId']}: its postings do not sum to zero")
        for posting in data["postings"]:
            accounts.setdefault(posting["accountId"], []).append((record, posting))
if not accounts:
    print("no posting")
    sys.exit(2)
for account, postings in sorted(accounts.items()):
    postings.sort(key=lambda each: each[1].get("chain", {}).get("number", 0))
    fault = fault_of(postings, states.get(account))
    if fault:
        broken.append(f"account {account}: {fault}")
for line in broken:
    print(f"broken: {line}")
if broken:
    sys.exit(1)
count = sum(len(postings) for postings in accounts.values())
print(f"whole: {count} postings of {len(accounts)} accounts, {len(states)} of them with their end")
