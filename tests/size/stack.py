#!/usr/bin/env python3
"""stack.py IMAGE OBJECTS POINTERS - the deepest stack a board's image can reach.

Frames are the compiler's own figures (-fstack-usage, the .su files below
OBJECTS); who calls whom is read from the linked image, so that inlining, the
C library and what the linker dropped are seen as they are. Functions without
a .su (the library's) are measured by the pushes in their code.

What a call through a pointer may reach is said in POINTERS: every function
that makes one, and the object whose functions may be behind it: all functions
whose address that object takes. A function that calls through a pointer and
is not named there is an error, and so are recursion and frames without a bound.

Prints "stack BYTES" and the path that needs them. Interrupts come on top:
one exception frame and the deepest handler of the vector table.
"""
import argparse
import pathlib
import re
import subprocess
import sys

EXCEPTION_FRAME = 36  # eight words, and one to align them


class Function:
    def __init__(self, name, source):
        self.name = name
        self.source = source  # "t0.c" of a local symbol; None of a global one
        self.pushed = 0  # bytes its own code pushes
        self.frame = 0
        self.calls = set()  # addresses
        self.indirect = False
        self.deepest = None


def fail(text):
    sys.exit("stack: " + text)


def output(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def read_symbols(tools, image):
    """Functions by address. A local symbol belongs to the FILE symbol before it."""
    functions, source = {}, None
    for line in output(tools + "readelf", "-sW", image).splitlines():
        field = line.split()
        if len(field) < 8 or not field[0].rstrip(":").isdigit():
            continue
        if field[3] == "FILE":
            source = field[7]
        elif field[3] == "FUNC" and field[6] != "UND":
            local = field[4] == "LOCAL"
            address = int(field[1], 16) & ~1
            if address not in functions or not local:
                functions[address] = Function(field[7], source if local else None)
    return functions


def read_frames(objects):
    """(source, function) -> bytes, from every .su of what a card is made of."""
    frames = {}
    for su in (f for room in ("boards", "firmware", "mbedtls") for f in (pathlib.Path(objects) / room).rglob("*.su")):
        if not su.with_suffix(".o").exists():
            continue
        for line in su.read_text().splitlines():
            where, size, kind = line.split("\t")
            path, _, _, name = where.rsplit(":", 3)
            if kind not in ("static", "dynamic,bounded"):
                fail(f"{name} in {path} has a frame without a bound ({kind})")
            frames[pathlib.Path(path).name, name] = int(size)
    return frames


def registers(text):
    count = 0
    for part in text.strip("{} ").split(","):
        ends = re.findall(r"\d+", part) if "-" in part else []
        count += int(ends[1]) - int(ends[0]) + 1 if len(ends) == 2 else 1
    return count


def read_code(tools, image, functions):
    """Fill in who calls whom, and what is pushed."""
    here, start, popped = None, 0, set()
    for line in output(tools + "objdump", "-d", "--no-show-raw-insn", image).splitlines():
        head = re.match(r"^([0-9a-f]{8}) <(.+)>:$", line)
        if head:
            start, popped = int(head.group(1), 16), set()
            here = functions.setdefault(start, Function(head.group(2), None))
            continue
        code = re.match(r"^\s*[0-9a-f]+:\s+(\S+)\s*(.*)$", line)
        if not code or here is None:
            continue
        op, rest = code.groups()
        target = re.match(r"^([0-9a-f]+) <[^>+]+(?:\+(0x[0-9a-f]+))?>", rest)
        if op == "push":
            here.pushed += 4 * registers(rest)
        elif op == "sub" and re.match(r"^sp, (sp, )?#\d+", rest):
            here.pushed += int(re.search(r"#(\d+)", rest).group(1))
        elif op == "pop":
            popped = set(re.findall(r"r\d+", rest))
        elif op == "bx" and rest.split()[0] in popped:
            pass  # a return: the address comes from the stack
        elif op in ("blx", "bx") and re.match(r"^(r\d+|ip)\b", rest):
            here.indirect = True
        elif op.startswith("b") and target:
            base = int(target.group(1), 16) - int(target.group(2) or "0", 16)
            if base != start or op == "bl":  # a branch to its own start is a loop
                here.calls.add(base)
        elif not op.startswith(("str", "cmp", "b")):
            popped.discard(re.split(r"[,\s]", rest)[0])  # written since


def address_taken(tools, objects, name, functions):
    """Addresses of the functions that an object's data and literals point to."""
    path = pathlib.Path(objects) / (name + ".o")
    if not path.exists():
        fail(f"no object {path}, which the list of pointers names")
    wanted = set(re.findall(r"R_ARM_ABS32\s+(\S+)", output(tools + "objdump", "-r", str(path))))
    return {a for a, f in functions.items() if f.name in wanted and f.source in (None, path.stem + ".c")}


def read_pointers(tools, path, objects, functions):
    """(source, function) -> addresses that may be behind its pointers."""
    behind = {}
    for line in pathlib.Path(path).read_text().splitlines():
        field = line.split("#")[0].split()
        if field:
            source, name = field[0].split(":")
            behind[source, name] = set().union(*(address_taken(tools, objects, o, functions) for o in field[1:]))
    return behind


def find_source(function, frames):
    """Where a function is written; a gcc clone (name.part.0) is its original."""
    name = function.name.split(".")[0]
    if function.source:
        return function.source, name
    return next(((s, n) for s, n in frames if n in (function.name, name)), (None, name))


def measure(functions, frames, behind):
    """Give every function its frame, and add what is behind its pointers."""
    unnamed = []
    for f in functions.values():
        source, name = find_source(f, frames)
        f.frame = max(frames.get((source, f.name), 0), frames.get((source, name), 0), f.pushed)
        if f.indirect and (source, name) in behind:
            f.calls |= behind[source, name]
        elif f.indirect:
            unnamed.append(f"{source}:{name}")
    if unnamed:
        fail("call through a pointer, but are not in the list: " + ", ".join(sorted(unnamed)))


def deepest(functions, address, path=()):
    """(bytes, [functions]) from here down."""
    f = functions.get(address)
    if f is None:
        fail(f"{functions[path[-1]].name} calls {address:#x}, where no function is")
    if address in path:
        fail("recursion: " + " > ".join(functions[a].name for a in path[path.index(address):] + (address,)))
    if f.deepest is None:
        below = max((deepest(functions, c, path + (address,)) for c in sorted(f.calls)),
                    key=lambda d: d[0], default=(0, []))
        f.deepest = (f.frame + below[0], [f] + below[1])
    return f.deepest


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("image")
    parser.add_argument("objects")
    parser.add_argument("pointers")
    parser.add_argument("--tools", default="arm-none-eabi-")
    parser.add_argument("--vectors", default="boards/microbit/startup", help="the object with the vector table")
    o = parser.parse_args()

    functions = read_symbols(o.tools, o.image)
    read_code(o.tools, o.image, functions)
    frames = read_frames(o.objects)
    measure(functions, frames, read_pointers(o.tools, o.pointers, o.objects, functions))

    reset = next(a for a, f in functions.items() if f.name == "reset")
    need, path = deepest(functions, reset)
    handlers = address_taken(o.tools, o.objects, o.vectors, functions) - {reset}
    extra, handler = max((deepest(functions, a) for a in handlers), key=lambda d: d[0])
    print("stack", need + EXCEPTION_FRAME + extra)
    print("    " + " > ".join(f"{f.name} {f.frame}" for f in path))
    print("    interrupt:", " > ".join([f"exception {EXCEPTION_FRAME}"] + [f"{f.name} {f.frame}" for f in handler]))


if __name__ == "__main__":
    main()
