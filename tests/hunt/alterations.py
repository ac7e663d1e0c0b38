"""The alterations: what a liar would make of a real transcript.

Each is (name, bytes, options): what a verifier gets, and what it is told.
Who lies decides what can find it:

  raw      somebody without a key edits the file
  resigned somebody with a key of their own signs all of it; the verifiers know the true key
  rules    the ceremony key itself lies, and the parties with it: only the rules can refuse
  alone    the ceremony key lies, the parties do not
  pinned   as `rules`, where the lie breaks no rule: the fingerprint on paper finds it
"""
import base64
import copy

import forge
import people
from members import put, shown, steps_into, ways, within
from retold import Twin, raw_of

# Values that no rule can know: a lie about them is found by the fingerprint, by a party's signature, or by
# whoever holds the thing itself (a share, the token).
FREE = {
    "begin": {("at",), ("data", "hsm", "label"), ("data", "hsm", "library"), ("data", "hsm", "model"), ("data", "hsm", "serial"),
              ("data", "hsm", "manufacturer"), ("data", "software", "name"), ("data", "software", "sha256")},
    "inventory": set(), "batch": {("data", "check")},
    "present": set(), "signoff": set(), "destroyed": set(), "reveal": set(), "restore": set(),
    "attempt": set(), "commit": {("data", "commitment")}, "base": {("data", "nonce"), ("data", "check")},
    "master": {("data", "nonce")}, "share": {("data", "commitment")}, "keep": set(), "close": set(),
    "time": set(), "exception": {("data", "by"), ("data", "text")}, "resume": {("data", "cut")},
}


def is_free(twin, entry, path):
    """May this value be another, as far as the rules can tell?"""
    if entry["type"] == "master" and path == ("data", "check"):  # of an attempt that kept no master
        return not any(e["type"] == "keep" and e["data"]["set"] == entry["data"]["set"] for e in twin.entries)
    if path[:2] == ("data", "objects") and path[-1] in ("extractable", "sensitive"):
        return within(entry, path[:-1])["kind"] == "public"
    if path == ("data", "hsm", "label"):  # the token that a ceremony makes for itself is called by its mode
        return entry["data"]["plan"].get("hsm", "softhsm") != "softhsm"
    return path in FREE[entry["type"]] or path == ("at",)


def fields(twin):
    """Every field of every type of entry."""
    for kind, i in twin.first.items():
        entry = forge.entries_of(twin.data)[i]
        for path in steps_into(entry):
            for what, alter in ways(path, within(entry, path)):
                name = f"{twin.held.name}: {kind}.{shown(path)} {what}"
                lists = {k for k in path if not isinstance(k, int)}
                free = what == "changed" and is_free(twin, entry, path) or \
                    what == "given an element" and lists & {"software", "devices"}
                how = "pinned" if free else "rules"
                if path == ("signature",):
                    sealed = twin.sealed(twin.entries, at=i, alter_signed=lambda e, _, alter=alter: alter(e))
                elif path[:2] == ("data", "key") and i == 0:
                    sealed = twin.sealed(twin.entries, at=0, alter=alter)
                else:
                    sealed = twin.sealed(twin.entries, at=i, alter=alter, digest_too=False)
                yield f"{name} ({how})", sealed, twin.options(how)
                if what == "changed":
                    yield f"{name} (raw)", raw_of(twin.held, i, alter), {"key": twin.held.key}
        extra = twin.sealed(twin.entries, at=i, alter=lambda e: put(e, ("zz",), 1))
        yield f"{twin.held.name}: {kind} given a member (rules)", extra, twin.options("rules")


def order(twin):
    """Entries dropped, doubled, moved, and put in from elsewhere."""
    total = len(twin.entries)
    for i in range(1 if total > 1 else 0, total):
        kind = twin.kind(i)
        how = "pinned" if kind in ("exception", "resume") else "rules"
        beside = how if i + 1 == total or twin.kind(i + 1) not in ("exception", "resume") else "pinned"
        # an attempt that was abandoned may have come less far
        short = i + 1 < total and kind != "attempt" and twin.kind(i + 1) == "resume-abandoned"
        moves = {"dropped": ("pinned" if short else how, twin.entries[:i] + twin.entries[i + 1:]),
                 "doubled": (how, twin.entries[:i + 1] + twin.entries[i:])}
        if i + 1 < total:
            moves["swapped with the next"] = beside, twin.entries[:i] + [twin.entries[i + 1], twin.entries[i]] + twin.entries[i + 2:]
        if i + 2 < total:
            moves["moved before the end"] = how, twin.entries[:i] + twin.entries[i + 1:-1] + [twin.entries[i], twin.entries[-1]]
        if 1 < i < total - 1:
            moves["put in at the front"] = how, twin.entries[:1] + [twin.entries[i]] + twin.entries[1:]
        for what, (mode, entries) in moves.items():
            if what == "swapped with the next" and kind == twin.kind(i + 1) in ("exception", "resume"):
                continue
            # a time that runs backwards must not be what refuses it
            now = twin.entries[-1]["at"]
            entries = [dict(e, at=now) for e in entries]
            yield f"{twin.held.name}: line {i + 1} ({kind}) {what} ({mode})", twin.sealed(entries), twin.options(mode)
            if what in ("dropped", "doubled"):
                lines = [forge.canonical(e) + b"\n" for e in entries]
                yield f"{twin.held.name}: line {i + 1} ({kind}) {what} (raw)", b"".join(lines), {"key": twin.held.key}
        if i < total - 1:
            yield (f"{twin.held.name}: ends after line {i + 1} ({kind}) (rules)", twin.sealed(twin.entries[:i + 1]),
                   twin.options("rules"))
        lines = twin.held.transcript.splitlines(keepends=True)
        yield f"{twin.held.name}: cut in line {i + 1} (raw)", b"".join(lines[:i]) + lines[i][:-7], {"key": twin.held.key}
    reverse = twin.entries[:1] + twin.entries[-2:0:-1] + twin.entries[-1:]
    yield f"{twin.held.name}: all but the ends reversed (rules)", twin.sealed(reverse), twin.options("rules")


