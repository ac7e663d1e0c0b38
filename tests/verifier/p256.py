"""ECDSA on P-256 with SHA-256: one encoding of a key, one signature of two.

The curve is python3-cryptography's; what it would let through beside the one
form (other DER, the larger s) is refused here.
"""
import functools

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

from form import Refused, unbase64

ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
# RFC 5480: id-ecPublicKey, secp256r1, an uncompressed point
SPKI = bytes.fromhex("3059301306072A8648CE3D020106082A8648CE3D030107034200")


@functools.lru_cache(maxsize=256)
def _point(data):
    return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), data)


def spki(value, where):
    """The DER bytes of a key, written in base64; the point is on the curve."""
    der = unbase64(value, where)
    if len(der) != 91 or not der.startswith(SPKI) or der[26] != 4:
        raise Refused(f"{where} is not a P-256 public key in its one encoding")
    try:
        _point(der[26:])
    except ValueError:
        raise Refused(f"{where} is no point of P-256") from None
    return der


def _verify(key, r, s, message, where, low=True):
    if not (0 < r < ORDER and 0 < s < ORDER):
        raise Refused(f"{where} is out of range")
    if low and s > ORDER // 2:
        raise Refused(f"{where} has the larger s of two")
    try:
        key.verify(encode_dss_signature(r, s), message, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        raise Refused(f"{where} does not verify") from None


def verify_der(key_der, signature, message, where):
    """A signature in DER, over SHA-256 of the message."""
    try:
        r, s = decode_dss_signature(signature)
        once = encode_dss_signature(r, s) == signature
    except ValueError:
        once = False
    if not once:
        raise Refused(f"{where} is not a signature in DER")
    _verify(_point(key_der[26:]), r, s, message, where)


def verify_base64(key_der, signature, message, where):
    verify_der(key_der, unbase64(signature, where), message, where)


def on_curve(point, where):
    try:
        return _point(bytes(point))
    except ValueError:
        raise Refused(f"{where}: the key is no point of P-256") from None


def verify_raw(point, signature, message, where, low):
    """A signature as cards make it: r || s, 64 bytes; the key compressed or not."""
    key = on_curve(point, where)
    if len(signature) != 64:
        raise Refused(f"{where} is not 64 bytes")
    _verify(key, int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big"), message, where, low)


def compressed(key_der):
    """SubjectPublicKeyInfo to the 33 bytes cards use."""
    return bytes([2 + (key_der[-1] & 1)]) + key_der[27:59]
