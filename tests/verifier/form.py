"""What bytes may look like: canonical JSON, texts, hex, base64, times.

From simrite-transcript(5), RFC 8785 and RFC 4648. Every reader here takes one
encoding of a value and no other, and raises Refused with the reason.
"""
import base64
import datetime
import hashlib
import json
import re

MAX_NUMBER = 2**53 - 1  # 9007199254740991


class Refused(Exception):
    """The answer is no. `line` counts from 1; 0 is no line in particular."""

    def __init__(self, reason, line=0):
        super().__init__(reason)
        self.reason = reason
        self.line = line


class Unreadable(Exception):
    """Not a file of this kind at all, or no file."""


# ---- texts ----

# Characters that make a text print as something else: controls, line
# separators, direction, no width, variation selectors, tags, noncharacters.
HIDDEN = (
    (0x00, 0x1F), (0x7F, 0x9F), (0xAD, 0xAD), (0x34F, 0x34F), (0x61C, 0x61C), (0x115F, 0x1160),
    (0x17B4, 0x17B5), (0x180B, 0x180F), (0x200B, 0x200F), (0x2028, 0x202E), (0x2060, 0x206F),
    (0x3164, 0x3164), (0xD800, 0xDFFF), (0xFDD0, 0xFDEF), (0xFE00, 0xFE0F), (0xFEFF, 0xFEFF),
    (0xFFA0, 0xFFA0), (0xFFF0, 0xFFFB), (0x1BCA0, 0x1BCA3), (0x1D173, 0x1D17A), (0xE0000, 0xE0FFF),
)


def visible(text):
    """No character of the text hides or pretends."""
    for c in map(ord, text):
        if c & 0xFFFE == 0xFFFE or any(low <= c <= high for low, high in HIDDEN):
            return False
    return True


# ---- canonical JSON ----

MEMBER = re.compile(r"[a-z0-9_]+\Z")


def _members(pairs):
    made = {}
    for name, value in pairs:
        if name in made:
            raise Refused(f"member {name!r} occurs twice")
        if not MEMBER.match(name):
            raise Refused(f"member name {name!r} is not made of a-z, 0-9 and _")
        made[name] = value
    return made


def _fraction(digits):
    raise Refused(f"{digits} is not a whole number")


def _number(digits):
    if digits.startswith("-") or len(digits) > 16 or int(digits) > MAX_NUMBER:
        raise Refused(f"{digits[:40]} is not a whole number of 0 to {MAX_NUMBER}")
    return int(digits)


def _check_values(value):
    """Only objects, arrays, whole numbers and visible texts occur."""
    waiting = [value]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)
        elif isinstance(value, str):
            if not visible(value):
                raise Refused(f"the text {ascii(value)[:60]} holds a character that cannot be seen")
        elif isinstance(value, bool) or not isinstance(value, int):
            raise Refused(f"{value!r} is no text, number, array or object")


def parse(data):
    """JSON in any layout, each member once."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as e:
        raise Refused(f"not UTF-8 at byte {e.start}") from None
    try:
        value = json.loads(text, object_pairs_hook=_members, parse_float=_fraction, parse_int=_number,
                           parse_constant=_fraction)
    except (ValueError, RecursionError) as e:
        raise Refused(f"not JSON: {e}") from None
    _check_values(value)
    return value


def canonical(value):
    """RFC 8785 for what parse() lets through."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode("utf-8")


def parse_canonical(data):
    value = parse(data)
    if canonical(value) != data:
        raise Refused("not in the canonical form of RFC 8785")
    return value


# ---- members ----

def members(value, where, must, may=()):
    """An object with exactly these members (and perhaps those)."""
    if not isinstance(value, dict):
        raise Refused(f"{where} is not an object")
    for name in must:
        if name not in value:
            raise Refused(f"{where} has no {name}")
    for name in value:
        if name not in must and name not in may:
            raise Refused(f"{where} has a member {name} that does not belong there")
    return value


def array(value, where, least, most):
    if not isinstance(value, list):
        raise Refused(f"{where} is not an array")
    if not least <= len(value) <= most:
        raise Refused(f"{where} has {len(value)} elements, not {least} to {most}")
    return value


def text(value, where, most=None):
    if not isinstance(value, str):
        raise Refused(f"{where} is not a text")
    if most is not None and not 1 <= len(value.encode("utf-8")) <= most:
        raise Refused(f"{where} has not 1 to {most} bytes")
    return value


def number(value, where, least=0, most=MAX_NUMBER):
    if isinstance(value, bool) or not isinstance(value, int):
        raise Refused(f"{where} is not a whole number")
    if not least <= value <= most:
        raise Refused(f"{where} is {value}, not {least} to {most}")
    return value


def same(value, wanted, where):
    if type(value) is not type(wanted) or value != wanted:
        raise Refused(f"{where} is {value!r}, not {wanted!r}")
    return value


def hexadecimal(value, where, size):
    """Lower-case hex of so many bytes."""
    if not isinstance(value, str) or not re.fullmatch(r"[0-9a-f]{%d}" % (2 * size), value):
        raise Refused(f"{where} is not {size} bytes in lower-case hex")
    return value


def drawn(value, where, size):
    """Likewise, of what was drawn or computed: never zero."""
    if hexadecimal(value, where, size) == "00" * size:
        raise Refused(f"{where} is zero")
    return value


def unbase64(value, where):
    """RFC 4648 section 4: padded, and no bits left over."""
    if isinstance(value, str):
        try:
            data = base64.b64decode(value, validate=True)
            if base64.b64encode(data).decode() == value:
                return data
        except ValueError:
            pass
    raise Refused(f"{where} is not base64")


TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z\Z")


def time(value, where):
    """Unix seconds of a UTC time that there is."""
    try:
        if isinstance(value, str) and TIME.match(value):
            moment = datetime.datetime.strptime(value, "%Y-%m-%dT%H:%M:%SZ")
            return int(moment.replace(tzinfo=datetime.timezone.utc).timestamp())
    except ValueError:
        pass
    raise Refused(f"{where} is not a UTC time that there is")


def sha256(data):
    return hashlib.sha256(data).digest()


def joined(*parts):
    """The texts that are hashed and signed: parts joined by newlines."""
    return "\n".join(str(p) for p in parts).encode("utf-8")


def luhn(digits):
    """The last digit checks the others (ISO/IEC 7812-1)."""
    total = 0
    for at, digit in enumerate(reversed(digits)):
        twice = int(digit) * (1 + at % 2)
        total += twice - 9 if twice > 9 else twice
    return total % 10 == 0
