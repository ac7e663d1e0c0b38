#!/usr/bin/python3
"""The published schema of a plan and the program that reads plans, on the same plans.

    plan_schema.py SCHEMA FOLDER        writes plans into FOLDER and gives each to both

Every row bends a sound plan. `same`: both refuse it (or, in GOOD, both accept
it). `program`: what no schema can say, so the schema accepts it and only the
program refuses. Any other pair of verdicts is a failure.
"""
import base64
import copy
import json
import subprocess
import sys

import jsonschema

HEAD = bytes.fromhex("3059301306072A8648CE3D020106082A8648CE3D030107034200")


def key(n):
    made = subprocess.run(["openssl", "ecparam", "-name", "prime256v1", "-genkey", "-noout"],
                          capture_output=True, check=True).stdout
    der = subprocess.run(["openssl", "ec", "-pubout", "-outform", "DER"], input=made,
                         capture_output=True, check=True).stdout
    return base64.b64encode(der).decode()


KEYS = [key(n) for n in range(8)]
OFF_CURVE = base64.b64encode(HEAD + b"\x04" + bytes(63) + b"\x01").decode()
SHA = "ab" * 32
BASE = {
    "schema": 1, "id": "rehearsal-s", "mode": "rehearsal", "title": "T", "operator": "O", "hsm": "softhsm",
    "threshold": 2, "jurisdictions": 2,
    "administrator": {"name": "Ada", "key": KEYS[0]},
    "custodians": [
        {"name": "Alice", "role": "r", "jurisdiction": "NL", "key": KEYS[1], "share": "card", "serial": "C1", "bag": "B1"},
        {"name": "Bob", "role": "r", "jurisdiction": "FR", "share": "paper", "serial": "C2", "bag": "B2"},
        {"name": "Carol", "role": "r", "jurisdiction": "DE", "share": "file"}],
    "witnesses": [{"name": "Wim", "role": "notary", "key": KEYS[2]}],
    "devices": [{"name": "laptop", "kind": "machine", "serial": "L1", "bag": "B3", "new_bag": "B4"},
                {"name": "paper", "kind": "other"}],
    "software": [{"name": "simrite", "sha256": SHA}],
    "factories": [{"name": "Factory", "key": KEYS[3]}],
    "batches": [{"id": "rehearsal-1", "count": 8, "first_iccid": "8988211000000000011", "method": "agreed",
                 "expires": "2027-01-31T12:00:00Z", "slot": 1},
                {"id": "rehearsal-2", "count": 8}],
    "destruction": ["the laptop's disk is shredded"],
    "known_objects": ["old"], "previous": SHA,
}


def put(path, value):
    def bend(plan):
        at = plan
        *way, last = path
        for step in way:
            at = at[step]
        at[last] = value
    return bend


def cut(*path):
    def bend(plan):
        at = plan
        *way, last = path
        for step in way:
            at = at[step]
        del at[last]
    return bend


def then(*bends):
    def bend(plan):
        for one in bends:
            one(plan)
    return bend


