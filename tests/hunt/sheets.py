"""Words on paper sheets altered: by `simrite-ceremony words`, which has the sheet's salt and the transcript, by
`recover`, to which good shares are given beside, and by the second verifier."""
import json
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "verifier"))
import transcript  # noqa: E402
import words as verifier  # noqa: E402

FIELDS = {"identifier": 15, "extendable": 1, "exponent": 4, "group": 4, "group_threshold": 4, "groups": 4, "member": 4,
          "threshold": 4, "padding": 4, "value": 256}


class Words:
    """33 words of SLIP-0039, whatever they say: written from it with the checksum that fits."""

    def __init__(self, share, **other):
        """Of a share file's JSON; `other` fields instead of the right ones."""
        fields = {"identifier": int(share["set"], 16) >> 49, "extendable": 1, "exponent": 0, "group": 0, "group_threshold": 0,
                  "groups": 0, "member": share["index"] - 1, "threshold": share["threshold"] - 1, "padding": 0,
                  "value": int(share["value"], 16), **other}
        number = 0
        for name, bits in FIELDS.items():
            number = number << bits | fields[name]
        values = [number >> 10 * i & 1023 for i in range(29, -1, -1)]
        label = list(b"shamir_extendable" if fields["extendable"] else b"shamir")
        check = verifier.polymod(label + values + [0, 0, 0]) ^ 1
        self.values, self.salt = values + [check >> 20 & 1023, check >> 10 & 1023, check & 1023], share["salt"]

    def text(self, values=None):
        known = verifier.published()
        return " ".join(known[v] for v in values or self.values).encode() + b"\n"