def strangers(twin, stranger):
    """Other signers than the one who should."""
    held = twin.held
    yield f"{held.name}: all signed again by another key (resigned)", forge.seal(held.entries, stranger, held.parties), \
        {"key": held.key}
    yield f"{held.name}: all signed again, the fingerprint known (resigned)", forge.seal(held.entries, stranger, held.parties), \
        {"fingerprint": held.fingerprint}
    for kind, i in twin.first.items():
        def by(key):
            return lambda e, body: e.update(signature=key.sign(body))
        yield f"{held.name}: {kind} signed by a stranger (rules)", twin.sealed(twin.entries, at=i, alter_signed=by(stranger)), \
            twin.options("rules")
        for who, key in list(held.parties.items())[:1]:
            yield f"{held.name}: {kind} signed by {who} (rules)", twin.sealed(twin.entries, at=i, alter_signed=by(key)), \
                twin.options("rules")
        def high(e, body):
            e["signature"] = base64.b64encode(twin.key.der_signature(body, high=True)).decode()
        yield f"{held.name}: {kind} signed with the larger s (rules)", twin.sealed(twin.entries, at=i, alter_signed=high), \
            twin.options("rules")


def der_forms(twin):
    """Other writings of a signature that is right."""
    def form(change):
        def alter(entry, body):
            entry["signature"] = change(twin.key.der_signature(body))
        return alter

    def wrap(der):
        return base64.b64encode(der).decode()

    def longer_r(der):
        length = der[3]
        return wrap(bytes([0x30, der[1] + 1, 2, length + 1, 0]) + der[4:])

    changes = {
        "with a byte behind": lambda d: wrap(d + b"\0"),
        "with a zero before r": longer_r,
        "with a length of two bytes": lambda d: wrap(bytes([0x30, 0x81]) + d[1:]),
        "as raw r and s": lambda d: wrap(bytes(64)),
        "without its end": lambda d: wrap(d[:-1]),
        "with r negative": lambda d: wrap(d[:4] + bytes([d[4] | 0x80]) + d[5:] if d[4] else d[:3] + bytes([d[3] - 1]) + d[5:]),
        "as a set": lambda d: wrap(b"\x31" + d[1:]),
        "with indefinite length": lambda d: wrap(b"\x30\x80" + d[2:] + b"\0\0"),
        "empty": lambda d: "",
        "r and s zero": lambda d: wrap(bytes.fromhex("3006020100020100")),
        "without padding": lambda d: wrap(d).rstrip("=") if wrap(d).endswith("=") else wrap(d) + "=",
        "in base64 for URLs": lambda d: wrap(d).replace("+", "-").replace("/", "_").replace("A", "_", 1),
        "with a newline": lambda d: wrap(d)[:20] + "\n" + wrap(d)[20:],
        "with a blank": lambda d: wrap(d)[:20] + " " + wrap(d)[20:],
        "in hex": lambda d: d.hex(),
    }
    for what, change in changes.items():
        for i in (0, 3, len(twin.entries) - 1):
            yield (f"{twin.held.name}: line {i + 1}: signature {what} (rules)",
                   twin.sealed(twin.entries, at=i, alter_signed=form(change)), twin.options("rules"))

    def loose(entry, _):  # bits left over in the last character before the padding
        text = entry["signature"]
        at = len(text.rstrip("=")) - 1
        entry["signature"] = text[:at] + chr(ord(text[at]) + 1) + text[at + 1:] if text.endswith("=") else text[:-1] + "!"
    yield (f"{twin.held.name}: line 4: signature with bits left over (rules)",
           twin.sealed(twin.entries, at=3, alter_signed=loose), twin.options("rules"))


