"""Counts again, from the city's own table alone, which requests were closed too late.

    recount_overdue.py service_requests.csv rules.json counted.json

rules.json is a calendar and the limit of each type of request; counted.json is what routing counted. Written from the
rules of counting time in docs/routing-clock.md, with datetime and nothing else, so that it shares no code with what it
judges. Exit status 1, and each difference, where it counts otherwise.
"""
import csv
import json
import sys
from datetime import date, datetime, time, timedelta

MINUTE = timedelta(minutes=1)
HUNDREDTH_OF_HOUR = timedelta(seconds=36)


class Calendar:
    def __init__(self, rules):
        self.week = rules["workingMinutes"]
        self.holidays = {date.fromisoformat(day) for day in rules["holidays"]}
        self.make_up = {date.fromisoformat(day) for day in rules["makeUpDays"]}

    def openings(self, day):
        """When offices open and close on a day."""
        if day in self.make_up:
            ranges = self.week[0]
        elif day in self.holidays:
            ranges = []
        else:
            ranges = self.week[day.weekday()]
        midnight = datetime.combine(day, time())
        return [(midnight + begin * MINUTE, midnight + end * MINUTE) for begin, end in ranges]

    def working_hours(self, start, span):
        day = start.date()
        while True:
            for opens, closes in self.openings(day):
                begin = max(opens, start)
                if begin >= closes:
                    continue
                if span <= closes - begin:
                    return begin + span
                span -= closes - begin
            day += timedelta(days=1)

    def working_days(self, start, count):
        day = start.date()
        while count:
            day += timedelta(days=1)
            if self.openings(day):
                count -= 1
        return self.openings(day)[-1][1]

    def deadline(self, start, limit):
        """The last moment that is on time."""
        amount, unit = limit[:-1], limit[-1]
        if unit == "w":
            return self.working_hours(start, round(float(amount) * 100) * HUNDREDTH_OF_HOUR)
        if unit == "e":
            return start + round(float(amount) * 100) * HUNDREDTH_OF_HOUR
        if unit == "d":
            return self.working_days(start, int(amount))
        last = start.date() + timedelta(days=int(amount))
        return datetime.combine(last, time(23, 59, 59, 999000))


def count(table, rules):
    """For each type: how many requests, and how many of them were late, closed or open at the end of the table."""
    calendar = Calendar(rules)
    with open(table, newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))[: rules.get("rows")]
    moment = datetime.fromisoformat
    end = max(moment(row["closed_date"]) for row in rows if row["closed_date"])
    counted = {}
    for row in rows:
        due = calendar.deadline(moment(row["created_date"]), rules["limits"][row["type_id"]])
        done = moment(row["closed_date"]) if row["closed_date"] else end
        entry = counted.setdefault(row["type_id"], {"cases": 0, "overdue": 0})
        entry["cases"] += 1
        entry["overdue"] += done > due
    return counted


def main():
    table, rules_file, counted_file = sys.argv[1:]
    with open(rules_file, encoding="utf-8") as file:
        rules = json.load(file)
    with open(counted_file, encoding="utf-8") as file:
        theirs = json.load(file)
    ours = count(table, rules)
    differences = 0
    for kind in sorted(set(ours) | set(theirs), key=int):
        mine, other = ours.get(kind), theirs.get(kind)
        differs = mine != other
        differences += differs
        print(f"type {kind:>2} {rules['limits'][kind]:>4}: recounted {mine}, routing {other}{'  DIFFERS' if differs else ''}")
    units = {}
    for kind, entry in ours.items():
        unit = units.setdefault(rules["limits"][kind][-1], [0, 0])
        unit[0] += entry["overdue"]
        unit[1] += entry["cases"]
    for unit, (late, cases) in sorted(units.items()):
        print(f"unit {unit}: {late} of {cases} late")
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main())
