"""A share file, and whether it is the one the transcript speaks of."""
from form import Refused, canonical, hexadecimal, joined, members, number, parse_canonical, same, sha256

MEMBERS = ("ceremony", "checksum", "custodian", "index", "mode", "passphrase", "salt", "schema", "set", "threshold",
           "total", "type", "value")


def commitment(share):
    return sha256(joined("simrite share v1", share["ceremony"], share["set"], share["index"], share["threshold"],
                         share["total"], share["salt"], share["value"])).hex()


def verify(data, steps):
    """`steps` are the transcript's, which is sound."""
    if not data.endswith(b"\n"):
        raise Refused("the line has no newline", 1)
    try:
        share, plan = parse_canonical(data[:-1]), steps.plan
        members(share, "the share", MEMBERS)
        same(share["type"], "simrite share", "type")
        same(share["schema"], 2, "schema")
        body = {k: v for k, v in share.items() if k != "checksum"}
        same(share["checksum"], sha256(canonical(body)).hex(), "checksum")
        for name in ("salt", "value"):
            hexadecimal(share[name], name, 32)
        same(share["ceremony"], plan.id, "ceremony")
        same(share["mode"], plan.mode, "mode")
        same(share["set"], steps.set, "set")
        same(share["threshold"], plan.threshold, "threshold")
        same(share["total"], plan.total, "total")
        same(share["passphrase"], steps.passphrase, "passphrase")
        index = number(share["index"], "index", 1, plan.total)
        same(share["custodian"], plan.custodians[index - 1]["name"], "custodian")
        same(commitment(share), steps.shares[index - 1], "the commitment")
    except Refused as e:
        raise Refused(e.reason, 1) from None
    return share