def forms(twin):
    """Other writings of an entry that means the same, and writings that mean two things."""
    name = f'"custodian":{forge.canonical(twin.entries[twin.first["commit"]]["data"]["custodian"]).decode()}'.encode()
    once = b'"index":1'
    changes = {
        "a blank after a comma": lambda l: l.replace(b",", b", ", 1),
        "a blank at the end": lambda l: l + b" ",
        "a blank in front": lambda l: b" " + l,
        "a tab": lambda l: l.replace(b":", b":\t", 1),
        "a carriage return": lambda l: l + b"\r",
        "a byte order mark": lambda l: b"\xef\xbb\xbf" + l,
        "a zero byte": lambda l: l + b"\0",
        "members in another order": lambda l: b'{"type":"commit",' + l[1:].replace(b',"type":"commit"', b""),
        "a member twice": lambda l: l.replace(once, once + b"," + once),
        "a member twice, first another value": lambda l: l.replace(once, b'"index":2,' + once),
        "a member twice, then another value": lambda l: l.replace(once, once + b',"index":2'),
        "the whole data twice": lambda l: l.replace(b'{"at"', b'{"data":{},"at"'),
        "a letter escaped": lambda l: l.replace(b'"custodian":"C', b'"custodian":"\\u0043'),
        "a member's name escaped": lambda l: l.replace(b'"index"', b'"\\u0069ndex"'),
        "a number 1.0": lambda l: l.replace(once, b'"index":1.0'),
        "a number 1e0": lambda l: l.replace(once, b'"index":1e0'),
        "a number 10E-1": lambda l: l.replace(once, b'"index":10E-1'),
        "a number 01": lambda l: l.replace(once, b'"index":01'),
        "a number +1": lambda l: l.replace(once, b'"index":+1'),
        "a number in hex": lambda l: l.replace(once, b'"index":0x1'),
        "a number beyond 64 bits": lambda l: l.replace(once, b'"index":18446744073709551617'),
        "a number beyond 32 bits": lambda l: l.replace(once, b'"index":4294967297'),
        "true for a number": lambda l: l.replace(once, b'"index":true'),
        "null for a number": lambda l: l.replace(once, b'"index":null'),
        "a number negative": lambda l: l.replace(once, b'"index":-1'),
        "minus zero": lambda l: l.replace(b'"schema":1', b'"schema":-0'),
        "a fraction": lambda l: l.replace(once, b'"index":1.5'),
        "a comma too many": lambda l: l.replace(once, once + b","),
        "a comment": lambda l: l.replace(b"{", b"{/**/", 1),
        "single quotes": lambda l: l.replace(b'"index"', b"'index'"),
        "an empty line behind": lambda l: l + b"\n",
        "two entries on a line": lambda l: l + l,
        "half an object behind": lambda l: l + b"{",
        "bytes that are not UTF-8": lambda l: l.replace(name, b'"custodian":"\xff"'),
        "an overlong character": lambda l: l.replace(b'"custodian":"C', b'"custodian":"\xc1\x83'),
        "half a surrogate pair": lambda l: l.replace(name, b'"custodian":"\\ud83d"'),
        "half a surrogate pair in UTF-8": lambda l: l.replace(name, b'"custodian":"\xed\xa0\xbd"'),
        "a name that ends in U+0000": lambda l: l.replace(name, name[:-1] + b'\\u0000"'),
        "nesting without end": lambda l: l.replace(once, b'"index":' + b"[" * 5000 + b"]" * 5000),
        "a line of a million blanks": lambda l: l[:-1] + b" " * 1000000 + b"}",
    }
    i = twin.first["commit"]
    for what, change in changes.items():
        def alter(line, what=what, change=change):
            if change(line) == line:
                raise SystemExit(f"hunt: {what} changes nothing")
            return change(line)
        yield f"{twin.held.name}: {what} (rules)", twin.sealed(twin.entries, at=i, alter_line=alter), twin.options("rules")

    texts = {
        "a zero-width blank behind a name": "Custodian 1\u200b", "a name backwards": "\u202eCustodian 1",
        "a Cyrillic C": "\u0421ustodian 1", "a no-break blank": "Custodian\u00a01", "another case": "custodian 1",
        "a blank behind a name": "Custodian 1 ", "a soft hyphen": "Custo\u00addian 1", "a tag": "Custodian 1\U000e0031",
        "a variation selector": "Custodian 1\ufe0f", "a noncharacter": "Custodian 1\uffff", "a wide digit": "Custodian \uff11",
        "the next custodian's": "Custodian 2", "an empty name": "", "a control character": "Custodian 1\u0085",
        "a joiner": "Custodian\u200d 1", "a combining mark": "Custodian 1\u0301",
    }
    for what, wrong in texts.items():
        yield (f"{twin.held.name}: name: {what} (rules)",
               twin.sealed(twin.entries, at=i, alter=lambda e, wrong=wrong: put(e, ("data", "custodian"), wrong)), twin.options("rules"))
    for what, end in {"no newline at the end": twin.data[:-1], "a second newline at the end": twin.data + b"\n",
                      "an empty file": b"", "a newline only": b"\n", "lines end as in DOS": twin.data.replace(b"\n", b"\r\n"),
                      "a word behind": twin.data + b"x", "a line behind": twin.data + twin.data.splitlines()[-2] + b"\n",
                      "itself behind": twin.data + twin.data, "zero bytes behind": twin.data + bytes(10)}.items():
        yield f"{twin.held.name}: {what} (rules)", end, twin.options("rules")


