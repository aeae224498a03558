#!/usr/bin/env python3
"""Counts what docs/routing-rates.md tells of, from records of case-events.v1, one a line, in the order of the topic.

    kcat -C -b HOST:9092 -t case-events.v1 -e -q | recount-rates.py [--offset 480] [--published FILE]

Prints {community: {day: {unit: {count: number}}}}; openOverdue is what began and ended on the day. With records of
case-rates.v1 in FILE it compares: prints each difference, and ends with 1 where there is one.
"""
import argparse
import json
import sys
from collections import defaultdict
from datetime import datetime, timedelta

DAY = timedelta(hours=24)
parser = argparse.ArgumentParser()
parser.add_argument("--offset", type=int, default=480)
parser.add_argument("--published")
options = parser.parse_args()
# community, day, unit, count
counts = defaultdict(lambda: defaultdict(lambda: defaultdict(lambda: defaultdict(int))))


class Case:
    def __init__(self, community):
        self.community, self.duty, self.closing, self.whistle, self.merged = community, None, None, None, None

    def add(self, count, unit, day, number=1):
        counts[self.community][day][unit][count] += number

    def end_duty(self, now, day, by_leaving):
        duty, self.duty = self.duty, None
        if not duty:
            return
        if duty["overdue"]:
            self.add("openOverdue", duty["unit"], day, -1)
            if by_leaving:
                self.add("leftOverdue", duty["unit"], day)
        if not duty["answered"] and now - duty["since"] <= DAY:
            self.add("assigned", duty["unit"], duty["day"], -1)

    def assign(self, unit, now, day):
        if self.duty and self.duty["unit"] == unit:
            return
        self.end_duty(now, day, True)
        self.duty = {"unit": unit, "since": now, "day": day, "answered": False, "overdue": False, "settled": False}
        self.add("assigned", unit, day)

    def respond(self, now):
        duty = self.duty
        if duty and not duty["answered"]:
            duty["answered"] = True
            if now - duty["since"] <= DAY:
                self.add("responded", duty["unit"], duty["day"])

    def answer(self, person, details):
        closing = self.closing
        for number, said in ((-1, closing["answers"].get(person, {})), (1, details)):
            for count in ("solved", "satisfied"):
                if said.get(count) is not None:
                    self.add(count + "Answers", closing["unit"], closing["day"], number)
                    self.add(count, closing["unit"], closing["day"], number if said[count] else 0)
        closing["answers"][person] = details

    def take(self, kind, data, now, day):
        about, details = data["case"], data.get("details", {})
        undone = "otherCaseId" in details
        named = about.get("ownerUnitId", "")
        unit = self.duty["unit"] if self.duty else named
        if kind == "case.dispatched":
            self.assign(named, now, day)
        elif kind in ("case.accepted", "case.handled", "case.extension-asked"):
            self.respond(now)
        elif kind == "case.returned":
            self.respond(now)
            if self.duty:
                self.add("returned", unit, self.duty["day"])
            self.end_duty(now, day, True)
        elif kind == "case.overdue":
            if not self.duty:
                self.assign(named, now, day)
            if not self.duty["overdue"]:
                self.duty["overdue"] = True
                self.add("openOverdue", self.duty["unit"], day)
        elif kind == "case.refused":
            self.add("refused", unit, day)
            self.end_duty(now, day, True)
        elif kind in ("case.transferred", "case.merged", "case.cancelled"):
            if kind == "case.merged" and self.duty:
                self.merged = (self.duty, not self.duty["answered"] and now - self.duty["since"] <= DAY)
            self.end_duty(now, day, False)
        elif kind == "case.reopened" and undone:
            if self.merged:
                (self.duty, took_back), self.merged = self.merged, None
                self.add("assigned", self.duty["unit"], self.duty["day"], 1 if took_back else 0)
                self.add("openOverdue", self.duty["unit"], day, 1 if self.duty["overdue"] else 0)
        elif kind == "case.reclassified" and data.get("isOverdue") is False:
            if self.duty and self.duty["overdue"] and not self.duty["settled"]:
                self.duty["overdue"] = False
                self.add("openOverdue", self.duty["unit"], day, -1)
        elif kind == "case.kept-overdue":
            for keeper in details.get("unitIds", []):
                self.add("leftOverdue", keeper, day)
        elif kind == "case.verified" and "agrees" in data:
            self.add("checked", unit, day)
            self.add("reworked", unit, day, 0 if data["agrees"] else 1)
            if self.duty and not data["agrees"]:
                self.duty["settled"] = self.duty["overdue"]
        elif kind == "case.closed" and undone:
            self.end_duty(now, day, False)
            if self.closing and self.closing["reopened"]:
                self.closing["reopened"] = False
                self.add("reopened", self.closing["unit"], self.closing["day"], -1)
                self.add("onTime", self.closing["unit"], self.closing["day"], 1 if self.closing["on_time"] else 0)
        elif kind == "case.closed":
            self.respond(now)
            late = bool(self.duty and self.duty["overdue"])
            self.end_duty(now, day, False)
            self.closing = {"unit": unit, "day": day, "on_time": not late, "reopened": False, "answers": {}}
            self.add("closed", unit, day)
            self.add("onTime", unit, day, 0 if late else 1)
            self.add("asked", unit, day, len([r for r in about["reporterIds"] if not r.startswith("anon:")]))
        elif kind == "case.reopened" and self.closing and not self.closing["reopened"]:
            self.closing["reopened"] = True
            self.add("reopened", self.closing["unit"], self.closing["day"])
            self.add("onTime", self.closing["unit"], self.closing["day"], -1 if self.closing["on_time"] else 0)
        elif kind == "case.rated" and self.closing and data.get("actorId") in about["reporterIds"]:
            self.answer(data["actorId"], details)
        elif kind == "case.whistled":
            self.whistle = (day, list(details.get("unitIds", [])))
            self.add("whistled", unit, day)
            for called in details.get("unitIds", []):
                self.add("called", called, day)
        elif kind == "case.checked-in" and self.whistle:
            for present in details.get("unitIds", []):
                if present in self.whistle[1]:
                    self.whistle[1].remove(present)
                    self.add("came", present, self.whistle[0])
        elif kind == "case.whistle-ended":
            self.whistle = None


