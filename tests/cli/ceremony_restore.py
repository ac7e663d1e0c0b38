#!/usr/bin/env python3
"""The master and a batch key from share files, written from SLIP-0039 and
docs/ceremony/protocol.md and sharing no code with the tool. AES by openssl.

    ceremony_restore.py CEREMONY BATCH PASSPHRASE SHARE...   prints the batch key in hex
"""
import hashlib
import hmac
import json
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
            share = json.load(file)
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
