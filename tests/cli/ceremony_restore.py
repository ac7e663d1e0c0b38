#!/usr/bin/env python3
"""The master and a batch key from share files, or from files of words, written
from SLIP-0039 and docs/ceremony/protocol.md and sharing no code with the tool,
only its word list. AES by openssl.

    ceremony_restore.py CEREMONY BATCH PASSPHRASE SHARE...   prints the batch key in hex
"""
import hashlib
import hmac
import json
import re
import subprocess
import sys

EXP, LOG = [0] * 255, [0] * 256
value = 1
for i in range(255):
    EXP[i], LOG[value] = value, i
    value ^= (value << 1) ^ (0x11B if value & 0x80 else 0)  # times 3


def interpolate(points, x):
    out = bytearray(32)
    for xi, yi in points:
        exponent = 0
        for xj, _ in points:
            if xj != xi:
                exponent += LOG[x ^ xj] - LOG[xi ^ xj]
        for k in range(32):
            if yi[k]:
                out[k] ^= EXP[(LOG[yi[k]] + exponent) % 255]
    return bytes(out)


def checksum(values):
    total = 1
    for v in values:
        top, total = total >> 20, (total & 0xFFFFF) << 10 ^ v
        for i, g in enumerate((0xE0E040, 0x1C1C080, 0x3838100, 0x7070200, 0xE0E0009, 0x1C0C2412, 0x38086C24,
                               0x3090FC48, 0x21B1F890, 0x3F3F120)):
            total ^= g if top >> i & 1 else 0
    return total


def from_words(text):
    """(index, value) of a mnemonic, as one number of ten bits a word."""
    with open("host/lib/slip39_words.c", encoding="utf-8") as file:
        known = re.findall(r'"([a-z]{4,8})"', file.read())
    values = [known.index(word) for word in text.split()]
    if checksum(list(b"shamir_extendable") + values) != 1:
        sys.exit("the words' checksum")
    number = 0
    for value in values[:-3]:
        number = number << 10 | value
    if len(values) != 33 or number >> 256 & 15:
        sys.exit("not 32 bytes")
    return number >> 264 & 15, (number & (1 << 256) - 1).to_bytes(32, "big")


def decrypt(ems, passphrase):
    """SLIP-0039, "Decryption of the master secret": extendable, exponent 0."""
    left, right = ems[:16], ems[16:]
    for i in (3, 2, 1, 0):
        f = hashlib.pbkdf2_hmac("sha256", bytes([i]) + passphrase.encode(), right, 2500, 16)
        left, right = right, bytes(a ^ b for a, b in zip(left, f))
    return right + left


def main(ceremony, batch, passphrase, *paths):
    points = []
    for path in paths:
        with open(path, encoding="utf-8") as file:
            text = file.read()
        if not text.startswith("{"):
            points.append(from_words(text))
            continue
        share = json.loads(text)
        body = {k: v for k, v in share.items() if k != "checksum"}
        text = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        if hashlib.sha256(text.encode()).hexdigest() != share["checksum"]:
            sys.exit(f"{path}: checksum")
        points.append((share["index"] - 1, bytes.fromhex(share["value"])))
    ems, digest = interpolate(points, 255), interpolate(points, 254)
    if hmac.new(digest[4:], ems, hashlib.sha256).digest()[:4] != digest[:4]:
        sys.exit("the digest share does not fit")
    master = decrypt(ems, passphrase)
    data = hashlib.sha256(f"simrite batch v1\n{ceremony}\n{batch}".encode()).digest()
    key = subprocess.run(
        ["openssl", "enc", "-aes-256-cbc", "-nopad", "-K", master.hex(), "-iv", "0" * 32],
        input=data, capture_output=True, check=True).stdout
    print(key.hex())


main(*sys.argv[1:])
