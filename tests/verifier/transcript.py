"""A transcript: form, chain, order, signatures, closing root, and the steps of its plan.

simrite-transcript(5) says what a line is, docs/ceremony/protocol.md which
lines there must be. chain() is the first, Steps the second; verify() does both.
"""
import math

import merkle
import tickets
from form import (Refused, array, canonical, drawn, hexadecimal, joined, members, number, parse_canonical, same, sha256, text,
                  time)
from p256 import spki, verify_base64
from plan import Plan

MOST_BYTES = 64 << 20
MOST_CUT = 131072
SOFTWARE_TOKEN = "software token: no quorum, no attestation, keys on the disk of this machine"
HARDWARE_TOKEN = "as its maker states; simrite checked no attestation"


class Chain:
    """Lines that hang together: .lines (bytes, no newline), .entries, .key (DER), .fingerprint."""

    def __init__(self, data):
        if len(data) > MOST_BYTES:
            raise Refused("longer than 64 MiB")
        if not data:
            raise Refused("is empty")
        self.lines = data.split(b"\n")
        if self.lines.pop() != b"":
            raise Refused("the last line has no newline", len(self.lines) + 1)
        self.entries = []
        for at, line in enumerate(self.lines, 1):
            try:
                self._entry(at, line)
            except Refused as e:
                raise Refused(e.reason, at) from None
        self.fingerprint = sha256(self.lines[-1] + b"\n").hex()

    def _entry(self, at, line):
        entry = parse_canonical(line)
        members(entry, "the entry", ("at", "data", "previous", "schema", "seq", "signature", "type"))
        same(entry["schema"], 1, "schema")
        same(entry["seq"], at, "seq")
        if not isinstance(entry["data"], dict):
            raise Refused("data is not an object")
        if not isinstance(entry["type"], str) or not entry["type"].isascii() or not entry["type"].islower() \
                or not entry["type"].isalpha():
            raise Refused("type is not a lower-case word")
        if (entry["type"] == "begin") != (at == 1):
            raise Refused("begin is line 1 and no other")
        if self.entries and self.entries[-1]["type"] == "close":
            raise Refused("there is a line after close")
        hexadecimal(entry["previous"], "previous", 32)
        now = time(entry["at"], "at")
        if at == 1:
            self.key = spki(entry["data"].get("key"), "data.key")
        else:
            if entry["previous"] != sha256(self.lines[at - 2] + b"\n").hex():
                raise Refused("previous is not the hash of the line before")
            if now < self.now:
                raise Refused("at is earlier than the line before")
        self.now = now
        body = {k: v for k, v in entry.items() if k != "signature"}
        verify_base64(self.key, entry["signature"], canonical(body), "signature")
        self.entries.append(entry)


def check_batch_members(data, batch, key, agree_keys):
    """An entry `batch` against the plan's; `key` is the ceremony's, in base64."""
    more = ("expires", "method", "slot", "tickets") if "method" in batch else ()
    more += ("agree_key",) if batch.get("method") == "agreed" else ()
    members(data, "data", ("check", "count", "id", "label") + more)
    same(data["id"], batch["id"], "id")
    same(data["count"], batch["count"], "count")
    same(data["label"], f"simrite batch {batch['id']}", "label")
    drawn(data["check"], "check", 16)
    if "method" in batch:
        tickets.check_batch_entry(data, batch, key, agree_keys)
    if "agree_key" in data:
        spki(data["agree_key"], "agree_key")


