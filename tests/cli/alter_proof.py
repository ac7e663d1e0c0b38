"""alter_proof.py PROOF OTHER OUT COMMAND...: alter a proof in every member, and in ways a forger would; COMMAND OUT must refuse each.

OTHER is a sound proof of another batch of the same ceremony. Python only."""
import base64
import copy
import json
import subprocess
import sys


def canonical(value):
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode() + b"\n"


def places(value, at=()):
    for name, inner in value.items() if isinstance(value, dict) else enumerate(value):
        yield at + (name,), inner
        if isinstance(inner, (dict, list)):
            yield from places(inner, at + (name,))


def put(proof, at, value):
    altered = copy.deepcopy(proof)
    place = altered
    for name in at[:-1]:
        place = place[name]
    if value is None:
        del place[at[-1]]
    else:
        place[at[-1]] = value
    return altered


def of_text(text):
    """Other texts of the same length: a character at the beginning, in the middle, at the end; and shorter ones."""
    for i in {0, len(text) // 2, len(text) - 1} if text else ():
        yield text[:i] + ("A" if text[i] != "A" else "B") + text[i + 1:]
    yield text[:-1]
    yield ""


def alterations(proof, other):
    for at, value in places(proof):
        yield at, put(proof, at, None)
        if isinstance(value, str):
            for text in of_text(value):
                yield at, put(proof, at, text)
        elif isinstance(value, int):
            for number in (value + 1, value - 1 if value else 7, 2**53 - 1):
                yield at, put(proof, at, number)
        yield at, put(proof, at, {})
        yield at, put(proof, at, 7)
    for name in ("batch", "loaded", "card", "note", "begin", "close"):
        if other[name] != proof[name]:
            yield ("other", name), put(proof, (name,), other[name])
    for name in ("ticket", "receipt", "certificate"):
        yield ("other", "card", name), put(proof, ("card", name), other["card"][name])
        statement = bytearray(base64.b64decode(proof["card"][name]))
        for i in range(0, len(statement), 7):
            statement[i] ^= 1
            yield ("card", name, i), put(proof, ("card", name), base64.b64encode(statement).decode())
            statement[i] ^= 1
    yield ("exchanged",), {**proof, "batch": proof["loaded"], "loaded": proof["batch"]}
    yield ("more",), {**proof, "more": 1}
    for name in ("card", "batch", "begin", "loaded", "close"):
        yield (name, "more"), put(proof, (name, "more"), 1)
        yield (name, "path"), put(proof, (name, "path"), proof[name]["path"] + ["00" * 32])


def main():
    out, command = sys.argv[3], sys.argv[4:]
    with open(sys.argv[1], "rb") as file:
        honest = file.read()
    with open(sys.argv[2], "rb") as file:
        other = json.load(file)
    proof = json.loads(honest)
    assert canonical(proof) == honest
    count = wrong = 0

    def refused(what, data):
        nonlocal count, wrong
        if data == honest:
            return
        with open(out, "wb") as file:
            file.write(data)
        status = subprocess.run([*command, out], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False).returncode
        count += 1
        if status != 1:
            wrong += 1
            print("status", status, what)

    for what, altered in alterations(proof, other):
        refused(what, canonical(altered))
    refused("no newline", honest[:-1])
    refused("two lines", honest * 2)
    refused("blanks", json.dumps(proof).encode() + b"\n")
    print(f"altered {count} ways, {'all refused' if wrong == 0 else str(wrong) + ' not refused'}")
    sys.exit(1 if wrong else 0)


main()
