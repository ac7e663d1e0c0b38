#!/usr/bin/env python3
"""noise.py SOCKET SEED - make noise on a card's serial line, then talk to it without a reset.

Sends bursts of random bytes and half commands. Once the line has been quiet
for longer than the waiting time, a card must answer a plain SELECT as ever."""
import random
import select
import socket
import sys

QUIET = 1.3  # seconds; the card gives up after one


def hear(line, seconds):
    """Everything that comes until the line is quiet for so long."""
    heard = b""
    while select.select([line], [], [], seconds)[0]:
        more = line.recv(4096)
        if not more:
            sys.exit("noise: the card hung up")
        heard += more
    return heard


def main():
    dice = random.Random(int(sys.argv[2]))
    noises = [dice.randbytes(dice.randrange(1, 700)) for _ in range(2)]
    noises += [bytes.fromhex("00A4"), bytes.fromhex("00A400040A3F"), b"\xff" * 300]
    with socket.socket(socket.AF_UNIX) as line:
        line.connect(sys.argv[1])
        for noise in noises:
            line.sendall(noise)
            hear(line, QUIET)
            line.sendall(bytes.fromhex("00A4000402"))
            ack = hear(line, 0.3)
            line.sendall(bytes.fromhex("3F00"))
            answer = hear(line, 0.3)
            if ack != b"\xa4" or answer[:1] != b"\x61" or len(answer) != 2:
                sys.exit(f"noise: after {noise[:8].hex()}... ({len(noise)} bytes) the card said {ack.hex()} {answer.hex()}")


main()
