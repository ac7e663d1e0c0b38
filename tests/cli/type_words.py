#!/usr/bin/env python3
"""type_words.py LINES COMMAND...: run COMMAND on a terminal of its own and, at each prompt that hides what is
typed, type the next line of the file LINES ("^C": Ctrl-C, "^D": hang up, "@PATH": what is in that file by then). All that the terminal showed goes to
stdout, the command's exit status is ours (128 + signal)."""
import os, pty, select, signal, sys, termios, time

with open(sys.argv[1], encoding="utf-8") as file:
    lines = file.read().split("\n")[:-1]
pid, terminal = pty.fork()
if pid == 0:
    os.execvp(sys.argv[2], sys.argv[2:])
shown, deadline = b"", time.monotonic() + 60
prompted = 0
while time.monotonic() < deadline:
    if select.select([terminal], [], [], 0.02)[0]:
        try:
            piece = os.read(terminal, 4096)
        except OSError:
            break
        if not piece:
            break
        shown += piece
    hidden = not termios.tcgetattr(terminal)[3] & termios.ECHO
    # messages begin with the program's name, and come in pieces
    last = shown.rsplit(b"\n", 1)[-1]
    if hidden and last.endswith(b": ") and not last.startswith(b"simrite") and len(shown) > prompted:
        prompted = len(shown)
        line = lines.pop(0) if lines else "^C"
        if line == "^D":
            os.close(terminal)
            break
        if line.startswith("@"):
            with open(line[1:], encoding="utf-8") as file:
                line = file.read().strip()
        os.write(terminal, b"\x03" if line == "^C" else line.encode() + b"\n")
else:
    os.kill(pid, signal.SIGKILL)
status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
sys.stdout.buffer.write(shown.replace(b"\r\n", b"\n"))
sys.exit(status if status >= 0 else 128 - status)
