#!/usr/bin/env python3
"""Every secret of a ceremony, searched for where none may be left.

    secrets.py find WIPED TRANSCRIPT SHARE_FILE    what the program wiped is a contribution or a share when it
                                                   fits a commitment of the transcript; the master is put together
                                                   from the shares: a line each, name, locked or open, hex
    secrets.py search SECRETS PATH...              where bytes, hex or base64 of one are; status 1 when nowhere
    secrets.py terminal LOG PIN_FILE COMMAND...    run it at a terminal, answering what asks for a PIN
"""
import base64
import hashlib
import json
import os
import pty
import sys

EXP, LOG = [0] * 255, [0] * 256
value = 1
for i in range(255):
    EXP[i], LOG[value] = value, i
    value ^= (value << 1) ^ (0x11B if value & 0x80 else 0)


def at_secret(points):
    out = bytearray(32)
    for xi, yi in points:
        e = sum(LOG[255 ^ xj] - LOG[xi ^ xj] for xj, _ in points if xj != xi)
        for k in range(32):
            if yi[k]:
                out[k] ^= EXP[(LOG[yi[k]] + e) % 255]
    return bytes(out)


def decrypt(ems):
    left, right = ems[:16], ems[16:]
    for n in (3, 2, 1, 0):
        f = hashlib.pbkdf2_hmac("sha256", bytes([n]), right, 2500, 16)
        left, right = right, bytes(a ^ b for a, b in zip(left, f))
    return right + left


def digest(*parts):
    return hashlib.sha256("\n".join(str(p) for p in parts).encode()).hexdigest()


def find(wiped, transcript, share_file):
    with open(transcript, encoding="utf-8") as file:
        entries = [json.loads(line) for line in file]
    plan = entries[0]["data"]["plan"]
    committed = {}
    for e in entries:
        if e["type"] in ("commit", "share"):
            committed[e["data"]["commitment"]] = (e["type"], e["data"]["custodian"], e["data"]["set"], e["data"]["index"])
    abouts = {(kind, a_set, index) for kind, _, a_set, index in committed.values()}
    found, points = {}, {}

    def note(name, state, secret):
        if found.setdefault((name, secret), state) == "locked":
            found[(name, secret)] = state

    with open(wiped, encoding="utf-8") as file:
        buffers = set(file.read().split("\n")) - {""}
    for line in buffers:
        state, text = line.split(" ")
        data = bytes.fromhex(text)
        for at in range(0, len(data) - 31, 4):
            a, b = data[at:at + 32], data[at + 32:at + 64]
            if len(set(a)) < 16:
                continue
            for kind, a_set, index in abouts:
                if kind == "commit":
                    d = digest("simrite contribution v1", plan["id"], a_set, index, a.hex())
                elif len(b) == 32 and len(set(b)) >= 16:
                    d = digest("simrite share v1", plan["id"], a_set, index, plan["threshold"],
                               len(plan["custodians"]), a.hex(), b.hex())
                else:
                    continue
                if d not in committed:
                    continue
                who = committed[d][1]
                if kind == "commit":
                    note(f"contribution of {who}", state, a)
                else:
                    note(f"share of {who}", state, b)
                    note(f"salt of {who}", state, a)
                    points.setdefault(a_set, {})[index - 1] = b
    with open(share_file, encoding="utf-8") as file:
        share = json.load(file)
    note(f"share of {share['custodian']}", "locked", bytes.fromhex(share["value"]))
    points.setdefault(share["set"], {})[share["index"] - 1] = bytes.fromhex(share["value"])
    for those in points.values():
        if len(those) >= plan["threshold"]:
            ems = at_secret(list(those.items())[:plan["threshold"]])
            for name, secret in (("encrypted master", ems), ("master", decrypt(ems))):
                states = [line.split(" ")[0] for line in buffers if secret.hex() in line]
                for state in states or ["never"]:
                    note(name, state, secret)
    for (name, secret), state in sorted(found.items()):
        print(f"{name}\t{state}\t{secret.hex()}")


def files(paths):
    for path in paths:
        if os.path.isdir(path):
            for folder, _, names in os.walk(path):
                yield from (os.path.join(folder, n) for n in names)
        else:
            yield path


def search(secrets, *paths):
    shapes = []
    with open(secrets, encoding="utf-8") as file:
        for line in file:
            name, _, text = line.rstrip("\n").split("\t")
            secret = bytes.fromhex(text)
            part = secret[:16]
            shapes += [(name, s) for s in (part, secret[-16:], part.hex().encode(), part.hex().upper().encode(),
                                           base64.b64encode(secret)[:20])]
    hits = total = 0
    for path in files(paths):
        if os.path.islink(path) or not os.path.isfile(path):
            continue
        with open(path, "rb") as file:
            data = file.read()
        total += len(data)
        for name, shape in shapes:
            if shape in data:
                hits += 1
                print(f"{name} is in {path} at {data.find(shape)}")
    print(f"{len(shapes)} shapes, {total} bytes searched, {hits} found")
    sys.exit(0 if hits else 1)


def terminal(log, pin_file, *command):
    with open(pin_file, "rb") as file:
        pin = file.read()
    child, master = pty.fork()
    if child == 0:
        os.execvp(command[0], command)
    asked = b""
    with open(log, "ab") as out:
        while True:
            try:
                data = os.read(master, 4096)
            except OSError:
                break
            if not data:
                break
            out.write(data)
            asked += data
            if b"PIN" in asked and asked.rstrip(b" ").endswith(b":"):
                os.write(master, pin)
                asked = b""
    sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))


{"find": find, "search": search, "terminal": terminal}[sys.argv[1]](*sys.argv[2:])
