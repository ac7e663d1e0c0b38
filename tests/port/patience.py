#!/usr/bin/env python3
"""patience.py UART <COMMANDS - a terminal that keeps to the waiting time of T=0, and waits no longer.

Each line is a command (hex: header and data) and the status word it must
have. Printed for each: its INS, how many NULLs came, the longest silence in
ms, and the answer. It ends at a silence of more than a second (ISO/IEC 7816-3
10.2: 9600 etu of 9600 baud), and at a byte that comes when it is not the
card's turn. With "slowly" at the end of the line the terminal takes its time
where the card has to wait, in the midst of the header and before the data:
longer than NULLs are apart, and not so long that the card gives up."""
import select
import socket
import sys
import time

WAITING = 1.0
PAUSE = 0.7
NULL = 0x60


class Terminal:
    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.connect(path)
        self.longest = 0.0

    def heard(self, seconds):
        """The next byte, if one comes in time."""
        if not select.select([self.socket], [], [], seconds)[0]:
            return None
        got = self.socket.recv(1)
        if not got:
            sys.exit("patience: the card is gone")
        return got[0]

    def byte(self):
        start = time.monotonic()
        got = self.heard(WAITING)
        if got is None:
            sys.exit("patience: nothing for a second")
        self.longest = max(self.longest, time.monotonic() - start)
        return got

    def silence(self, when):
        if (got := self.heard(PAUSE)) is not None:
            sys.exit(f"patience: the card sent {got:02X} {when}")

    def send(self, header, data, slowly):
        """A command; the NULLs there were, and the answer."""
        nulls, self.longest = 0, 0.0
        self.socket.sendall(header[:3])
        if slowly:
            self.silence("in the midst of a header")
        self.socket.sendall(header[3:])
        while True:
            got = self.byte()
            if got == NULL:
                nulls += 1
            elif got != header[1]:
                return nulls, bytes([got, self.byte()])
            elif data:
                if slowly:
                    self.silence("when it was to hear data")
                self.socket.sendall(data)
                data = b""
            else:
                return nulls, bytes(self.byte() for _ in range((header[4] or 256) + 2))


def main():
    terminal = Terminal(sys.argv[1])
    for line in sys.stdin:
        command, status, *how = line.split()
        tpdu = bytes.fromhex(command)
        nulls, answer = terminal.send(tpdu[:5], tpdu[5:], how == ["slowly"])
        print(f"{tpdu[1]:02X} {nulls} NULLs, {terminal.longest * 1000:.0f} ms, {answer.hex()}")
        if answer[-2:].hex() != status:
            sys.exit(f"patience: {command} was not answered {status}")
    terminal.silence("when nobody had asked it")


main()
