"""ceremony.py COUNT BIN HSM_TIME_SO: a batch of COUNT process cards by each method, from plan to proof, and what the time goes to.

Sixteen readers at a time (PC/SC's limit), each card a process of its own; new cards as often as needed. Card, PC/SC and
HSM are CPU time: of the card processes, of pcscd with its driver, and inside the PKCS#11 calls; the bureau is the rest of
simrite-batch. Rates are by the clock, of simrite batch birth and personalise; starting readers is not counted."""
import base64
import copy
import glob
import json
import os
import resource
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "hunt"))
import forge  # noqa: E402

LINES = 1000
BATCHES = (("injected", "bulk-plain", 1), ("derived", "derived", 2), ("agreed", "agreed", 3))
READERS = 16
TICK = os.sysconf("SC_CLK_TCK")


def run(*args, **more):
    done = subprocess.run(args, check=False, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **more)
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(args)}: exit status {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


def luhn(digits):
    total = sum(int(d) if i % 2 else sum(divmod(2 * int(d), 10)) for i, d in enumerate(reversed(digits)))
    return digits + str(-total % 10)


def first_iccid(n):
    return luhn(f"8988211{n}0000000000")


def cpu(pid):
    """Of a process and its threads, in ticks of the clock."""
    with open(f"/proc/{pid}/stat", encoding="ascii") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def cpu_fine(pid):
    """Of a process without threads, in nanoseconds: a card takes less than a tick."""
    with open(f"/proc/{pid}/schedstat", encoding="ascii") as file:
        return int(file.read().split()[0]) / 1e9


def children(pid, name):
    found = subprocess.run(["pgrep", "-P", str(pid), name], stdout=subprocess.PIPE, text=True, check=False).stdout
    return [int(line) for line in found.split()]


def own_children():
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def inside(result, birth, make):
    """Where there are readers: make what cards there are, and write down what it took."""
    supervisor = children(os.getppid(), "simrite-sim")[0]
    cards, pcscd = children(supervisor, "simrite-vcard"), children(supervisor, "pcscd")

    def taken():
        return [time.monotonic(), sum(map(cpu_fine, cards)), sum(map(cpu, pcscd)), own_children()]

    before = taken()
    run(*birth)
    born = taken()
    subprocess.run(make, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    made = taken()
    with open(result, "w", encoding="ascii") as file:
        json.dump([[b - a for a, b in zip(before, born)], [b - a for a, b in zip(born, made)]], file)


def stopped(attempt, before, room):
    """An attempt that a stop ended before its gate, and the resume that tells so; when there is no room for it, an exception."""
    again = copy.deepcopy(attempt[:-1])
    if before + len(again) + 1 > room:
        return [dict(attempt[0], type="exception", data={"by": "Alice", "text": f"the lights went out, {before}"})]
    new = {"set": 8, "commitment": 32, "nonce": 16, "check": 16}
    made = os.urandom(8).hex()
    for entry in again:
        entry["at"], data = attempt[0]["at"], entry["data"]
        data.update({name: os.urandom(length).hex() for name, length in new.items() if name in data}, set=made)
        if entry["type"] == "attempt":
            data["number"] += before // (len(again) + 1)
    return again + [dict(attempt[0], type="resume", data={"abandoned": made, "cut": before % 100})]


class Bench:
    def __init__(self, count, folder, module):
        self.count, self.folder = count, folder
        self.ceremony_folder = folder + "/c"
        self.transcript = self.ceremony_folder + "/transcript.jsonl"
        run("openssl", "ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", folder + "/factory.pem")
        self.factory = base64.b64encode(subprocess.run(
            ["openssl", "ec", "-in", folder + "/factory.pem", "-pubout", "-outform", "DER"], check=True,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout).decode()
        real = (glob.glob("/usr/lib/softhsm/libsofthsm2.so") + glob.glob("/usr/lib/*/softhsm/libsofthsm2.so"))[0]
        os.environ.update(HSM_REAL=real, HSM_TIME=folder + "/hsm.time",
                          SOFTHSM2_CONF=self.ceremony_folder + "/hsm/softhsm2.conf")
        self.hsm = f"pkcs11:token=simrite%20rehearsal?module-path={module}&pin-source=file:{self.ceremony_folder}/hsm/pin"

    def hsm_seconds(self):
        path = os.environ["HSM_TIME"]
        if not os.path.exists(path):
            return 0.0
        with open(path, encoding="ascii") as file:
            total = sum(float(line) for line in file) / 1e6
        os.unlink(path)
        return total

    def issue(self):
        plan = {"schema": 1, "id": "rehearsal-bench", "mode": "rehearsal", "title": "Bench", "operator": "O", "threshold": 2,
                "custodians": [{"name": "Alice", "role": "r", "jurisdiction": "NL"}, {"name": "Bob", "role": "r", "jurisdiction": "FR"}],
                "factories": [{"name": "F", "key": self.factory}],
                "batches": [{"id": "rehearsal-" + method, "count": self.count, "first_iccid": first_iccid(n), "method": method,
                             "expires": "2099-01-31T12:00:00Z"} for method, _, n in BATCHES]}
        with open(self.folder + "/plan", "w", encoding="utf-8") as file:
            json.dump(plan, file)
        begun = time.monotonic()
        self.run_ceremony()
        taken = time.monotonic() - begun
        print(f"ceremony: {3 * self.count} tickets in {taken:.1f} s, with everything else: {3 * self.count / taken:.0f} a second")

    def run_ceremony(self):
        return run("simrite-ceremony", "run", self.folder + "/plan", "--out", self.ceremony_folder)

    def make(self, method, design, n):
        batch, out = "rehearsal-" + method, f"{self.folder}/{method}"
        order, receipts = out + ".json", f"{out}/rehearsal-{method}.receipts.jsonl"
        run("simrite", "batch", "order", "--batch", batch, "--design", design, "--count", str(self.count), "--first-imsi",
            f"0010{n}0000000001", "--first-iccid", first_iccid(n), "--out", order)
        birth = ["simrite-batch", "birth", "--readers", "simrite", "--factory", f"file:{self.folder}/factory.pem"]
        make = ["simrite-batch", "personalise", order, "--readers", "simrite", "--out", out, "--parallel", str(READERS), "--tickets",
                f"{self.ceremony_folder}/batches/{batch}/tickets.jsonl"] + (["--hsm", self.hsm] if method == "derived" else [])
        total = [[0.0] * 4, [0.0] * 4]
        self.hsm_seconds()
        left = self.count
        while left > 0:
            cards = min(READERS, left)
            subprocess.run(["simrite", "sim", "run", "--cards", str(cards), "--process", "--profile", "blank", "--", sys.executable,
                            __file__, "inside", self.folder + "/result", json.dumps(birth), json.dumps(make)],
                           check=True, stdout=subprocess.DEVNULL)
            with open(self.folder + "/result", encoding="ascii") as file:
                for sums, taken in zip(total, json.load(file)):
                    for i, seconds in enumerate(taken):
                        sums[i] += seconds
            left -= cards
        hsm = self.hsm_seconds()
        assert os.path.exists(receipts), "not every card was made"
        run("simrite-ceremony", "loaded", "--batch", batch, "--receipts", receipts, self.ceremony_folder)
        (_, *birth_cpu), (clock, card, pcsc, bureau) = total
        used = card + pcsc + bureau
        print(f"{method}: {self.count} cards, {self.count / clock:.1f} a second loaded, {self.count / total[0][0]:.1f} born; of "
              f"{1000 * used / self.count:.1f} ms CPU a load: card {card / used:.0%}, PC/SC {pcsc / used:.0%}, HSM {hsm / used:.1%}, "
              f"bureau {(bureau - hsm) / used:.0%} (born: {1000 * sum(birth_cpu) / self.count:.1f} ms, card {birth_cpu[0] / sum(birth_cpu):.0%})")
        return receipts

    def bring_home(self, receipts):
        with open(self.transcript, encoding="utf-8") as file:
            authority = json.loads(file.readline())["data"]["key"]
        run("simrite", "auc", "init", "--database", self.folder + "/auc.db")
        self.hsm_seconds()
        begun = time.monotonic()
        run("simrite", "auc", "import", "--database", self.folder + "/auc.db", self.folder + "/agreed/rehearsal-agreed.csv",
            "--receipts", receipts, "--authority", authority, "--factory", self.factory, "--hsm", self.hsm)
        taken = time.monotonic() - begun
        print(f"import of agreed keys: {self.count / taken:.0f} a second, HSM {self.hsm_seconds() / taken:.0%} of it")
        run("simrite-ceremony", "retire", "--batch", "rehearsal-agreed", self.ceremony_folder)
        self.run_ceremony()

    def check(self, receipts):
        begun = own_children()
        run("simrite-ceremony", "verify", self.transcript, *[word for path in receipts for word in ("--receipts", path)])
        print(f"verify with {3 * self.count} receipts: {own_children() - begun:.1f} s CPU")
        begun = own_children()
        proof = run("simrite-ceremony", "prove", "--iccid", first_iccid(3), "--receipts", receipts[2], self.transcript)
        made = own_children()
        with open(self.folder + "/proof", "w", encoding="utf-8") as file:
            file.write(proof)
        run("simrite-ceremony", "verify-proof", self.folder + "/proof")
        print(f"prove: {made - begun:.2f} s CPU; verify-proof: {own_children() - made:.3f} s CPU, {len(proof)} bytes")

    def long_transcript(self):
        """The same ceremony, stopped so often that its transcript has a thousand lines: told by a forger, for a program takes an hour."""
        with open(self.transcript, "rb") as file:
            entries = forge.entries_of(file.read())
        begin = next(i for i, e in enumerate(entries) if e["type"] == "attempt")
        keep = next(i for i, e in enumerate(entries) if e["type"] == "keep")
        attempts = []
        while len(entries) + len(attempts) < LINES:
            attempts += stopped(entries[begin:keep], len(attempts), LINES - len(entries))
        entries[begin]["data"]["number"] += sum(e["type"] == "attempt" for e in attempts)
        path = self.folder + "/long.jsonl"
        with open(path, "wb") as file:
            file.write(forge.seal(entries[:begin] + attempts + entries[begin:], forge.Key()))
        times = []
        for _ in range(3):  # the least disturbed counts
            begun = own_children()
            told = json.loads(run("simrite-ceremony", "verify", "--json", path).splitlines()[-1])
            times.append(own_children() - begun)
        kinds = len({e["type"] for e in entries + attempts})
        print(f"verify a transcript of {told['lines']} lines of {kinds} kinds, {told['attempts']} attempts: {min(times):.2f} s CPU (goal: under 2 s)")
        if told["lines"] != LINES or min(times) >= 2:
            raise SystemExit("a transcript of 1,000 lines takes too long")


def main():
    if sys.argv[1] == "inside":
        inside(sys.argv[2], json.loads(sys.argv[3]), json.loads(sys.argv[4]))
        return
    os.environ["PATH"] = os.path.abspath(sys.argv[2]) + ":" + os.environ["PATH"]
    os.umask(0o077)
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(int(sys.argv[1]), folder, os.path.abspath(sys.argv[3]))
        bench.issue()
        receipts = [bench.make(*batch) for batch in BATCHES]
        bench.bring_home(receipts[2])
        bench.check(receipts)
        bench.long_transcript()


main()
