"""An honest ceremony told again under keys that the forger has, so that it can be told falsely."""
import copy

import forge


class Twin:
    """An honest ceremony told again under keys that the forger has; the verifiers accept it."""

    def __init__(self, held, key, house):
        self.held, self.key, self.parties = held, key, held.parties
        self.entries, self.plan = held.entries, held.plan
        if not held.parties and any("key" in c for c in held.entries[0]["data"]["plan"]["custodians"]):
            self.exchange_cards(house)
        self.data = forge.seal(self.entries, key, self.parties)
        self.fingerprint = forge.digest(self.data.splitlines()[-1] + b"\n")
        # the later entries' times are free as long as none comes before the one in front
        self.first = {}
        for i, entry in enumerate(self.entries):
            self.first.setdefault(self.kind(i), i)

    def exchange_cards(self, house):
        """Nobody has the cards' keys: the forger's are in the plan instead."""
        self.parties, self.entries = {}, copy.deepcopy(self.entries)
        plan = self.entries[0]["data"]["plan"]
        for c in plan["custodians"]:
            if "key" in c:
                self.parties[c["name"]] = forge.Key()
                c["key"] = self.parties[c["name"]].base64
        for entry in self.entries[1:]:
            if "key" in entry["data"]:
                entry["data"]["key"] = self.parties[entry["data"]["name"]].base64
        self.plan = house.write(f"{self.held.name}-forged.plan", forge.canonical(plan))

    def kind(self, i):
        entry = self.entries[i]
        when = entry["data"].get("when") or ("abandoned" if entry["data"].get("abandoned", "none") != "none" else "")
        return entry["type"] + (f"-{when}" if when else "")

    def options(self, how):
        told = {"key": self.key.hash, "plan": self.plan}
        return {**told, "fingerprint": self.fingerprint} if how == "pinned" else told

    def sealed(self, entries, **how):
        """Made when it is wanted: sealing takes a while."""
        return lambda: forge.seal(entries, self.key, self.parties, **how)


def raw_of(held, i, alter):
    """One line of the real file changed, its signature and all other lines as they were."""
    lines = held.transcript.splitlines()
    entry = copy.deepcopy(held.entries[i])
    alter(entry)
    lines[i] = forge.canonical(entry)
    return b"".join(line + b"\n" for line in lines)
