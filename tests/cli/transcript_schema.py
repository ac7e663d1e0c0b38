#!/usr/bin/python3
"""The published schema of a transcript's lines, on real transcripts.

    transcript_schema.py FOLDER TRANSCRIPT...      FOLDER has both schemas

Every line must fit. Then every member of every line, at any depth, is taken
away, given another type, and joined by one more: none of these may fit (but
for what the schema says may be left out).
"""
import copy
import json
import sys

import jsonschema

OPTIONAL = {("commit", "signature"), ("share", "signature"), ("share", "kind"), ("restore", "passphrase")}


def places(value, path=()):
    """Every object in a value, but for the plan, which has a schema and a test of its own."""
    if isinstance(value, dict):
        yield path
        for name, inside in value.items():
            if name != "plan":
                yield from places(inside, path + (name,))
    elif isinstance(value, list):
        for number, inside in enumerate(value):
            yield from places(inside, path + (number,))


def at(entry, path):
    for step in path:
        entry = entry[step]
    return entry


def bent(entry):
    for path in places(entry):
        for name in at(entry, path):
            for how in ("gone", "typed"):
                other = copy.deepcopy(entry)
                if how == "gone":
                    if path == ("data",) and (entry["type"], name) in OPTIONAL:
                        continue
                    del at(other, path)[name]
                else:
                    at(other, path)[name] = True
                yield f"{path} {name} {how}", other
        other = copy.deepcopy(entry)
        at(other, path)["more"] = 1
        yield f"{path} more", other


def main(folder, *transcripts):
    schemas = {}
    for name in ("plan", "transcript"):
        with open(f"{folder}/{name}.schema.json", encoding="utf-8") as file:
            schemas[name] = json.load(file)
        jsonschema.Draft202012Validator.check_schema(schemas[name])
    resolver = jsonschema.RefResolver.from_schema(
        schemas["transcript"], store={schema["$id"]: schema for schema in schemas.values()})
    validator = jsonschema.Draft202012Validator(schemas["transcript"], resolver=resolver)
    lines = refused = wrong = 0
    types = set()
    for path in transcripts:
        with open(path, encoding="utf-8") as file:
            entries = [json.loads(line) for line in file]
        for number, entry in enumerate(entries, 1):
            lines += 1
            types.add(entry["type"])
            for error in validator.iter_errors(entry):
                wrong += 1
                print(f"{path} line {number}: {error.message}")
            for what, other in bent(entry):
                if validator.is_valid(other):
                    wrong += 1
                    print(f"{path} line {number}, {what}: accepted")
                refused += 1
    print(f"{lines} lines of {len(types)} types fit, {refused} bent ones refused, {wrong} wrong")
    return 1 if wrong else 0


sys.exit(main(*sys.argv[1:]))
