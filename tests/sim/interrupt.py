#!/usr/bin/env python3
"""interrupt.py HOW FILE COMMAND...: run COMMAND on a terminal of its own, stop it once FILE is there, and say
how that went: "exit N" or "signal N", the processes and the simulation folders it left.

HOW: key (one Ctrl-C), keys (two), or the name of a signal for the whole process group (INT, TERM)."""
import os, pty, select, signal, sys, time

how, awaited, command = sys.argv[1], sys.argv[2], sys.argv[3:]


def descendants(root):
    parents = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                with open(f"/proc/{name}/stat") as stat:
                    parents[int(name)] = int(stat.read().rsplit(")", 1)[1].split()[1])
            except OSError:
                pass
    found = {root}
    while more := {p for p, parent in parents.items() if parent in found} - found:
        found |= more
    return found - {root}


def identity(pid):
    """What tells a process from a later one of the same number; None: it is gone."""
    try:
        with open(f"/proc/{pid}/stat") as stat:
            fields = stat.read().rsplit(")", 1)[1].split()
        return None if fields[0] == "Z" else fields[19]
    except OSError:
        return None


def simulation(pid):
    try:
        with open(f"/proc/{pid}/environ", "rb") as environ:
            for entry in environ.read().split(b"\0"):
                if entry.startswith(b"PCSCLITE_CSOCK_NAME="):
                    return os.path.dirname(os.path.dirname(entry.split(b"=", 1)[1].decode()))
    except OSError:
        pass
    return None


def stop(terminal, child):
    if how.startswith("key"):
        os.write(terminal, b"\x03")
        if how == "keys":
            time.sleep(0.02)
            os.write(terminal, b"\x03")
    else:
        os.killpg(child, getattr(signal, "SIG" + how))


child, terminal = pty.fork()
if child == 0:
    os.execvp(command[0], command)
stopped, said, began = False, b"", time.time()
processes, folders = {}, set()
while True:
    if not stopped and os.path.exists(awaited):
        time.sleep(0.05)
        processes = {pid: identity(pid) for pid in descendants(child)}
        folders = {simulation(pid) for pid in processes} - {None}
        stop(terminal, child)
        stopped = True
    if time.time() - began > 60:
        os.kill(child, signal.SIGKILL)
        sys.exit("it does not end")
    if select.select([terminal], [], [], 0.01)[0]:
        try:
            data = os.read(terminal, 4096)
        except OSError:
            break
        if not data:
            break
        said += data
code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
for _ in range(100):
    alive = [pid for pid, who in processes.items() if who and identity(pid) == who]
    left = [folder for folder in folders if os.path.exists(folder)]
    if not alive and not left:
        break
    time.sleep(0.05)
print(said.decode(errors="replace"))
print(f"saw {len(processes)} processes and {len(folders)} simulation")
print(f"left {len(alive)} processes and {len(left)} folders", *left)
print(f"exit {code}" if code >= 0 else f"signal {-code}")
