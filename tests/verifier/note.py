"""The closing note: a C2SP signed note whose text is a checkpoint of the transcript."""
import base64

import merkle
from form import Refused, sha256, unbase64
from p256 import spki, verify_der

ECDSA_ID = 4  # bytes of the key's SHA-256, in front of the signature


def named(name):
    """A party's name as a note's key name."""
    return name.replace("%", "%25").replace("+", "%2B").replace(" ", "%20")


def expected_text(origin, lines, mode, fingerprint):
    root = base64.b64encode(merkle.root(lines)).decode()
    return f"{origin}\n{len(lines)}\n{root}\nmode {mode}\nfingerprint {fingerprint}\n"


def split(data):
    """Text (with its last newline) and signature lines [(name, bytes)]."""
    try:
        whole = data.decode("utf-8")
    except UnicodeDecodeError:
        raise Refused("the note is not UTF-8") from None
    text, blank, block = whole.rpartition("\n\n")
    if not blank or not block.endswith("\n"):
        raise Refused("the note has no signatures behind an empty line")
    if any(ord(c) < 0x20 and c != "\n" for c in whole):
        raise Refused("the note holds a control character")
    signatures = []
    for line in block[:-1].split("\n"):
        parts = line.split(" ")
        if len(parts) != 3 or parts[0] != "\u2014" or not parts[1] or "+" in parts[1]:
            raise Refused("a line of the note is no signature")
        signature = unbase64(parts[2], "a signature of the note")
        if len(signature) <= ECDSA_ID:
            raise Refused("a signature of the note is too short")
        signatures.append((parts[1], signature))
    return text + "\n", signatures


def check_signatures(text, signatures, known):
    """`known`: key name -> DER key. Who has signed; a bad or doubled signature of a known key is refused."""
    signed = []
    for name, signature in signatures:
        der = known.get(name)
        if der is None or sha256(der)[:ECDSA_ID] != signature[:ECDSA_ID]:
            continue  # somebody else's
        if name in signed:
            raise Refused(f"{name} signed the note twice")
        verify_der(der, signature[ECDSA_ID:], text.encode("utf-8"), f"the note's signature of {name}")
        signed.append(name)
    return signed


def verify(data, steps, cosigned=0, policy=None):
    """`steps` are those of a sound transcript. The names of those who signed."""
    plan, chain = steps.plan, steps.chain
    text, signatures = split(data)
    origin = f"simrite/ceremony/{plan.id}"
    if text != expected_text(origin, chain.lines, plan.mode, chain.fingerprint):
        raise Refused("the note is about another transcript")
    known = {named(name): spki(key, "key") for _, name, key in plan.parties}
    known[origin] = chain.key
    signed = check_signatures(text, signatures, known)
    if origin not in signed:
        raise Refused("the ceremony's key has not signed the note")
    if len(signed) - 1 < cosigned:
        raise Refused(f"{len(signed) - 1} parties have signed the note, not {cosigned}")
    if policy:
        policy.check(data, origin, chain.key)
    return signed
