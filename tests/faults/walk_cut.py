#!/usr/bin/python3
"""A ceremony at a terminal that ends at a prompt: walk_cut.py N PLAN FOLDER OPTION...

Everybody does what the prompts ask for, up to the N-th (from 1): there Ctrl-C ends it. The same command goes on, and the
terminal is hung up when that prompt comes again, then, once more, the power is cut. Prints what was asked; status 1 when
there is no such prompt, 99 when one of the ends is not as it should be."""
import re
import sys

import pexpect

N, PLAN, FOLDER, *OPTIONS = sys.argv[1:]
PROMPT = re.compile(r"\r\n\d+\. ([^\r\n(]+) \((?:administrator|custodian|witness)\)\r\n((?:.|\r\n)*?)\[[^\]]*\] ")


def status_of(child):
    if child.exitstatus is not None:
        return child.exitstatus
    return 128 + child.signalstatus


def walk(last, how):
    """Up to prompt `last`; what was asked there, all that was shown, and how the program ended."""
    child = pexpect.spawn("simrite-ceremony", ["run", PLAN, "--out", FOLDER, *OPTIONS], encoding="utf-8", timeout=60, dimensions=(50, 200))
    child.delaybeforesend, child.delayafterclose = None, 0.01
    count, shown = 0, ""
    while child.expect([PROMPT, pexpect.EOF]) == 0:
        shown += child.before + child.after
        count += 1
        if count == last:
            break
        words = re.findall(r"^ {6}[0-9a-f]{4} [0-9a-f]{4}   (.*?)\r?$", shown, re.M)
        child.sendline(words[-1].split()[-1] if "type the last one" in child.match.group(2) else "")
    else:
        child.close()
        return None, shown, status_of(child)
    asked = f"{child.match.group(1)}: {child.match.group(2).strip().splitlines()[0]}"
    if how == "hup":  # the terminal is gone
        child.ptyproc.fileobj.close()
        child.ptyproc.wait()
        return asked, shown, status_of(child.ptyproc)
    if how == "int":
        child.sendintr()
    else:
        child.kill(9)
    child.expect(pexpect.EOF)
    shown += child.before
    child.close()
    return asked, shown, status_of(child)


def wrong(why, *more):
    print(why, *more)
    sys.exit(99)


def main():
    asked, shown, status = walk(int(N), "int")
    if asked is None:
        if status != 0:
            wrong("the end is status", status, shown)
        sys.exit(1)
    print(asked)
    if status != 8 or "run the same command again" not in shown:
        wrong("Ctrl-C:", status, shown)
    # what was recorded is not asked again, but the plan is compared each time: prompts 1 and 2
    for how, wanted in (("hup", 129), ("kill", 137)):
        again, shown, status = walk(min(int(N), 3), how)
        if status != wanted or again is None:
            wrong(how, status, again, shown)


main()
