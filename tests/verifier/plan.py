"""What makes a ceremony's plan sound: simrite-ceremony-plan(5)."""
import re
import urllib.parse

from form import Refused, array, hexadecimal, luhn, members, number, same, text, time, visible
from p256 import spki

# White space that is not the one blank between words.
OTHER_BLANKS = set("\u00a0\u1680\u202f\u205f\u3000") | {chr(c) for c in range(0x2000, 0x200B)}


def seen(value, where, most=128):
    """A text of a plan: 1 to 128 bytes, no blank around it."""
    text(value, where, most)
    if value != value.strip(" "):
        raise Refused(f"{where} begins or ends with a blank")
    return value


def person(value, where):
    seen(value, where)
    if "  " in value or any(c in OTHER_BLANKS for c in value):
        raise Refused(f"{where} has other white space than single blanks")
    return value


def identifier(value, where, mode):
    if not isinstance(value, str) or not re.fullmatch(r"[a-z0-9.-]{1,32}", value):
        raise Refused(f"{where} is not 1 to 32 characters of a-z, 0-9, - and .")
    if value.startswith("rehearsal-") != (mode == "rehearsal"):
        raise Refused(f"{where} {value!r} is not one of a {mode}")
    if mode == "production" and value.startswith("rehearsal"):
        raise Refused(f"{where} {value!r} looks like a rehearsal's")
    return value


def lower(value):
    """A to Z and a to z are one; no other letters are."""
    return "".join(chr(ord(c) + 32) if "A" <= c <= "Z" else c for c in value)


class Once:
    """Values of one kind that may occur once in a plan."""

    def __init__(self, what):
        self.what, self.known = what, set()

    def add(self, value, where):
        if value in self.known:
            raise Refused(f"{where}: the {self.what} {value!r} occurs twice")
        self.known.add(value)


