"""A policy of whose signatures make a closing note good enough: simrite-policy(5), after C2SP tlog-policy."""
import base64
import re

import note
from form import Refused, sha256, unbase64
from p256 import spki

MOST_BYTES = 256 << 10
ECDSA = 2


class Vkey:
    """NAME+ID+BASE64: .name as in a signature line, .der the SubjectPublicKeyInfo."""

    def __init__(self, word, where):
        match = re.fullmatch(rb"([^+]{1,384})\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)", word)
        if not match:
            raise Refused(f"{where}: a key is NAME+ID+BASE64")
        self.name = match[1].decode("utf-8", "surrogateescape")
        packed = unbase64(match[3].decode(), f"{where}: a key")
        if not packed or packed[0] != ECDSA:
            raise Refused(f"{where}: a key is of another type than 02")
        self.der = packed[1:]
        spki(base64.b64encode(self.der).decode(), f"{where}: a key")
        if sha256(self.der)[:4].hex() != match[2].decode():
            raise Refused(f"{where}: a key's id is not its own")


class Policy:
    """`signed` below is the set of DER keys of the policy's witnesses that have signed."""

    def __init__(self, data):
        if len(data) > MOST_BYTES or any(b < 0x20 and b not in b"\t\n" or b == 0x7F for b in data):
            raise Refused("the policy is too large, or has a control character")
        if data and not data.endswith(b"\n"):
            raise Refused("the policy has no newline at its end")
        self.logs, self.witnesses, self.groups, self.members, self.quorum = [], {}, {}, set(), None
        for at, line in enumerate(data.split(b"\n")[:-1], 1):
            words = [w for w in re.split(rb"[ \t]+", line) if w]
            if words and not words[0].startswith(b"#"):
                self.take(words, f"line {at} of the policy")
        if self.quorum is None:
            raise Refused("the policy has no quorum")

    def take(self, words, where):
        kind, rest = words[0], words[1:]
        if kind == b"log" and len(rest) in (1, 2):
            self.add(self.logs, Vkey(rest[0], where), where)
        elif kind == b"witness" and len(rest) in (2, 3):
            self.define(rest[0], where)
            key = Vkey(rest[1], where)
            self.add(list(self.witnesses.values()), key, where)
            self.witnesses[rest[0]] = key
        elif kind == b"group" and len(rest) >= 3:
            self.define(rest[0], where)
            self.take_group(rest[0], rest[1], rest[2:], where)
        elif kind == b"quorum" and len(rest) == 1:
            if self.quorum is not None:
                raise Refused(f"{where}: a second quorum")
            if rest[0] != b"none" and rest[0] not in self.witnesses and rest[0] not in self.groups:
                raise Refused(f"{where}: the quorum is not defined")
            self.quorum = rest[0]
        else:
            raise Refused(f"{where} is none")

    def define(self, name, where):
        if name == b"none" or name in self.witnesses or name in self.groups or len(name) > 384:
            raise Refused(f"{where}: the name is taken")

    @staticmethod
    def add(keys, key, where):
        if key.der in [k.der for k in keys] or len(keys) == 64:
            raise Refused(f"{where}: a key twice, or too many")
        keys.append(key)

    def take_group(self, name, how, members, where):
        want = {b"all": len(members), b"any": 1}.get(how)
        if want is None:
            if not re.fullmatch(rb"[1-9][0-9]{0,5}", how) or int(how) > len(members):
                raise Refused(f"{where}: not all, any or a number of the members")
            want = int(how)
        for member in members:
            if member in self.members or member not in self.witnesses and member not in self.groups:
                raise Refused(f"{where}: a member that is not defined, or one already")
            self.members.add(member)
        if len(self.groups) + len(self.witnesses) == 128:
            raise Refused(f"{where}: too many groups")
        self.groups[name] = (want, members)

    def met(self, name, signed):
        if name in self.witnesses:
            return self.witnesses[name].der in signed
        want, members = self.groups[name]
        return sum(self.met(m, signed) for m in members) >= want

    @property
    def pins(self):
        return bool(self.logs) or self.quorum != b"none"

    def check(self, whole, origin, ceremony_key):
        """Of a note that is otherwise sound."""
        text, signatures = note.split(whole)
        signed = set()
        for key in self.witnesses.values():
            if note.check_signatures(text, signatures, {key.name: key.der}):
                signed.add(key.der)
        if self.logs and not any(k.name == origin and k.der == ceremony_key for k in self.logs):
            raise Refused("the ceremony is none of the policy's logs")
        if self.quorum != b"none" and not self.met(self.quorum, signed):
            raise Refused("the policy's quorum is not met")
