#!/usr/bin/env python3
"""stack_used.py IMAGE MONITOR - how deep the stack of the micro:bit behind QEMU's
MONITOR socket has got since its last reset, in bytes.

startup.c paints unused RAM; what is still painted between the static data and
the stack was never used. (A hole in a frame keeps its paint, so the lowest
scratched word counts, not the first.)"""
import json
import os
import socket
import subprocess
import sys
import tempfile

PAINT = (0x53494D52).to_bytes(4, "little")
RAM, SIZE = 0x20000000, 16384


def bss_end(image):
    table = subprocess.run(["arm-none-eabi-nm", image], check=True, capture_output=True, text=True).stdout
    return next(int(line.split()[0], 16) for line in table.splitlines() if line.split()[-1] == "_bss_end")


def memory(monitor):
    with socket.socket(socket.AF_UNIX) as s, tempfile.TemporaryDirectory() as folder:
        s.settimeout(10)
        s.connect(monitor)
        stream = s.makefile("rw")
        path = os.path.join(folder, "ram")
        for command, arguments in (("qmp_capabilities", {}), ("memsave", {"val": RAM, "size": SIZE, "filename": path})):
            stream.write(json.dumps({"execute": command, "arguments": arguments}))
            stream.flush()
            while "return" not in (answer := json.loads(stream.readline())):
                if "error" in answer:
                    sys.exit(f"stack_used: {command}: {answer['error']['desc']}")
        with open(path, "rb") as ram:
            return ram.read()


def main():
    image, monitor = sys.argv[1:]
    ram, at = memory(monitor), bss_end(image) - RAM
    if ram[at:at + 4] != PAINT:
        sys.exit("stack_used: no paint above the static data: the stack ran into it")
    while at < SIZE and ram[at:at + 4] == PAINT:
        at += 4
    print(SIZE - at)


main()
