"""Merkle tree hash and audit paths of RFC 6962 section 2.1."""
import hashlib


def leaf(data):
    return hashlib.sha256(b"\x00" + data).digest()


def _node(left, right):
    return hashlib.sha256(b"\x01" + left + right).digest()


def root(leaves):
    """Of a list of data entries, not of their hashes."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    level = [leaf(data) for data in leaves]
    while len(level) > 1:
        odd = [level[-1]] if len(level) % 2 else []
        level = [_node(level[i], level[i + 1]) for i in range(0, len(level) - 1, 2)] + odd
    return level[0]


def root_before(path):
    """The root of all leaves but the last, from the last one's path."""
    made = path[0]
    for step in path[1:]:
        made = _node(step, made)
    return made


def root_from_path(data, index, count, path):
    """The root an audit path leads to (RFC 9162 2.1.3.2), or None when its length is wrong."""
    if not 0 <= index < count:
        return None
    first, last, made = index, count - 1, leaf(data)
    for step in path:
        if last == 0:
            return None
        if first & 1 or first == last:
            made = _node(step, made)
            while first and not first & 1:
                first >>= 1
                last >>= 1
        else:
            made = _node(made, step)
        first >>= 1
        last >>= 1
    return made if last == 0 else None
