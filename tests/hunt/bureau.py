"""A forger's ceremony with tickets: every key is the forger's, the cards' and the factory's too.

The program's own batches come from real cards, whose keys nobody has; what a
dishonest bureau, factory or card could say is made here, from protocol.md,
"Load tickets and receipts". Without a lie both verifiers accept it.
"""
import base64
import calendar
import copy
import hashlib
import time

import forge

METHODS = {"injected": 1, "derived": 2, "agreed": 3}


def b64(data):
    return base64.b64encode(data).decode()


def point(key):
    return bytes([2 + (key.der[-1] & 1)]) + key.der[27:59]


def raw(key, message, high=False):
    r, s = forge.decode_dss_signature(key.der_signature(message, high))
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")


def luhn_digit(body):
    total = 0
    for at, digit in enumerate(reversed(body)):
        twice = int(digit) * (2 - at % 2)
        total += twice - 9 if twice > 9 else twice
    return str(-total % 10)


def iccid(first, i):
    body = str(int(first[:-1]) + i).zfill(len(first) - 1)
    return body + luhn_digit(body)


def seconds(text):
    return calendar.timegm(time.strptime(text, "%Y-%m-%dT%H:%M:%SZ"))


def time_told(key, told, by=None, high=False, label=b"simrite time 001"):
    """The data of an entry `time`."""
    body = label + told.to_bytes(4, "big")
    return {"statement": b64(body + raw(by or key, body, high)), "time": told}


class Card:
    """What is said of one card. Fields are changed before the statements are made: ticket(), certificate(), receipt()."""

    def __init__(self, batch, i):
        self.batch, self.i, self.identity, self.ephemeral = batch, i, forge.Key(), forge.Key()
        self.number, self.iccid = batch["first"] + i, iccid(batch["first_iccid"], i)
        self.firmware, self.factory, self.ceremony, self.lie = hashlib.sha256(b"firmware").digest(), batch["factory"], batch["key"], {}

    def on_card(self, digits):
        digits = digits.ljust(20, "F")
        return bytes(int(digits[n + 1] + digits[n], 16) for n in range(0, 20, 2))

    def fields(self, kind, named):
        """The fields with the lies told of them, and what is behind the signature."""
        lie = self.lie.get(kind, {})
        return b"".join(lie.get(name, value) for name, value in named)

    def signed(self, kind, named, key):
        body, lie = self.fields(kind, named), self.lie.get(kind, {})
        return body + raw(lie.get("key", key), lie.get("signed", body), lie.get("high", False)) + lie.get("behind", b"")

    def ticket(self):
        b = self.batch
        method = METHODS[b["method"]]
        named = [("label", b"simrite ticket 1"), ("scope", b["scope"]), ("iccid", self.on_card(self.iccid)), ("slot", bytes([b["slot"]])),
                 ("method", bytes([method])), ("number", self.number.to_bytes(4, "big")), ("issued", b["issued"].to_bytes(4, "big")),
                 ("expires", b["expires"].to_bytes(4, "big"))]
        return self.signed("ticket", named + ([("agree", point(b["agree"]))] if method == 3 else []), self.ceremony)

    def certificate(self):
        return self.signed("certificate", [("label", b"simrite born 001"), ("identity", point(self.identity)), ("firmware", self.firmware)],
                           self.factory)

    def receipt(self):
        method = METHODS[self.batch["method"]]
        named = [("label", b"simrite receipt1"), ("ticket", hashlib.sha256(self.ticket()).digest()), ("iccid", self.on_card(self.iccid)),
                 ("identity", point(self.identity)), ("slot", bytes([self.batch["slot"]])), ("method", bytes([method])),
                 ("loads", b"\0\1"), ("accepted", self.number.to_bytes(4, "big")), ("kcv_k", b"KCV"), ("kcv_opc", b"OPC"),
                 ("firmware", self.firmware)]
        return self.signed("receipt", named + ([("ephemeral", point(self.ephemeral))] if method == 3 else []), self.identity)

    def leaf(self):
        return self.ticket() + self.certificate() + self.receipt()

    def line(self, **other):
        told = {"certificate": b64(self.certificate()), "iccid": self.iccid, "number": self.number, "receipt": b64(self.receipt()),
                "ticket": b64(self.ticket())}
        return forge.canonical({**told, **other}) + b"\n"


def path(leaves, index):
    """RFC 6962 2.1.1, by its own definition."""
    if len(leaves) == 1:
        return []
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    if index < k:
        return path(leaves[:k], index) + [forge.root(leaves[k:])]
    return path(leaves[k:], index - k) + [forge.root(leaves[:k])]