def times(twin):
    """The clock moved, and times that are none."""
    middle = len(twin.entries) // 2
    first = twin.entries[0]["at"]
    moved = {
        "a second before the line before": (middle, lambda e: put(e, ("at",), "2000-01-01T00:00:00Z")),
        "a year on, the rest left": (middle, lambda e: put(e, ("at",), "2999-01-01T00:00:00Z")),
        "the first line after the second": (0, lambda e: put(e, ("at",), "2998-12-31T23:59:59Z")),
    }
    for what, (i, alter) in moved.items():
        yield f"{twin.held.name}: clock: {what} (rules)", twin.sealed(twin.entries, at=i, alter=alter), twin.options("rules")
    for wrong in ("2999-02-30T00:00:00Z", "2999-02-29T00:00:00Z", "2999-13-01T00:00:00Z", "2999-00-01T00:00:00Z",
                  "2999-01-00T00:00:00Z", "2999-04-31T00:00:00Z", "2999-12-31T23:59:60Z", "2999-01-01T24:00:00Z", "2999-01-01T00:60:00Z",
                  "2999-01-01T00:00:60Z", "2999-01-01 00:00:00Z", "2999-01-01T00:00:00z", "2999-01-01T00:00:00+00:00",
                  "2999-01-01T00:00:00.0Z", "2999-01-01T00:00:00", "2999-1-1T0:0:0Z", "2100-02-29T00:00:00Z", "", "12999-01-01T00:00:00Z",
                  "\uff12999-01-01T00:00:00Z", first[:-1] + "Z\n"):
        end = len(twin.entries) - 1
        yield (f"{twin.held.name}: time {wrong!a} (rules)",
               twin.sealed(twin.entries, at=end, alter=lambda e, wrong=wrong: put(e, ("at",), wrong)), twin.options("rules"))
    later = [dict(e, at=str(int(e["at"][:4]) + 1) + e["at"][4:]) for e in twin.entries]
    if "02-29" not in later[0]["at"]:
        yield f"{twin.held.name}: clock: all of it a year on (pinned)", twin.sealed(later), twin.options("pinned")


def values(twin):
    """Check values, commitments, quorums: what the rules say of them."""
    last = max(i for i, e in enumerate(twin.entries) if e["type"] == "attempt")
    find = dict(twin.first)
    for i in range(len(twin.entries) - 1, last, -1):
        find[twin.kind(i)] = i  # in the attempt that counted

    def of(kind, member):
        return twin.entries[find[kind]]["data"][member]
    zero = "0" * 32
    second_commit, second_share = find["commit"] + 1, find["share"] + 1
    last_base = max(i for i, e in enumerate(twin.entries) if e["type"] == "base")
    base = twin.entries[last_base]["data"]
    master_at = max(i for i, e in enumerate(twin.entries) if e["type"] == "master")
    master = twin.entries[master_at]["data"]

    def both(value):  # master and keep agree on a value
        made = copy.deepcopy(twin.entries)
        for e in made:
            if e["type"] in ("master", "keep") and e["data"]["set"] == master["set"]:
                e["data"]["check"] = value
        return made
    yield f"{twin.held.name}: master's check zero, and keep's (rules)", twin.sealed(both(zero)), twin.options("rules")
    yield f"{twin.held.name}: master's check the base's, and keep's (rules)", twin.sealed(both(base["check"])), twin.options("rules")
    yield f"{twin.held.name}: master's check the base's nonce (pinned)", twin.sealed(both("ab" * 16)), twin.options("pinned")
    singles = {
        "a contribution's commitment zero": (find["commit"], "commitment", "0" * 64),
        "a share's commitment zero": (find["share"], "commitment", "0" * 64),
        "a nonce zero": (last_base, "nonce", zero),
        "base's check zero": (last_base, "check", zero),
        "master's nonce the base's": (master_at, "nonce", base["nonce"]),
        "keep's check another": (find["keep"], "check", base["check"]),
        "a batch's check zero": (find["batch"], "check", zero),
        "a batch's check the master's": (find["batch"], "check", master["check"]),
        "a batch's check the base's": (find["batch"], "check", base["check"]),
        "two contributions equal": (second_commit, "commitment", of("commit", "commitment")),
        "two shares equal": (second_share, "commitment", of("share", "commitment")),
        "a share that is a contribution": (find["share"], "commitment", of("commit", "commitment")),
        "a check value in capitals": (find["batch"], "check", of("batch", "check")[:-2] + "AB"),
        "a check value too short": (find["batch"], "check", of("batch", "check")[:-2]),
        "a check value too long": (find["batch"], "check", of("batch", "check") + "00"),
        "a check value with a blank": (find["batch"], "check", of("batch", "check")[:-1] + " "),
        "a commitment of 31 bytes": (find["share"], "commitment", of("share", "commitment")[2:]),
        "quorums too few": (find["restore"], "quorums", of("restore", "quorums") - 1),
        "quorums too many": (find["restore"], "quorums", of("restore", "quorums") + 1),
        "a quorum of one": (find["restore"], "threshold", 1),
        "a custodian fewer": (find["restore"], "total", of("restore", "total") - 1),
        "another count of cards": (find["batch"], "count", of("batch", "count") + 1),
        "another batch": (find["batch"], "id", of("batch", "id") + "x"),
        "another label": (find["batch"], "label", "simrite batch"),
        "the master under another label": (find["keep"], "label", of("keep", "label") + "2"),
        "an attempt with the next one's number": (last, "number", twin.entries[last]["data"]["number"] + 1),
        "attempt 0": (last, "number", 0),
        "a set of another length": (last, "set", "00"),
        "a custodian out of turn": (find["commit"], "index", 2),
        "a root of another tree": (len(twin.entries) - 1, "root", "ab" * 32),
        "a root in capitals": (len(twin.entries) - 1, "root", "AB" * 32),
        "count one more": (len(twin.entries) - 1, "count", len(twin.entries)),
    }
    batches = [i for i, e in enumerate(twin.entries) if e["type"] == "batch"]
    if len(batches) > 1:
        singles["two batches of one key"] = (batches[1], "check", of("batch", "check"))
    for what, (i, member, value) in singles.items():
        yield (f"{twin.held.name}: {what} (rules)",
               twin.sealed(twin.entries, at=i, alter=lambda e, m=member, v=value: put(e, ("data", m), v)), twin.options("rules"))
    if twin.held.name == "interrupted":
        sets = [e["data"]["set"] for e in twin.entries if e["type"] == "attempt"]
        resumed = max(i for i, e in enumerate(twin.entries) if e["type"] == "resume")
        again = [copy.deepcopy(e) for e in twin.entries]
        for e in again[last:]:
            if "set" in e["data"]:
                e["data"]["set"] = sets[0]
        yield f"{twin.held.name}: a set used again (rules)", twin.sealed(again), twin.options("rules")
        for what, value in {"another set abandoned": sets[0], "nothing abandoned": "none", "an unknown set abandoned": "ab" * 8}.items():
            yield (f"{twin.held.name}: {what} (rules)", twin.sealed(twin.entries, at=resumed, alter=lambda e, v=value:
                                                                    put(e, ("data", "abandoned"), v)), twin.options("rules"))
        yield (f"{twin.held.name}: more cut than can be (rules)",
               twin.sealed(twin.entries, at=resumed, alter=lambda e: put(e, ("data", "cut"), 131073)), twin.options("rules"))
        # shares of the abandoned attempt passed off as the final one's
        stale = [e for e in twin.entries if e["type"] == "share" and e["data"]["set"] != master["set"]]
        if stale:
            at = max(i for i, e in enumerate(twin.entries) if e["type"] == "share") - len(twin.entries[0]["data"]["plan"]["custodians"]) + 1
            yield (f"{twin.held.name}: a share of an abandoned attempt (rules)",
                   twin.sealed(twin.entries, at=at, alter=lambda e: e["data"].update(stale[0]["data"])), twin.options("rules"))
        without_keep = [e for i, e in enumerate(twin.entries) if i < last]
        yield (f"{twin.held.name}: an abandoned attempt passed off as the last (rules)",
               twin.sealed(without_keep + [e for e in twin.entries[find["keep"]:]]), twin.options("rules"))


