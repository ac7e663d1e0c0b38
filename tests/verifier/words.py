"""The words of a share on a sheet (SLIP-0039), and whether they are what the transcript speaks of."""
import os
import re

from form import Refused, same
from share import commitment

LIST = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "host", "lib", "slip39_words.c")
GENERATOR = (0xE0E040, 0x1C1C080, 0x3838100, 0x7070200, 0xE0E0009, 0x1C0C2412, 0x38086C24, 0x3090FC48, 0x21B1F890,
             0x3F3F120)


def published():
    """SLIP-0039's 1024 words, which both programs must have from somewhere."""
    with open(LIST, encoding="ascii") as file:
        return re.findall(r'"([a-z]{4,8})"', file.read())


def polymod(values):
    """RS1024 of SLIP-0039."""
    made = 1
    for value in values:
        top, made = made >> 20, (made & 0xFFFFF) << 10 ^ value
        for i, generator in enumerate(GENERATOR):
            made ^= generator if top >> i & 1 else 0
    return made


def read(data):
    """The fields of 33 words: 15 + 1 + 4 bits, five of 4 bits, 4 of padding, 256 of the value, 30 of the checksum."""
    words, known = data.decode("ascii", "replace").removesuffix("\n").split(" "), published()
    if len(words) != 33 or any(word not in known for word in words):
        raise Refused("not 33 words of the list, with single blanks between")
    values = [known.index(word) for word in words]
    extendable = values[1] >> 4 & 1
    if polymod(list(b"shamir_extendable" if extendable else b"shamir") + values) != 1:
        raise Refused("the words' checksum does not fit")
    number = 0
    for value in values[:-3]:
        number = number << 10 | value
    if number >> 256 & 15:
        raise Refused("the padding is not zero")
    head, value = number >> 260, (number & (1 << 256) - 1).to_bytes(32, "big")
    fields = [head >> at & 15 for at in (20, 16, 12, 8, 4, 0)]
    exponent, group, group_threshold, groups, member, threshold = fields
    return {"identifier": head >> 25, "extendable": extendable, "exponent": exponent, "group": group,
            "group_threshold": group_threshold + 1, "groups": groups + 1, "index": member + 1, "threshold": threshold + 1,
            "value": value.hex()}


def verify(data, salt, steps):
    """`steps` are the transcript's, which is sound; the salt is on the sheet. Whose share it is."""
    share, plan = read(data), steps.plan
    for name, wanted in {"extendable": 1, "exponent": 0, "group": 0, "group_threshold": 1, "groups": 1,
                         "identifier": int(steps.set, 16) >> 49, "threshold": plan.threshold}.items():
        same(share[name], wanted, name)
    if share["index"] > plan.total:
        raise Refused("there is no such share")
    told = {"ceremony": plan.id, "set": steps.set, "index": share["index"], "threshold": plan.threshold, "total": plan.total,
            "salt": salt, "value": share["value"]}
    same(commitment(told), steps.shares[share["index"] - 1], "the commitment")
    return plan.custodians[share["index"] - 1]["name"]
