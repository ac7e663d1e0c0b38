#!/usr/bin/python3
"""A ceremony at a terminal, played by three people who make mistakes.

    ceremony_walk.py PLAN FOLDER OPTION...

Each prompt names who has to act; here every role answers its own prompts only,
so a prompt that names nobody, or somebody else, ends the test. What they do
wrong is asked again; one leaves, and the ceremony goes on.
"""
import json
import os
import re
import sys

import pexpect

PLAN, FOLDER, *OPTIONS = sys.argv[1:]
PROMPT = re.compile(r"\r\n(\d+)\. ([^\r\n(]+) \((administrator|custodian|witness)\)\r\n((?:.|\r\n)*?)\[([^\]]*)\] ")
seen, told = [], []


def start():
    return pexpect.spawn("simrite-ceremony", ["run", PLAN, "--out", FOLDER, *OPTIONS], encoding="utf-8", timeout=60,
                         dimensions=(50, 200))


def fail(why, child):
    print(f"not as it should be: {why}\n--- seen\n{child.before}\n{child.after}")
    sys.exit(1)


def next_prompt(child):
    if child.expect([PROMPT, pexpect.EOF]) == 1:
        return None
    told.append(child.before)
    who, role, what, ways = child.match.group(2), child.match.group(3), child.match.group(4), child.match.group(5)
    if "q: leave, and go on later" not in ways or "e: something" not in ways:
        fail("the prompt does not say how to get out", child)
    seen.append((who, role, what))
    return who, role, what


def words_before(child):
    """The last word of what is to be read aloud."""
    lines = re.findall(r"^ {6}[0-9a-f]{4} [0-9a-f]{4}   (.*?)\r?$", child.before + child.after, re.M)
    return lines[-1].split()[-1] if lines else None


def walk(child, mistakes, leave_at=None):
    while True:
        prompt = next_prompt(child)
        if prompt is None:
            child.close()
            return child.exitstatus
        who, role, what = prompt
        last = words_before(child)
        if leave_at and leave_at in what:
            child.sendline("q")
            child.expect(pexpect.EOF)
            child.close()
            return child.exitstatus
        if mistakes and "type the last one" in what:
            child.sendline("aardvark")
            child.expect("That is not what the plan says. Look again.")
            child.sendline("")
            child.expect("It has to be typed.")
        if mistakes and "Is everybody here" in what:
            child.sendline("yes")
            child.expect("Only Enter, e or q means something here.")
            child.sendline("e")
            child.expect("Who tells it")
            child.sendline("")
        if mistakes and "gets a share" in what:
            child.sendline("e")
            child.expect("Who tells it")
            child.sendline("Eve")
            child.expect("The plan has nobody of that name.")
            child.sendline("Wim")
            child.expect("What happened")
            child.sendline(" ")
            child.expect("is told in 1 to")
            child.sendline("the notary's clock is slow by a minute")
            child.expect("Recorded.")
        if "Type the number on it" in what:
            thing = re.search(r"bag of (\w+)", what).group(1)
            if mistakes:
                child.sendline("A0")
                child.expect("That is not what the plan says")
            if mistakes and thing == "safe":  # its bag is torn: that is written down, and they go on
                child.sendline("e")
                child.expect("Who tells it")
                child.sendline("Ada")
                child.expect("What happened")
                child.sendline("the bag of the safe is torn")
                child.expect("Recorded.")
            else:
                child.sendline({"laptop": "A17", "safe": "A18"}[thing])
        elif "type the last one" in what:
            child.sendline(last)
        else:
            child.sendline("")


first = start()
if walk(first, True, leave_at="you sign off all") != 8:
    fail("leaving is status 8", first)
again = start()
status = walk(again, False)
if status != 0:
    fail(f"the end is status {status}", again)
roles = {role for _, role, _ in seen}
people = {who for who, _, _ in seen}
if roles != {"administrator", "custodian", "witness"} or people != {"Ada", "Alice", "Bob", "Wim"}:
    fail(f"{roles}, {people}", again)
for who, part in (("Ada", "Is everybody here"), ("Wim", "type the last one"), ("Alice", "Take your share"), ("Bob", "you are here"),
                  ("Ada", "To be destroyed"), ("Bob", "sign off"), ("Wim", "closing note")):
    if not any(who == name and part in what for name, _, what in seen):
        fail(f"{who} was not asked: {part}", again)
with open(os.path.join(FOLDER, "transcript.jsonl"), encoding="utf-8") as file:
    entries = [json.loads(line) for line in file]
for what, kind in (("The check value of the master", "keep"), ("That of the key of batch rehearsal-1", "batch")):
    check = next(e["data"]["check"] for e in entries if e["type"] == kind)
    rows = re.search(re.escape(what) + r", to be read aloud and compared:\r\n((?: {6}[0-9a-f]{4} [0-9a-f]{4}   (?:\w+ ){3}\w+\r\n){4})", "".join(told))
    if not rows or "".join(re.findall(r"^ {6}(\w{4}) (\w{4})", rows.group(1), re.M)[i][j] for i in range(4) for j in range(2)) != check:
        fail(f"{what} was not told", again)
print(f"{len(seen)} prompts, {len(people)} people, walked to the end")
