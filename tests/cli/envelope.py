"""A sealed output file opened by somebody who has only read simrite-batch(5) and RFC 9180.

    envelope.py open FILE OPERATOR.pem BUREAU.pub.der    the file as it was, on stdout
    envelope.py move FILE COLUMN A B                     the same field of lines A and B changed places"""
import base64
import hashlib
import hmac
import sys

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import (Encoding, PublicFormat, load_der_public_key,
                                                          load_pem_private_key)

KEM, SUITE = b"KEM\x00\x10", b"HPKE\x00\x10\x00\x01\x00\x02"
SECRET = ("Ki", "OPc", "PIN", "PIN2", "PUK", "PUK2", "ADM1")


def mac(key, data):
    return hmac.new(key, data, hashlib.sha256).digest()


def extract(suite, salt, label, ikm):
    return mac(salt or bytes(32), b"HPKE-v1" + suite + label + ikm)


def expand(suite, prk, label, info, length):
    text = length.to_bytes(2, "big") + b"HPKE-v1" + suite + label + info
    out, block, i = b"", b"", 0
    while len(out) < length:
        i += 1
        block = mac(prk, block + text + bytes([i]))
        out += block
    return out[:length]


def raw(public):
    return public.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def context(ephemeral, own, sender, info):
    dh = own.exchange(ec.ECDH(), ephemeral) + own.exchange(ec.ECDH(), sender)
    prk = extract(KEM, b"", b"eae_prk", dh)
    shared = expand(KEM, prk, b"shared_secret", raw(ephemeral) + raw(own.public_key()) + raw(sender), 32)
    about = b"\x02" + extract(SUITE, b"", b"psk_id_hash", b"") + extract(SUITE, b"", b"info_hash", info)
    secret = extract(SUITE, shared, b"secret", b"")
    return expand(SUITE, secret, b"key", about, 32), expand(SUITE, secret, b"base_nonce", about, 12)


def open_file(path, own, sender):
    lines = open(path, encoding="ascii").read().split("\n")
    assert lines.pop() == ""
    first, header, cards, end = lines[0].split(";"), lines[1], lines[2:-1], lines[-1].split(";")
    assert first[:2] == ["Envelope", "1"] and end[0] == "End" and int(end[1]) == len(cards)
    assert first[3] == hashlib.sha256(raw(sender)).hexdigest()[:16]
    assert first[4] == hashlib.sha256(raw(own.public_key())).hexdigest()[:16]
    ephemeral = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), bytes.fromhex(first[2]))
    key, nonce = context(ephemeral, own, sender, b"simrite envelope 1\0" + header.encode())
    columns, sequence, out = header.split(";"), 0, [header]

    def message(text, bound):
        nonlocal sequence
        n = (int.from_bytes(nonce, "big") ^ sequence).to_bytes(12, "big")
        sequence += 1
        return AESGCM(key).decrypt(n, base64.b64decode(text, validate=True), bound)

    batch = columns.index("OrderId" if "OrderId" in columns else "Batch")
    for card in cards:
        field = card.split(";")
        who = [field[columns.index("IMSI")], field[columns.index("ICCID")], field[batch]]
        for i, name in enumerate(columns):
            if name in SECRET and field[i]:
                bound = b"".join(part.encode() + b"\0" for part in [name] + who)
                field[i] = message(field[i], bound).decode()
        out.append(";".join(field))
    digest = hashlib.sha256("".join(line + "\n" for line in lines[:-1]).encode()).digest()
    assert message(end[2], digest + end[1].encode()) == b""
    print("\n".join(out))


def move(path, column, a, b):
    lines = open(path, encoding="ascii").read().split("\n")
    header = lines[0] if "IMSI" in lines[0] else lines[1]
    at = header.split(";").index(column)
    one, other = lines[a].split(";"), lines[b].split(";")
    one[at], other[at] = other[at], one[at]
    lines[a], lines[b] = ";".join(one), ";".join(other)
    print("\n".join(lines), end="")


if sys.argv[1] == "open":
    with open(sys.argv[3], "rb") as pem, open(sys.argv[4], "rb") as der:
        open_file(sys.argv[2], load_pem_private_key(pem.read(), None), load_der_public_key(der.read()))
else:
    move(sys.argv[2], sys.argv[3], int(sys.argv[4]), int(sys.argv[5]))
