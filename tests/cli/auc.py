"""auc.py - what auc.test.sh cannot say in shell. Needs only Python and openssl.

    auc.py vectors FOLDER     add every set of TS 35.208, ask for its vector, compare
    auc.py ask SOCKET TEXT... send each text as a datagram, print each answer ("" = none)
    auc.py noise SOCKET       two thousand random and damaged requests, then a good one
    auc.py sqns SOCKET N      ask for N vectors, print their sequence numbers
    auc.py sql FILE SQL       run SQL
    auc.py contains FILE HEX  exit 0 when the file holds these bytes, raw or as hex digits
"""
import json
import os
import random
import socket
import sqlite3
import subprocess
import sys
import tempfile

IMSI = "001010000000001"
K = "465b5ce8b199b49faa5f0a2ee238a6bc"
OPC = "cd63cb71954a9f4e48a5994e37a02baf"


def sections(path):
    case = {}
    for line in open(path):
        line = line.strip()
        if line.startswith("["):
            if case:
                yield case
            case = {}
        elif "=" in line and not line.startswith("#"):
            name, value = line.split("=", 1)
            case[name.strip()] = value.strip()
    if case:
        yield case


def private(path, text):
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)


def before(sqn):
    """The sequence number whose successor is sqn: SEQ - 1, IND - 1."""
    return (sqn >> 5) - 1 << 5 | (sqn - 1) % 32


def vectors(folder):
    count = 0
    for case in sections("tests/vectors/milenage_ts35208.txt"):
        count += 1
        imsi, out = "0010100000010%02d" % count, "%s/vector%d" % (folder, count)
        private(folder + "/k", case["K"])
        private(folder + "/opc", case["OPc"])
        base = ["simrite-auc", "add", "--database", folder + "/auc.db", "--imsi", imsi, "--k", "file:%s/k" % folder]
        sqn = int(case["SQN"], 16)
        subprocess.run(base + ["--opc", "file:%s/opc" % folder, "--amf", case["AMF"], "--sqn", "%012x" % before(sqn)],
                       check=True, stdout=subprocess.DEVNULL)
        subprocess.run(["simrite-auc", "vector", "--database", folder + "/auc.db", "--imsi", imsi, "--rand",
                        case["RAND"], "--out", out], check=True, stdout=subprocess.DEVNULL)
        got = json.load(open(out))
        concealed = "%012x" % (sqn ^ int(case["f5_AK"], 16))
        want = {"autn": concealed + case["AMF"] + case["f1_MACA"], "res": case["f2_RES"], "ck": case["f3_CK"],
                "ik": case["f4_IK"], "sqn": case["SQN"]}
        for name, value in want.items():
            assert got[name] == value, "set %d: %s is %s, not %s" % (count, name, got[name], value)
    assert count == 20, count
    print("20 sets agree")


def client(path):
    s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    s.bind(tempfile.mktemp(prefix="client", dir=os.path.dirname(path)))
    s.connect(path)
    s.settimeout(3)
    return s


def ask(s, text, wait=3):
    s.settimeout(wait)
    s.send(text if isinstance(text, bytes) else text.encode())
    try:
        return s.recv(2000).decode()
    except socket.timeout:
        return ""


def noise(path):
    s, r = client(path), random.Random(2010)
    good = [b"AKA-REQ-AUTH 001010000000001", b"SIM-REQ-AUTH 001010000000001 3",
            b"AKA-AUTS 001010000000001 " + b"00" * 14 + b" " + b"00" * 16]
    for i in range(2000):
        message = bytearray(r.choice(good)) if i % 2 else bytearray(r.randbytes(r.randrange(0, 1500)))
        for _ in range(r.randrange(1, 4)):
            if message:
                message[r.randrange(len(message))] = r.randrange(256)
        s.settimeout(3)
        s.send(bytes(message))
        s.setblocking(False)
        try:
            while True:
                s.recv(2000)
        except BlockingIOError:
            pass
    s.settimeout(0.3)
    try:
        while True:
            s.recv(2000)
    except socket.timeout:
        pass
    answer = ask(s, "AKA-REQ-AUTH " + IMSI)
    assert answer.startswith("AKA-RESP-AUTH %s " % IMSI) and "FAILURE" not in answer, answer
    print("still answering")


def aes(key, block):
    return subprocess.run(["openssl", "enc", "-aes-128-ecb", "-K", key, "-nopad"], input=block, check=True,
                          stdout=subprocess.PIPE).stdout


def xor(a, b):
    return bytes(x ^ y for x, y in zip(a, b))


def sqns(path, count):
    s = client(path)
    for _ in range(count):
        rand, autn = (bytes.fromhex(x) for x in ask(s, "AKA-REQ-AUTH " + IMSI).split()[2:4])
        opc = bytes.fromhex(OPC)
        temp = aes(K, xor(rand, opc))
        out2 = xor(aes(K, xor(xor(temp, opc), bytes(15) + b"\x01")), opc)  # TS 35.206 4.1, r2 = 0, c2 = 1
        print(xor(autn[:6], out2[:6]).hex())


def main(command, *rest):
    if command == "vectors":
        vectors(*rest)
    elif command == "ask":
        s = client(rest[0])
        for text in rest[1:]:
            print(ask(s, text, 0.5 if text.startswith("AKA-AUTS") or "-REQ" not in text else 3))
    elif command == "noise":
        noise(*rest)
    elif command == "sqns":
        sqns(rest[0], int(rest[1]))
    elif command == "sql":
        with sqlite3.connect(rest[0]) as db:
            db.executescript(rest[1])
    elif command == "contains":
        data = open(rest[0], "rb").read()
        sys.exit(0 if bytes.fromhex(rest[1]) in data or rest[1].lower().encode() in data.lower() else 1)


main(*sys.argv[1:])
