"""Real ceremonies, held by the program, for the hunt: plain, of many, with people, interrupted, chained."""
import json
import os
import resource
import shutil
import subprocess

import forge


class Held:
    """A ceremony that was held: .name, .folder, .plan (file), .transcript (bytes), .parties (name -> forge.Key)."""

    def __init__(self, name, folder, plan, parties):
        self.name, self.folder, self.plan, self.parties = name, folder, plan, parties
        with open(os.path.join(folder, "transcript.jsonl"), "rb") as file:
            self.transcript = file.read()
        self.entries = forge.entries_of(self.transcript)
        self.key = forge.digest(forge.base64.b64decode(self.entries[0]["data"]["key"]))
        self.fingerprint = forge.digest(self.transcript.splitlines()[-1] + b"\n")

    def share(self, index):
        return os.path.join(self.folder, "shares", f"share-{index}.json")


class House:
    """Where ceremonies are held: a program and a folder."""

    def __init__(self, program, folder):
        self.program, self.folder, self.held = program, folder, []

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, data):
        with open(os.open(self.path(name), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(data)
        return self.path(name)

    def run(self, *args, wanted=(0,), most=None):
        limit = (lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))) if most else None
        done = subprocess.run([self.program, *args], capture_output=True, text=True, preexec_fn=limit, check=False)
        if done.returncode not in wanted:
            raise SystemExit(f"hunt: {' '.join(args)}: exit status {done.returncode}\n{done.stdout}{done.stderr}")
        return done

    def hold(self, name, plan, *options, parties=None, stops=()):
        """Hold a ceremony; `stops` are file sizes at which the disk is full, one run after the other."""
        file = self.write(f"{name}.plan", json.dumps(plan).encode())
        signers = []
        for who, key in (parties or {}).items():
            pem = self.write(f"{name}-{forge.digest(key.der)[:8]}.pem", key.pem())
            signers += ["--signer", f"{who}=file:{pem}"]
        command = ("run", file, "--out", self.path(name), "--no-progress", *options)
        for most in stops:
            self.run(*command, *signers, wanted=(7,), most=most)
            if os.path.exists(self.path(f"{name}/shares/share-1.json")):
                shutil.copy(self.path(f"{name}/shares/share-1.json"), self.path(f"{name}-stale.json"))
        self.run(*command, *signers)
        made = Held(name, self.path(name), file, parties or {})
        self.held.append(made)
        return made


def plan(name, threshold, total, mode="rehearsal", **more):
    prefix = "rehearsal-" if mode == "rehearsal" else ""
    return {"schema": 1, "id": prefix + name, "mode": mode, "title": "Master key of Example Mobile",
            "operator": "Example Mobile", "hsm": "softhsm", "threshold": threshold,
            "custodians": [{"name": f"Custodian {i + 1}", "role": "officer", "jurisdiction": ("NL", "FR", "DE", "US")[i % 4]}
                           for i in range(total)],
            "batches": [{"id": prefix + "one", "count": 8, "first_iccid": "8988211000000000011"},
                        {"id": prefix + "two", "count": 1000}], **more}


def hold_with_cards(house):
    """Custodians 1 and 2 with simulated cards in the readers: they draw, sign and keep their shares."""
    made, options = plan("cards", 2, 3), []
    for i in range(2):
        name, pin = f"Custodian {i + 1}", house.write(f"pin-{i}", b"%d\n" % (135790 + i))
        code = house.write(f"code-{i}", b"1357913%d\n" % i)
        told = house.run("enrol", "--json", "--reader", f"simrite {i:02}", "--name", name, "--pin", f"file:{pin}",
                         "--code", f"file:{code}")
        made["custodians"][i].update(key=json.loads(told.stdout.splitlines()[-1])["key"], share="card")
        options += ["--pin", f"{name}=file:{pin}"]
    return house.hold("cards", made, *options)


def hold_all(house, cards):
    plain = house.hold("plain", plan("plain", 2, 2, title="Zo\u00eb \u05d3\u05d5\u05d3 \u738b \"\\/"))
    house.hold("again", plan("plain", 2, 2))  # another ceremony under the first's name
    many = house.hold("many", plan("many", 3, 5, "production"), "--software-token")
    with open(house.program, "rb") as file:
        this = forge.digest(file.read())

    ada, bob, wim, zoe = (forge.Key() for _ in range(4))
    with_people = plan("people", 2, 3, jurisdictions=2, administrator={"name": "Ada", "key": ada.base64},
                       witnesses=[{"name": "Wim de Wit", "role": "notary", "key": wim.base64},
                                  {"name": "Zoe", "role": "journalist", "key": zoe.base64}],
                       destruction=["the laptop's disk is shredded", "the printer is broken"],
                       software=[{"name": "simrite", "sha256": this}, {"name": "older", "sha256": "ab" * 32}],
                       devices=[{"name": "laptop", "kind": "machine", "serial": "L1", "bag": "1", "new_bag": "2"}])
    with_people["custodians"][1].update(key=bob.base64, share="file", serial="0042", bag="7")
    parties = {"Ada": ada, "Custodian 2": bob, "Wim de Wit": wim, "Zoe": zoe}
    file = house.write("people.plan", json.dumps(with_people).encode())
    pem = house.write("ada.pem", ada.pem())
    house.run("run", file, "--out", house.path("people"), "--signer", f"Ada=file:{pem}")  # the others are late
    house.run("exception", "--by", "Custodian 3", "--text", "the train of two was late; an hour was waited",
              house.path("people"))
    people = house.hold("people", with_people, "--affirm-destroyed", parties=parties)

    house.hold("interrupted", plan("interrupted", 2, 3), stops=(4000, 9000, 12000))
    house.write("words", b"correct horse\n")
    house.hold("passphrase", plan("passphrase", 2, 2), "--passphrase", "file:" + house.path("words"))

    # chained to one before, in its token, which is named by its URI and has other things in it
    hsm = many.entries[0]["data"]["hsm"]
    os.environ["SOFTHSM2_CONF"] = os.path.join(many.folder, "hsm", "softhsm2.conf")
    house.hold("chained", plan("chained", 2, 3, "production", previous=many.fingerprint, batches=[{"id": "three", "count": 5}],
                               hsm=f"pkcs11:token=simrite%20production;serial={hsm['serial']}"
                                   f"?pin-source={many.folder}/hsm/pin",
                               devices=[{"name": "safe", "kind": "hsm", "serial": hsm["serial"]}],
                               known_objects=["simrite master many", "simrite batch one", "simrite batch two"]),
               "--software-token")
    del os.environ["SOFTHSM2_CONF"]
    if cards:
        hold_with_cards(house)
    return {"plain": plain, "many": many, "people": people, **{h.name: h for h in house.held}}
