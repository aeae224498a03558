#!/usr/bin/env python3
"""Recounts what topics say, from the published rules alone (docs/routing-rates.md, docs/points.md, docs/routing-log.md).

    for t in case-events cases case-rates points-events accounts; do kcat -C -b HOST:9092 -t $t.v1 -e -q; done | recount.py

Records come one a line, each topic from its beginning and in its order; a line that comes twice is one record. Rates, balances and the
chains of cases and accounts are computed anew and compared. Ends with 0: whole, 1: something is broken, 2: there is nothing.
"""
import argparse
import hashlib
import json
import sys
from collections import defaultdict
from datetime import datetime, timedelta

DAY = timedelta(hours=24)
RESPONSES = ("case.accepted", "case.made-safe", "case.handled", "case.extension-asked", "case.returned", "case.closed")


def sha(text):
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def content(data):
    return sha(json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False))


class Case:  # as the rates see it: who has it, how it was closed, who was called to it
    def __init__(self, counts):
        self.counts, self.duty, self.closing, self.called, self.merged = counts, None, None, (None, []), None

    def add(self, count, unit, day, number=1):
        self.counts[day][unit][count] += number

    def end(self, now, day, by_leaving):
        duty, self.duty = self.duty, None
        if duty and duty["overdue"]:
            self.add("openOverdue", duty["unit"], day, -1)
            self.add("leftOverdue", duty["unit"], day, 1 if by_leaving else 0)
        if duty and not duty["answered"] and now - duty["since"] <= DAY:
            self.add("assigned", duty["unit"], duty["day"], -1)

    def assign(self, unit, now, day):
        if not self.duty or self.duty["unit"] != unit:
            self.end(now, day, True)
            self.duty = {"unit": unit, "since": now, "day": day, "answered": False, "overdue": False, "settled": False}
            self.add("assigned", unit, day)

    def after_closing(self, reopened=None, person=None, said=None):
        """What is said of a closing later goes to its unit and day; who answers again replaces their answer."""
        closing = self.closing
        if closing and reopened is not None and closing["reopened"] != reopened:
            closing["reopened"] = reopened
            self.add("reopened", closing["unit"], closing["day"], 1 if reopened else -1)
            self.add("onTime", closing["unit"], closing["day"], closing["on_time"] * (-1 if reopened else 1))
        if closing and person:
            for sign, answer in ((-1, closing["answers"].get(person, {})), (1, said)):
                for count in (each for each in ("solved", "satisfied") if answer.get(each) is not None):
                    self.add(count + "Answers", closing["unit"], closing["day"], sign)
                    self.add(count, closing["unit"], closing["day"], sign if answer[count] else 0)
            closing["answers"][person] = said

    def take(self, kind, data, now, day):
        about, details, duty = data["case"], data.get("details", {}), self.duty
        undone, units, named = "otherCaseId" in details, details.get("unitIds", []), about.get("ownerUnitId", "")
        unit = duty["unit"] if duty else named
        if kind in RESPONSES and duty and not duty["answered"] and not (kind == "case.closed" and undone):
            duty["answered"] = True
            self.add("responded", unit, duty["day"], 1 if now - duty["since"] <= DAY else 0)
        for count, whose, when in {
                "case.refused": [("refused", unit, day)],
                "case.returned": [("returned", unit, duty["day"])] if duty else [],
                "case.kept-overdue": [("leftOverdue", keeper, day) for keeper in units],
                "case.verified": [("checked", unit, day), ("reworked", unit, day)][:{True: 1, False: 2}[data["agrees"]]]
                if "agrees" in data else [],
                "case.whistled": [("whistled", unit, day)] + [("called", each, day) for each in units]}.get(kind, []):
            self.add(count, whose, when)
        if kind == "case.dispatched":
            self.assign(named, now, day)
        elif kind == "case.overdue":
            self.assign(unit, now, day)
            self.add("openOverdue", unit, day, 0 if self.duty["overdue"] else 1)
            self.duty["overdue"] = True
        elif kind in ("case.returned", "case.refused", "case.transferred", "case.merged", "case.cancelled"):
            if kind == "case.merged" and duty:
                self.merged = (duty, not duty["answered"] and now - duty["since"] <= DAY)
            self.end(now, day, kind in ("case.returned", "case.refused"))
        elif kind == "case.reopened" and undone and self.merged:
            (self.duty, took_back), self.merged = self.merged, None
            self.add("assigned", self.duty["unit"], self.duty["day"], 1 if took_back else 0)
            self.add("openOverdue", self.duty["unit"], day, 1 if self.duty["overdue"] else 0)
        elif kind == "case.reopened" and not undone:
            self.after_closing(reopened=True)
        elif kind == "case.reclassified" and duty and duty["overdue"] and data.get("isOverdue") is False:
            duty["overdue"] = duty["settled"]
            self.add("openOverdue", unit, day, 0 if duty["settled"] else -1)
        elif kind == "case.verified" and data.get("agrees") is False and duty:
            duty["settled"] = duty["overdue"]
        elif kind == "case.closed":
            self.end(now, day, False)
            if undone:
                return self.after_closing(reopened=False)
            self.closing = {"unit": unit, "day": day, "on_time": not (duty and duty["overdue"]), "reopened": False, "answers": {}}
            for count, number in (("closed", 1), ("onTime", int(self.closing["on_time"])),
                                  ("asked", sum(not each.startswith("anon:") for each in about["reporterIds"]))):
                self.add(count, unit, day, number)
        elif kind == "case.rated" and data.get("actorId") in about["reporterIds"]:
            self.after_closing(person=data["actorId"], said=details)
        elif kind in ("case.whistled", "case.whistle-ended"):
            self.called = (day, list(units) if kind == "case.whistled" else [])
        elif kind == "case.checked-in":
            for present in (each for each in dict.fromkeys(units) if each in self.called[1]):
                self.called[1].remove(present)
                self.add("came", present, self.called[0])


