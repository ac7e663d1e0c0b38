"""Members of an entry: where they are, and what can be done to one."""
import copy

TYPES_OF_VALUES = ("a text", 7, [], {})
NEVER_ZERO = ("check", "commitment", "nonce", "root", "set", "sha256")


def steps_into(value, path=()):
    """Every path to a value within."""
    if path:
        yield path
    if isinstance(value, dict):
        for name in sorted(value):
            yield from steps_into(value[name], path + (name,))
    elif isinstance(value, list):
        for i in range(min(len(value), 2)):
            yield from steps_into(value[i], path + (i,))


def within(value, path):
    for step in path:
        value = value[step]
    return value


def put(entry, path, value):
    within(entry, path[:-1])[path[-1]] = value


def shown(path):
    return ".".join(str(p) for p in path)


def other(value):
    """Another value of the same type and, where it looks like something, the same look."""
    if isinstance(value, int):
        return value + 1
    if isinstance(value, list):
        return value[:-1] if value else ["x"]
    if isinstance(value, dict):
        return {k: v for k, v in list(value.items())[1:]}
    if value.startswith("20") and value.endswith("Z"):
        return value[:3] + str((int(value[3]) + 1) % 10) + value[4:]
    last = value[-1:] or "x"
    return value[:-1] + (chr(ord("a") + (ord(last) - ord("a") + 1) % 6) if last in "abcdef" else
                         chr(ord("0") + (int(last) + 1) % 10) if last in "0123456789" else "x" if last != "x" else "y")


def ways(path, value):
    """(name, function) for what can be done to one member."""
    yield "changed", lambda e: put(e, path, other(value))
    if path[-1] in NEVER_ZERO and isinstance(value, str):
        yield "made zero", lambda e: put(e, path, "0" * len(value))
    if isinstance(path[-1], str):
        yield "removed", lambda e: within(e, path[:-1]).pop(path[-1]) and None
    for wrong in TYPES_OF_VALUES:
        if type(wrong) is not type(value):
            yield f"made {'a text' if isinstance(wrong, str) else 'a number' if wrong == 7 else 'a list' if wrong == [] else 'an object'}", \
                lambda e, wrong=wrong: put(e, path, copy.deepcopy(wrong))
            if not isinstance(value, (dict, list)):
                break
    if isinstance(value, dict):
        yield "given a member", lambda e: put(within(e, path), ("zz",), 1)
    if isinstance(value, list):
        yield "given an element", lambda e: within(e, path).append(copy.deepcopy(value[0]) if value else "x")