def tokens(twin):
    """What the token is, and holds."""
    before, after = twin.first["inventory-before"], twin.first["inventory-after"]
    stranger = {"extractable": 0, "id": "00", "kind": "secret", "label": "a stranger's key", "sensitive": 1}
    pair = next(o for o in twin.entries[before]["data"]["objects"] if o["kind"] == "private")
    ours = [o["label"] for o in twin.entries[after]["data"]["objects"] if o["kind"] == "secret" and o["id"] == pair["id"]]

    def objects(i, change):
        def alter(entry):
            change(entry["data"]["objects"])
        return twin.sealed(twin.entries, at=i, alter=alter)

    def by_label(label, of_kind, **new):
        return lambda os: next(o for o in os if o["label"] == label and o["kind"] == of_kind).update(new)
    changes = {
        "an unknown object before": (before, lambda os: os.append(stranger)),
        "an unknown object after": (after, lambda os: os.append(stranger)),
        "a stranger with the ceremony's CKA_ID": (after, lambda os: os.append(dict(stranger, id=pair["id"]))),
        "no private key before": (before, lambda os: os.remove(pair)),
        "nothing before": (before, lambda os: os.clear()),
        "nothing after": (after, lambda os: os.clear()),
        "the master there before": (before, lambda os: os.append(dict(stranger, label=ours[0], id=pair["id"]))),
        "the private key may leave": (before, by_label(pair["label"], "private", extractable=1)),
        "the private key is not secret": (before, by_label(pair["label"], "private", sensitive=0)),
        "the master may leave": (after, by_label(ours[0], "secret", extractable=1)),
        "the master is not secret": (after, by_label(ours[0], "secret", sensitive=0)),
        "a batch key may leave": (after, by_label(ours[1], "secret", extractable=1)),
        "a batch key is not secret": (after, by_label(ours[1], "secret", sensitive=0)),
        "the master twice": (after, lambda os: os.append(copy.deepcopy(next(o for o in os if o["label"] == ours[0])))),
        "the master with another CKA_ID": (after, by_label(ours[0], "secret", id="ab" * 16)),
        "the master is a public object": (after, by_label(ours[0], "secret", kind="public")),
        "the master gone": (after, lambda os: os.remove(next(o for o in os if o["label"] == ours[0]))),
        "a batch key gone": (after, lambda os: os.remove(next(o for o in os if o["label"] == ours[1]))),
        "the base key still there": (after, lambda os: os.append(dict(stranger, label=ours[0].replace("master", "base"), id=pair["id"]))),
        "sensitive is 2": (after, by_label(ours[0], "secret", sensitive=2)),
        "an id of half a byte": (after, by_label(ours[0], "secret", id=pair["id"][:-1])),
        "an object of two labels": (after, lambda os: os[0].update(label2="x")),
        "before called after": (before, None), "after called before": (after, None),
    }
    for what, (i, change) in changes.items():
        if change is None:
            made = twin.sealed(twin.entries, at=i, alter=lambda e: put(e, ("data", "when"), "after" if e["data"]["when"] == "before" else "before"))
        else:
            made = objects(i, change)
        yield f"{twin.held.name}: token: {what} (rules)", made, twin.options("rules")
    if twin.entries[0]["data"]["plan"].get("known_objects"):
        known = twin.entries[0]["data"]["plan"]["known_objects"]
        yield (f"{twin.held.name}: token: what was known is gone afterwards (rules)",
               objects(after, lambda os: os.remove(next(o for o in os if o["label"] == known[0]))), twin.options("rules"))
        yield (f"{twin.held.name}: token: what was known is there twice afterwards (rules)",
               objects(after, lambda os: os.append(copy.deepcopy(next(o for o in os if o["label"] == known[0])))), twin.options("rules"))
        yield (f"{twin.held.name}: token: what was known can be taken out afterwards (rules)",
               objects(after, lambda os: next(o for o in os if o["label"] == known[0]).update(extractable=1)), twin.options("rules"))
        yield (f"{twin.held.name}: token: what was known has the ceremony's CKA_ID (rules)",
               objects(before, lambda os: next(o for o in os if o["label"] == known[0]).update(id=pair["id"])), twin.options("rules"))

    def begin(**members):
        return twin.sealed(twin.entries, at=0, alter=lambda e: e["data"]["hsm"].update(members))
    hardware = "as its maker states; simrite checked no attestation"
    tellings = {
        "SoftHSM said to be hardware": dict(assurance=hardware),
        "another maker, SoftHSM's assurance": dict(manufacturer="Safe Inc."),
        "praise for assurance": dict(assurance="FIPS 140-3 level 4"),
        "hardware where the plan has SoftHSM": dict(manufacturer="Safe Inc.", assurance=hardware),
    }
    hsm = twin.entries[0]["data"]["plan"].get("hsm", "softhsm")
    if hsm.startswith("pkcs11:"):
        tellings.pop("hardware where the plan has SoftHSM")
        tellings["another label than the plan's"] = dict(label="another")
        tellings["another serial than the plan's"] = dict(serial="00")
    for what, told in tellings.items():
        yield f"{twin.held.name}: token: {what} (rules)", begin(**told), twin.options("rules")
    other = "production" if twin.entries[0]["data"]["plan"]["mode"] == "rehearsal" else "rehearsal"
    for what, label in ("another label", "another"), ("the other mode's label", f"simrite {other}"):
        how = "rules" if hsm == "softhsm" or label != "another" else "pinned"
        yield f"{twin.held.name}: token: {what} ({how})", begin(label=label), twin.options(how)


