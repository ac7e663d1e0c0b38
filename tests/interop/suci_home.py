#!/usr/bin/env python3
"""suci_home.py PRIVATE_A PRIVATE_B - the home network: takes what opensc-tool
printed, undoes the SUCI of the last answer with one of these keys (hex) and
prints scheme, network, routing indicator, key number and MSIN.

TS 33.501 C.3.3. Curves and AES are OpenSSL's, hashes Python's."""
import hashlib
import hmac
import os
import re
import subprocess
import sys
import tempfile

PRIVATE = {1: "302e020100300506032b656e04220420%s", 2: "30310201010420%sa00a06082a8648ce3d030107"}
PUBLIC = {1: "302a300506032b656e032100%s", 2: "3039301306072a8648ce3d020106082a8648ce3d030107032200%s"}


def openssl(*arguments, data=b""):
    return subprocess.run(["openssl", *arguments], input=data, check=True, capture_output=True).stdout


def agree(scheme, private, public):
    with tempfile.TemporaryDirectory() as folder:
        paths = [os.path.join(folder, name) for name in ("private", "public")]
        for path, form, number in zip(paths, (PRIVATE, PUBLIC), (private, public.hex())):
            with open(path, "wb") as out:
                out.write(bytes.fromhex(form[scheme] % number))
        return openssl("pkeyutl", "-derive", "-keyform", "DER", "-inkey", paths[0], "-peerform", "DER", "-peerkey", paths[1])


def reveal(scheme, private, output):
    n = {1: 32, 2: 33}[scheme]
    public, concealed, tag = output[:n], output[n:-8], output[-8:]
    z = agree(scheme, private, public)
    keys = b"".join(hashlib.sha256(z + i.to_bytes(4, "big") + public).digest() for i in (1, 2))
    if not hmac.compare_digest(hmac.digest(keys[32:], concealed, "sha256")[:8], tag):
        sys.exit("suci_home: the tag is wrong")
    return openssl("enc", "-aes-128-ctr", "-K", keys[:16].hex(), "-iv", keys[16:32].hex(), data=concealed)


def main():
    answer = sys.stdin.read().split("Received (SW1=0x90, SW2=0x00)")[-1]
    dump = re.findall(r"^((?:[0-9A-F]{2} ){1,16})", answer, re.MULTILINE)
    suci = bytes.fromhex("".join(dump))
    if suci[:1] != b"\xa1" or suci[1] != len(suci) - 2 or suci[2] != 0x01:
        sys.exit(f"suci_home: no SUCI: {answer}")
    scheme, key, output = suci[8], suci[9], suci[10:]
    msin = reveal(scheme, sys.argv[scheme], output) if scheme else output
    print(("null", "A", "B")[scheme], suci[3:6].hex(), suci[6:8].hex(), f"{key:02x}", msin.hex())


main()
