#!/usr/bin/env python3
"""cut_board.py [--all] IMAGE SCENARIOS SCRIPT... - power cuts of the card's ARM binary in QEMU.

A SCRIPT and the .image beside it are what the program SCENARIOS (cut_scenarios.c)
wrote: a memory and what to send. Each command is run once with breakpoints on the board's nvm_write() and nvm_erase(); that tells every
word that is programmed and every page that is erased, and QEMU's memory is
compared with what these make of it. Then the power is cut before each (of a
long write, its first and last words), in the midst of each (some of its bits;
garbage; a page half erased) and after the last: the memory as that leaves it is
put into the board, which is reset. It must answer; what it keeps must be what it
was before that moment or after it; and session and command must be answered again.

Without --all the power is cut at a choice of these moments (chosen()).

QEMU is spoken to by the gdb remote protocol and QMP. Its flash is in its own
memory, so a cut is a memory put back, not a process killed."""
import json
import os
import re
import select
import socket
import subprocess
import sys
import tempfile
import time

BASE, SIZE, PAGE = 0x30000, 65536, 1024  # memory.ld, board.c
PATIENCE = 20
OTHERS = 6


class Link:
    """A Unix socket, read through a buffer."""

    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX)
        for _ in range(100):
            try:
                self.socket.connect(path)
                break
            except OSError:
                time.sleep(0.05)
        else:
            sys.exit(f"cut_board: no {path}")
        self.socket.setblocking(False)
        self.buffer = b""

    def fill(self):
        data = self.socket.recv(65536)
        if not data:
            sys.exit("cut_board: QEMU is gone")
        self.buffer += data

    def send(self, data):
        self.socket.setblocking(True)
        self.socket.sendall(data)
        self.socket.setblocking(False)


class Silence(Exception):
    """The card says nothing."""


class Board:
    def __init__(self, image, folder):
        self.folder = folder
        path = {name: os.path.join(folder, name) for name in ("uart", "gdb", "qmp")}
        command = ["qemu-system-arm", "-M", "microbit", "-display", "none", "-monitor", "none", "-kernel", image, "-S",
                   # An instruction takes 64 ns, as on the part, however long QEMU takes: so nobody waits for random bytes.
                   "-icount", "shift=6"]
        for name, use in (("uart", "-serial"), ("gdb", "-gdb")):
            command += ["-chardev", f"socket,id={name},path={path[name]},server=on,wait=off", use, f"chardev:{name}"]
        command += ["-qmp", f"unix:{path['qmp']},server=on,wait=off"]
        self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL)
        self.uart, self.gdb, self.qmp = (Link(path[name]) for name in ("uart", "gdb", "qmp"))
        self.running = False
        self.on_stop = None
        self.monitor("qmp_capabilities")
        self.gdb.send(b"+")
        table = subprocess.run(["arm-none-eabi-nm", "-l", image], check=True, capture_output=True, text=True).stdout
        self.function = {name: int(re.search(rf"^(\w+) t {name}\t.*boards/microbit/board\.c:", table, re.M).group(1), 16)
                         for name in ("nvm_write", "nvm_erase")}

    def close(self):
        self.process.kill()
        self.process.wait()

    # ---- QMP ----

    def monitor(self, command, event=None, **arguments):
        """A command; until it has returned and, when there is one, its event has come."""
        awaited = {"return", event} - {None}
        self.qmp.send(json.dumps({"execute": command, "arguments": arguments}).encode() + b"\n")
        while awaited:
            answer = json.loads(self.line(self.qmp))
            if "error" in answer:
                sys.exit(f"cut_board: {command}: {answer['error']['desc']}")
            awaited -= {"return" if "return" in answer else answer.get("event")}

    def line(self, link):
        while b"\n" not in link.buffer:
            self.wait(link)
        line, link.buffer = link.buffer.split(b"\n", 1)
        return line

    def memory(self):
        path = os.path.join(self.folder, "memory")
        self.monitor("memsave", val=BASE, size=SIZE, filename=path)
        with open(path, "rb") as file:
            return file.read()

    # ---- gdb ----

    def tell(self, text):
        self.gdb.send(f"${text}#{sum(text.encode()) % 256:02x}".encode())

    def packet(self):
        while not (found := re.match(rb"[+]*\$([^#]*)#..", self.gdb.buffer)):
            self.wait(self.gdb)
        self.gdb.buffer = self.gdb.buffer[found.end():]
        self.gdb.send(b"+")
        return found.group(1).decode()

    def ask(self, text):
        self.tell(text)
        answer = self.packet()
        if answer.startswith("E") or answer == "":
            sys.exit(f"cut_board: gdb {text[:20]}: {answer or 'not supported'}")
        return answer

    def register(self, number):
        return int.from_bytes(bytes.fromhex(self.ask("g"))[4 * number:4 * number + 4], "little")

    def go(self):
        self.tell("c")
        self.running = True

    def halt(self):
        if self.running:
            self.gdb.send(b"\x03")
            self.packet()
            self.running = False

    def past(self):
        """Behind the breakpoint we are at."""
        self.ask("s")
        self.go()

    def breakpoints(self, letter):
        for at in self.function.values():
            self.ask(f"{letter}1,{at:x},2")

    # ---- The contact ----

    def wait(self, link):
        ready = select.select([link.socket], [], [], PATIENCE)[0]
        if not ready:
            raise Silence()
        link.fill()

    def read(self, count):
        while len(self.uart.buffer) < count:
            if self.on_stop:
                ready = select.select([self.uart.socket, self.gdb.socket], [], [], PATIENCE)[0]
                if not ready:
                    raise Silence()
                for link in (self.uart, self.gdb):
                    if link.socket in ready:
                        link.fill()
                if b"$" in self.gdb.buffer:  # it has come to a breakpoint
                    self.packet()
                    self.running = False
                    self.on_stop()
                    self.past()
            else:
                self.wait(self.uart)
        data, self.uart.buffer = self.uart.buffer[:count], self.uart.buffer[count:]
        return data

    def boot(self, memory):
        """Power on with this memory: the ATR."""
        self.halt()
        there = self.memory()
        for at in (at for at in range(0, SIZE, PAGE) if memory[at:at + PAGE] != there[at:at + PAGE]):
            self.ask(f"M{BASE + at:x},{PAGE:x}:{memory[at:at + PAGE].hex()}")
        self.monitor("system_reset", "RESET")
        while select.select([self.uart.socket], [], [], 0)[0]:
            self.uart.fill()
        self.uart.buffer = b""
        self.go()
        atr = self.read(2)
        more, historical, protocols = atr[1] >> 4, atr[1] & 15, 0
        while more:
            atr += self.read(bin(more).count("1"))
            more, protocols = (atr[-1] >> 4, protocols | atr[-1] & 15) if more & 8 else (0, protocols)
        return atr + self.read(historical + (protocols != 0))

    def exchange(self, tpdu):
        """One TPDU; the status word."""
        header, data, ins = (tpdu + b"\0")[:5], tpdu[5:], tpdu[1]
        data = data[:header[4]]
        self.uart.send(header)
        while True:
            byte = self.read(1)[0]
            if byte == 0x60:
                continue
            if byte == ins and data:
                self.uart.send(data)
                data = b""
            elif byte == ins:
                self.read(header[4] or 256)
            else:
                return bytes([byte]) + self.read(1)