def period_counts(days, period):
    """What the days of a period have together, and what stands overdue at its end, where it is not nothing."""
    found = defaultdict(lambda: defaultdict(int))
    for day, unit, count, number in ((d, u, c, n) for d, us in days.items() for u, cs in us.items() for c, n in cs.items()):
        found[unit][count] += number if day.startswith(period) or count == "openOverdue" and day < period else 0
    return {unit: kept for unit, sums in found.items() if (kept := {c: n for c, n in sums.items() if n})}


def rate_faults(counts, newest):
    for (community, period), said in sorted(newest.items()):
        told = {each.get("unitId", ""): {c: n for c, n in each["counts"].items() if n} for each in said["units"]}
        if told != (own := period_counts(counts[community], period)):
            yield f"rates of {community} {period}: published {told}, counted {own}"
    for community, days in list(counts.items()):
        last = max((period for of, period in newest if of == community and len(period) == 10), default="")
        for day in (day for day in days if day <= last and (community, day) not in newest and period_counts(days, day)):
            yield f"rates of {community} {day}: counted and not published"


def log_fault(events, state):
    previous = ""
    for number, event in enumerate(sorted(events, key=lambda each: each["data"]["chain"]["number"]), start=1):
        own = {"number": number, "previous": previous, "content": content({k: v for k, v in event["data"].items() if k != "chain"})}
        own["hash"] = sha("\n".join([str(number), previous, own["content"], event["time"], event["type"]]))
        if event["data"]["chain"] != own:
            return f"link {number} ({event['time']} {event['type']})"
        previous = own["hash"]
    return "its log ends elsewhere" if state and state.get("chain", {}).get("hash", "") != previous else None


def account_fault(account, postings, state):
    previous, balance = "", 0
    for number, (event, posting) in enumerate(sorted(postings, key=lambda each: each[1]["chain"]["number"]), start=1):
        data, balance = event["data"], balance + posting["amount"]
        text = [number, previous, account, posting["amount"], balance, data["transferId"], event["time"]]
        text += [content({**data, "postings": []})]
        text += [f"{lot['number']} {lot['points']} {lot.get('expiresAt', '-')}" for lot in posting.get("lots", [])]
        own = {"number": number, "previous": previous, "balance": balance, "hash": sha("\n".join(map(str, text)))}
        if posting["chain"] != own:
            return f"posting {number} ({event['time']}, transfer {data['transferId']})"
        previous = own["hash"]
    end = (len(postings), balance, previous)
    return "its end" if state and (state["version"], state["balance"], state.get("hash")) != end else None


parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--offset", type=int, default=480, metavar="MINUTES", help="by which days begin, east of UTC")
parser.add_argument("--only", choices=("rates", "balances", "logs"))
parser.add_argument("--period", help="prints the counts of a day or month instead: {community: {unit: {count: number}}}")
options = parser.parse_args()
counts = defaultdict(lambda: defaultdict(lambda: defaultdict(lambda: defaultdict(int))))
cases, newest, logs, postings, faults = {}, defaultdict(dict), *(defaultdict(list) for _ in range(3))
for record in map(json.loads, filter(None, dict.fromkeys(sys.stdin.buffer.read().decode("utf-8").split("\n")))):
    kind, data = record["type"], record["data"]
    if kind in ("case.state", "account.state", "rates.published"):
        key = data.get("caseId") or data.get("accountId") or (data["communityId"], data["period"])
        newest[kind][key] = max(newest[kind].get(key, data), data, key=lambda each: each.get("version") or each["revision"])
    elif "postings" in data:
        if sum(posting["amount"] for posting in data["postings"]):
            faults["balances"].append(f"transfer {data['transferId']}: its postings do not sum to zero")
        for posting in data["postings"]:
            postings[posting["accountId"]].append((record, posting))
    elif kind.startswith("case."):
        logs[record["subject"]] += [record] if "chain" in data else []
        if "case" in data:
            now = datetime.fromisoformat(record["time"].replace("Z", "+00:00"))
            case = cases.setdefault(data["case"]["caseId"], Case(counts[data["case"]["communityId"]]))
            case.take(kind, data, now, (now + timedelta(minutes=options.offset)).strftime("%Y-%m-%d"))
if options.period:
    print(json.dumps({of: period_counts(days, options.period) for of, days in counts.items()}, ensure_ascii=False))
    sys.exit(0)
rates, states, balances = newest["rates.published"], newest["case.state"], newest["account.state"]
faults["rates"] += rate_faults(counts, rates)
faults["logs"] += [f"case {case}: {why}" for case, own in logs.items() if (why := log_fault(own, states.get(case)))]
faults["logs"] += [f"case {case}: no events" for case in states if logs and states[case].get("chain") and not logs[case]]
faults["balances"] += [f"account {name}: {why}" for name, own in postings.items()
                       if (why := account_fault(name, own, balances.get(name)))]
faults["balances"] += [f"account {name}: no postings" for name in balances if postings and name not in postings]
wrong = [f"{part}: {fault}" for part in sorted(faults) if options.only in (None, part) for fault in faults[part]]
if not (logs or postings or cases):
    sys.exit(print("nothing to recount") or 2)
print("\n".join(wrong) or f"whole: {len(rates)} periods are as counted, {sum(map(len, logs.values()))} events of "
      f"{len(logs)} cases, {sum(map(len, postings.values()))} postings of {len(postings)} accounts")
sys.exit(1 if wrong else 0)