GOOD = [
    lambda plan: None,
    *[cut(name) for name in ("hsm", "jurisdictions", "administrator", "witnesses", "devices", "software",
                             "destruction", "known_objects", "previous")],
    put(("custodians", 0, "name"), "Zoë דוד 王"), put(("title",), "x" * 128),
    put(("custodians", 2), {"name": "Carol", "role": "r", "jurisdiction": "DE"}),
    then(cut("factories"), cut("batches", 0)),
    then(put(("mode",), "production"), put(("id",), "2027"), put(("batches", 0, "id"), "a"), put(("batches", 1, "id"), "b")),
    put(("batches", 0, "method"), "injected"), put(("batches", 0, "method"), "derived"), cut("batches", 0, "slot"),
    put(("administrator",), {"name": "Ada"}), put(("devices",), []), put(("hsm",), "pkcs11:token=x"),
    put(("batches", 0, "count"), 1000000), put(("destruction",), ["d"] * 16),
]
SAME = [
    *[cut(name) for name in ("schema", "id", "mode", "title", "operator", "threshold", "custodians", "batches", "factories")],
    put(("more",), 1), put(("schema",), 2), put(("schema",), "1"), put(("title",), 7), put(("title",), ""), put(("title",), " "),
    put(("title",), " T"), put(("title",), "T "), put(("title",), "a\nb"), put(("title",), "x" * 129), put(("title",), None),
    put(("operator",), "a\u202eb"), put(("operator",), "a\U000e0041"), put(("operator",), "a\uffff"), put(("operator",), "a\u0085b"),
    put(("id",), "s"), put(("id",), "rehearsal-A"), put(("id",), "rehearsal-" + "a" * 23), put(("mode",), "dress"),
    put(("mode",), "production"), put(("threshold",), 1), put(("threshold",), 17), put(("threshold",), 2.5),
    put(("threshold",), "2"), put(("jurisdictions",), 0), put(("jurisdictions",), 17), put(("custodians",), {}),
    put(("custodians", 0), None), put(("custodians", 0, "more"), 1), cut("custodians", 0, "jurisdiction"),
    cut("custodians", 0, "key"), put(("custodians", 0, "share"), "stone"), put(("custodians", 1, "key"), "AAAA"),
    put(("custodians", 1, "name"), "B  b"), put(("custodians", 1, "name"), "B\u00a0b"), put(("custodians", 1, "serial"), ""),
    lambda plan: plan.update(custodians=plan["custodians"][:1]), lambda plan: plan.update(custodians=plan["custodians"] * 6),
    put(("administrator",), "Ada"), put(("administrator", "role"), "r"), cut("administrator", "name"),
    cut("witnesses", 0, "key"), cut("witnesses", 0, "role"), put(("witnesses",), "none"),
    cut("factories", 0, "key"), put(("factories",), []), put(("factories", 0, "serial"), "x"),
    cut("devices", 0, "kind"), put(("devices", 0, "kind"), "toaster"), put(("devices", 0, "colour"), "red"), cut("devices", 0, "name"),
    put(("devices",), [{"name": f"d{n}", "kind": "other"} for n in range(33)]), put(("software", 0, "sha256"), SHA.upper()),
    cut("software", 0, "name"), put(("software", 0, "sha256"), SHA[2:]), put(("batches",), []), put(("batches", 0, "id"), "b1"),
    put(("batches", 0, "count"), 0), put(("batches", 0, "count"), 1000001), put(("batches", 0, "method"), "stolen"),
    cut("batches", 0, "expires"), cut("batches", 0, "first_iccid"), put(("batches", 0, "expires"), "tomorrow"),
    put(("batches", 0, "slot"), 0), put(("batches", 0, "slot"), 5), put(("batches", 1, "slot"), 1),
    put(("batches", 1, "expires"), "2027-01-31T12:00:00Z"), put(("batches", 0, "first_iccid"), "12"),
    put(("destruction",), ["d"] * 17), put(("destruction", 0), ""), put(("destruction", 0), 1), put(("destruction",), "all"),
    put(("known_objects", 0), ""), put(("known_objects", 0), "x" * 64), put(("known_objects", 0), 1), put(("previous",), "abc"),
]
PROGRAM = [
    put(("threshold",), 4), put(("title",), "ë" * 65), put(("custodians", 2, "name"), "alice"), put(("custodians", 2, "name"), "Ada"),
    put(("witnesses", 0, "name"), "Bob"), put(("witnesses", 0, "key"), KEYS[1]), put(("administrator", "key"), KEYS[2]),
    put(("factories", 0, "key"), KEYS[0]), put(("witnesses", 0, "key"), OFF_CURVE), put(("custodians", 2, "jurisdiction"), "nl"),
    put(("jurisdictions",), 3), put(("devices", 1, "serial"), "L1"), put(("devices", 1, "serial"), "C2"),
    put(("devices", 1, "bag"), "B1"), put(("devices", 1, "bag"), "B4"), put(("devices", 0, "new_bag"), "B3"),
    put(("devices", 1, "name"), "Laptop"), put(("custodians", 1, "serial"), "C1"), put(("custodians", 1, "bag"), "B1"),
    put(("batches", 1, "id"), "rehearsal-1"), put(("batches", 0, "first_iccid"), "8988211000000000012"),
    put(("batches", 0, "expires"), "2027-02-30T12:00:00Z"), put(("batches", 0, "expires"), "2107-01-31T12:00:00Z"),
    put(("batches", 1), {"id": "rehearsal-2", "count": 8, "first_iccid": "8988211000000000029", "method": "derived",
                         "expires": "2027-01-31T12:00:00Z"}),
    put(("hsm",), "pkcs11:token=x?pin-value=1"), put(("hsm",), "yes"),
    put(("known_objects", 0), "simrite batch rehearsal-1"),
]


def main(schema_path, folder):
    with open(schema_path, encoding="utf-8") as file:
        schema = json.load(file)
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    bad = 0
    for name, rows, wanted in (("good", GOOD, (True, True)), ("same", SAME, (False, False)), ("program", PROGRAM, (True, False))):
        for number, bend in enumerate(rows):
            plan = copy.deepcopy(BASE)
            bend(plan)
            path = f"{folder}/{name}-{number}.json"
            with open(path, "w", encoding="utf-8") as file:
                json.dump(plan, file)
            told = subprocess.run(["simrite-ceremony", "plan", path], capture_output=True, text=True, check=False)
            verdict = (validator.is_valid(plan), told.returncode == 0)
            if verdict != wanted or told.returncode not in (0, 5):
                bad += 1
                print(f"{name} {number}: schema {verdict[0]}, program {told.returncode}: {told.stderr.strip()}")
    print(f"{len(GOOD)} good, {len(SAME)} refused by both, {len(PROGRAM)} refused by the program alone, {bad} wrong")
    return 1 if bad else 0


sys.exit(main(*sys.argv[1:]))
