"""The alterations of what people and their cards sign. See alterations.py for who lies."""
import base64
import copy

import forge
from members import put


def statements(twin, kind):
    """One kind of entry that people sign: signed otherwise, and not."""
    held, names = twin.held, list(twin.held.parties)
    i = twin.first[kind]
    last = max(j for j, e in enumerate(twin.entries) if e["type"] == kind)
    other_name, stranger = twin.entries[last]["data"]["name"], forge.Key()
    statement = "\n".join((forge.STATEMENTS[kind], twin.entries[0]["data"]["plan"]["id"], names[0]))
    forms_of = {
        "signed by another of the people": lambda e: e["data"].update(
            signature=held.parties[other_name].sign(f"{statement}\n{e['previous']}".encode())),
        "signed by the ceremony key": lambda e: e["data"].update(signature=twin.key.sign(f"{statement}\n{e['previous']}".encode())),
        "with a key of the ceremony's choice": lambda e: e["data"].update(
            key=stranger.base64, signature=stranger.sign(f"{statement}\n{e['previous']}".encode())),
        "signed for another ceremony": lambda e: e["data"].update(signature=held.parties[names[0]].sign(
            f"{forge.STATEMENTS[kind]}\nrehearsal-other\n{names[0]}\n{e['previous']}".encode())),
        "signed over another head": lambda e: e["data"].update(
            signature=held.parties[names[0]].sign(f"{statement}\n{'ab' * 32}".encode())),
        "signed with a newline behind": lambda e: e["data"].update(
            signature=held.parties[names[0]].sign(f"{statement}\n{e['previous']}\n".encode())),
        "a signature of the other kind": lambda e: e["data"].update(signature=held.parties[names[0]].sign("\n".join(
            (forge.STATEMENTS["signoff" if kind == "present" else "present"],
             twin.entries[0]["data"]["plan"]["id"], names[0], e["previous"])).encode())),
        "with the larger s": lambda e: e["data"].update(signature=base64.b64encode(
            held.parties[names[0]].der_signature(f"{statement}\n{e['previous']}".encode(), high=True)).decode()),
        "without the signature": lambda e: e["data"].pop("signature") and None,
        "in another role": lambda e: e["data"].update(role="witness"),
        "under another name": lambda e: e["data"].update(name=other_name),
        "as somebody who is not in the plan": lambda e: e["data"].update(name="Eve"),
    }
    for what, alter in forms_of.items():
        yield f"{held.name}: {kind} {what} (rules)", twin.sealed(twin.entries, at=i, alter=alter), twin.options("rules")
    none = [e for e in twin.entries if e["type"] != kind]
    yield f"{held.name}: nobody's {kind} (rules)", twin.sealed(none), twin.options("rules")


def people(twin):
    """Signatures of the people who were there."""
    held = twin.held
    names = list(held.parties)
    honest = forge.seal(twin.entries, twin.key)  # the ceremony key lies, the people's signatures stay as they were
    yield f"{held.name}: another ceremony key, the people's signatures kept (alone)", honest, twin.options("rules")
    for kind in ("present", "signoff"):
        yield from statements(twin, kind)
    # a ceremony key that lies alone, about things that break no rule
    for what, kind, member, value in (("exception rewritten", "exception", "text", "nothing happened"),
                                      ("exception told by another", "exception", "by", "Ada"),
                                      ("share's commitment", "share", "commitment", "ab" * 32),
                                      ("contribution's commitment", "commit", "commitment", "ab" * 32),
                                      ("base's check", "base", "check", "ab" * 16)):
        # the people signed the honest twin
        real = forge.entries_of(twin.data)
        made = forge.seal(real, twin.key, at=twin.first[kind], alter=lambda e, m=member, v=value: put(e, ("data", m), v))
        yield f"{held.name}: {what} changed, the people honest (alone)", made, twin.options("rules")
    real = forge.entries_of(twin.data)
    hushed = [e for e in real if e["type"] != "exception"]
    yield f"{held.name}: exception hushed up, the people honest (alone)", forge.seal(hushed, twin.key), twin.options("rules")
    odd = {"an exception by nobody": ("by", "Eve"), "an exception of no words": ("text", ""), "an exception of a blank": ("text", " "),
           "an exception of 1001 bytes": ("text", "x" * 1001), "an exception that hides": ("text", "x\u202e")}
    for what, (member, value) in odd.items():
        yield (f"{held.name}: {what} (rules)", twin.sealed(twin.entries, at=twin.first["exception"], alter=lambda e, m=member, v=value:
                                                          put(e, ("data", m), v)), twin.options("rules"))
    affirmed = twin.first["destroyed"]
    for what, alter in {"something else destroyed": lambda e: e["data"].update(text="nothing"),
                        "destruction out of turn": lambda e: e["data"].update(index=2)}.items():
        yield f"{held.name}: {what} (rules)", twin.sealed(twin.entries, at=affirmed, alter=alter), twin.options("rules")


def cards(twin):
    """What cards sign of contributions and shares."""
    name, plan = twin.held.name, twin.entries[0]["data"]["plan"]
    one, two = list(twin.parties.values())[:2]
    for kind in ("commit", "share"):
        at = twin.first[kind]

        def signing(key, change, kind=kind):
            def alter(e):
                told = copy.deepcopy(e)
                change(told)
                e["data"]["signature"] = key.sign(forge.statement(plan["id"], told))
            return alter
        lies = {
            "by the other card": signing(two, lambda e: None), "by the ceremony key": signing(twin.key, lambda e: None),
            "for another set": signing(one, lambda e: e["data"].update(set="ab" * 8)),
            "for another index": signing(one, lambda e: e["data"].update(index=2)),
            "for another commitment": signing(one, lambda e: e["data"].update(commitment="ab" * 32)),
            "as the other statement": signing(one, lambda e, kind=kind: e.update(type="share" if kind == "commit" else "commit")),
            "left out": lambda e: e["data"].pop("signature") and None,
            "the other card's": lambda e, at=at: e["data"].update(signature=twin.entries[at + 1]["data"]["signature"]),
        }
        for what, alter in lies.items():
            yield f"{name}: {kind}: the card's signature {what} (rules)", twin.sealed(twin.entries, at=at, alter=alter), twin.options("rules")
        yield f"{name}: {kind}: another commitment than the card signed (alone)", \
            twin.sealed(twin.entries, at=at, alter=lambda e: e["data"].update(commitment="ab" * 32)), twin.options("rules")
        yield f"{name}: {kind}: a signature of a custodian without a card (rules)", twin.sealed(
            twin.entries, at=at + 2, alter=signing(one, lambda e: None)), twin.options("rules")
    for what, kind in {"a card's share called a file": "file", "a card's share called paper": "paper"}.items():
        yield f"{name}: {what} (rules)", twin.sealed(twin.entries, at=twin.first["share"], alter=lambda e, kind=kind: e["data"].update(kind=kind)), \
            twin.options("rules")
    honest = forge.seal(twin.held.entries, twin.key)  # the real cards' plan and signatures, another ceremony key
    yield f"{name}: another ceremony key, the cards honest (alone)", honest, {"key": twin.key.hash, "plan": twin.held.plan}
