"""Load tickets, certificates and receipts: protocol.md, "Load tickets and receipts"."""
import merkle
from form import Refused, drawn, joined, luhn, members, number, parse_canonical, same, sha256, unbase64
from p256 import compressed, on_curve, verify_raw

METHODS = {"injected": 1, "derived": 2, "agreed": 3}
AGREED = 3
NONE = sha256(b"")  # root of no receipts


def scope(line, batch):
    """What tickets call a batch of the ceremony whose first line this is (without its newline)."""
    return sha256(joined("simrite batch scope v1", sha256(line + b"\n").hex(), batch))


def iccid(first, i):
    """The ICCID of card i: digits but the last plus i, and the check digit."""
    body = str(int(first[:-1]) + i).zfill(len(first) - 1)
    return next(body + d for d in "0123456789" if luhn(body + d))


def on_card(digits):
    """As EF.ICCID has it: swapped, filled up with F."""
    digits = digits.ljust(20, "F")
    return bytes(int(digits[i + 1] + digits[i], 16) for i in range(0, 20, 2))


class Statement:
    """Bytes taken from the front, field by field; the signature covers all before it."""

    def __init__(self, data, label, length, what):
        self.data, self.at, self.what = data, 0, what
        if len(data) != length or self.take(16) != label:
            raise Refused(f"the {what} is none: it has not the length or the label")

    def take(self, size):
        self.at += size
        return self.data[self.at - size:self.at]

    def take_number(self, size):
        return int.from_bytes(self.take(size), "big")

    def verify(self, key, low):
        signed = self.at
        verify_raw(key, self.take(64), self.data[:signed], f"the {self.what}'s signature", low)


def signed_time(text, key_der):
    """The time in a statement for cards."""
    told = Statement(unbase64(text, "statement"), b"simrite time 001", 84, "time statement")
    at = told.take_number(4)
    told.verify(key_der[26:], True)
    return at


class Batch:
    """What the plan, line 1 and the entry `batch` say of one batch's tickets."""

    def __init__(self, plan, at, first_line, key_der, since, entry, entry_time):
        self.planned, self.entry = plan.batches[at], entry
        self.id, self.method = self.planned["id"], METHODS[self.planned["method"]]
        self.slot, self.expires = self.planned.get("slot", 1), plan.expires[self.planned["id"]]
        self.since, self.until, self.key = since, entry_time, key_der[26:]
        self.first = 1 + sum(b["count"] for b in plan.batches[:at] if "method" in b)
        self.count, self.scope = self.planned["count"], scope(first_line, self.id)
        self.agree_key = compressed(unbase64(entry["agree_key"], "agree_key")) if self.method == AGREED else b""
        self.factories = [unbase64(f["key"], "a factory's key")[26:] for f in plan.factories]

    def check_ticket(self, data):
        """2.: the ticket's number."""
        t = Statement(data, b"simrite ticket 1", 169 if self.method == AGREED else 136, "ticket")
        if t.take(32) != self.scope:
            raise Refused("the ticket is of another batch or ceremony")
        card = t.take(10)
        same(t.take_number(1), self.slot, "the ticket's slot")
        same(t.take_number(1), self.method, "the ticket's method")
        n = t.take_number(4)
        number(n, "the ticket's number", self.first, self.first + self.count - 1)
        if card != on_card(iccid(self.planned["first_iccid"], n - self.first)):
            raise Refused("the ticket's ICCID is not the one of its number")
        issued = t.take_number(4)
        same(t.take_number(4), self.expires, "the ticket's expires")
        if not self.since <= issued <= min(self.until, self.expires):
            raise Refused("the ticket was issued before the ceremony, after its batch, or after it expires")
        if t.take(len(self.agree_key)) != self.agree_key:
            raise Refused("the ticket is for another agree key")
        t.verify(self.key, low=True)
        return n, card

    def check_certificate(self, data):
        """3.: identity and firmware, by one of the factories."""
        for i, factory in enumerate(self.factories):
            c = Statement(data, b"simrite born 001", 145, "certificate")
            told = c.take(33), c.take(32)
            try:
                c.verify(factory, low=False)
                return told
            except Refused:
                if i + 1 == len(self.factories):
                    raise Refused("the certificate is of no factory of the plan") from None

    def check_receipt(self, data, ticket, n, card, identity, firmware):
        """4."""
        r = Statement(data, b"simrite receipt1", 234 if self.method == AGREED else 201, "receipt")
        if r.take(32) != sha256(ticket):
            raise Refused("the receipt is for another ticket")
        if r.take(10) != card:
            raise Refused("the receipt's ICCID is not the ticket's")
        if r.take(33) != identity:
            raise Refused("the receipt is of another identity than the certificate")
        same(r.take_number(1), self.slot, "the receipt's slot")
        same(r.take_number(1), self.method, "the receipt's method")
        loads = r.take_number(2)
        if loads != 1:
            raise Refused(f"the card was loaded {loads} times")
        same(r.take_number(4), n, "the receipt's accepted")
        r.take(6)  # check values: nothing to compare them with
        if r.take(32) != firmware:
            raise Refused("the receipt's firmware is not the certificate's")
        if self.method == AGREED:
            on_curve(r.take(33), "the receipt's ephemeral key")
        r.verify(identity, low=False)

    def check(self, ticket, certificate, receipt):
        """All three of a card: number, identity, and the leaf."""
        n, card = self.check_ticket(ticket)
        identity, firmware = self.check_certificate(certificate)
        self.check_receipt(receipt, ticket, n, card, identity, firmware)
        return n, identity, ticket + certificate + receipt