def lines(file):
    return [json.loads(line) for line in dict.fromkeys(file.read().decode("utf-8").split("\n")) if line]


def period_counts(days, period):
    """What the days of a period have together, and what stands overdue at its end, where it is not nothing."""
    found = defaultdict(lambda: defaultdict(int))
    for day, units in days.items():
        for unit, values in units.items():
            for count, number in values.items():
                if day.startswith(period) or (count == "openOverdue" and day < period):
                    found[unit][count] += number
    return {u: kept for u, v in found.items() if (kept := {c: n for c, n in v.items() if n})}


cases = {}
for record in lines(sys.stdin.buffer):
    data = record["data"]
    if record["type"].startswith("case.") and "case" in data:
        now = datetime.fromisoformat(record["time"].replace("Z", "+00:00"))
        day = (now + timedelta(minutes=options.offset)).strftime("%Y-%m-%d")
        case = cases.setdefault(data["case"]["caseId"], Case(data["case"]["communityId"]))
        case.take(record["type"], data, now, day)
if options.published is None:
    print(json.dumps(counts, sort_keys=True, ensure_ascii=False, indent=1))
    sys.exit(0)
newest = {}
for record in lines(open(options.published, "rb")):
    said, key = record["data"], (record["data"]["communityId"], record["data"]["period"])
    if said["revision"] > newest.get(key, {"revision": 0})["revision"]:
        newest[key] = said
wrong = []
for (community, period), said in sorted(newest.items()):
    published = {u.get("unitId", ""): {c: n for c, n in u["counts"].items() if n} for u in said["units"]}
    if published != (own := period_counts(counts[community], period)):
        wrong.append(f"{community} {period}: published {published}, counted {own}")
last = {community: max(p for c, p in newest if c == community and len(p) == 10) for community, _ in newest}
for community, days in counts.items():
    for day, units in days.items():
        if day <= last.get(community, "") and (community, day) not in newest and period_counts(days, day):
            wrong.append(f"{community} {day}: counted and not published")
print("\n".join(wrong) or f"{len(newest)} periods are as counted")
sys.exit(1 if wrong else 0)
