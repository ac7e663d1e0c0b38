"""Closing notes altered: shown to `simrite-ceremony verify --note`, which wants everybody's signature, and to the second verifier."""
import base64
import os
import sys

import forge

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "verifier"))
import note as verifier  # noqa: E402
import transcript  # noqa: E402


def key_name(name):
    return name.replace("%", "%25").replace("+", "%2B").replace(" ", "%20")


class Judge:
    """Notes of the ceremony with people, told again under keys that the forger has."""

    def __init__(self, house, held, twin, by_program, by_python):
        self.house, self.held, self.twin, self.by_program, self.by_python = house, held, twin, by_program, by_python
        self.file = house.write("noted.jsonl", twin.data)
        self.steps = transcript.verify(twin.data)
        self.people = held["people"].parties
        plan = twin.entries[0]["data"]["plan"]
        lines = twin.data.splitlines()
        self.origin = "simrite/ceremony/" + plan["id"]
        root = base64.b64encode(bytes.fromhex(forge.root(lines))).decode()
        self.lines = [self.origin, str(len(lines)), root, f"mode {plan['mode']}", f"fingerprint {twin.fingerprint}"]
        self.signers = {self.origin: twin.key, **{key_name(n): k for n, k in self.people.items()}}

    def judge(self, data, at):
        file = self.house.write(f"note-{at}", data)
        wanted = str(len(self.people))
        program = self.by_program([self.house.program, "verify", "--key", self.twin.key.hash, "--note", file, "--cosigned", wanted,
                                   self.file], (1, 5))
        os.unlink(file)
        return program, self.by_python("note", lambda: verifier.verify(data, self.steps, len(self.people)))

    @staticmethod
    def signature(key, text, high=False):
        return base64.b64encode(bytes.fromhex(key.hash)[:4] + key.der_signature(text.encode(), high)).decode()

    def made(self, lines=None, signers=None, change=None):
        """A note of these lines, signed by all; `change` alters the list of its signature lines."""
        text = "".join(line + "\n" for line in (lines or self.lines))
        signed = [f"\u2014 {name} {self.signature(key, text)}" for name, key in (signers or self.signers).items()]
        if change:
            signed = change(signed, text)
        return (text + "\n" + "".join(line + "\n" for line in signed)).encode()

    def honest(self):
        yield "people: note: told again", self.made()
        yield "people: note: signatures in another order", self.made(change=lambda s, _: s[::-1])
        stranger = forge.Key()
        yield "people: note: a stranger's signature besides", \
            self.made(change=lambda s, text: s + [f"\u2014 Eve {self.signature(stranger, text)}"])

    def alterations(self):
        for i, line in enumerate(self.lines):
            for what, new in {"changed": line[:-1] + ("0" if line[-1] != "0" else "1"), "with a blank behind": line + " ",
                              "with a blank before": " " + line, "in capitals": line.upper(), "empty": "", "twice": line + "\n" + line,
                              "with a carriage return": line + "\r", "with a zero before": "0" + line}.items():
                if new == line:
                    continue
                yield f"people: note: line {i + 1} {what} (rules)", self.made(self.lines[:i] + [new] + self.lines[i + 1:])
                data = self.made()
                yield f"people: note: line {i + 1} {what} (raw)", data.replace(line.encode() + b"\n", new.encode() + b"\n", 1)
            yield f"people: note: line {i + 1} dropped (rules)", self.made(self.lines[:i] + self.lines[i + 1:])
        yield "people: note: a line more (rules)", self.made(self.lines + ["witnessed by nobody"])
        yield "people: note: lines in another order (rules)", self.made(self.lines[:3] + self.lines[:2:-1])
        yield "people: note: rehearsal passed off as production (rules)", \
            self.made([line.replace("mode rehearsal", "mode production") for line in self.lines])
        stranger = forge.Key()
        for i, name in enumerate(self.signers):
            key = self.signers[name]

            def put(new):
                return lambda s, text, i=i: s[:i] + new(s[i], text) + s[i + 1:]

            def wrapped(der, key=key):
                return base64.b64encode(bytes.fromhex(key.hash)[:4] + der).decode()
            changes = {
                "left out": lambda line, text: [], "twice": lambda line, text: [line, line],
                "by a stranger": lambda line, text, n=name: [f"\u2014 {n} {self.signature(stranger, text)}"],
                "by a stranger, with the right id": lambda line, text, n=name, w=wrapped:
                    [f"\u2014 {n} {w(stranger.der_signature(text.encode()))}"],
                "of another text": lambda line, text, n=name, k=key: [f"\u2014 {n} {self.signature(k, text + 'x')}"],
                "of the text without its newline": lambda line, text, n=name, k=key: [f"\u2014 {n} {self.signature(k, text[:-1])}"],
                "with the larger s": lambda line, text, n=name, k=key: [f"\u2014 {n} {self.signature(k, text, True)}"],
                "with a byte behind": lambda line, text, n=name, k=key, w=wrapped: [f"\u2014 {n} {w(k.der_signature(text.encode()) + bytes(1))}"],
                "under another name": lambda line, text, n=name: [line.replace(n, "Eve", 1)],
                "with another id": lambda line, text, n=name, k=key:
                    [f"\u2014 {n} {base64.b64encode(bytes(4) + k.der_signature(text.encode())).decode()}"],
                "with the next one's signature": lambda line, text, n=name: [
                    f"\u2014 {n} {self.signature(list(self.signers.values())[(list(self.signers).index(n) + 1) % len(self.signers)], text)}"],
                "with a hyphen": lambda line, text: [line.replace("\u2014", "-")],
                "with two blanks": lambda line, text: [line.replace(" ", "  ", 1)],
                "with a blank behind": lambda line, text: [line + " "],
                "cut short": lambda line, text: [line[:-5]],
                "empty": lambda line, text, n=name: [f"\u2014 {n} "],
                "only an id": lambda line, text, n=name, w=wrapped: [f"\u2014 {n} {w(b'')}"],
                "behind an empty line": lambda line, text: ["", line],
            }
            for what, new in changes.items():
                yield f"people: note: signature {i + 1} {what} (rules)", self.made(change=put(new))
        data = self.made()
        for what, bad in {"empty": b"", "no signatures": data[:data.index(b"\n\n") + 2], "no empty line": data.replace(b"\n\n", b"\n"),
                          "without its last newline": data[:-1], "lines end as in DOS": data.replace(b"\n", b"\r\n"),
                          "a byte order mark": b"\xef\xbb\xbf" + data, "a zero byte": data + b"\0",
                          "text behind": data + b"and more\n", "not UTF-8": data.replace(b"Ada", b"\xff\xfe\xfd"),
                          "twice": data + data, "the transcript": self.twin.data}.items():
            yield f"people: note: {what} (rules)", bad
        with open(os.path.join(self.held["people"].folder, "transcript.note"), "rb") as file:
            yield "people: note: the real one, of the real transcript, beside this one", file.read()
        with open(os.path.join(self.held["plain"].folder, "transcript.note"), "rb") as file:
            yield "people: note: another ceremony's", file.read()