def check_batch_entry(data, planned, key, others):
    """The members that a method adds to `batch`. `others`: agree keys of batches before."""
    same(data["method"], planned["method"], "method")
    same(data["slot"], planned.get("slot", 1), "slot")
    same(data["expires"], planned["expires"], "expires")
    members(data["tickets"], "tickets", ("count", "root"))
    same(data["tickets"]["count"], planned["count"], "tickets.count")
    drawn(data["tickets"]["root"], "tickets.root", 32)
    if planned["method"] == "agreed" and (data["agree_key"] == key or data["agree_key"] in others):
        raise Refused("agree_key is the ceremony's, or another batch's")


def check_loaded_entry(data, planned, first):
    """`loaded`; the ticket numbers that have no receipt."""
    members(data, "data", ("count", "id", "missing", "root"))
    same(data["id"], planned["id"], "id")
    missing = data["missing"]
    if not isinstance(missing, list) or len(missing) > 10000:
        raise Refused("missing is not a list of at most 10000")
    before = first - 1
    for n in missing:
        before = number(n, "a number of missing", before + 1, first + planned["count"] - 1)
    number(data["count"], "count")
    same(data["count"] + len(missing), planned["count"], "count and missing together")
    drawn(data["root"], "root", 32)
    if data["count"] == 0:
        same(data["root"], NONE.hex(), "root of no receipts")
    return missing


def read_lines(files):
    """Every line of the files: (file, line, members with the statements as bytes)."""
    for f, data in enumerate(files):
        lines = data.split(b"\n")
        if lines.pop() != b"":
            raise Refused("the last line of receipts has no newline", len(lines) + 1)
        for at, line in enumerate(lines, 1):
            try:
                told = members(parse_canonical(line), "the line", ("certificate", "iccid", "number", "receipt", "ticket"))
                for name in ("certificate", "receipt", "ticket"):
                    told[name] = unbase64(told[name], name)
                if len(told["ticket"]) not in (136, 169):
                    raise Refused("the ticket is none: it has not the length or the label")
            except Refused as e:
                raise Refused(f"receipts {f + 1}: {e.reason}", at) from None
            yield f + 1, at, told


def check_receipts(files, batches, loaded):
    """Receipts in hand against the batches (Batch) and loaded entries (by id) of a sound transcript; the ids not checked."""
    by_scope, found, identities = {b.scope: b for b in batches}, {}, set()
    for f, at, told in read_lines(files):
        try:
            batch = by_scope.get(told["ticket"][16:48])
            if batch is None:
                raise Refused("the ticket is of no batch of this ceremony: an extra card")
            n, identity, leaf = batch.check(told["ticket"], told["certificate"], told["receipt"])
            same(told["number"], n, "number")
            same(told["iccid"], iccid(batch.planned["first_iccid"], n - batch.first), "iccid")
            mine = found.setdefault(batch.id, {})
            if n in mine:
                raise Refused(f"ticket {n} has two receipts")
            if identity in identities:
                raise Refused("one card has two receipts")
            if n in loaded[batch.id]["missing"]:
                raise Refused(f"ticket {n} was missing, and has a receipt: an extra card")
            identities.add(identity)
            mine[n] = (told["ticket"], leaf)
        except Refused as e:
            raise Refused(f"receipts {f}: {e.reason}", at) from None
    for batch in batches:
        if batch.id not in found:
            continue
        mine, entry = found[batch.id], loaded[batch.id]
        wanted = [n for n in range(batch.first, batch.first + batch.count) if n not in set(entry["missing"])]
        for n in wanted:
            if n not in mine:
                raise Refused(f"batch {batch.id}: ticket {n} has no receipt: a missing card")
        same(merkle.root([mine[n][1] for n in wanted]).hex(), entry["root"], f"batch {batch.id}: root of the receipts")
        if not entry["missing"]:
            same(merkle.root([mine[n][0] for n in wanted]).hex(), batch.entry["tickets"]["root"],
                 f"batch {batch.id}: root of the tickets")
    return [b.id for b in batches if b.id not in found]