def replanned(twin, change, also=None):
    made = copy.deepcopy(twin.entries)
    change(made[0]["data"]["plan"])
    if also:
        also(made)
    return twin.sealed(made)


def renamed(twin, old, new, mode):
    """The whole ceremony under another name: every id, label and CKA_ID fits."""
    text = "\n".join(forge.canonical(e).decode() for e in twin.entries).replace(f'"mode":"{twin.held.entries[0]["data"]["plan"]["mode"]}"', f'"mode":"{mode}"')
    old_id, new_id = (forge.digest("\n".join(("simrite objects v1", m, i)).encode())[:32] for m, i in old_new_ids(twin, old, new, mode))
    text = text.replace(old_id, new_id)
    text = text.replace(old, new)
    return twin.sealed([forge.json.loads(line) for line in text.splitlines()])


def old_new_ids(twin, old, new, mode):
    plan = twin.held.entries[0]["data"]["plan"]
    return (plan["mode"], plan["id"]), (mode, plan["id"].replace(old, new))


def plans(twin):
    """Plans that are not sound, in a transcript that fits them; and sound ones that are not the one reviewed."""
    key = twin.key.base64
    bad = {
        "no id": lambda p: p.pop("id"), "an unknown member": lambda p: p.update(colour="blue"),
        "schema 2": lambda p: p.update(schema=2), "a quorum of one": lambda p: p.update(threshold=1),
        "more than all": lambda p: p.update(threshold=len(p["custodians"]) + 1),
        "a custodian added": lambda p: p["custodians"].append({"name": "Eve", "role": "r", "jurisdiction": "NL"}),
        "a custodian twice": lambda p: p["custodians"][1].update(name=p["custodians"][0]["name"]),
        "a custodian twice but for case": lambda p: p["custodians"][1].update(name=p["custodians"][0]["name"].upper()),
        "one custodian": lambda p: p.update(custodians=p["custodians"][:1]),
        "a custodian of two blanks": lambda p: p["custodians"][0].update(name="Custodian  1"),
        "a custodian without a role": lambda p: p["custodians"][0].pop("role"),
        "a share in a pocket": lambda p: p["custodians"][0].update(share="pocket"),
        "a share on a card without a key": lambda p: p["custodians"][0].update(share="card"),
        "more jurisdictions than quorums have": lambda p: p.update(jurisdictions=min(16, p["threshold"] + 1)),
        "jurisdictions 0": lambda p: p.update(jurisdictions=0),
        "jurisdictions 17": lambda p: p.update(jurisdictions=17),
        "an empty title": lambda p: p.update(title=""), "a title of 129 bytes": lambda p: p.update(title="x" * 129),
        "a title with a blank behind": lambda p: p.update(title="x "), "a title that hides": lambda p: p.update(title="x\u200b"),
        "no batches": lambda p: p.update(batches=[]), "a batch twice": lambda p: p["batches"].append(copy.deepcopy(p["batches"][0])),
        "a batch of 0 cards": lambda p: p["batches"][0].update(count=0),
        "a batch of 1000001 cards": lambda p: p["batches"][0].update(count=1000001),
        "an ICCID with a wrong check digit": lambda p: p["batches"][0].update(first_iccid="8988211000000000012"),
        "an ICCID of 17 digits": lambda p: p["batches"][0].update(first_iccid="89882110000000000"),
        "an ICCID of 21 digits": lambda p: p["batches"][0].update(first_iccid="898821100000000001100"),
        "a method without factories": lambda p: p["batches"][0].update(method="derived", expires="2030-01-01T00:00:00Z",
                                                                       first_iccid="8988211000000000011"),
        "a method that is none": lambda p: p["batches"][0].update(method="guessed"),
        "a slot without a method": lambda p: p["batches"][0].update(slot=1),
        "an HSM with a PIN": lambda p: p.update(hsm="pkcs11:token=x?pin-value=1234"),
        "an HSM that is no URI": lambda p: p.update(hsm="yes"), "an HSM in no folder": lambda p: p.update(hsm="softhsm:"),
        "another HSM": lambda p: p.update(hsm="pkcs11:token=another"),
        "an HSM badly escaped": lambda p: p.update(hsm="pkcs11:token=%zz"),
        "an HSM of an unknown attribute": lambda p: p.update(hsm="pkcs11:token=x;colour=blue"),
        "an HSM named twice": lambda p: p.update(hsm="pkcs11:token=x;token=x"),
        "a known object of ours": lambda p: p.update(known_objects=[f"simrite master {p['id']}"]),
        "the ceremony's pair known before": lambda p: p.update(known_objects=[f"simrite ceremony {p['id']}"]),
        "a batch key known before": lambda p: p.update(known_objects=[f"simrite batch {p['batches'][0]['id']}"]),
        "a known object of 64 bytes": lambda p: p.update(known_objects=["x" * 64]),
        "a previous that is none": lambda p: p.update(previous="abc"),
        "a previous that was another": lambda p: p.update(previous="ab" * 32),
        "nine witnesses": lambda p: p.update(witnesses=[{"name": f"W{i}", "role": "r", "key": key} for i in range(9)]),
        "a witness without a key": lambda p: p.update(witnesses=[{"name": "W", "role": "r"}]),
        "a witness with a key off the curve": lambda p: p.update(witnesses=[{"name": "W", "role": "r", "key": key[:-6] + "AAAA=="}]),
        "two witnesses with one key": lambda p: p.update(witnesses=[{"name": f"W{i}", "role": "r", "key": key} for i in range(2)]),
        "an administrator of a custodian's name": lambda p: p.update(administrator={"name": p["custodians"][0]["name"]}),
        "33 devices": lambda p: p.update(devices=[{"name": f"d{i}", "kind": "other"} for i in range(33)]),
        "a device that is none": lambda p: p.update(devices=[{"name": "x", "kind": "ghost"}]),
        "a serial twice": lambda p: p.update(devices=[{"name": n, "kind": "other", "serial": "1"} for n in "ab"]),
        "a bag twice": lambda p: p.update(devices=[{"name": "a", "kind": "other", "bag": "1", "new_bag": "1"}]),
        "another HSM's serial": lambda p: p.update(devices=[{"name": "a", "kind": "hsm", "serial": "not this one"}]),
        "another program's hash": lambda p: p.update(software=[{"name": "a", "sha256": "ab" * 32}]),
        "a hash in capitals": lambda p: p.update(software=[{"name": "a", "sha256": "AB" * 32}]),
        "17 destructions": lambda p: p.update(destruction=["x"] * 17),
        "a destruction that was not done": lambda p: p.update(destruction=p.get("destruction", []) + ["the safe is burnt"]),
        "a mode that is none": lambda p: p.update(mode="dress"), "an id in capitals": lambda p: p.update(id=p["id"].upper()),
        "an id of 33 characters": lambda p: p.update(id=(p["id"] + "x" * 33)[:33]),
    }
    for what, change in bad.items():
        yield f"{twin.held.name}: plan: {what} (rules)", replanned(twin, change), {"key": twin.key.hash}
    sound = {
        "another title": lambda p: p.update(title="Another"), "another operator": lambda p: p.update(operator="Another"),
        "another role": lambda p: p["custodians"][0].update(role="thief"),
        "another jurisdiction": lambda p: p["custodians"][0].update(jurisdiction=p["custodians"][0]["jurisdiction"] + "X"),
        "another object known": lambda p: p.update(known_objects=p.get("known_objects", []) + ["another"]),
        "another ICCID": lambda p: p["batches"][0].update(first_iccid="8988211000000000102"),
        "a device more": lambda p: p.update(devices=p.get("devices", []) + [{"name": "camera", "kind": "other"}]),
    }
    for what, change in sound.items():
        yield f"{twin.held.name}: plan: {what}, not the one reviewed (rules)", replanned(twin, change), twin.options("rules")

    plan = twin.entries[0]["data"]["plan"]
    if plan["mode"] == "rehearsal":
        swaps = {"rehearsal passed off as production": ("rehearsal-", "", "production")}
    else:
        swaps = {"production passed off as a rehearsal": (plan["id"], "rehearsal-" + plan["id"], "rehearsal")}
    mode = "production" if plan["mode"] == "rehearsal" else "rehearsal"
    yield f"{twin.held.name}: {mode} by one word (rules)", replanned(twin, lambda p: p.update(mode=mode)), {"key": twin.key.hash}
    for what, (old, new, mode) in swaps.items():
        made = renamed(twin, old, new, mode)
        yield f"{twin.held.name}: {what}, by its plan (rules)", made, twin.options("rules")
        yield f"{twin.held.name}: {what}, by its fingerprint (pinned)", made, {"fingerprint": twin.fingerprint}