class Steps:
    """Takes the entries one by one and refuses the first that may not come here."""

    def __init__(self, chain):
        self.chain, self.state, self.attempt = chain, "begin", None
        self.sets, self.attempts, self.resumed, self.exceptions, self.signed = set(), 0, 0, 0, []
        self.ticketed, self.loaded, self.agree_keys = [], {}, []
        for at, entry in enumerate(chain.entries, 1):
            self.at, self.entry, self.data = at, entry, entry["data"]
            try:
                self._take(entry["type"])
            except Refused as e:
                raise Refused(e.reason, at) from None
        if self.state != "closed":
            raise Refused("does not end with close", len(chain.entries))

    # ---- the order: what may come next ----

    def _next(self):
        """The type that must come now, and where in its row (from 0)."""
        plan = self.plan
        rows = {
            "begun": [("inventory", 1)],
            "people": [("present", len(plan.parties)), ("attempt", 1)],
            "attempt": [("commit", plan.total), ("base", 1), ("reveal", plan.total), ("master", 1),
                        ("share", plan.total), ("restore", 1), ("keep", 1)],
            "kept": [("batch", len(plan.batches)), ("loaded", len(self.with_method)), ("retired", len(self.agreed)),
                     ("destroyed", len(plan.destruction)), ("inventory", 1),
                     ("signoff", len(plan.parties)), ("close", 1)],
        }[self.state]
        done = self.done
        for kind, count in rows:
            if done < count:
                return kind, done
            done -= count
        raise Refused("there are more entries than steps")

    def _take(self, kind):
        if self.state == "begin":
            self._begin()
            self.state, self.done = "begun", 0
            return
        if kind == "resume":
            self._resume()
        elif kind == "exception":
            self._exception()
        elif kind == "time":
            self._time()
        else:
            wanted, at = self._next()
            if kind != wanted:
                raise Refused(f"is {kind!r}, but {wanted!r} must come here")
            getattr(self, "_" + kind)(at)
            self.done += 1
            after = {("inventory", "begun"): "people", ("attempt", "people"): "attempt", ("keep", "attempt"): "kept",
                     ("close", "kept"): "closed"}.get((kind, self.state))
            if after:
                self.state, self.done = after, 0

    # ---- the entries ----

    def _members(self, *must):
        return members(self.data, "data", must)

    def _begin(self):
        data = self._members("hsm", "key", "plan", "plan_digest", "software")
        self.plan = plan = Plan(data["plan"])
        self.with_method = [b for b in plan.batches if "method" in b]
        self.agreed = [b for b in self.with_method if b["method"] == "agreed"]
        self.since = time(self.entry["at"], "at")
        same(data["plan_digest"], sha256(canonical(data["plan"])).hex(), "plan_digest")
        same(self.entry["previous"], plan.previous, "previous")
        hsm = members(data["hsm"], "hsm", ("assurance", "label", "library", "manufacturer", "model", "serial"))
        for name, value in hsm.items():
            text(value, f"hsm.{name}")
        soft = "softhsm" in hsm["manufacturer"].lower()
        same(hsm["assurance"], SOFTWARE_TOKEN if soft else HARDWARE_TOKEN, "hsm.assurance")
        if plan.hsm.soft and not soft:
            raise Refused("the plan's token is SoftHSM, this one is not")
        if plan.hsm.own:
            same(hsm["label"], f"simrite {plan.mode}", "hsm.label")
        if hsm["label"] in {"simrite rehearsal", "simrite production"} - {f"simrite {plan.mode}"}:
            raise Refused("hsm.label is that of a token of the other mode")
        for name, value in plan.hsm.wanted.items():
            same(hsm[name], value, f"hsm.{name}")
        serials = {d["serial"] for d in plan.devices if d["kind"] == "hsm" and "serial" in d}
        if serials and hsm["serial"] not in serials:
            raise Refused("hsm.serial is of no HSM of the plan")
        software = members(data["software"], "software", ("name", "sha256"))
        text(software["name"], "software.name", 128)
        drawn(software["sha256"], "software.sha256", 32)
        if plan.software and software["sha256"] not in plan.software:
            raise Refused("software.sha256 is of no program of the plan")
        self.object_id = sha256(joined("simrite objects v1", plan.mode, plan.id))[:16].hex()

    def _inventory(self, _):
        data = self._members("objects", "when")
        after = self.state == "kept"
        same(data["when"], "after" if after else "before", "when")
        pair = f"simrite ceremony {self.plan.id}"
        ours = [("public", pair), ("private", pair)]
        if after:
            ours += [("secret", f"simrite master {self.plan.id}")]
            ours += [("secret", f"simrite batch {b['id']}") for b in self.plan.batches]
        labels = {label for _, label in ours}
        strangers = []
        for o in array(data["objects"], "objects", 0, 10**6):
            members(o, "an object", ("extractable", "id", "kind", "label", "sensitive"))
            for flag in ("extractable", "sensitive"):
                number(o[flag], f"object {flag}", 0, 1)
            text(o["kind"], "object kind")
            text(o["label"], "object label")
            if not isinstance(o["id"], str) or len(o["id"]) % 2:
                raise Refused("an object's id is not hex")
            hexadecimal(o["id"], "object id", len(o["id"]) // 2)
            if o["label"] not in labels:
                if o["label"] not in self.plan.known_objects:
                    raise Refused(f"the token holds {o['label']!r}, which the plan does not know")
                if o["id"] == self.object_id:
                    raise Refused(f"{o['label']!r} has the ceremony's CKA_ID")
                strangers.append(o)
                continue
            if (o["kind"], o["label"]) not in ours:
                raise Refused(f"{o['label']!r} occurs twice, or as another kind of object")
            ours.remove((o["kind"], o["label"]))
            same(o["id"], self.object_id, "an object's id")
            if o["kind"] != "public":
                same(o["sensitive"], 1, "an object's sensitive")
                same(o["extractable"], 0, "an object's extractable")
        if ours:
            raise Refused(f"the token does not hold {ours[0][1]!r} ({ours[0][0]})")
        strangers.sort(key=canonical)
        if not after:
            self.strangers = strangers
        elif strangers != self.strangers:
            raise Refused("other objects of the token are not what they were before")

    def _party(self, at, label):
        data = self._members("key", "name", "role", "signature")
        role, name, key = self.plan.parties[at]
        same(data["name"], name, "name")
        same(data["role"], role, "role")
        same(data["key"], key, "key")
        statement = joined(label, self.plan.id, name, self.entry["previous"])
        verify_base64(spki(key, "key"), data["signature"], statement, f"the signature of {name}")

    def _present(self, at):
        self._party(at, "simrite present v1")

    def _signoff(self, at):
        self._party(at, "simrite signoff v1")
        self.signed.append(self.data["name"])

    def _attempt(self, _):
        data = self._members("number", "set")
        same(data["number"], self.attempts + 1, "number")
        drawn(data["set"], "set", 8)
        if data["set"] in self.sets:
            raise Refused("set was used before")
        self.attempts += 1
        self.sets.add(data["set"])
        self.set, self.contributions, self.shares, self.values = data["set"], [], [], []

    def _own(self, at, must, may=()):
        """An entry of one custodian in the attempt."""
        data = members(self.data, "data", ("custodian", "index", "set") + must, may)
        same(data["set"], self.set, "set")
        same(data["index"], at + 1, "index")
        same(data["custodian"], self.plan.custodians[at]["name"], "custodian")
        return data

    def _signed_by_card(self, at, label):
        if self.plan.custodians[at].get("share") != "card":
            return
        statement = joined(label, self.plan.id, self.set, at + 1, self.data["commitment"])
        verify_base64(spki(self.plan.custodians[at]["key"], "key"), self.data["signature"], statement,
                      "the card's signature")

    def _commitment(self):
        commitment = drawn(self.data["commitment"], "commitment", 32)
        if commitment in self.contributions or commitment in self.shares:
            raise Refused("two commitments of the attempt are equal")
        return commitment

    def _commit(self, at):
        card = self.plan.custodians[at].get("share") == "card"
        self._own(at, ("commitment",) + (("signature",) if card else ()))
        self.contributions.append(self._commitment())
        self._signed_by_card(at, "simrite commit v1")

    def _reveal(self, at):
        self._own(at, ())

    def _share(self, at):
        kind = self.plan.custodians[at].get("share")
        self._own(at, ("commitment",) + (("kind",) if kind else ()) + (("signature",) if kind == "card" else ()))
        if kind:
            same(self.data["kind"], kind, "kind")
        self.shares.append(self._commitment())
        self._signed_by_card(at, "simrite share held v1")

    def _check(self, seen):
        """A check value: not zero and not one that was seen."""
        check = drawn(self.data["check"], "check", 16)
        if check in seen:
            raise Refused("check is that of another key")
        return check

    def _drawn(self):
        data = self._members("check", "nonce", "set")
        same(data["set"], self.set, "set")
        if drawn(data["nonce"], "nonce", 16) in self.values:
            raise Refused("nonce is the base key's")
        self.values += [data["nonce"], self._check(self.values)]

    def _base(self, _):
        self._drawn()

    def _master(self, _):
        self._drawn()
        self.checks = [self.values[1], self.values[3]]

    def _restore(self, _):
        data = members(self.data, "data", ("quorums", "set", "threshold", "total"), ("passphrase",))
        self.passphrase = same(data.get("passphrase", "yes"), "yes", "passphrase") if "passphrase" in data else "no"
        same(data["set"], self.set, "set")
        same(data["threshold"], self.plan.threshold, "threshold")
        same(data["total"], self.plan.total, "total")
        same(data["quorums"], math.comb(self.plan.total, self.plan.threshold), "quorums")

    def _keep(self, _):
        data = self._members("check", "label", "set")
        same(data["set"], self.set, "set")
        same(data["label"], f"simrite master {self.plan.id}", "label")
        same(data["check"], self.checks[1], "check")

    def _batch(self, at):
        data, batch = self.data, self.plan.batches[at]
        check_batch_members(data, batch, self.chain.entries[0]["data"]["key"], self.agree_keys)
        self.checks.append(self._check(self.checks))
        if "method" in batch:
            self.ticketed.append(tickets.Batch(self.plan, at, self.chain.lines[0], self.chain.key, self.since, data,
                                               time(self.entry["at"], "at")))
        if "agree_key" in data:
            self.agree_keys.append(data["agree_key"])

    def _loaded(self, at):
        batch = self.ticketed[at]
        tickets.check_loaded_entry(self.data, batch.planned, batch.first)
        self.loaded[batch.id] = self.data

    def _retired(self, at):
        data, batch = self._members("id", "label"), self.agreed[at]
        same(data["id"], batch["id"], "id")
        same(data["label"], f"simrite agree {batch['id']}", "label")

    def _destroyed(self, at):
        data = self._members("index", "text")
        same(data["index"], at + 1, "index")
        same(data["text"], self.plan.destruction[at], "text")

    def _exception(self):
        data = self._members("by", "text")
        if data["by"] not in self.plan.people:
            raise Refused("by is nobody of the plan")
        if not text(data["text"], "text", 1000).strip(" "):
            raise Refused("text is empty")
        self.exceptions += 1

    def _time(self):
        if self.state != "kept" or self._next()[0] != "loaded":
            raise Refused("a time, and no batch is out")
        data = self._members("statement", "time")
        before = time(self.chain.entries[self.at - 2]["at"], "at")
        same(data["time"], tickets.signed_time(data["statement"], self.chain.key), "time")
        same(data["time"], before, "time")

    def _resume(self):
        data = self._members("abandoned", "cut")
        number(data["cut"], "cut", 0, MOST_CUT)
        under_way = self.state == "attempt"
        same(data["abandoned"], self.set if under_way else "none", "abandoned")
        if under_way:
            self.state, self.done = "people", len(self.plan.parties)
        self.resumed += 1

    def _close(self, _):
        data = self._members("count", "root")
        same(data["count"], self.at - 1, "count")
        same(data["root"], merkle.root(self.chain.lines[:-1]).hex(), "root")


def check_rehearsed(steps, rehearsal):
    """Was this production ceremony rehearsed, before and by the same plan, in that other one?"""
    plan = dict(steps.plan.value)
    if plan["mode"] != "production" or rehearsal.plan.mode != "rehearsal":
        raise Refused("not a production ceremony and a rehearsal")
    plan["mode"], plan["id"] = "rehearsal", "rehearsal-" + plan["id"]
    plan["batches"] = [dict(batch, id="rehearsal-" + batch["id"]) for batch in plan["batches"]]
    if canonical(plan) != canonical(rehearsal.plan.value):
        raise Refused("another plan was rehearsed")
    if rehearsal.chain.entries[-1]["at"] > steps.chain.entries[0]["at"]:
        raise Refused("the rehearsal was closed after the ceremony had begun")


def verify(data, key=None, fingerprint=None, plan=None):
    """The Steps of a sound transcript. `plan` is the canonical form of a plan that was reviewed."""
    chain = Chain(data)
    steps = Steps(chain)
    if key is not None and sha256(chain.key).hex() != key:
        raise Refused("is signed by another key", 1)
    if plan is not None and canonical(chain.entries[0]["data"]["plan"]) != plan:
        raise Refused("is of another plan", 1)
    if fingerprint is not None and chain.fingerprint != fingerprint:
        raise Refused("has another fingerprint", len(chain.lines))
    return steps
