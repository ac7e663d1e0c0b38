#!/usr/bin/env python3
"""eap_keys.py - the keys of EAP-AKA' FS and of 5G below EMSK, once more, from the text of the specifications.

RFC 9048 3.3 and 3.4 (CK', IK', PRF', MK), RFC 9678 6.3 (MK_ECDHE, both groups) and TS 33.501 Annex A (A.6 to A.9),
with python's hmac and python3-cryptography: nothing of this tree. Every case of the files in tests/vectors that our
unit tests read must come out the same. With --nr the 5G vectors are printed instead."""
import hashlib
import hmac
import pathlib
import sys

from cryptography.hazmat.primitives.asymmetric import ec, x25519
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

VECTORS = pathlib.Path(__file__).resolve().parents[1] / "vectors"


def cases(name):
    case = None
    for line in (VECTORS / name).read_text().splitlines():
        if line.startswith("["):
            case = {"": line}
            yield case
        elif " = " in line and not line.startswith("#"):
            key, value = line.split(" = ", 1)
            case[key] = value if key in ("Identity", "NetworkName", "Network", "IMSI") else bytes.fromhex(value)


def all_cases(name):
    return list(cases(name))


def prf(key, seed, length):  # RFC 9048 3.4.1: T1 = HMAC(K, S|1), Tn = HMAC(K, Tn-1|S|n)
    out, t, n = b"", b"", 1
    while len(out) < length:
        t = hmac.new(key, t + seed + bytes([n]), hashlib.sha256).digest()
        out, n = out + t, n + 1
    return out[:length]


def kdf(key, fc, *parameters):  # TS 33.220 B.2
    s = bytes([fc]) + b"".join(p + len(p).to_bytes(2, "big") for p in parameters)
    return hmac.new(key, s, hashlib.sha256).digest()


def split(text, **lengths):
    out = {}
    for name, n in lengths.items():
        out[name], text = text[:n], text[n:]
    return out


def prime(c):
    both = kdf(c["CK"] + c["IK"], 0x20, c["NetworkName"].encode(), c["AUTN"][:6])
    ck, ik = both[:16], both[16:]
    mk = prf(ik + ck, b"EAP-AKA'" + c["Identity"].encode(), 208)
    return {"CKp": ck, "IKp": ik, **split(mk, K_encr=16, K_aut=32, K_re=32, MSK=64, EMSK=64)}


def shared(c):
    """Public keys and the shared secret, from the private keys; each side computes it."""
    if "AT_KDF_FS=1" in c[""]:
        server = x25519.X25519PrivateKey.from_private_bytes(c["server_priv"])
        peer = x25519.X25519PrivateKey.from_private_bytes(c["peer_priv"])
        public = [k.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw) for k in (server, peer)]
        secrets = {server.exchange(peer.public_key()), peer.exchange(server.public_key())}
    else:
        server, peer = (ec.derive_private_key(int.from_bytes(c[k], "big"), ec.SECP256R1())
                        for k in ("server_priv", "peer_priv"))
        public = [k.public_key().public_bytes(Encoding.X962, PublicFormat.CompressedPoint) for k in (server, peer)]
        secrets = {server.exchange(ec.ECDH(), peer.public_key()), peer.exchange(ec.ECDH(), server.public_key())}
    assert len(secrets) == 1
    return {"server_AT_PUB_ECDHE": public[0], "peer_AT_PUB_ECDHE": public[1], "SHARED_SECRET": secrets.pop()}


def forward(c):
    made = shared(c)
    identity = c["Identity"].encode()
    mk = prf(c["IKp"] + c["CKp"], b"EAP-AKA'" + identity, 208)
    keys = split(mk, K_encr=16, K_aut=32)
    fresh = prf(c["IKp"] + c["CKp"] + made["SHARED_SECRET"], b"EAP-AKA' FS" + identity, 160)
    return {**made, **keys, **split(fresh, K_re=32, MSK=64, EMSK=64)}


def nr(c):
    kausf = c["EMSK"][:32]
    kseaf = kdf(kausf, 0x6C, c["Network"].encode())
    kamf = kdf(kseaf, 0x6D, c["IMSI"].encode(), bytes(2))
    kgnb = kdf(kamf, 0x6E, bytes(4), b"\x01")
    return {"KAUSF": kausf, "KSEAF": kseaf, "KAMF": kamf, "KGNB": kgnb,
            "KUPENC": kdf(kgnb, 0x69, b"\x05", b"\x02")[16:]}


def main():
    if sys.argv[1:] == ["--nr"]:
        for number, c in enumerate(all_cases("eap_aka_prime_fs_rfc9678_COMPUTED.txt")):
            network = "5G:mnc%03u.mcc%03u.3gppnetwork.org" % (1 + number, 1 if number < 2 else 999)
            case = {"EMSK": c["EMSK"], "Network": network, "IMSI": "00101%010u" % number if number < 2 else "999700%09u" % number}
            print("[case %u]" % (number + 1))
            for key, value in {**case, **nr(case)}.items():
                print("%s = %s" % (key, value if isinstance(value, str) else value.hex()))
            print()
        return 0
    bad = count = 0
    for name, compute in (("eap_aka_prime_rfc5448_rfc9048.txt", prime),
                          ("eap_aka_prime_fs_rfc9678_COMPUTED.txt", forward),
                          ("nr_keys_ts33501_COMPUTED.txt", nr)):
        for c in all_cases(name):
            for key, value in compute(c).items():
                count += 1
                if c[key] != value:
                    bad += 1
                    print("%s %s: %s is %s here, %s in the file" % (name, c[""], key, value.hex(), c[key].hex()))
    print("%d values of 12 cases computed, %d differ" % (count, bad))
    return bad != 0 or count != 4 * 7 + 4 * 8 + 4 * 5


sys.exit(main())