def split(held, twin, again):
    """Two transcripts of one ceremony, and pieces of two."""
    def change(e):
        e["data"]["check"] = "cd" * 16
    second = twin.sealed(twin.entries, at=twin.first["batch"], alter=change)
    yield f"{held.name}: split view, the other half's fingerprint (pinned)", second, {"key": twin.key.hash, "fingerprint": twin.fingerprint}
    later = [dict(e) for e in twin.entries]
    later[-1] = dict(later[-1], at="2999-01-01T00:00:00Z")
    yield f"{held.name}: split view, only the end differs (pinned)", twin.sealed(later), {"key": twin.key.hash, "fingerprint": twin.fingerprint}
    yield f"{held.name}: another ceremony of the same name, by its key", again.transcript, {"key": held.key}
    yield f"{held.name}: another ceremony of the same name, by its fingerprint", again.transcript, {"fingerprint": held.fingerprint}
    yield f"{held.name}: another ceremony of the same name, by its plan", again.transcript, {"plan": held.plan, "key": again.key}
    ours, theirs = held.transcript.splitlines(keepends=True), again.transcript.splitlines(keepends=True)
    for i in range(1, len(ours), 4):
        yield f"{held.name}: line {i + 1} of another ceremony (raw)", b"".join(ours[:i] + theirs[i:i + 1] + ours[i + 1:]), {"key": held.key}
        yield f"{held.name}: another ceremony from line {i + 1} on (raw)", b"".join(ours[:i] + theirs[i:]), {"key": held.key}
        mixed = twin.sealed(twin.entries[:i] + again.entries[i:])
        if 2 < i < len(ours) - 3 and any("set" in e["data"] for e in twin.entries[i:]) and i > 3:
            yield f"{held.name}: another ceremony from line {i + 1} on, told again (rules)", mixed, twin.options("rules")