class Scenario:
    """What cut_scenarios wrote down."""

    def __init__(self, path):
        with open(path) as file:
            lines = file.read().split("\n")
        self.name, self.worlds = lines[0], int(lines[1])
        self.sessions = {}
        for line in lines[2:]:
            if line in ("first", "happened", "not"):
                part = self.sessions[line] = ([], [])
                into = part[0]
            elif line == "command":
                into = part[1]
            elif line and line != "reset":
                tpdu, status = line.split()
                into.append((bytes.fromhex(tpdu), bytes.fromhex(status)))
        with open(path.replace(".script", ".image"), "rb") as file:
            self.image = file.read()


class Fault(Exception):
    pass


def play(board, tpdus):
    for tpdu, status in tpdus:
        got = board.exchange(tpdu)
        if got != status:
            raise Fault(f"{tpdu.hex()} was answered {got.hex()}, not {status.hex()}")


def changed(memory, at, new):
    return memory[:at] + new + memory[at + len(new):]


def programmed(memory, at, word):
    return changed(memory, at, bytes(old & new for old, new in zip(memory[at:at + 4], word)))


class Cuts:
    """The memories that power cuts in one run of a command leave: (memory, operation, words)."""

    def __init__(self, board):
        self.board, self.memory, self.starts, self.left, self.long = board, None, [], [], False

    def stop(self):
        at = self.board.register(15)
        now = self.board.memory()
        if self.memory is not None and now != self.memory:
            raise Fault(f"operation {len(self.starts)} did something else to the memory")
        self.starts.append(now)
        if at == self.board.function["nvm_erase"]:
            self.erase(now, self.board.register(1) * PAGE)
        else:
            address, data, length = (self.board.register(n) for n in (1, 2, 3))
            self.write(now, address, bytes.fromhex(self.board.ask(f"m{data:x},{length:x}")))

    def cut(self, what, memory, last=False):
        """After forty operations, only in every eighth, and after the last."""
        if len(self.starts) > 40 and len(self.starts) % 8 and not last:
            return
        if memory not in (kept for _, kept, _ in self.left[-8:]):
            self.left.append((len(self.starts) - 1, memory, what))

    def write(self, memory, address, data):
        """Of a write of more than four words, the first two and the last two; of one that comes right behind
        another such, the first and the last."""
        for i in range(0, len(data), 4):
            at, word = address + i, data[i:i + 4]
            part = bytes(byte | mask for byte, mask in zip(word, b"\x39\xe4\x39\xe4"))
            if i not in (0, len(data) - 4) if self.long else i not in (0, 4, len(data) - 8, len(data) - 4):
                memory = programmed(memory, at, word)
                continue
            self.cut(f"before word {at:04x}", memory)
            self.cut(f"in word {at:04x}", programmed(memory, at, part))
            self.cut(f"garbage in word {at:04x}", changed(memory, at, bytes((0x5a + at * 7 + n * 29) & 255 for n in range(4))))
            memory = programmed(memory, at, word)
        self.memory, self.long = memory, len(data) > 16

    def erase(self, memory, at):
        page = memory[at:at + PAGE]
        self.cut(f"before page {at:04x}", memory)
        self.cut(f"in page {at:04x}", changed(memory, at, bytes(byte | 0xc3 for byte in page)))
        self.cut(f"half of page {at:04x}", changed(memory, at + PAGE // 4, b"\xff" * (PAGE // 2)))
        self.memory = changed(memory, at, b"\xff" * PAGE)


class Worlds:
    """What the card keeps, by its memory."""

    def __init__(self, program, folder):
        self.path = os.path.join(folder, "world")
        self.process = subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def of(self, memory):
        with open(self.path, "wb") as file:
            file.write(memory)
        self.process.stdin.write(self.path + "\n")
        self.process.stdin.flush()
        return self.process.stdout.readline().strip()


def run_cut(board, worlds, scenario, memory, may, last):
    try:
        board.boot(memory)
        world = worlds.of(board.memory())
        if world not in may:
            raise Fault("it keeps something that is neither before nor after" if world != "unreadable" else world)
        session, command = scenario.sessions["happened" if world == last else "not"]
        play(board, session)
        play(board, command)
    except Silence:
        raise Fault("the card is silent") from None


def chosen(left, path):
    """Of all the moments: each in an operation by which what the card keeps becomes something else, and of the others
    OTHERS, evenly, with the first and the last."""
    decisive = {n for n in range(len(path) - 1) if path[n] != path[n + 1]}
    others = [n for n, (operation, _, _) in enumerate(left) if operation not in decisive]
    others = {others[i * (len(others) - 1) // (OTHERS - 1)] for i in range(OTHERS)} if others else set()
    return [cut for n, cut in enumerate(left) if cut[0] in decisive or n in others]


def run_scenario(board, worlds, scenario, every):
    """Cut the power at every moment, or at those chosen: how many, of how many."""
    cuts = Cuts(board)
    board.boot(scenario.image)
    session, command = scenario.sessions["first"]
    play(board, session)
    board.halt()
    board.breakpoints("Z")
    board.on_stop = cuts.stop
    board.go()
    play(board, command)
    board.on_stop = None
    board.halt()
    board.breakpoints("z")
    if board.memory() != cuts.memory:
        raise Fault("the last operation did something else to the memory")
    cuts.cut("after the last", cuts.memory, last=True)

    # What it keeps before each operation, and at the end.
    path = [worlds.of(memory) for memory in cuts.starts + [cuts.memory]]
    if "unreadable" in path or len(set(path)) > scenario.worlds or path[0] == path[-1]:
        raise Fault(f"it keeps, one after the other, {' '.join(path)}")
    moments = cuts.left if every else chosen(cuts.left, path)
    for operation, memory, what in moments:
        try:
            run_cut(board, worlds, scenario, memory, path[operation:operation + 2], path[-1])
        except Fault as fault:
            raise Fault(f"{what} (operation {operation}): {fault}") from None
    return len(moments), len(cuts.left)


def main():
    every = sys.argv[1] == "--all"
    image, program, *scripts = sys.argv[1 + every:]
    bad = 0
    with tempfile.TemporaryDirectory() as sockets:
        board, worlds = Board(image, sockets), Worlds(program, sockets)
        try:
            for script in scripts:
                scenario = Scenario(script)
                start = time.time()
                try:
                    made, of = run_scenario(board, worlds, scenario, every)
                    print(f"{scenario.name}: {made} of {of} cuts, {time.time() - start:.1f} s", flush=True)
                except Fault as fault:
                    bad += 1
                    print(f"{scenario.name} ({os.path.basename(script)}): {fault}", flush=True)
                    board.close()
                    board = Board(image, sockets)
        finally:
            board.close()
            worlds.process.kill()
    sys.exit(bad != 0 or not scripts)


main()
