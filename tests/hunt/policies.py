"""Policies altered, and notes that do not meet them: shown to `simrite-ceremony verify --policy` and to the second verifier.

Refused is exit status 1 (the note does not meet it) or 5 (it is no policy).
"""
import os
import sys

import forge
from notes import Judge as Notes

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "verifier"))
import note as verifier  # noqa: E402
import policy  # noqa: E402


def vkey(name, key, kind=2):
    return f"{name}+{key.hash[:8]}+{forge.base64.b64encode(bytes([kind]) + key.der).decode()}"


class Judge(Notes):
    """The twin's note, whole or with signatures missing, under policies."""

    def __init__(self, house, held, twin, by_program, by_python):
        super().__init__(house, held, twin, by_program, by_python)
        self.stranger = forge.Key()
        names = [name for name in self.signers if name != self.origin]
        self.names, self.all = names, self.made()
        self.witnesses = [f"witness w{i} {vkey(name, self.signers[name])}" for i, name in enumerate(names)]
        self.witnesses.append(f"witness eve {vkey('Eve', self.stranger)}")
        self.log = f"log {vkey(self.origin, twin.key)}"

    def judge(self, told, data, at):
        file, rules = self.house.write(f"policy-note-{at}", data), self.house.write(f"policy-{at}", told)
        program = self.by_program([self.house.program, "verify", "--policy", rules, "--note", file, self.file], (1, 5))
        os.unlink(file)
        os.unlink(rules)
        return program, self.by_python("policy", lambda: verifier.verify(data, self.steps, 0, policy.Policy(told)))

    def file_of(self, *rules, log=True):
        return "".join(line + "\n" for line in ([self.log] if log else []) + self.witnesses + list(rules)).encode()

    def without(self, *left_out):
        return self.made(signers={n: k for n, k in self.signers.items() if n not in left_out})

    def honest(self):
        last = len(self.names) - 1
        everybody = " ".join(f"w{i}" for i in range(len(self.names)))
        for what, rules in {"none": ["quorum none"], "one witness": ["quorum w0"], "all": [f"group g all {everybody}", "quorum g"],
                            "any, with one that has not signed": [f"group g any eve w{last}", "quorum g"],
                            "a number": [f"group g {len(self.names)} {everybody} eve", "quorum g"],
                            "groups of groups": ["group a 1 w0 eve", f"group b all w{last}", "group c 2 a b", "quorum c"],
                            "a quorum before the end": ["quorum w0", "# more", "", " \t", f"group g\tall  w{last} "]}.items():
            yield f"people: policy: {what}", self.file_of(*rules), self.all
            yield f"people: policy: {what}, without a log", self.file_of(*rules, log=False), self.all
        yield "people: policy: one too few is enough", self.file_of(f"group g any {everybody}", "quorum g"), self.without(self.names[0])
        yield "people: policy: no witness", b"quorum none\n", self.without(*self.names)
        yield "people: policy: with addresses and letters of other alphabets", \
            self.file_of("group gr\u00fcn any w0", "quorum gr\u00fcn").replace(b"\nwitness eve", b" https://log.example/\nwitness eve", 1), self.all

    def unmet(self):
        everybody = " ".join(f"w{i}" for i in range(len(self.names)))
        last = len(self.names) - 1
        yield "a stranger is wanted", ["quorum eve"], []
        yield "all, and a stranger", [f"group g all {everybody} eve", "quorum g"], []
        yield "one more than there are", [f"group g {len(self.names) + 1} {everybody} eve", "quorum g"], []
        yield "nobody has signed", [f"group g any {everybody}", "quorum g"], self.names
        for i, name in enumerate(self.names):
            yield f"witness {i} has not signed", [f"quorum w{i}"], [name]
            yield f"of all, witness {i} has not", [f"group g all {everybody}", "quorum g"], [name]
            yield f"of two groups, that of witness {i} is not met", \
                [f"group a any w{i}", f"group b any {' '.join(f'w{j}' for j in range(len(self.names)) if j != i)}", "group c all a b", "quorum c"], [name]
        yield "a group's members do not help another", ["group a any eve", f"group b any w0 w{last}", "group c all a b", "quorum c"], []

    def alterations(self):
        for what, rules, left_out in self.unmet():
            yield f"people: policy: {what}", self.file_of(*rules), self.without(*left_out)
        good = ["group a any w0 eve", "quorum a"]
        name, key = self.names[0], self.signers[self.names[0]]
        w0 = self.witnesses[0]
        bad = {"no quorum": ["group a any w0"], "two quorums": good + ["quorum a"], "a quorum of nobody": ["quorum nobody"],
               "a quorum that comes later": ["quorum a", "group a any w0"], "a member that comes later": ["group b any a", *good],
               "a group in itself": ["group a any a", "quorum a"], "a member twice": ["group a 2 w0 w0", "quorum a"],
               "a member of two groups": ["group b any w0", *good], "none as a member": ["group a any w0 none", "quorum a"],
               "a threshold of 0": ["group a 0 w0", "quorum a"], "one above its members": ["group a 2 w0", "quorum a"],
               "one with a zero before": ["group a 01 w0", "quorum a"], "one that is negative": ["group a -1 w0", "quorum a"],
               "one that wraps": ["group a 4294967297 w0", "quorum a"], "no members": ["group a any", "quorum a"],
               "a name twice": ["group w0 any eve", "quorum w0"], "the name none": ["group none any w0", "quorum none"],
               "an unknown word": ["witnesses w0", *good], "in capitals": ["GROUP b any w0", "quorum w0"],
               "a control character": ["group a any w0\r", "quorum a"], "a zero byte": ["# \0", *good], "a delete": ["# \x7f", *good],
               "a key twice": [f"witness again {vkey('Again', key)}", *good], "a log twice": [self.log, *good],
               "a key of Ed25519": [f"witness b b+01234567+{forge.base64.b64encode(bytes([1]) + bytes(32)).decode()}", *good],
               "a quorum and more": ["group a any w0", "quorum a b"]}
        for what, rules in bad.items():
            yield f"people: policy: {what}", self.file_of(*rules), self.all
        whole = self.file_of(*good)
        changes = {"another ceremony's log": (self.log, self.log.replace(self.origin, self.origin + "x")),
                   "another key's log": (self.log, f"log {vkey(self.origin, self.stranger)}"),
                   "a witness's key is a stranger's": (w0, f"witness w0 {vkey(name, forge.Key())}"),
                   "a witness's key under another name": (w0, f"witness w0 {vkey('Other', key)}"),
                   "a key's type": (w0, f"witness w0 {vkey(name, key, 4)}"),
                   "a key's id": (w0, f"witness w0 {name}+00000000+{vkey(name, key).split('+', 2)[2]}"),
                   "a key's id in capitals": (w0, f"witness w0 {name}+{key.hash[:8].upper()}x+{vkey(name, key).split('+', 2)[2]}"),
                   "a key with a byte more": (w0, w0[:-1] + "AAA="), "a key cut short": (w0, w0[:-8]),
                   "a key without a name": (w0, w0.replace(name + "+", "+", 1)), "two addresses": (w0, w0 + " a b")}
        for what, (old, new) in changes.items():
            yield f"people: policy: {what}", whole.replace(old.encode(), new.encode(), 1), self.all
        yield "people: policy: without its last newline", whole[:-1], self.all
        yield "people: policy: empty", b"", self.all
        yield "people: policy: the note", self.all, self.all
