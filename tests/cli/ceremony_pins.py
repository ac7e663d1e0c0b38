#!/usr/bin/python3
"""Custodians type their cards' PINs at a terminal, and what goes wrong there.

    ceremony_pins.py PLAN FOLDER READER NAME=PIN...

Each prompt says whose PIN is wanted and how to get out; what cannot be a PIN
costs no try, a wrong one costs one and is asked again, and Ctrl-C leaves the
ceremony where the same command goes on. The first of NAME makes the mistakes,
and his or her card is the one in READER.
"""
import json
import re
import subprocess
import sys

import pexpect

PLAN, FOLDER, READER, *PINS = sys.argv[1:]
PINS = dict(pair.split("=") for pair in PINS)
FIRST = next(iter(PINS))
ASKED = r"the PIN of (\w+)'s card \(not shown; Ctrl-C leaves\): $"
WAYS = r"\n\d+\. (\w+) \(\w+\)\r\n((?:.|\r\n)*?)\[[^\]]*q: leave, and go on later\] $"


def tries():
    status = subprocess.run(["simrite-ceremony", "card-status", "--json", "--reader", READER], check=True, stdout=subprocess.PIPE).stdout
    return json.loads(status)["pin_tries"]


class Terminal:
    def __init__(self):
        self.child = pexpect.spawn("simrite-ceremony", ["run", PLAN, "--out", FOLDER], encoding="utf-8", timeout=60, dimensions=(50, 200))
        self.shown = ""

    def next(self):
        """("pin", whose), ("step", whose, what) or ("end", status)"""
        kind = self.child.expect([ASKED, WAYS, pexpect.EOF])
        self.shown = self.child.before + (self.child.after if isinstance(self.child.after, str) else "")
        if kind == 2:
            self.child.close()
            return "end", self.child.exitstatus
        return ("pin", self.child.match[1]) if kind == 0 else ("step", self.child.match[1], self.child.match[2])

    def answer(self, step):
        words = re.findall(r"^ {6}[0-9a-f]{4} [0-9a-f]{4}   (.*?)\r?$", self.shown, re.M)
        self.child.sendline(words[-1].split()[-1] if "type the last one" in step[2] else "")

    def until_pin(self):
        while (step := self.next())[0] == "step":
            self.answer(step)
        return step

    def expect(self, what, wanted, got):
        if wanted != got:
            sys.exit(f"{what}: {got} and not {wanted}\n--- shown\n{self.shown}")


before = tries()
first = Terminal()
for typed, said, left in (("q", "not", before), ("", "empty", before), ("999999", "2 tries left", before - 1)):
    first.expect("asked", ("pin", FIRST), first.until_pin())
    first.child.sendline(typed)
    first.child.expect(said)
    first.expect("what the card has left", left, tries())
first.expect("asked again", ("pin", FIRST), first.until_pin())
first.child.sendline(PINS[FIRST])
second = list(PINS)[1]
first.expect("asked next", ("pin", second), first.until_pin())
first.child.sendintr()
first.expect("Ctrl-C", ("end", 8), first.next())
first.expect("what to do is said", True, "run the same command again" in first.shown)
first.expect("after the right PIN", before, tries())

again = Terminal()
again.expect("it goes on with", ("pin", second), again.until_pin())
again.child.sendline(PINS[second])
step = again.next()
again.expect("the one after", "step", step[0])
again.child.sendline("q")
again.expect("leaving", ("end", 8), again.next())
print("asked by name, and nothing is lost")