class Plan:
    """A sound plan: .custodians, .batches, .parties and so on, as in the JSON, checked."""

    MUST = ("schema", "id", "mode", "title", "operator", "threshold", "custodians", "batches")
    MAY = ("hsm", "jurisdictions", "administrator", "witnesses", "factories", "devices", "software",
           "destruction", "known_objects", "previous")

    def __init__(self, value):
        members(value, "the plan", self.MUST, self.MAY)
        same(value["schema"], 1, "plan.schema")
        if value["mode"] not in ("rehearsal", "production"):
            raise Refused("plan.mode is neither rehearsal nor production")
        self.value, self.mode = value, value["mode"]
        self.id = identifier(value["id"], "plan.id", self.mode)
        seen(value["title"], "plan.title")
        seen(value["operator"], "plan.operator")
        self.hsm = Token(seen(value.get("hsm", "softhsm"), "plan.hsm"))
        self.previous = hexadecimal(value["previous"], "plan.previous", 32) if "previous" in value else "0" * 64
        self.names, self.keys = Once("name"), Once("key")
        self.serials, self.bags = Once("serial number"), Once("bag")
        self._people(value)
        self._quorums(value)
        self._things(value)
        self._batches(value)
        self._objects(value)

    def _named(self, value, where):
        self.names.add(lower(person(value["name"], f"{where}.name")), where)
        if "key" in value:
            self.keys.add(spki(value["key"], f"{where}.key"), where)

    def _tagged(self, value, where):
        if "serial" in value:
            self.serials.add(seen(value["serial"], f"{where}.serial"), where)
        for bag in ("bag", "new_bag"):
            if bag in value:
                self.bags.add(seen(value[bag], f"{where}.{bag}"), where)

    def _people(self, value):
        self.custodians = array(value["custodians"], "plan.custodians", 2, 16)
        for i, c in enumerate(self.custodians):
            where = f"plan.custodians[{i}]"
            members(c, where, ("name", "role", "jurisdiction"), ("key", "serial", "bag", "share"))
            self._named(c, where)
            seen(c["role"], f"{where}.role")
            seen(c["jurisdiction"], f"{where}.jurisdiction")
            self._tagged(c, where)
            if c.get("share", "file") not in ("file", "card", "paper"):
                raise Refused(f"{where}.share is not file, card or paper")
            if c.get("share") == "card" and "key" not in c:
                raise Refused(f"{where} keeps the share on a card, but has no key")
        if "administrator" in value:
            self._named(members(value["administrator"], "plan.administrator", ("name",), ("key",)), "plan.administrator")
        self.witnesses = array(value.get("witnesses", []), "plan.witnesses", 0, 8)
        for i, w in enumerate(self.witnesses):
            where = f"plan.witnesses[{i}]"
            self._named(members(w, where, ("name", "role", "key")), where)
            seen(w["role"], f"{where}.role")
        self.factories = array(value.get("factories", []), "plan.factories", 0, 8)
        for i, f in enumerate(self.factories):
            self._named(members(f, f"plan.factories[{i}]", ("name", "key")), f"plan.factories[{i}]")
        people = ([("administrator", value["administrator"])] if "administrator" in value else []) + \
            [("custodian", c) for c in self.custodians] + [("witness", w) for w in self.witnesses]
        self.people = {p["name"] for _, p in people}  # who may tell an exception
        self.parties = [(role, p["name"], p["key"]) for role, p in people if "key" in p]  # who signs, in order

    def _quorums(self, value):
        self.total = len(self.custodians)
        self.threshold = number(value["threshold"], "plan.threshold", 2, self.total)
        wanted = number(value.get("jurisdictions", 1), "plan.jurisdictions", 1, 16)
        crowds = {}
        for c in self.custodians:
            crowds[lower(c["jurisdiction"])] = crowds.get(lower(c["jurisdiction"]), 0) + 1
        left, fewest = self.threshold, 0  # the quorum of the fewest jurisdictions takes the largest first
        for crowd in sorted(crowds.values(), reverse=True):
            if left > 0:
                left, fewest = left - crowd, fewest + 1
        if fewest < wanted:
            raise Refused(f"a quorum of {fewest} jurisdictions is possible, the plan asks for {wanted}")

    def _things(self, value):
        self.devices = array(value.get("devices", []), "plan.devices", 0, 32)
        for i, d in enumerate(self.devices):
            where = f"plan.devices[{i}]"
            members(d, where, ("name", "kind"), ("serial", "bag", "new_bag"))
            seen(d["name"], f"{where}.name")
            if d["kind"] not in ("machine", "hsm", "reader", "printer", "media", "card", "other"):
                raise Refused(f"{where}.kind is none that there is")
            self._tagged(d, where)
        self.software = set()
        for i, s in enumerate(array(value.get("software", []), "plan.software", 0, 16)):
            where = f"plan.software[{i}]"
            members(s, where, ("name", "sha256"))
            seen(s["name"], f"{where}.name")
            self.software.add(hexadecimal(s["sha256"], f"{where}.sha256", 32))
        self.destruction = array(value.get("destruction", []), "plan.destruction", 0, 16)
        for i, what in enumerate(self.destruction):
            seen(what, f"plan.destruction[{i}]")

    def _batches(self, value):
        self.batches = array(value["batches"], "plan.batches", 1, 64)
        ids, ranges, self.expires = Once("batch"), [], {}
        for i, b in enumerate(self.batches):
            where = f"plan.batches[{i}]"
            members(b, where, ("id", "count"), ("first_iccid", "method", "slot", "expires"))
            ids.add(identifier(b["id"], f"{where}.id", self.mode), where)
            number(b["count"], f"{where}.count", 1, 1000000)
            if "first_iccid" in b:
                self._iccid(b, where)
            if "method" not in b:
                if "slot" in b or "expires" in b:
                    raise Refused(f"{where} has a slot or expires, but no method")
                continue
            if b["method"] not in ("injected", "derived", "agreed"):
                raise Refused(f"{where}.method is none that there is")
            if "first_iccid" not in b or "expires" not in b or not self.factories:
                raise Refused(f"{where} has a method and needs first_iccid, expires and a factory")
            self.expires[b["id"]] = time(b["expires"], f"{where}.expires")
            if self.expires[b["id"]] >= 4291747200:  # 2106-01-01
                raise Refused(f"{where}.expires is not before 2106")
            number(b.get("slot", 1), f"{where}.slot", 1, 255)
            first = int(b["first_iccid"][:-1])
            if str(first + b["count"] - 1).zfill(len(b["first_iccid"]) - 1)[:7] != b["first_iccid"][:7]:
                raise Refused(f"{where}: its ICCIDs do not have the same issuer")
            mine = (len(b["first_iccid"]), first, first + b["count"])
            if any(r[0] == mine[0] and r[1] < mine[2] and mine[1] < r[2] for r in ranges):
                raise Refused(f"{where} shares an ICCID with another batch")
            ranges.append(mine)

    @staticmethod
    def _iccid(b, where):
        first = b["first_iccid"]
        if not isinstance(first, str) or not re.fullmatch(r"[0-9]{18,20}", first) or not luhn(first):
            raise Refused(f"{where}.first_iccid is not an ICCID")
        if int(first[:-1]) + b["count"] > 10 ** (len(first) - 1):
            raise Refused(f"{where}.first_iccid leaves no room for {b['count']} cards")

    def _objects(self, value):
        ours = {f"simrite ceremony {self.id}", f"simrite master {self.id}"} | \
            {f"simrite batch {b['id']}" for b in self.batches} | \
            {f"simrite agree {b['id']}" for b in self.batches if b.get("method") == "agreed"}
        self.known_objects = array(value.get("known_objects", []), "plan.known_objects", 0, 64)
        for label in self.known_objects:
            text(label, "a label of plan.known_objects", 63)
            if label in ours:
                raise Refused(f"plan.known_objects has {label!r}, which this ceremony makes")


