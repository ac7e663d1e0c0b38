"""What a forger has: a way to write whole transcripts that hang together.

A transcript is a list of entries. seal() numbers, links, counts and signs
them with keys that the forger has, and lets one alteration in at a chosen
stage, so that everything after it fits what was altered.
"""
import base64
import copy
import hashlib
import json

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


def canonical(value):
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode("utf-8", "surrogatepass")


def digest(data):
    return hashlib.sha256(data).hexdigest()


def root(lines):
    level = [hashlib.sha256(b"\0" + line).digest() for line in lines]
    while len(level) > 1:
        level = [hashlib.sha256(b"\1" + b"".join(level[i:i + 2])).digest() if i + 1 < len(level) else level[i]
                 for i in range(0, len(level), 2)]
    return level[0].hex()


class Key:
    """A signing key; remembers what it signed, because most lines of two forgeries are the same."""

    def __init__(self, pem=None):
        self.key = serialization.load_pem_private_key(pem, None) if pem else ec.generate_private_key(ec.SECP256R1())
        public = self.key.public_key()
        self.der = public.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
        self.base64 = base64.b64encode(self.der).decode()
        self.hash = digest(self.der)
        self.signed = {}

    def pem(self):
        return self.key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
                                      serialization.NoEncryption())

    def der_signature(self, message, high=False):
        if message not in self.signed:
            r, s = decode_dss_signature(self.key.sign(message, ec.ECDSA(hashes.SHA256())))
            self.signed[message] = (r, min(s, ORDER - s))
        r, s = self.signed[message]
        return encode_dss_signature(r, ORDER - s if high else s)

    def sign(self, message):
        return base64.b64encode(self.der_signature(message)).decode()


STATEMENTS = {"present": "simrite present v1", "signoff": "simrite signoff v1", "commit": "simrite commit v1",
              "share": "simrite share held v1"}


def statement(ceremony, entry):
    """What a party or its card signs for an entry."""
    data = entry["data"]
    told = (data["name"], entry["previous"]) if "name" in data else (data["set"], str(data["index"]), data["commitment"])
    return "\n".join((STATEMENTS[entry["type"]], ceremony) + told).encode()


def entries_of(data):
    return [json.loads(line) for line in data.decode().splitlines()]


def seal(entries, key, parties=None, at=None, alter=None, alter_signed=None, alter_line=None, digest_too=True):
    """The bytes of a transcript of `entries`, signed by `key`.

    `parties`: name -> Key of those who sign again; the others' signatures stay
    what they are. At entry `at` (from 0): alter(entry)
    before it is signed, alter_signed(entry, body) after, alter_line(bytes) last.
    `digest_too`: a plan that was altered gets its digest.
    """
    lines, parties = [], parties or {}
    for i, entry in enumerate(copy.deepcopy(entries)):
        data = entry["data"]
        entry["seq"] = i + 1
        if i == 0:
            data["key"] = key.base64
            if digest_too:
                data["plan_digest"] = digest(canonical(data["plan"]))
        else:
            entry["previous"] = digest(lines[-1] + b"\n")
        who = data.get("name", data.get("custodian"))
        if entry["type"] in STATEMENTS and "signature" in data and who in parties:
            data["signature"] = parties[who].sign(statement(entries[0]["data"]["plan"].get("id", ""), entry))
        if entry["type"] == "close":
            data["count"], data["root"] = len(lines), root(lines)
        entry.pop("signature", None)
        if i == at and alter:
            entry = alter(entry) or entry
        body = canonical(entry)
        if "signature" not in entry:
            entry["signature"] = key.sign(body)
        if i == at and alter_signed:
            alter_signed(entry, body)
        line = canonical(entry)
        if i == at and alter_line:
            line = alter_line(line)
        lines.append(line)
    return b"".join(line + b"\n" for line in lines)