def transcripts(held, key, house):
    """(name, bytes or a function that makes them, options) of every alteration of `held` (name -> Held)."""
    stranger, twins = forge.Key(), {name: Twin(h, key, house) for name, h in held.items()}
    for name in ("plain", "people", "interrupted", "chained"):
        yield from fields(twins[name])
        yield from order(twins[name])
    for name in ("plain", "many", "people", "interrupted", "chained"):
        yield from strangers(twins[name], stranger)
        yield from values(twins[name])
        yield from tokens(twins[name])
        yield from times(twins[name])
        yield from plans(twins[name])
    yield from der_forms(twins["people"])
    for name in ("many", "interrupted"):
        yield from forms(twins[name])
    yield from people.people(twins["people"])
    if "cards" in twins:
        yield from fields(twins["cards"])
        yield from values(twins["cards"])
        yield from people.cards(twins["cards"])
    yield from split(held["plain"], twins["plain"], held["again"])


def honest(held, key, house):
    """(name, bytes, options) of what both must accept."""
    for name, h in held.items():
        twin = Twin(h, key, house)
        yield f"{name}: as held", h.transcript, {"key": h.key, "fingerprint": h.fingerprint, "plan": h.plan}
        yield f"{name}: nothing compared", h.transcript, {}
        yield f"{name}: told again by the forger, nothing altered", twin.data, twin.options("pinned")
        now = [dict(e, at=twin.entries[-1]["at"]) for e in twin.entries]
        yield f"{name}: all in one second", twin.sealed(now), twin.options("rules")