class Token:
    """The plan's hsm: "softhsm", "softhsm:FOLDER" or an RFC 7512 URI without a PIN."""

    PATH = ("token", "manufacturer", "serial", "model", "library-manufacturer", "library-version",
            "library-description", "object", "type", "id", "slot-manufacturer", "slot-description", "slot-id")
    QUERY = ("pin-source", "module-name", "module-path")

    def __init__(self, value):
        self.own = value == "softhsm"
        self.soft = value == "softhsm" or value.startswith("softhsm:")
        self.wanted = {}
        if value == "softhsm:":
            raise Refused("plan.hsm names no folder")
        if self.soft:
            return
        if not value.startswith("pkcs11:"):
            raise Refused("plan.hsm is no HSM URI")
        path, _, query = value[len("pkcs11:"):].partition("?")
        found = self._attributes(path, ";", self.PATH)
        self._attributes(query, "&", self.QUERY)
        names = {"token": "label", "manufacturer": "manufacturer", "serial": "serial", "model": "model"}
        self.wanted = {names[k]: v for k, v in found.items() if k in names}

    @staticmethod
    def _attributes(part, between, known):
        found = {}
        for pair in part.split(between) if part else ():
            name, equals, value = pair.partition("=")
            if not equals or name not in known or name in found:
                raise Refused(f"plan.hsm: attribute {name!r} does not belong there")
            if re.search(r"%(?![0-9A-Fa-f]{2})", value):
                raise Refused(f"plan.hsm: attribute {name!r} is badly escaped")
            try:
                found[name] = urllib.parse.unquote(value, errors="strict")
            except UnicodeDecodeError:
                found[name] = None  # bytes, which no token of a transcript is called
            if found[name] is not None and not visible(found[name]):
                raise Refused(f"plan.hsm: attribute {name!r} cannot be seen")
        return found