class Bureau:
    """A ceremony with three batches under tickets; card 1 of the last one never came back."""

    PLANNED = (("injected", 3, "8988211000000000011"), ("derived", 2, "89882110000001000014"), ("agreed", 4, "898821100000200004"))

    def __init__(self, entries, key):
        self.key, self.factory, self.spare = key, forge.Key(), forge.Key()
        self.entries = copy.deepcopy(entries)
        plan = self.entries[0]["data"]["plan"]
        plan["factories"] = [{"name": "Spare Works", "key": self.spare.base64}, {"name": "Card Works", "key": self.factory.base64}]
        for i, (method, count, first) in enumerate(self.PLANNED):
            first = first[:-1] + luhn_digit(first[:-1])
            plan["batches"].append({"id": f"{plan['id']}-{method}", "count": count, "first_iccid": first, "method": method,
                                    "expires": f"209{i}-01-01T00:00:00Z", **({"slot": 2} if i == 1 else {})})
        self.plan = plan
        self.line_1 = forge.seal(self.entries[:1], key).splitlines()[0]
        self.make_batches()

    def make_batches(self):
        self.batches, first = [], 1
        at = next(i for i, e in enumerate(self.entries) if e["type"] == "inventory" and e["data"]["when"] == "after")
        after = self.entries[at]
        issued = seconds(after["at"])
        template = next(e for e in self.entries if e["type"] == "batch")
        objects = after["data"]["objects"]
        mine = next(o for o in objects if o["label"].startswith("simrite batch"))
        made, loaded, retired = [], [], []
        for i, p in enumerate(b for b in self.plan["batches"] if "method" in b):
            scope = "\n".join(("simrite batch scope v1", forge.digest(self.line_1 + b"\n"), p["id"])).encode()
            batch = {**p, "first": first, "slot": p.get("slot", 1), "expires": seconds(p["expires"]), "issued": issued, "key": self.key,
                     "scope": hashlib.sha256(scope).digest(), "agree": forge.Key(), "factory": self.factory}
            first += p["count"]
            cards = [Card(batch, n) for n in range(p["count"])]
            missing = [cards[1].number] if p["method"] == "agreed" else []
            data = {"check": "%032x" % (7 + i), "count": p["count"], "expires": p["expires"], "id": p["id"],
                    "label": f"simrite batch {p['id']}", "method": p["method"], "slot": batch["slot"],
                    "tickets": {"count": p["count"], "root": forge.root([c.ticket() for c in cards])}}
            if p["method"] == "agreed":
                data["agree_key"] = batch["agree"].base64
                retired.append(dict(template, type="retired", data={"id": p["id"], "label": f"simrite agree {p['id']}"}))
            made.append(dict(template, data=data, at=after["at"]))
            came = [c for c in cards if c.number not in missing]
            loaded.append(dict(template, type="loaded", at=after["at"], data={"count": len(came), "id": p["id"], "missing": missing,
                                                                               "root": forge.root([c.leaf() for c in came])}))
            objects.append(dict(mine, label=data["label"]))
            self.batches.append((batch, cards, came))
        for e in retired:
            e["at"] = after["at"]
        times = [dict(template, type="time", at=after["at"], data=time_told(self.key, issued)) for _ in range(2)]
        self.entries[at:at] = made + times + loaded + retired

    def receipts(self, which=None):
        return b"".join(c.line() for n, (_, _, came) in enumerate(self.batches) if which in (None, n) for c in came)

    def transcript(self):
        return forge.seal(self.entries, self.key)

    def note(self, data, key=None):
        lines = data.splitlines()
        root = b64(bytes.fromhex(forge.root(lines)))
        origin = f"simrite/ceremony/{self.plan['id']}"
        text = f"{origin}\n{len(lines)}\n{root}\nmode {self.plan['mode']}\nfingerprint {forge.digest(lines[-1] + bytes([10]))}\n"
        key = key or self.key
        return f"{text}\n\u2014 {origin} {b64(bytes.fromhex(key.hash)[:4] + key.der_signature(text.encode()))}\n"

    def proof(self, which, i, data=None, note=None):
        """Of card i among those that came back of batch `which`; an object, to be altered."""
        data = data or self.transcript()
        lines = data.splitlines()
        batch, _, came = self.batches[which]
        card = came[i]

        def line(kind):
            at = next(n for n, e in enumerate(self.entries) if e["type"] == kind and (kind in ("begin", "close") or e["data"]["id"] == batch["id"]))
            return {"index": at, "line": lines[at].decode(), "path": path(lines, at)}
        leaves = [c.leaf() for c in came]
        said = {"certificate": b64(card.certificate()), "index": i, "path": path(leaves, i), "receipt": b64(card.receipt()),
                "ticket": b64(card.ticket())}
        return {"schema": 1, "type": "proof", "note": b64((note or self.note(data)).encode()), "card": said,
                **{kind: line(kind) for kind in ("begin", "batch", "loaded", "close")}}