class Judge:
    def __init__(self, house, held, by_program, by_python):
        self.house, self.held, self.by_program, self.by_python = house, held, by_program, by_python
        self.steps = {name: transcript.verify(h.transcript) for name, h in held.items()}

    def share(self, name, index=1):
        with open(self.held[name].share(index), "rb") as file:
            return json.load(file)

    def judge(self, name, data, salt, at):
        """Is this the sheet of share 1 of ceremony `name`? Both commands must say so, and either may refuse."""
        held, file = self.held[name], self.house.write(f"sheet-{at}", data)
        told = os.path.join(held.folder, "transcript.jsonl")
        program = self.by_program([self.house.program, "words", "--transcript", told, "--salt", salt, "-m", f"file:{file}"], (1, 5))
        restored = self.restored(name, file, told, at)
        if salt == self.share(name)["salt"] and restored.word != program.word:
            program.word, program.reason = "broken", f"words {program}; recover {restored}"
        os.unlink(file)
        return program, self.by_python("words", lambda: verifier.verify(data, salt, self.steps[name]))

    def restored(self, name, file, told, at):
        held, key = self.held[name], self.house.path(f"sheet-key-{at}")
        plan = held.entries[0]["data"]["plan"]
        good = [held.share(i) for i in range(2, plan["threshold"] + 1)]
        passphrase = ["--passphrase", "file:" + self.house.path("words")] if name == "passphrase" else []
        program = self.by_program([self.house.program, "recover", "--expose-key", "--transcript", told, "--batch", plan["batches"][0]["id"],
                                   "--out", key, *passphrase, "-m", f"file:{file}", *good], (1, 2, 5, 6))
        if os.path.exists(key):
            os.unlink(key)
            if program.word == "refused":
                program.word = "broken"
        return program

    def honest(self):
        for name, held in self.held.items():
            if os.path.exists(held.share(1)):  # not on a card
                words = Words(self.share(name))
                yield f"{name}: sheet 1", name, words.text(), words.salt

    def alterations(self):
        for name in ("many", "passphrase"):
            yield from self.words(name)
            yield from self.fields(name)
        yield from self.others()
        yield from self.forms()

    def words(self, name):
        """Words changed and swapped: the checksum's."""
        good = Words(self.share(name))
        for i in range(33):
            values = list(good.values)
            values[i] = (values[i] + 1) % 1024
            yield f"{name}: sheet: word {i + 1} changed", name, good.text(values), good.salt
            values[(i + 7) % 33] = (values[(i + 7) % 33] + 512) % 1024
            yield f"{name}: sheet: words {i + 1} and {(i + 7) % 33 + 1} changed", name, good.text(values), good.salt
            for far in (1, 5):
                values, j = list(good.values), (i + far) % 33
                values[i], values[j] = values[j], values[i]
                if values != good.values:
                    yield f"{name}: sheet: words {i + 1} and {j + 1} swapped", name, good.text(values), good.salt

    def fields(self, name):
        """What the words say, changed by somebody who knows the checksum."""
        share = self.share(name)
        right = Words(share)
        at = {"identifier": int(share["set"], 16) >> 49, "member": 0, "threshold": share["threshold"] - 1, "value": int(share["value"], 16),
              "extendable": 1}
        for field, bits in FIELDS.items():
            values = {at.get(field, 0) ^ 1 << n for n in range(0, bits, 17 if bits > 16 else 1)}
            for value in sorted(values):
                words = Words(share, **{field: value})
                yield f"{name}: sheet: {field} {value ^ at.get(field, 0):#x} otherwise, with its checksum", name, words.text(), right.salt
        for what, salt in {"changed": right.salt[:-1] + ("0" if right.salt[-1] != "0" else "1"), "of zeros": "00" * 32,
                           "the next custodian's": self.share(name, 2)["salt"], "the value": share["value"]}.items():
            yield f"{name}: sheet: salt {what}", name, right.text(), salt

    def others(self):
        """Words of other sheets, as they are and made to fit."""
        one, two, again = self.share("plain"), self.share("plain", 2), self.share("again")
        with open(self.house.path("interrupted-stale.json"), "rb") as file:
            stale = json.load(file)
        now = self.share("interrupted")
        many = dict(self.share("many"), set=one["set"], threshold=one["threshold"])
        for what, name, share, salt in (
                ("the next custodian's", "plain", two, one["salt"]),
                ("the next custodian's, renumbered", "plain", dict(two, index=1), one["salt"]),
                ("the next custodian's, renumbered, with its salt", "plain", dict(two, index=1), two["salt"]),
                ("another ceremony's of the same name", "plain", again, again["salt"]),
                ("another ceremony's of the same name, under this set", "plain", dict(again, set=one["set"]), again["salt"]),
                ("another ceremony's, made to fit", "plain", many, many["salt"]),
                ("of an abandoned attempt", "interrupted", stale, stale["salt"]),
                ("of an abandoned attempt, under this set", "interrupted", dict(stale, set=now["set"]), stale["salt"]),
                ("of an abandoned attempt, under this set and salt", "interrupted", dict(stale, set=now["set"]), now["salt"])):
            yield f"{name}: sheet: {what}", name, Words(share).text(), salt

    def forms(self):
        good = Words(self.share("plain"))
        text, words = good.text(), good.text().decode().split()
        for what, bad in {"empty": b"", "a newline": b"\n", "a word less": " ".join(words[:-1]).encode() + b"\n",
                          "the first word left out": " ".join(words[1:]).encode() + b"\n",
                          "a word more": text[:-1] + b" academic\n", "twice": text[:-1] + b" " + text, "20 words": " ".join(words[:20]).encode() + b"\n",
                          "backwards": " ".join(words[::-1]).encode() + b"\n", "a word that is none": text.replace(words[4].encode(), b"simrite", 1),
                          "a word cut short": text.replace(words[4].encode(), words[4][:3].encode(), 1), "no words": b"0 1 2 3\n",
                          "joined by hyphens": text.replace(b" ", b"-"), "an accent": text.replace(b"a", b"\xc3\xa1", 1),
                          "bytes of zero": text.replace(b" ", b"\0"), "the share file": json.dumps(self.share("plain")).encode() + b"\n",
                          "the value in hex": self.share("plain")["value"].encode() + b"\n"}.items():
            yield f"plain: sheet: {what}", "plain", bad, good.salt
