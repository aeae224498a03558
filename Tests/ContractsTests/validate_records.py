#!/usr/bin/env python3
"""Holds records that were read from topics against their schemas, and against what the AsyncAPI document says of each topic.

    suishoupai contracts > asyncapi.json
    validate_records.py asyncapi.json FOLDER

FOLDER has one file a topic, `case-events.v1.ndjson`, a record's value a line, as `kcat -C -e -q` prints them. Prints one line for
each failure and a summary by topic; ends with 1 where anything failed or where there was nothing. Needs `pip install jsonschema`.
"""

import json
import sys
from pathlib import Path

from jsonschema import Draft202012Validator
from referencing import Registry
from referencing.jsonschema import DRAFT202012
from validate_schemas import SCHEMAS, Report, check_enclosed, formats, identity, schema_of


def main(document, folder):
    report = Report()
    schemas = {path.name.removesuffix(".schema.json"): json.loads(path.read_text(encoding="utf-8")) for path in SCHEMAS.glob("*.json")}
    registry = Registry().with_resources(
        (identity(name), DRAFT202012.create_resource(schema)) for name, schema in schemas.items())
    known = {}

    def validator(name):
        if name not in known:
            known[name] = Draft202012Validator(schemas[name], registry=registry, format_checker=formats)
        return known[name]

    channels = json.loads(Path(document).read_text(encoding="utf-8"))["channels"]
    for path in sorted(Path(folder).glob("*.ndjson")):
        topic = path.name.removesuffix(".ndjson")
        allowed = channels.get(topic, {}).get("messages", {})
        if not allowed:
            report.fail(path.name, "is no topic of the document")
        for number, line in enumerate(path.read_bytes().decode("utf-8").split("\n"), start=1):
            if line:
                report.count(topic)
                check(f"{topic} line {number}", line, allowed, schemas, validator, report)
    print(", ".join(f"{count} of {topic}" for topic, count in report.counts.items()) + f": {report.failures} failures")
    return 1 if report.failures or not report.counts else 0


def check(where, line, allowed, schemas, validator, report):
    try:
        record = json.loads(line)
    except ValueError as error:
        report.fail(where, f"is no JSON: {error}")
        return
    report.errors(where, validator("envelope"), record)
    name = schema_of(str(record.get("dataschema", "")))
    if name not in schemas:
        report.fail(where, f"has no schema {name}")
    elif name not in allowed:
        report.fail(where, f"carries {name}, which the document does not name there")
    else:
        report.errors(where, validator(name), record.get("data"))
        check_enclosed(where, record.get("data"), schemas, validator, report)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
