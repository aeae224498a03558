#!/usr/bin/env python3
"""Holds the schemas, the golden files and, when its path is given, the AsyncAPI document against their standards.

    validate_schemas.py [ASYNCAPI.json]

Prints one line for each failure and a summary; ends with 1 where anything failed. Needs `pip install jsonschema`.
"""

import json
import re
import sys
from datetime import datetime
from pathlib import Path

from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import SchemaError
from referencing import Registry
from referencing.exceptions import Unresolvable
from referencing.jsonschema import DRAFT202012

ROOT = Path(__file__).resolve().parents[2]
SCHEMAS = ROOT / "Shared" / "Contracts" / "Schemas"
GOLDEN = ROOT / "Tests" / "ContractsTests" / "Golden"
PREFIX = "urn:suishoupai:schema:"
SHARED = ("envelope", "common")

formats = FormatChecker(["uuid"])


@formats.checks("date-time")
def is_moment(value):
    """RFC 3339, as the contracts read it."""
    if not isinstance(value, str):
        return True
    match = re.fullmatch(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(\.\d+)?(Z|[+-]\d\d:\d\d)", value)
    if not match:
        return False
    try:
        datetime.fromisoformat(f"{match[1]}T{match[2]}")
    except ValueError:
        return False
    return True


@formats.checks("uri")
def is_uri(value):
    return not isinstance(value, str) or re.match(r"[a-z][a-z0-9+.-]*:\S+$", value) is not None


@formats.checks("uri-reference")
def is_uri_reference(value):
    return not isinstance(value, str) or re.match(r"\S*$", value) is not None


class Report:
    """What was looked at, and what is wrong with it."""

    def __init__(self):
        self.failures = 0
        self.counts = {}

    def fail(self, where, what):
        self.failures += 1
        print(f"{where}: {what}")

    def count(self, what):
        self.counts[what] = self.counts.get(what, 0) + 1

    def errors(self, where, validator, instance):
        for error in sorted(validator.iter_errors(instance), key=lambda error: list(map(str, error.absolute_path))):
            self.fail(where, f"{error.json_path} {error.message[:300]}")


def load(path, report):
    """The JSON of a file; None, and a failure, where it is none."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        report.fail(path.name, f"cannot be read: {error}")
        return None


def objects(value, path="#"):
    """Every object in a document, with the pointer to it."""
    if isinstance(value, dict):
        yield path, value
        for name, member in value.items():
            if name not in ("examples", "example"):
                yield from objects(member, f"{path}/{name}")
    elif isinstance(value, list):
        for index, element in enumerate(value):
            yield from objects(element, f"{path}/{index}")


def identity(name):
    """The `$id` that belongs to a file: `case.opened.v1` is `…:case.opened:1`."""
    if name in SHARED:
        return PREFIX + name
    kind, _, version = name.rpartition(".v")
    return f"{PREFIX}{kind}:{version}"


def schema_of(text):
    """The name of the file that a `dataschema` names."""
    kind, _, version = text.removeprefix(PREFIX).rpartition(":")
    return f"{kind}.v{version}"


def check_schema(name, schema, resolver, report):
    report.count("schemas")
    try:
        Draft202012Validator.check_schema(schema)
    except SchemaError as error:
        report.fail(name, f"is no draft 2020-12 schema: {error.json_path} {error.message}")
    if schema.get("$schema") != "https://json-schema.org/draft/2020-12/schema":
        report.fail(name, "does not say that it is draft 2020-12")
    if schema.get("$id") != identity(name):
        report.fail(name, f"has the $id {schema.get('$id')!r}, expected {identity(name)!r}")
    for field in ("title", "description"):
        if not schema.get(field):
            report.fail(name, f"has no {field}")
    for path, part in objects(schema):
        properties = part.get("properties")
        # The branches of an allOf or oneOf only narrow what is described elsewhere.
        if isinstance(properties, dict) and "type" in part:
            for field, about in properties.items():
                if not about.get("description"):
                    report.fail(name, f"{path}/properties/{field} has no description")
            for field in set(part.get("required", [])) - set(properties):
                report.fail(name, f"{path} requires {field}, which it does not describe")
            if part.get("additionalProperties", True) is not True:
                report.fail(name, f"{path} forbids further properties, so that it could never gain a field")
        if isinstance(part.get("$ref"), str):
            try:
                resolver.lookup(part["$ref"])
            except Unresolvable:
                report.fail(name, f"{path} refers to {part['$ref']!r}, which does not exist")


def check_golden(path, schemas, validator, report):
    report.count("golden files")
    name = path.stem
    envelope = load(path, report)
    if envelope is None:
        return
    report.errors(path.name, validator("envelope"), envelope)
    found = schema_of(str(envelope.get("dataschema", "")))
    if found != name:
        report.fail(path.name, f"carries {found}")
    if found.rpartition(".v")[0] != envelope.get("type"):
        report.fail(path.name, f"has the type {envelope.get('type')!r} and the schema of {found}")
    if found not in schemas:
        report.fail(path.name, f"has no schema {found}")
        return
    report.errors(path.name, validator(found), envelope.get("data"))
    check_enclosed(path.name, envelope.get("data"), schemas, validator, report)


def check_enclosed(name, value, schemas, validator, report):
    """Messages inside a message: each against the schema that it names itself."""
    for path, part in objects(value):
        if isinstance(part.get("dataschema"), str):
            found = schema_of(part["dataschema"])
            if found not in schemas:
                report.fail(name, f"{path} names the schema {found}, which does not exist")
                continue
            report.errors(f"{name} {path}", validator(found), part.get("data"))


def follow(document, reference):
    """What a pointer within the document leads to; raises LookupError."""
    if not reference.startswith("#/"):
        raise LookupError(reference)
    value = document
    for name in reference[2:].split("/"):
        name = name.replace("~1", "/").replace("~0", "~")
        value = value[int(name)] if isinstance(value, list) else value[name]
    return value


def check_references(name, document, report):
    found = True
    for path, part in objects(document):
        reference = part.get("$ref")
        if isinstance(reference, str):
            report.count("references")
            try:
                follow(document, reference)
            except (LookupError, ValueError, TypeError):
                found = False
                report.fail(name, f"{path} refers to {reference!r}, which does not exist")
    return found


def check_asyncapi(path, report):
    document = load(path, report)
    if not isinstance(document, dict):
        return
    name = path.name
    if document.get("asyncapi") != "3.0.0":
        report.fail(name, f"is version {document.get('asyncapi')!r}, expected '3.0.0'")
    unknown = set(document) - {
        "asyncapi", "id", "info", "servers", "defaultContentType", "channels", "operations", "components"}
    for field in sorted(field for field in unknown if not field.startswith("x-")):
        report.fail(name, f"has the field {field!r}, which AsyncAPI does not know")
    for field in ("title", "version"):
        if not document.get("info", {}).get(field):
            report.fail(name, f"info has no {field}")
    if not check_references(name, document, report):
        return
    check_channels(name, document, report)
    check_operations(name, document, report)
    check_messages(name, document, report)


def check_channels(name, document, report):
    addresses = set()
    for key, channel in document.get("channels", {}).items():
        report.count("channels")
        address = channel.get("address")
        if not address:
            report.fail(name, f"channel {key} has no address")
        if address in addresses:
            report.fail(name, f"channel {key} has the address of another: {address}")
        addresses.add(address)
        if not channel.get("messages"):
            report.fail(name, f"channel {key} has no messages")
        kafka = channel.get("bindings", {}).get("kafka", {})
        if kafka.get("topic") != address or not isinstance(kafka.get("partitions"), int):
            report.fail(name, f"channel {key} does not say its topic and partitions to Kafka")
        for field in ("x-key", "x-audience", "x-writers"):
            if not channel.get(field):
                report.fail(name, f"channel {key} has no {field}")


def check_operations(name, document, report):
    for key, operation in document.get("operations", {}).items():
        report.count("operations")
        if operation.get("action") not in ("send", "receive"):
            report.fail(name, f"operation {key} neither sends nor receives")
        channel = operation.get("channel", {}).get("$ref", "")
        if not channel.startswith("#/channels/"):
            report.fail(name, f"operation {key} has no channel")
        for message in operation.get("messages", []):
            if not message.get("$ref", "").startswith(f"{channel}/messages/"):
                report.fail(name, f"operation {key} has the message {message.get('$ref')!r} of another channel")


def check_messages(name, document, report):
    base = "urn:suishoupai:asyncapi"
    registry = Registry().with_resource(base, DRAFT202012.create_resource(document))
    for key, message in document.get("components", {}).get("messages", {}).items():
        report.count("messages")
        pointer = f"{base}#/components/messages/{key}/payload"
        validator = Draft202012Validator({"$ref": pointer}, registry=registry, format_checker=formats)
        for example in message.get("examples", []):
            report.errors(f"{name} example {example.get('name')} of {key}", validator, example.get("payload"))
    for key, schema in document.get("components", {}).get("schemas", {}).items():
        try:
            Draft202012Validator.check_schema(schema)
        except SchemaError as error:
            report.fail(name, f"schema {key}: {error.json_path} {error.message}")


def main(arguments):
    report = Report()
    schemas = {}
    for path in sorted(SCHEMAS.glob("*.json")):
        schema = load(path, report)
        if schema is not None:
            schemas[path.name.removesuffix(".schema.json")] = schema
    registry = Registry().with_resources(
        (identity(name), DRAFT202012.create_resource(schema)) for name, schema in schemas.items())

    def validator(name):
        return Draft202012Validator(schemas[name], registry=registry, format_checker=formats)

    for name, schema in schemas.items():
        check_schema(name, schema, registry.resolver(identity(name)), report)
    files = sorted(GOLDEN.glob("*.json"))
    for path in files:
        check_golden(path, schemas, validator, report)
    for name in sorted(set(schemas) - set(SHARED) - {path.stem for path in files}):
        report.fail(name, "has no golden file")
    for argument in arguments:
        check_asyncapi(Path(argument), report)

    print(", ".join(f"{count} {what}" for what, count in report.counts.items()) + f": {report.failures} failures")
    return 1 if report.failures or not schemas or not files else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
