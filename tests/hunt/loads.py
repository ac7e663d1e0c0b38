"""Tickets, receipts and proofs altered: what a dishonest bureau, factory, card or ceremony key could say of a load."""
import copy
import os
import sys

import bureau
import forge
from members import put, shown, steps_into, ways, within

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "verifier"))
import proof as proofs  # noqa: E402
import tickets  # noqa: E402
import transcript  # noqa: E402


class Judge:
    """Shows ("transcript" | "receipts" | "proof", bytes or what makes them, options) to both."""

    def __init__(self, house, held, by_program, by_python):
        self.house, self.by_program, self.by_python = house, by_program, by_python
        self.entries = held["plain"].entries
        self.bureau = self.made()
        self.data = self.bureau.transcript()
        self.key = self.bureau.key.hash
        self.fingerprint = forge.digest(self.data.splitlines()[-1] + b"\n")

    def made(self):
        """A ceremony with batches of its own, the keys all the forger's."""
        return bureau.Bureau(self.entries, forge.Key())

    def judge(self, kind, data, options, at):
        made = data() if callable(data) else data
        if kind == "proof":
            file = self.house.write(f"proof-{at}", made)
            told = [a for name in ("key", "fingerprint") if name in options for a in (f"--{name}", options[name])]
            program = self.by_program([self.house.program, "verify-proof", *told, file], (1, 5))
            python = self.by_python("proof", lambda: proofs.verify(made, **options))
            os.unlink(file)
            return program, python
        lines, receipts = made if kind == "receipts" else (made, None)
        file, more = self.house.write(f"loads-{at}.jsonl", lines), []
        if kind == "receipts":
            more = ["--receipts", self.house.write(f"receipts-{at}", receipts)]
        program = self.by_program([self.house.program, "verify", "--key", options["key"], *more, file], (1, 5))

        def check():
            steps = transcript.verify(lines, key=options["key"])
            if receipts is not None:
                tickets.check_receipts([receipts], steps.ticketed, steps.loaded)
        python = self.by_python(kind, check)
        for path in [file] + more[1:]:
            os.unlink(path)
        return program, python

    def honest(self):
        b, told = self.bureau, {"key": self.key}
        yield "loads: transcript", "transcript", self.data, told
        yield "loads: all receipts", "receipts", (self.data, b.receipts()), told
        lines = b.receipts().splitlines(keepends=True)
        yield "loads: receipts in another order", "receipts", (self.data, b"".join(lines[::-1])), told
        for n in range(3):
            yield f"loads: receipts of batch {n + 1} only", "receipts", (self.data, b.receipts(n)), told
            for i in range(len(b.batches[n][2])):
                for pin in ({"key": self.key}, {"fingerprint": self.fingerprint}):
                    yield f"loads: proof of batch {n + 1}, card {i + 1}, the {''.join(pin)} known", "proof", \
                        forge.canonical(b.proof(n, i, self.data)) + b"\n", pin
        other = self.made()
        other.batches[0][2][0].lie = {"certificate": {"key": other.spare}}
        self.settle(other)
        yield "loads: a card of the other factory", "receipts", (other.transcript(), other.receipts()), {"key": other.key.hash}

    @staticmethod
    def settle(b):
        """The entries fit the cards again: roots of tickets and receipts."""
        for (batch, cards, came) in b.batches:
            for e in b.entries:
                if e["type"] == "batch" and e["data"]["id"] == batch["id"]:
                    e["data"]["tickets"]["root"] = forge.root([c.ticket() for c in cards])
                if e["type"] == "loaded" and e["data"]["id"] == batch["id"]:
                    e["data"]["root"] = forge.root([c.leaf() for c in came])

    def alterations(self):
        yield from self.entries_altered()
        yield from self.statements()
        yield from self.receipts()
        yield from self.lines()
        yield from self.proofs()

    def times(self):
        """Entries `time`: where cards are being made, and what their statements say."""
        b, told = self.bureau, {"key": self.key}
        i = next(i for i, e in enumerate(b.entries) if e["type"] == "time")
        last = max(i for i, e in enumerate(b.entries) if e["type"] == "loaded")
        now = b.entries[i]["data"]["time"]
        for path in steps_into(b.entries[i]["data"]):
            for what, alter in ways(("data",) + path, within(b.entries[i], ("data",) + path)):
                yield f"loads: time.{shown(path)} {what} (rules)", "transcript", \
                    (lambda alter=alter: forge.seal(b.entries, b.key, at=i, alter=alter)), told
        lies = {
            "an earlier one": bureau.time_told(b.key, now - 1), "a later one": bureau.time_told(b.key, now + 1),
            "far ahead": bureau.time_told(b.key, 0xFFFFFFFF), "signed by the factory": bureau.time_told(b.key, now, by=b.factory),
            "s in the upper half": bureau.time_told(b.key, now, high=True),
            "under another label": bureau.time_told(b.key, now, label=b"simrite time 002"),
            "another than it says": dict(bureau.time_told(b.key, now), time=now - 1),
        }
        for what, data in lies.items():
            yield f"loads: time: {what} (rules)", "transcript", \
                (lambda d=data: forge.seal(b.entries, b.key, at=i, alter=lambda e: e.update(data=d))), told
        for what, where in (("before its batches", i - 1), ("when all are back", last + 1), ("in the attempt", 4)):
            rest = b.entries[:i] + b.entries[i + 1:]
            moved = rest[:where] + [dict(b.entries[i], at=rest[where - 1]["at"],
                                         data=bureau.time_told(b.key, bureau.seconds(rest[where - 1]["at"])))] + rest[where:]
            yield f"loads: time: {what} (rules)", "transcript", (lambda m=moved: forge.seal(m, b.key)), told

    # ---- the entries ----

    def entries_altered(self):
        b, told = self.bureau, {"key": self.key}
        for i, entry in enumerate(b.entries):
            if entry["type"] not in ("batch", "loaded", "retired") or "method" not in entry["data"] and entry["type"] == "batch":
                continue
            name = f"loads: {entry['type']} {entry['data']['id'].rpartition('-')[2]}"
            for path in steps_into(entry["data"]):
                full = ("data",) + path
                for what, alter in ways(full, within(entry, full)):
                    # a root says nothing but to whoever has the receipts, a key nothing but to whoever has a ticket
                    if what == "changed" and path in (("root",), ("tickets", "root"), ("check",), ("agree_key",)):
                        continue
                    if what == "changed" and path == ("missing", 0):
                        yield f"{name}.missing another (receipts)", "receipts", \
                            (forge.seal(b.entries, b.key, at=i, alter=alter), b.receipts()), told
                        continue
                    yield f"{name}.{shown(path)} {what} (rules)", "transcript", \
                        (lambda i=i, alter=alter: forge.seal(b.entries, b.key, at=i, alter=alter)), told
            yield f"{name} dropped (rules)", "transcript", (lambda i=i: forge.seal(b.entries[:i] + b.entries[i + 1:], b.key)), told
            yield f"{name} twice (rules)", "transcript", (lambda i=i: forge.seal(b.entries[:i + 1] + b.entries[i:], b.key)), told
            swapped = b.entries[:i] + [b.entries[i + 1], b.entries[i]] + b.entries[i + 2:]
            yield f"{name} swapped with the next (rules)", "transcript", (lambda s=swapped: forge.seal(s, b.key)), told
        at = {(e["type"], e["data"].get("id", "").rpartition("-")[2]): i for i, e in enumerate(b.entries)}
        agreed, derived = at["batch", "agreed"], at["batch", "derived"]
        first = b.batches[2][0]["first"]
        bad = {
            "the ceremony key to agree with": (agreed, {"agree_key": b.key.base64}),
            "a key off the curve to agree with": (agreed, {"agree_key": b.key.base64[:-6] + "AAAA=="}),
            "a key to agree with where nothing is agreed": (derived, {"agree_key": b.spare.base64}),
            "another expires of the same time": (derived, {"expires": "2091-01-01T00:00:00+00:00"}),
            "a method by its number": (derived, {"method": 2}),
            "tickets of more cards": (derived, {"tickets": {"count": 3, "root": "ab" * 32}}),
            "missing in disorder": (at["loaded", "agreed"], {"missing": [first + 1, first], "count": 2}),
            "missing twice": (at["loaded", "agreed"], {"missing": [first, first], "count": 2}),
            "missing of another batch": (at["loaded", "agreed"], {"missing": [first - 1]}),
            "missing beyond the last": (at["loaded", "agreed"], {"missing": [first + 4]}),
            "missing ticket 0": (at["loaded", "agreed"], {"missing": [0]}),
            "one missing not told": (at["loaded", "agreed"], {"missing": []}),
            "all missing, with a root": (at["loaded", "agreed"], {"missing": list(range(first, first + 4)), "count": 0}),
            "more loaded than tickets": (at["loaded", "derived"], {"count": 3}),
            "loaded of another batch": (at["loaded", "derived"], {"id": b.batches[0][0]["id"]}),
            "a root in capitals": (at["loaded", "derived"], {"root": "AB" * 32}),
            "retired under the batch key's label": (at["retired", "agreed"], {"label": b.entries[agreed]["data"]["label"]}),
        }
        for what, (i, members) in bad.items():
            yield f"loads: {what} (rules)", "transcript", \
                (lambda i=i, m=members: forge.seal(b.entries, b.key, at=i, alter=lambda e: e["data"].update(m))), told
        inventory = next(i for i, e in enumerate(b.entries) if e["type"] == "inventory" and e["data"]["when"] == "after")
        for kind in ("private", "public"):
            def still(e, kind=kind):
                e["data"]["objects"].append(dict(e["data"]["objects"][0], label=b.entries[at["retired", "agreed"]]["data"]["label"],
                                                 kind=kind, sensitive=1, extractable=0))
            yield f"loads: the {kind} half of the agree key still there (rules)", "transcript", \
                (lambda s=still: forge.seal(b.entries, b.key, at=inventory, alter=s)), told
        yield from self.times()
        plans = {
            "no factories": lambda p: p.pop("factories"), "another slot": lambda p: p["batches"][-2].update(slot=3),
            "another method": lambda p: p["batches"][-3].update(method="derived"),
            "another expires": lambda p: p["batches"][-3].update(expires="2080-01-01T00:00:00Z"),
            "an expires after 2105": lambda p: p["batches"][-3].update(expires="2106-01-01T00:00:00Z"),
            "no first_iccid": lambda p: p["batches"][-3].pop("first_iccid"),
            "two batches of the same cards": lambda p: p["batches"][-3].update(first_iccid=p["batches"][-2]["first_iccid"]),
            "a factory with the ceremony's name twice": lambda p: p["factories"].append(dict(p["factories"][0])),
            "the agree key known before": lambda p: p.update(known_objects=[f"simrite agree {p['batches'][-1]['id']}"]),
            "ICCIDs that run into another issuer's": lambda p: p["batches"][-3].update(
                first_iccid=bureau.iccid("8988211" + "9" * 11 + "0", 0), count=3),
        }
        for what, change in plans.items():
            made = copy.deepcopy(b.entries)
            change(made[0]["data"]["plan"])
            yield f"loads: plan: {what} (rules)", "transcript", (lambda m=made: forge.seal(m, b.key)), told

    # ---- what the statements say: everything else fits them ----

    def statements(self):
        flip = {"ticket": {
            "label": b"simrite ticket 2", "scope": bytes(32), "iccid": bytes(10), "slot": b"\x09", "method": None, "number": b"\0\0\0\x63",
            "issued late": b"\xff\xff\xff\xfe", "issued early": bytes(4), "expires": b"\x7f\0\0\0", "agree": None},
            "certificate": {"label": b"simrite born 002", "identity": bytes(33), "firmware": bytes(32)},
            "receipt": {"label": b"simrite receipt2", "ticket": bytes(32), "iccid": bytes(10), "identity": None, "slot": b"\x09",
                        "method": None, "loads": b"\0\2", "loads none": b"\0\0", "accepted": b"\0\0\0\x63", "firmware": bytes(32),
                        "ephemeral": b"\x02" + b"\xff" * 32}}
        for n, method in enumerate(("injected", "derived", "agreed")):
            for kind, fields in flip.items():
                for what, value in fields.items():
                    field = what.split(" ")[0]
                    if method != "agreed" and field in ("agree", "ephemeral"):
                        continue
                    if field == "method":
                        value = bytes([3 if method == "injected" else 1])
                    if field == "agree" or field == "identity" and value is None:
                        value = bureau.point(forge.Key())
                    yield from self.told(n, method, kind, what, {field: value})
                for what, lie in {"signed by another": {"key": forge.Key()}, "signed over something else": {"signed": b"x"},
                                  "a byte longer": {"behind": b"\0"}}.items():
                    yield from self.told(n, method, kind, what, lie)
            yield from self.told(n, method, "ticket", "with the larger s", {"high": True})
            yield from self.told(n, method, "certificate", "signed by the ceremony key", {"key": "ceremony"})
            yield from self.told(n, method, "receipt", "signed by the factory", {"key": "factory"})
            yield from self.told(n, method, "ticket", "signed by the factory", {"key": "factory"})

    def told(self, n, method, kind, what, lie):
        """Card 1 of a batch lies: with receipts, and in its proof."""
        key = forge.Key()

        def forged():
            b = bureau.Bureau(self.entries, key)
            keys = {"ceremony": b.key, "factory": b.factory}
            card = b.batches[n][2][0]
            card.lie = {kind: {k: keys.get(v, v) if isinstance(v, str) else v for k, v in lie.items()}}
            self.settle(b)
            return b
        name = f"loads: {method}: {kind}: {what}"

        def with_receipts():
            b = forged()
            return b.transcript(), b.receipts()
        yield f"{name} (receipts)", "receipts", with_receipts, {"key": key.hash}
        yield f"{name} (proof)", "proof", (lambda: forge.canonical(forged().proof(n, 0)) + b"\n"), {"key": key.hash}

    # ---- cards that are missing, too many, doubled ----

    def receipts(self):
        b, told = self.bureau, {"key": self.key}
        lines = b.receipts().splitlines(keepends=True)
        for i in range(len(lines)):
            if i in (0, 2, 3, 5, 7):
                yield f"loads: receipt {i + 1} left out (missing card)", "receipts", (self.data, b"".join(lines[:i] + lines[i + 1:])), told
            yield f"loads: receipt {i + 1} twice", "receipts", (self.data, b"".join(lines + [lines[i]])), told
        lost = b.batches[2][1][1]
        yield "loads: the missing card's receipt after all (extra card)", "receipts", (self.data, b.receipts() + lost.line()), told
        foreign = self.made()
        yield "loads: a card of another ceremony (extra card)", "receipts", (self.data, b.receipts() + foreign.receipts(0)), told
        extra = bureau.Card(b.batches[0][0], 3)
        yield "loads: a card beyond the batch (extra card)", "receipts", (self.data, b.receipts() + extra.line()), told
        other = bureau.Card(b.batches[0][0], 0)
        yield "loads: a second card for ticket 1 (extra card)", "receipts", (self.data, b.receipts() + other.line()), told
        yield "loads: another card for ticket 1 (swapped)", "receipts", (self.data, other.line() + b"".join(lines[1:])), told
        for what, i, j in (("of one batch", 0, 1), ("of two batches", 0, 3)):
            same = self.made()
            cards = [c for _, _, came in same.batches for c in came]
            cards[j].identity = cards[i].identity
            self.settle(same)
            yield f"loads: one card for two tickets {what}", "receipts", (same.transcript(), same.receipts()), {"key": same.key.hash}
        second = self.made()
        second.batches[0][2][1].lie = {"receipt": {"loads": b"\0\3"}}
        self.settle(second)
        yield "loads: a second load of the same card", "receipts", (second.transcript(), second.receipts()), {"key": second.key.hash}
        for n, (batch, _, _) in enumerate(b.batches):
            for kind, member in (("batch", ("tickets", "root")), ("loaded", ("root",))):
                if kind == "batch" and n == 2:
                    continue  # a ticket is missing: nobody can compute that root
                i = next(i for i, e in enumerate(b.entries) if e["type"] == kind and e["data"].get("id") == batch["id"])

                def alter(e, member=member):
                    put(e, ("data",) + member, "ab" * 32)
                yield f"loads: {batch['method']}: root in {kind} of another tree (receipts)", "receipts", \
                    (forge.seal(b.entries, b.key, at=i, alter=alter), b.receipts()), told
        i = next(i for i, e in enumerate(b.entries) if e["data"].get("agree_key"))
        yield "loads: tickets for another agree key than the batch's (receipts)", "receipts", \
            (forge.seal(b.entries, b.key, at=i, alter=lambda e: e["data"].update(agree_key=b.spare.base64)), b.receipts()), told

    def lines(self):
        """The form of the receipts' lines."""
        b, told = self.bureau, {"key": self.key}
        card, rest = b.batches[0][2][0], b"".join(b.receipts().splitlines(keepends=True)[1:])
        good = card.line()
        bad = {
            "another number": card.line(number=2), "a number as a text": card.line(number="1"), "another ICCID": card.line(iccid=bureau.iccid(card.iccid, 1)),
            "an ICCID without its digit": card.line(iccid=card.iccid[:-1]), "a member more": card.line(zz=1),
            "no certificate": card.line(certificate=""), "the receipt for a certificate": card.line(certificate=bureau.b64(card.receipt())),
            "statements swapped": card.line(ticket=bureau.b64(card.receipt()), receipt=bureau.b64(card.ticket())),
            "base64 without padding": card.line(receipt=bureau.b64(card.receipt()).rstrip("=") + "A"),
            "hex for base64": card.line(receipt=card.receipt().hex()), "a blank": b" " + good, "a blank inside": good.replace(b",", b", ", 1),
            "members in another order": good.replace(b'"number":1,', b"").replace(b"{", b'{"number":1,', 1),
            "a member twice": good.replace(b'"number":1', b'"number":1,"number":1'), "an empty line": b"\n" + good, "no newline": None,
            "no JSON": b"receipt\n" + good, "a list": b"[]\n" + good, "a member missing": good.replace(b'"number":1,', b""),
        }
        for what, line in bad.items():
            data = line + rest if line is not None else (rest + good)[:-1]
            yield f"loads: receipts' form: {what}", "receipts", (self.data, data), told
        yield "loads: receipts' form: the transcript", "receipts", (self.data, self.data), told

    # ---- proofs ----

    def proofs(self):
        b, told = self.bureau, {"key": self.key, "fingerprint": self.fingerprint}
        for n in (0, 2):
            proof = b.proof(n, 1, self.data)
            for path in steps_into(proof):
                for what, alter in ways(path, within(proof, path)):
                    made = copy.deepcopy(proof)
                    alter(made)
                    yield f"loads: proof {n + 1}: {shown(path)} {what}", "proof", forge.canonical(made) + b"\n", told
            for member in ("begin", "batch", "loaded", "close", "card"):
                for what, change in {"path with a hash more": lambda p: p.append("ab" * 32), "path with a hash twice": lambda p: p.append(p[-1]),
                                     "path of 65 hashes": lambda p: p.extend(["ab" * 32] * 65), "path empty": lambda p: p.clear(),
                                     "path reversed": lambda p: p.reverse(),
                                     "path in capitals": lambda p: p.__setitem__(0, p[0].upper() if p[0].upper() != p[0] else "AB" * 32)}.items():
                    made = copy.deepcopy(proof)
                    change(made[member]["path"])
                    if made != proof:
                        yield f"loads: proof {n + 1}: {member} {what}", "proof", forge.canonical(made) + b"\n", told
            made = copy.deepcopy(proof)
            made["zz"] = 1
            yield f"loads: proof {n + 1}: a member more", "proof", forge.canonical(made) + b"\n", told
            good = forge.canonical(proof) + b"\n"
            for what, bad in {"no newline": good[:-1], "two newlines": good + b"\n", "twice": good * 2, "a blank": b" " + good,
                              "empty": b"", "no JSON": b"proof\n", "the transcript": self.data,
                              "a member twice": good.replace(b'"schema":1,', b'"schema":1,"schema":1,', 1)}.items():
                yield f"loads: proof {n + 1}: {what}", "proof", bad, told
            yield f"loads: proof {n + 1}: for another key", "proof", good, {"key": b.spare.hash}
            yield f"loads: proof {n + 1}: for another fingerprint", "proof", good, {"fingerprint": "ab" * 32}
        other = self.made()
        mixed = {"lines of another batch": ("batch", "loaded", "card"), "the card of another batch": ("card",), "loaded of another batch": ("loaded",),
                 "batch of another batch": ("batch",)}
        for what, members in mixed.items():
            made, from_other = b.proof(0, 0, self.data), b.proof(1, 0, self.data)
            if len(members) < 3:
                made.update({m: from_other[m] for m in members})
                yield f"loads: proof: {what}", "proof", forge.canonical(made) + b"\n", told
        foreign = other.proof(0, 0)
        pins = {"key": {"key": self.key}, "fingerprint": {"fingerprint": self.fingerprint}}
        for pin, known in pins.items():
            for member in ("note", "begin", "batch", "loaded", "close", "card"):
                made = b.proof(0, 0, self.data)
                made[member] = foreign[member]
                yield f"loads: proof: {member} of another ceremony, the {pin} known", "proof", forge.canonical(made) + b"\n", known
                made = dict(foreign, **{member: b.proof(0, 0, self.data)[member]})
                yield f"loads: proof: of another ceremony but for {member}, the {pin} known", "proof", forge.canonical(made) + b"\n", known
            yield f"loads: proof: of another ceremony, the {pin} known", "proof", forge.canonical(foreign) + b"\n", known
            yield from self.closes(pin, known)
        made = b.proof(0, 0, self.data)
        made["card"] = b.proof(0, 1, self.data)["card"]
        made["card"]["index"] = 0
        yield "loads: proof: the next card's, renumbered", "proof", forge.canonical(made) + b"\n", told
        yield from self.ranks()
        for what, note in self.notes():
            yield f"loads: proof: note {what}", "proof", forge.canonical(b.proof(0, 0, self.data, note)) + b"\n", pins["key"]

    def closes(self, pin, known):
        """The last line and the note do not speak of the same lines, though each is signed."""
        b, last = self.bureau, len(self.bureau.entries) - 1
        true = self.data.splitlines(keepends=True)[-1]

        def before(key):
            """Other lines before the true last one."""
            at = next(i for i, e in enumerate(b.entries) if e["type"] == "commit")
            lines = forge.seal(b.entries, key, at=at, alter=lambda e: put(e, ("data", "commitment"), "ab" * 32)).splitlines(keepends=True)
            return b"".join(lines[:-1]) + true
        yield f"loads: proof: other lines before the last, the {pin} known", "proof", \
            (lambda: forge.canonical(b.proof(0, 0, before(b.key))) + b"\n"), known
        yield f"loads: proof: other lines before the last, by another key, the {pin} known", "proof", \
            (lambda: forge.canonical(b.proof(0, 0, before(b.spare), b.note(before(b.spare), b.spare))) + b"\n"), known
        lies = {
            "counts one line more": lambda e: put(e, ("data", "count"), last + 1), "counts one line less": lambda e: put(e, ("data", "count"), last - 1),
            "has another root": lambda e: put(e, ("data", "root"), "ab" * 32), "has the root of all lines": lambda e: put(
                e, ("data", "root"), forge.root(self.data.splitlines())), "has no root": lambda e: e["data"].pop("root") and None,
            "has a member more": lambda e: put(e, ("data", "zz"), 1), "is none": lambda e: put(e, ("type",), "closes"),
            "is an exception": lambda e: e.update(type="exception", data={"by": "Custodian 1", "text": "x"}),
            "is of the day before": lambda e: put(e, ("at",), "2000-01-01T00:00:00Z"), "has another number": lambda e: put(e, ("seq",), last),
        }
        for what, alter in lies.items():
            yield f"loads: proof: close {what}, the {pin} known", "proof", \
                (lambda alter=alter: forge.canonical(b.proof(0, 0, forge.seal(b.entries, b.key, at=last, alter=alter))) + b"\n"), known

    def ranks(self):
        """The ceremony key lies about where a card, or a line, has its place; every path leads to its root."""
        b = self.bureau
        batch, _, came = b.batches[0]
        places = {e["type"]: n for n, e in enumerate(b.entries) if e["data"].get("id") == batch["id"]}

        def made(entries, cards, i):
            data = forge.seal(entries, b.key)
            lines, proof = data.splitlines(), b.proof(0, i, self.data)
            proof["note"] = bureau.b64(b.note(data).encode())
            for kind in ("begin", "batch", "loaded", "close"):
                at = next(n for n, e in enumerate(entries) if e["type"] == kind and e["data"].get("id", batch["id"]) == batch["id"])
                proof[kind] = {"index": at, "line": lines[at].decode(), "path": bureau.path(lines, at)}
            leaves = [c.leaf() for c in cards]
            proof["card"].update(index=cards.index(came[i]), path=bureau.path(leaves, cards.index(came[i])))
            return forge.canonical(proof) + b"\n"

        def told(cards, missing):
            entries = copy.deepcopy(b.entries)
            entries[places["loaded"]]["data"].update(count=len(cards), missing=missing, root=forge.root([c.leaf() for c in cards]))
            return entries
        known = {"key": self.key}
        yield "loads: proof: a card in the tree that is listed as missing", "proof", \
            (lambda: made(told([came[0], came[2]], [came[0].number]), [came[0], came[2]], 0)), known
        yield "loads: proof: receipts in another order", "proof", (lambda: made(told(came[::-1], []), came[::-1], 0)), known
        turned = copy.deepcopy(b.entries)
        turned[places["batch"]], turned[places["loaded"]] = turned[places["loaded"]], turned[places["batch"]]
        yield "loads: proof: loaded before its batch", "proof", (lambda: made(turned, came, 0)), known

    def notes(self):
        b = self.bureau
        text = b.note(self.data)
        head = text.splitlines()
        yield "signed by another key", b.note(self.data, b.spare)
        for i in range(5):
            for what, line in {"changed": head[i][:-1] + ("0" if head[i][-1] != "0" else "1"), "with a blank": head[i] + " ", "left out": None}.items():
                lines = head[:i] + ([line] if line is not None else []) + head[i + 1:]
                yield f"line {i + 1} {what}", "".join(f"{x}\n" for x in lines)
                said = "".join(f"{x}\n" for x in lines[:lines.index("")])
                signature = bureau.b64(bytes.fromhex(b.key.hash)[:4] + b.key.der_signature(said.encode()))
                yield f"line {i + 1} {what}, signed again", f"{said}\n\u2014 {head[0]} {signature}\n"
        yield "without its signature", text[:text.index("\n\n") + 2]
        yield "without its last newline", text[:-1]
