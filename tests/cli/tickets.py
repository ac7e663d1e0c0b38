"""tickets.py - the ceremony, the operator's arithmetic and a search for secrets, for batch_tickets.test.sh.

    tickets.py issue KEY BATCH METHOD COUNT FIRST-ICCID OUT [OPERATOR [SLOT [SECONDS]]]    sign load tickets (PEM keys)
    tickets.py time KEY SECONDS OUT                  sign the time, so many seconds from now
    tickets.py spki KEY                              its public key, as transcripts have it
    tickets.py spoil FILE OUT                        the file with one bit of the first signature turned
    tickets.py watch FOLDER COMMAND...               run it; what its memory held at any time, in FOLDER/memory
    tickets.py agreed OPERATOR RECEIPTS              K and OPc of each card, by the operator's private key
    tickets.py plain CSV                             K and OPc of each card of a bulk-plain file
    tickets.py search SECRETS PATH...                how often any of these keys is in the files, in any form

Python and openssl only; the formats are those of docs/ceremony/protocol.md and firmware/keys/ticket.h."""
import base64
import csv
import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile
import time

N = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
METHODS = {"injected": 1, "derived": 2, "agreed": 3}


def openssl(*args, data=b""):
    return subprocess.run(["openssl", *args], input=data, check=True, stdout=subprocess.PIPE).stdout


def spki(key):
    return openssl("pkey", "-in", key, "-pubout", "-outform", "DER")


def compressed(key):
    point = spki(key)[-65:]
    return bytes([2 | point[64] & 1]) + point[1:33]


def sign(key, message):
    der = openssl("dgst", "-sha256", "-sign", key, data=message)
    r = der[4:4 + der[3]]
    s = int.from_bytes(der[6 + der[3]:], "big")
    return r[-32:].rjust(32, b"\0") + min(s, N - s).to_bytes(32, "big")


def ef_iccid(digits):
    digits = digits.ljust(20, "f")
    return bytes.fromhex("".join(digits[i + 1] + digits[i] for i in range(0, 20, 2)))


def luhn(digits):
    total = sum(int(d) if i % 2 else sum(divmod(2 * int(d), 10)) for i, d in enumerate(reversed(digits)))
    return str(-total % 10)


def issue(key, batch, method, count, first, out, operator=None, slot=1, life=86400):
    scope = hashlib.sha256("\n".join(["simrite batch scope v1", "00" * 32, batch]).encode()).digest()
    now = int(time.time()) - 60
    lines = [{"authority": base64.b64encode(spki(key)).decode(), "batch": batch, "ceremony": "rehearsal-test",
              "count": int(count), "method": method, "schema": 1, "scope": scope.hex(), "type": "tickets"}]
    for i in range(int(count)):
        digits = str(int(first[:-1]) + i)
        iccid = digits + luhn(digits)
        body = b"simrite ticket 1" + scope + ef_iccid(iccid) + bytes([int(slot), METHODS[method]])
        body += (i + 1).to_bytes(4, "big") + now.to_bytes(4, "big") + (now + int(life)).to_bytes(4, "big")
        body += compressed(operator) if operator else b""
        lines.append({"iccid": iccid, "number": i + 1, "ticket": base64.b64encode(body + sign(key, body)).decode()})
    with open(out, "w", encoding="ascii") as file:
        for line in lines:
            file.write(json.dumps(line, sort_keys=True, separators=(",", ":")) + "\n")


def signed_time(key, ahead, out):
    now = int(time.time()) + int(ahead)
    body = b"simrite time 001" + now.to_bytes(4, "big")
    line = {"authority": base64.b64encode(spki(key)).decode(), "ceremony": "rehearsal-test", "schema": 1,
            "statement": base64.b64encode(body + sign(key, body)).decode(), "time": now, "type": "time"}
    with open(out, "w", encoding="ascii") as file:
        file.write(json.dumps(line, sort_keys=True, separators=(",", ":")) + "\n")


