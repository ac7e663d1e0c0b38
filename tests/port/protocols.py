#!/usr/bin/env python3
"""protocols.py CLAIMS - what a card derived and signed (protocols.c), by other programs: Python's HMAC, OpenSSL.

TS 33.220 B.2, B.3: Ks_ext_NAF = HMAC-SHA-256(CK || IK, 01 || P0 || L0 || .. || P3 || L3), P0 = "gba-me"."""
import hmac
import os
import subprocess
import sys
import tempfile

P256 = "3059301306072a8648ce3d020106082a8648ce3d030107034200"  # SubjectPublicKeyInfo, up to the point


def gba(ks, rand, naf, impi, key):
    s = b"\x01" + b"".join(p + len(p).to_bytes(2, "big") for p in (b"gba-me", rand, impi, naf))
    return hmac.digest(ks, s, "sha256") == key


def integer(number):
    n = number.lstrip(b"\0") or b"\0"
    n = b"\0" * (n[0] >> 7) + n
    return b"\x02" + bytes([len(n)]) + n


def identity(public, message, signature):
    numbers = integer(signature[:32]) + integer(signature[32:])
    with tempfile.TemporaryDirectory() as folder:
        paths = [os.path.join(folder, name) for name in ("public", "message", "signature")]
        for path, data in zip(paths, (bytes.fromhex(P256) + public, message, b"\x30" + bytes([len(numbers)]) + numbers)):
            with open(path, "wb") as out:
                out.write(data)
        verify = ["openssl", "dgst", "-sha256", "-keyform", "DER", "-verify", paths[0], "-signature", paths[2], paths[1]]
        return subprocess.run(verify, check=False).returncode == 0


def main():
    with open(sys.argv[1], encoding="ascii") as claims:
        for line in claims:
            kind, *values = line.split()
            values = [bytes.fromhex(value) for value in values]
            right = {"gba": gba, "identity": identity}[kind]
            wrong = values[:-1] + [values[-1][:-1] + bytes([values[-1][-1] ^ 1])]
            if not right(*values) or right(*wrong):
                sys.exit(f"protocols: {kind}: the card is wrong")
            print(kind)


main()
