#!/usr/bin/env python3
"""cost.py IMAGE UART COMMAND... - what the last COMMAND costs the micro:bit behind UART.

The commands (T=0, in hex, header and data) are sent one after the other; while
the last one runs, QEMU writes down every instruction it executes, one by one
(UART.qmp: singlestep, log exec). Counted are those from the call of
card_transmit(), which is when the last byte of the command has come, to
the call of the board's send(), which is when the first of the answer goes.
Prints INSTRUCTIONS CYCLES STATUS: the cycles are those of the Cortex-M0
(ARM DDI 0432C table 3-1, no wait states) for the same instructions. With
--profile also what each function took."""
import argparse
import collections
import json
import os
import re
import socket
import subprocess
import sys
import tempfile

TIMEOUT = 120  # seconds: QEMU is slow while it writes everything down


def output(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


class Monitor:
    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(TIMEOUT)
        self.socket.connect(path)
        self.stream = self.socket.makefile("rw")
        self.ask("qmp_capabilities")

    def ask(self, command, **arguments):
        self.stream.write(json.dumps({"execute": command, "arguments": arguments}))
        self.stream.flush()
        while "return" not in (answer := json.loads(self.stream.readline())):
            if "error" in answer:
                sys.exit(f"cost: {command}: {answer['error']['desc']}")
        return answer["return"]

    def human(self, line):
        said = self.ask("human-monitor-command", **{"command-line": line})
        if said.strip():
            sys.exit(f"cost: {line}: {said.strip()}")


class Card:
    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(TIMEOUT)
        self.socket.connect(path)

    def byte(self):
        got = self.socket.recv(1)
        if not got:
            sys.exit("cost: the card is gone")
        return got[0]

    def command(self, tpdu):
        """Status word of a case 1 or 3 command (what it answers waits for GET RESPONSE)."""
        ins = tpdu[1]
        self.socket.sendall(tpdu[:5])
        got = self.byte()
        if got == ins and len(tpdu) > 5:
            self.socket.sendall(tpdu[5:])
            got = self.byte()
        while got == 0x60:
            got = self.byte()
        return got << 8 | self.byte()


def functions(image):
    table = {}
    for line in output("arm-none-eabi-nm", image).splitlines():
        field = line.split()
        if len(field) == 3 and field[1] in "tT":
            table.setdefault(int(field[0], 16) & ~1, field[2])
    return table


def registers(text):
    count = 0
    for part in re.search(r"\{(.*)\}", text).group(1).split(","):
        ends = re.findall(r"\d+", part)
        count += int(ends[1]) - int(ends[0]) + 1 if "-" in part else 1
    return count


def timing(op, rest):
    """(cycles when it goes on to the next instruction, cycles when it jumps)"""
    op = op.split(".")[0]
    if op in ("push", "stmia", "ldmia", "stm", "ldm"):
        return (1 + registers(rest),) * 2
    if op == "pop":
        n = registers(rest)
        return (1 + n, 3 + n)  # the PC is one of them: 4 + N others
    if op == "bl":
        return (4, 4)
    if op in ("blx", "bx", "b"):
        return (3, 3)
    if re.fullmatch(r"b(eq|ne|cs|cc|mi|pl|vs|vc|hi|ls|ge|lt|gt|le|hs|lo)", op):
        return (1, 3)
    if op.startswith(("ldr", "str")):
        return (2, 2)
    if op in ("mrs", "msr", "dmb", "dsb", "isb"):
        return (4, 4)
    return (1, 3)


def timings(image):
    table = {}
    for line in output("arm-none-eabi-objdump", "-d", "--no-show-raw-insn", image).splitlines():
        code = re.match(r"^\s*([0-9a-f]+):\s+(\S+)\s*(.*)$", line)
        if code:
            table[int(code.group(1), 16)] = timing(*code.groups()[1:])
    return table


def trace(path):
    """Addresses of all instructions that ran."""
    with open(path) as log:
        for line in log:
            place = re.search(r"\[[0-9a-f]+/([0-9a-f]+)/", line)
            if place:
                yield int(place.group(1), 16)


def window(addresses, names):
    """Those between card_transmit() and send()."""
    inside = None
    for at in addresses:
        if names.get(at) == "card_transmit":
            inside = []
        if inside is None:
            continue
        if names.get(at) == "send":
            return inside
        inside.append(at)
    sys.exit("cost: the command or its answer is not in what QEMU wrote down")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--profile", action="store_true")
    parser.add_argument("image")
    parser.add_argument("uart")
    parser.add_argument("command", nargs="+")
    o = parser.parse_args()

    card, monitor = Card(o.uart), Monitor(o.uart + ".qmp")
    with tempfile.TemporaryDirectory() as folder:
        log = os.path.join(folder, "log")
        for text in o.command[:-1]:
            card.command(bytes.fromhex(text))
        monitor.human("logfile " + log)
        monitor.human("singlestep on")
        monitor.human("log exec,nochain")
        status = card.command(bytes.fromhex(o.command[-1]))
        monitor.human("log none")
        monitor.human("singlestep off")
        names, cycles = functions(o.image), timings(o.image)
        ran = window(trace(log), names)
    own, spent, here = collections.Counter(), 0, None
    starts = sorted(names)
    bounds = dict(zip(starts, starts[1:] + [1 << 32]))
    for at, after in zip(ran, ran[1:] + [0]):
        if at not in cycles:
            sys.exit(f"cost: {at:#x} ran, and is no instruction of the image")
        spent += cycles[at][0 if after in (at + 2, at + 4) else 1]
        if here is None or not here <= at < bounds[here]:
            here = max((s for s in starts if s <= at), default=0)
        own[names[here]] += 1
    print(len(ran), spent, f"{status:04X}")
    if o.profile:
        for name, count in own.most_common(25):
            print(f"{count:8} {name}")


main()
