#!/usr/bin/env python3
"""Checks every account, lot and month by the rule of docs/points.md; needs nothing but Python.

    (kcat -C -b HOST:9092 -t points-events.v1 -e -q; kcat -C -b HOST:9092 -t accounts.v1 -e -q) | verify-points.py

Ends with 0 where all is whole, 1 where something is broken, 2 where there is no posting.
"""
import hashlib
import json
import sys

STATE, MONTH, EXPIRED = "account.state", "points.period-closed", "points.expired"


def digest(data):
    return hashlib.sha256(data).digest()


def content_of(data):
    """The hash of an event without its postings: JSON with sorted keys and nothing between them."""
    text = json.dumps({**data, "postings": []}, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def fault_of(postings, state):
    """What is wrong with the postings of one account, by the published rule; None where nothing is."""
    previous, balance, count, lots = "", 0, 0, {}
    for event, posting in postings:
        number, account, amount = count + 1, posting["accountId"], posting["amount"]
        place = f"posting {number} ({event['time']}, transfer {event['data']['transferId']})"
        parts = posting.get("lots", [])
        text = [number, previous, account, amount, balance + amount, event["data"]["transferId"], event["time"]]
        text.append(content_of(event["data"]))
        text += [f"{part['number']} {part['points']} {part.get('expiresAt', '-')}" for part in parts]
        expected = {
            "number": number, "previous": previous, "balance": balance + amount,
            "hash": hashlib.sha256("\n".join(str(each) for each in text).encode("utf-8")).hexdigest(),
        }
        if posting["chain"] != expected:
            return place
        previous, balance, count = expected["hash"], balance + amount, number
        if account.startswith("available:"):
            fault = fault_of_lots(lots, number, amount, parts, event)
            if fault or sum(lot["points"] for lot in lots.values()) != balance:
                return f"{place}: {fault or 'the lots are not the balance'}"
    if state and (state["version"], state["balance"], state.get("hash")) != (count, balance, previous):
        return f"its end: {count} postings make {balance}, the account has {state['version']} that make {state['balance']}"
    return None


def fault_of_lots(lots, number, amount, parts, event):
    """Moves the lots of an account by one posting; what is wrong with that, None where nothing is."""
    if sum(part["points"] for part in parts) != abs(amount):
        return "its lots do not make up its amount"
    # Points are spent first in, first out. What expires, is corrected or taken back names its lots itself.
    first = [each for each, lot in sorted(lots.items()) if lot["points"]]
    by_name = event["type"] in (EXPIRED, "points.corrected", "points.clawed-back")
    for index, part in enumerate(parts):
        lot = lots.setdefault(part["number"], {"points": 0, "expiresAt": part.get("expiresAt")})
        if amount > 0 and part["number"] > number or lot["expiresAt"] != part.get("expiresAt"):
            return "a lot changed its name or its day"
        if amount < 0 and not by_name and first[index : index + 1] != [part["number"]]:
            return "not first in, first out"
        if amount < 0 and not by_name and index < len(parts) - 1 and part["points"] != lot["points"]:
            return "a lot was left half spent for a later one"
        if event["type"] == EXPIRED and not (part.get("expiresAt") and part["expiresAt"] <= event["time"]):
            return "it expired before its day"
        lot["points"] += part["points"] if amount > 0 else -part["points"]
        if lot["points"] < 0:
            return "more was taken from a lot than it had"
    return None


def merkle(leaves):
    """RFC 6962, section 2.1."""
    if not leaves:
        return digest(b"")
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return digest(b"\1" + merkle(leaves[:split]) + merkle(leaves[split:]))


def fault_of_month(month, ledger_accounts, previous):
    """What is wrong with a closed month; None where nothing is."""
    leaves, totals = [], {}
    for account, postings in sorted(ledger_accounts.items(), key=lambda each: each[0].encode("utf-8")):
        before = [posting for event, posting in postings if event["time"] < month["endedAt"]]
        if before:
            end = before[-1]["chain"]
            leaf = f"{account}\n{end['number']}\n{end['balance']}\n{end['hash']}"
            leaves.append(digest(b"\0" + leaf.encode("utf-8")))
            kind = account.split(":")[0]
            totals[kind] = totals.get(kind, 0) + end["balance"]
    if month["root"] != merkle(leaves).hex():
        return "its root is not over the accounts as they stood"
    if month["accounts"] != len(leaves) or {each["kind"]: each["points"] for each in month["totals"]} != totals:
        return "its accounts or totals are not those that stood"
    return None if month["previous"] == previous else "it does not follow from the month before"


# A record may come twice: the same line is the same record.
lines = dict.fromkeys(sys.stdin.buffer.read().decode("utf-8").split("\n"))
records = [json.loads(line) for line in lines if line]
accounts, states, months, broken = {}, {}, {}, []
for record in records:
    data = record["data"]
    if record["type"] == STATE:
        known = states.get(data["accountId"])
        if not known or data["version"] >= known["version"]:
            states[data["accountId"]] = data
    elif record["type"] == MONTH:
        months.setdefault(data["ledgerId"], []).append(data)
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
for ledger, closed in sorted(months.items()):
    own = {name: each for name, each in accounts.items() if each[0][0]["data"]["ledgerId"] == ledger}
    previous = None
    for month in sorted(closed, key=lambda each: each["endedAt"]):
        # Of the first month that is at hand nobody knows here what came before it.
        fault = fault_of_month(month, own, month["previous"] if previous is None else previous)
        if fault:
            broken.append(f"month {month['period']} of {ledger}: {fault}")
        previous = month["root"]
for line in broken:
    print(f"broken: {line}")
if broken:
    sys.exit(1)
count = sum(len(postings) for postings in accounts.values())
ends = f"{len(states)} of them with their end"
print(f"whole: {count} postings of {len(accounts)} accounts, {ends}; {sum(map(len, months.values()))} months")