def spoil(path, out):
    with open(path, encoding="ascii") as file:
        lines = [json.loads(line) for line in file]
    ticket = bytearray(base64.b64decode(lines[1]["ticket"]))
    ticket[-1] ^= 1
    lines[1]["ticket"] = base64.b64encode(ticket).decode()
    with open(out, "w", encoding="ascii") as file:
        for line in lines:
            file.write(json.dumps(line, sort_keys=True, separators=(",", ":")) + "\n")


def regions(pid):
    with open(f"/proc/{pid}/maps", encoding="ascii") as maps:
        for line in maps:
            span, mode = line.split()[:2]
            if mode.startswith("rw"):
                yield [int(x, 16) for x in span.split("-")]


def watch(folder, *command):
    """Every page it ever was seen to hold, with the beginning of the next, once; read over and over until it ends."""
    seen, passes = set(), 0
    with subprocess.Popen(command) as program, open(os.path.join(folder, "memory"), "wb") as out:
        while program.poll() is None:
            try:
                with open(f"/proc/{program.pid}/mem", "rb", buffering=0) as memory:
                    for start, end in list(regions(program.pid)):
                        try:
                            memory.seek(start)
                            data = memory.read(end - start)
                        except OSError: # gone since
                            continue
                        for at in range(0, len(data), 4096):
                            page = data[at:at + 4096 + 64]
                            if page not in seen:
                                seen.add(page)
                                out.write(page)
                passes += 1
            except OSError:
                pass
        print(f"{passes} times looked")
    return program.returncode or (passes < 10)


def aes(key, data):
    return openssl("enc", "-aes-128-ecb", "-nopad", "-K", key.hex(), data=data)


def ecdh(private, point):
    spki_head = bytes.fromhex("3039301306072a8648ce3d020106082a8648ce3d030107032200")
    with tempfile.NamedTemporaryFile() as peer:
        peer.write(spki_head + point)
        peer.flush()
        return openssl("pkeyutl", "-derive", "-inkey", private, "-peerform", "DER", "-peerkey", peer.name)


def agreed(operator, receipts):
    with open(receipts, encoding="ascii") as file:
        for line in map(json.loads, file):
            r = base64.b64decode(line["receipt"])
            iccid, slot, ephemeral, kcv = r[48:58], r[91:92], r[137:170], r[99:105]
            assert r[:16] == b"simrite receipt1" and len(r) == 234
            info = b"simrite K v2    " + iccid + slot + compressed(operator) + ephemeral
            keys = hashlib.sha256(ecdh(operator, ephemeral) + b"\0\0\0\1" + info).digest()
            k, opc = keys[:16], keys[16:]
            assert aes(k, b"\1" * 16)[:3] + aes(opc, b"\1" * 16)[:3] == kcv, "check values"
            print(k.hex(), opc.hex())


def plain(path):
    with open(path, encoding="ascii") as file:
        for row in csv.DictReader(file, delimiter=";"):
            print(row["Ki"], row["OPc"])


def forms(key):
    yield re.escape(key)
    yield re.escape(key[::-1])
    yield re.escape(key.hex().encode())
    yield re.escape(key.hex().upper().encode())
    for skip in range(3): # base64, wherever it begins
        text = base64.b64encode(b"\0" * skip + key)
        yield re.escape(text[(0, 2, 3)[skip]:20])


def search(secrets, *paths):
    with open(secrets, encoding="ascii") as file:
        keys = [bytes.fromhex(word) for word in file.read().split()]
    pattern = re.compile(b"|".join(form for key in keys for form in forms(key)))
    files = [os.path.join(top, name) for path in paths for top, _, names in os.walk(path) for name in names]
    files += [path for path in paths if os.path.isfile(path)]
    found = total = 0
    for path in files:
        with open(path, "rb") as file:
            data = file.read()
        total += len(data)
        hits = len(pattern.findall(data))
        found += hits
        if hits:
            print(f"{os.path.basename(path)}: {hits}")
    print(f"{found} finds of {len(keys)} keys in {len(files)} files, {total} bytes")
    return 0 if keys and files else 1


sys.exit({"issue": issue, "time": signed_time, "spoil": spoil, "watch": watch, "agreed": agreed, "plain": plain, "search": search,
          "spki": lambda key: print(base64.b64encode(spki(key)).decode())}[sys.argv[1]](*sys.argv[2:]))
