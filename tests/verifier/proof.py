"""A proof for one card: protocol.md, "A proof for one card"."""
import merkle
import note
import tickets
from form import (Refused, array, canonical, hexadecimal, members, number, parse_canonical, same, sha256, text, time,
                  unbase64)
from p256 import spki, verify_base64
from plan import Plan
from transcript import check_batch_members

ENTRY = ("at", "data", "previous", "schema", "seq", "signature", "type")


def read_path(value, where):
    return [bytes.fromhex(hexadecimal(h, where, 32)) for h in array(value, where, 0, 64)]


class Line:
    """An entry out of the transcript, with the way to the note's root."""

    def __init__(self, value, kind):
        members(value, kind, ("index", "line", "path"))
        self.index, self.path = number(value["index"], f"{kind}.index"), read_path(value["path"], f"{kind}.path")
        self.bytes = text(value["line"], f"{kind}.line").encode("utf-8")
        self.entry = members(parse_canonical(self.bytes), f"{kind}.line", ENTRY)
        same(self.entry["schema"], 1, f"{kind}: schema")
        same(self.entry["seq"], self.index + 1, f"{kind}: seq")
        same(self.entry["type"], kind, f"{kind}: type")
        hexadecimal(self.entry["previous"], f"{kind}: previous", 32)
        self.at, self.data, self.kind = time(self.entry["at"], f"{kind}: at"), self.entry["data"], kind
        if not isinstance(self.data, dict):
            raise Refused(f"{kind}: data is not an object")

    def verify(self, key):
        body = {k: v for k, v in self.entry.items() if k != "signature"}
        verify_base64(key, self.entry["signature"], canonical(body), f"{self.kind}: signature")

    def check_path(self, root, count):
        if (self.index == count - 1) != (self.kind == "close") or \
                merkle.root_from_path(self.bytes, self.index, count, self.path) != root:
            raise Refused(f"{self.kind}: the path does not lead to the note's root")


def check_note(whole, plan, key, policy):
    """4.: count, root and fingerprint that it tells."""
    said, signatures = note.split(whole)
    lines = said.split("\n")
    if len(lines) != 6 or lines[0] != f"simrite/ceremony/{plan.id}" or lines[3] != f"mode {plan.mode}" \
            or not lines[4].startswith("fingerprint ") or lines[5]:
        raise Refused("the note is not one of this ceremony")
    if not lines[1].isascii() or not lines[1].isdigit() or lines[1] != str(int(lines[1][:16])):
        raise Refused("the note's count is not a number")
    root = unbase64(lines[2], "the note's root")
    if len(root) != 32:
        raise Refused("the note's root is not one")
    fingerprint = hexadecimal(lines[4][len("fingerprint "):], "the note's fingerprint", 32)
    known = {note.named(name): spki(k, "key") for _, name, k in plan.parties}
    known[lines[0]] = key
    if lines[0] not in note.check_signatures(said, signatures, known):
        raise Refused("the ceremony's key has not signed the note")
    if policy:
        policy.check(whole, lines[0], key)
    return int(lines[1]), root, fingerprint


def verify(data, key=None, fingerprint=None, policy=None):
    """The ICCID that a sound proof is for."""
    if not data.endswith(b"\n"):
        raise Refused("the proof has no newline at its end")
    proof = members(parse_canonical(data[:-1]), "the proof",
                    ("batch", "begin", "card", "close", "loaded", "note", "schema", "type"))
    same(proof["schema"], 1, "schema")
    same(proof["type"], "proof", "type")
    lines = begin, batch, loaded, close = [Line(proof[kind], kind) for kind in ("begin", "batch", "loaded", "close")]
    ceremony_key = spki(begin.data.get("key"), "key")
    if key is not None and sha256(ceremony_key).hex() != key:
        raise Refused("is of another key")
    made = sha256(close.bytes + b"\n").hex()
    if fingerprint is not None and made != fingerprint:
        raise Refused("is of another fingerprint")
    same(begin.index, 0, "begin.index")
    for line in lines:
        line.verify(ceremony_key)
    if not begin.at <= batch.at <= loaded.at <= close.at or not batch.index < loaded.index < close.index:
        raise Refused("the four lines are not in order")
    # 3. the plan
    members(begin.data, "begin", ("hsm", "key", "plan", "plan_digest", "software"))
    plan = Plan(begin.data["plan"])
    same(begin.data["plan_digest"], sha256(canonical(begin.data["plan"])).hex(), "plan_digest")
    same(begin.entry["previous"], plan.previous, "previous")
    at = next((i for i, b in enumerate(plan.batches) if b["id"] == batch.data.get("id")), None)
    if at is None or "method" not in plan.batches[at]:
        raise Refused("the batch is none of the plan that has a method")
    check_batch_members(batch.data, plan.batches[at], begin.data["key"], ())
    told = tickets.Batch(plan, at, begin.bytes, ceremony_key, begin.at, batch.data, batch.at)
    missing = tickets.check_loaded_entry(loaded.data, plan.batches[at], told.first)
    # 4. and 5. the note, and the lines in its tree
    count, root, noted = check_note(unbase64(proof["note"], "note"), plan, ceremony_key, policy)
    same(noted, made, "the note's fingerprint")
    for line in lines:
        line.check_path(root, count)
    members(close.data, "close", ("count", "root"))
    same(close.data["count"], close.index, "close: count")
    same(close.data["root"], merkle.root_before(close.path).hex(), "close: root")
    # 6. and 7. the card, in the batch's tree
    card = members(proof["card"], "card", ("certificate", "index", "path", "receipt", "ticket"))
    n, _, leaf = told.check(*(unbase64(card[name], name) for name in ("ticket", "certificate", "receipt")))
    if n in missing:
        raise Refused("the ticket is one of those that are missing")
    same(number(card["index"], "card.index"), n - told.first - sum(m < n for m in missing), "card.index")
    if merkle.root_from_path(leaf, card["index"], loaded.data["count"], read_path(card["path"], "card.path")) != \
            bytes.fromhex(loaded.data["root"]):
        raise Refused("the card's path does not lead to the root of loaded")
    return tickets.iccid(plan.batches[at]["first_iccid"], n - told.first)
