"""Shares altered: by `simrite-ceremony recover`, to which good shares are given beside, and by the second verifier."""
import json
import os
import sys

import forge

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "verifier"))
import share as verifier  # noqa: E402
import transcript  # noqa: E402


def summed(share):
    """With the checksum that fits, as whoever knows how would make it."""
    body = {k: v for k, v in share.items() if k != "checksum"}
    return dict(body, checksum=forge.digest(forge.canonical(body)))


def line(share):
    return forge.canonical(share) + b"\n"


class Judge:
    def __init__(self, house, held, by_program, by_python):
        self.house, self.held, self.by_program, self.by_python = house, held, by_program, by_python
        self.steps = {name: transcript.verify(h.transcript) for name, h in held.items()}

    def read(self, name, index):
        with open(self.held[name].share(index), "rb") as file:
            return file.read()

    def judge(self, name, data, at):
        """Is this the share that share 1 of ceremony `name` should be?"""
        held, file, key = self.held[name], self.house.write(f"share-{at}.json", data), self.house.path(f"key-{at}")
        plan = held.entries[0]["data"]["plan"]
        good = [held.share(i) for i in range(2, plan["threshold"] + 1)]
        words = ["--passphrase", "file:" + self.house.path("words")] if name == "passphrase" else []
        program = self.by_program([self.house.program, "recover", "--expose-key", "--transcript",
                                   os.path.join(held.folder, "transcript.jsonl"), "--batch", plan["batches"][0]["id"],
                                   "--out", key, *words, file, *good], (1, 2, 5, 6))
        os.unlink(file)
        if os.path.exists(key):
            os.unlink(key)
            if program.word == "refused":
                program.word, program.reason = "broken", "refused, and a key written: " + program.reason
        return program, self.by_python("share", lambda: verifier.verify(data, self.steps[name]))

    def honest(self):
        for name, held in self.held.items():
            if os.path.exists(held.share(1)):  # not on a card
                yield f"{name}: share 1", name, self.read(name, 1)

    def alterations(self):
        for name in ("many", "people", "passphrase"):
            yield from self.fields(name)
        one = json.loads(self.read("plain", 1))
        for what, share in {
                "the next custodian's, renamed": dict(json.loads(self.read("plain", 2)), custodian=one["custodian"], index=1),
                "another ceremony's of the same name": json.loads(self.read("again", 1)),
                "another ceremony's, renamed": dict(json.loads(self.read("many", 1)), ceremony=one["ceremony"], set=one["set"],
                                                    mode="rehearsal", threshold=2, total=2),
                "another ceremony's set": dict(one, set=json.loads(self.read("again", 1))["set"]),
                "another ceremony's value": dict(one, value=json.loads(self.read("again", 1))["value"]),
                "the next custodian's value": dict(one, value=json.loads(self.read("plain", 2))["value"])}.items():
            yield f"plain: share: {what}", "plain", line(summed(share))
        with open(self.house.path("interrupted-stale.json"), "rb") as file:
            stale = json.loads(file.read())
        yield "interrupted: share: of an abandoned attempt", "interrupted", line(stale)
        now = self.steps["interrupted"].set
        yield "interrupted: share: of an abandoned attempt, renamed", "interrupted", line(summed(dict(stale, set=now)))
        data = self.read("plain", 1)
        for what, bad in {"empty": b"", "without its newline": data[:-1], "two newlines": data + b"\n", "twice": data * 2, "a blank": b" " + data,
                          "a blank inside": data.replace(b",", b", ", 1), "no JSON": b"share\n", "half": data[:100],
                          "a member twice": data.replace(b'"index":1', b'"index":1,"index":1'),
                          "a list": b"[]\n", "the transcript": self.held["plain"].transcript}.items():
            yield f"plain: share: {what}", "plain", bad

    def fields(self, name):
        share = json.loads(self.read(name, 1))
        for member, value in share.items():
            for what, new in (("changed", self.other(value)), ("made of another type", [] if member != "index" else "1")):
                yield f"{name}: share: {member} {what}", name, line(dict(share, **{member: new}))
                if member != "checksum":
                    yield f"{name}: share: {member} {what}, with its checksum", name, line(summed(dict(share, **{member: new})))
            without = {k: v for k, v in share.items() if k != member}
            yield f"{name}: share: {member} removed", name, line(without)
            if member != "checksum":
                yield f"{name}: share: {member} removed, with its checksum", name, line(summed(without))
        yield f"{name}: share: a member added", name, line(summed(dict(share, zz=1)))

    @staticmethod
    def other(value):
        if isinstance(value, int):
            return value + 1
        if value in ("yes", "no"):
            return "no" if value == "yes" else "yes"
        return value[:-1] + ("0" if value[-1] != "0" else "1")
