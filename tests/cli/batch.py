"""batch.py - what batch.test.sh cannot say in shell. Needs only Python and openssl.

    batch.py derived KEYFILE ICCID        K, OPc, their check values, PIN1, PUK1, ADM1 of a derived card
    batch.py whole FILE COUNT             an output file has COUNT different cards, each line whole
    batch.py profile FILE ICCID OUT       write a bulk-plain line as a profile (mode 0600)
    batch.py keys FILE                    every K, OPc, PUK and ADM1 of a bulk-plain file
"""
import csv
import json
import os
import subprocess
import sys
import tempfile


def openssl(data, *args):
    with tempfile.NamedTemporaryFile() as file:
        file.write(data)
        file.flush()
        return subprocess.run(["openssl", *args, "-in", file.name] + (["CMAC"] if args[0] == "mac" else []), check=True,
                              stdout=subprocess.PIPE).stdout


def derive(key, label, iccid):
    """SP 800-108 counter mode, CMAC-AES-256: [1] || label || 00 || EF.ICCID || [128]."""
    digits = iccid.ljust(20, "f")
    ef = bytes.fromhex("".join(digits[i + 1] + digits[i] for i in range(0, 20, 2)))
    data = b"\0\0\0\1" + label.encode() + b"\0" + ef + b"\0\0\0\x80"
    assert len(data) == 31
    out = openssl(data, "mac", "-cipher", "AES-256-CBC", "-macopt", "hexkey:" + key)
    return out.decode().strip().lower()


def check_value(key):
    return openssl(b"\1" * 16, "enc", "-aes-128-ecb", "-nopad", "-K", key)[:3].hex()


def derived(keyfile, iccid):
    key = open(keyfile, "rb").read().hex()
    k, opc = derive(key, "simrite K v1", iccid), derive(key, "simrite OPc1", iccid)
    print(k, opc, check_value(k), check_value(opc))
    codes = []
    for label, digits in ("PIN1", 4), ("PUK1", 8), ("ADM1", 8):
        codes.append("%0*d" % (digits, int(derive(key, "simrite " + label, iccid)[:16], 16) % 10**digits))
    print(*codes)


def rows(path):
    with open(path) as file:
        text = file.read()
    assert text.endswith("\n"), "cut off"
    return list(csv.DictReader(text.splitlines(), delimiter=";"))


def whole(path, count):
    cards = rows(path)
    for name in "IMSI", "ICCID", "Ki" if "Ki" in cards[0] else "KCV_K":
        assert len({card[name] for card in cards}) == count, "%s: not %d different ones" % (name, count)
    assert len(cards) == count, len(cards)
    assert all(value is not None for card in cards for value in card.values())
    print("%d whole cards" % count)


def profile(path, iccid, out):
    card = [c for c in rows(path) if c["ICCID"] == iccid][0]
    text = json.dumps({"schema": 1, "iccid": iccid, "imsi": card["IMSI"], "mnc_length": 2, "k": card["Ki"].lower(),
                       "opc": card["OPc"].lower()})
    with os.fdopen(os.open(out, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)


def main(command, *rest):
    if command == "derived":
        derived(*rest)
    elif command == "whole":
        whole(rest[0], int(rest[1]))
    elif command == "profile":
        profile(*rest)
    elif command == "keys":
        for card in rows(rest[0]):
            print(card["Ki"], card["OPc"], card["PUK"], card["ADM1"], sep="\n")


main(*sys.argv[1:])
