"""make vet: every backdoored card and honest ones, examined by every check; how often, by what, at what cost.

measure.py BIN BACKDOORS EXPLOIT RUNS HONEST OUT.json [PAGE.md]

RUNS examinations of each backdoor, with seeds 1 to RUNS, each with fresh cards; HONEST honest cards, beside one
more as reference. PAGE's part between <!-- measured --> and <!-- end --> is written anew.
"""
import concurrent.futures
import json
import os
import re
import subprocess
import sys
import time

HARDER = [  # what it takes: the same card, with more and more of one thing
    ("rng_16bit", "power-ups", "--power-ups", (100, 300, 1000)),
    ("sqn_ignored_late", "long-run", "--authentications", (1000, 1500, 2000)),
]


class Lab:
    def __init__(self, folder, backdoors, exploit):
        self.bin, self.backdoors, self.exploit = folder, backdoors, exploit

    def card(self, name):
        return os.path.join(self.backdoors, "simrite-vcard-" + name) if name else os.path.join(self.bin, "simrite-vcard")

    def vet(self, name, *arguments):
        """The results of one examination of one card beside an honest one."""
        run = subprocess.run(
            [os.path.join(self.bin, "simrite-sim"), "run", "--cards", "2", "--profile", "blank",
             "--program", "0=" + self.card(name), "--program", "1=" + self.card(None), "--",
             os.path.join(self.bin, "simrite-vet"), "card", "--reader", "simrite 00", "--reference", "simrite 01",
             "--json", *arguments], capture_output=True, text=True, check=False)
        return self.read(run)[0]

    def honest(self, count, seed):
        run = subprocess.run(
            [os.path.join(self.bin, "simrite-sim"), "run", "--cards", str(count + 1), "--profile", "blank", "--process",
             "--", os.path.join(self.bin, "simrite-vet"), "card", "--all", "--reference", "simrite 00", "--json",
             "--seed", str(seed)], capture_output=True, text=True, check=False)
        return self.read(run)

    @staticmethod
    def read(run):
        lines = [json.loads(line) for line in run.stdout.splitlines()]
        results = [line for line in lines if line["type"] == "result"]
        if run.returncode not in (0, 1) or not results:
            sys.exit(f"make vet: {run.args}: exit status {run.returncode}: {run.stdout[-400:]} {run.stderr[-400:]}")
        return results

    def broken(self, name, card):
        run = subprocess.run(
            [os.path.join(self.bin, "simrite-sim"), "run", "--profile", "blank", "--program", "0=" + self.card(card),
             "--", self.exploit, name], capture_output=True, text=True, check=False)
        if run.returncode not in (0, 1):
            sys.exit(f"make vet: exploit {name}: {run.stderr}")
        return run.returncode == 0


def measure(lab, names, runs, honest_cards, say):
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        jobs = {name: [pool.submit(lab.vet, name, "--seed", str(seed)) for seed in range(1, runs + 1)]
                for name in names}
        exploits = {name: pool.submit(lab.broken, name, name) for name in names}
        controls = {name: pool.submit(lab.broken, name, None) for name in names}
        harder = [(name, check, option, value,
                   [pool.submit(lab.vet, name, "--only", check, option, str(value), "--seed", str(100 + seed))
                    for seed in range(10)])
                  for name, check, option, values in HARDER for value in values]
        groups = [(min(15, honest_cards - at), 1000 + at) for at in range(0, honest_cards, 15)]
        honest = [pool.submit(lab.honest, count, seed) for count, seed in groups]
        rows = {}
        for name in names:
            results = [job.result() for job in jobs[name]]
            found = {}
            for result in results:
                for check in result["checks"]:
                    if check["verdict"] == "found":
                        found.setdefault(check["check"], []).append(check["apdus"])
            rows[name] = {
                "runs": runs, "found": sum(result["found"] > 0 for result in results),
                "by": {check: {"times": len(apdus), "apdus": sum(apdus) // len(apdus)} for check, apdus in found.items()},
                "exploit": exploits[name].result(), "exploit_on_honest": controls[name].result()}
            say(name, rows[name])
        alarms, checks = [], 0
        for job in honest:
            for result in job.result():
                for check in result.get("checks", []) + ([result["across"]] if "across" in result else []):
                    checks += 1
                    if check["verdict"] == "found":
                        alarms.append({"seed": result.get("seed"), "check": check["check"], "text": check["text"]})
        return {"cards": rows, "honest": {"cards": honest_cards, "checks": checks, "alarms": alarms},
                "harder": [{"card": name, "check": check, "option": option, "value": value, "runs": len(jobs_),
                            "found": sum(job.result()["found"] > 0 for job in jobs_)}
                           for name, check, option, value, jobs_ in harder]}


def table(data):
    """The part of the page that is measured."""
    yield (f"Measured by `make vet RUNS={data['runs']} HONEST={data['honest']['cards']}` in {data['seconds']} s; "
           f"seeds 1 to {data['runs']} and 1000 on; `build/lab/vet.json` has all of it.")
    yield ""
    yield "| backdoor | its vendor gets in | found | by (commands that check sent) |"
    yield "|---|---|---|---|"
    for name, row in sorted(data["cards"].items(), key=lambda item: (item[1]["found"] == 0, item[0])):
        by = ", ".join(f"{check} ({what['apdus']})" for check, what in row["by"].items())
        yield (f"| `{name}` | {'yes' if row['exploit'] else 'NO'}"
               f"{', and into an honest card!' if row['exploit_on_honest'] else ''} "
               f"| {row['found']} of {row['runs']} | {by or 'no check'} |")
    yield ""
    honest = data["honest"]
    yield f"Honest cards: {honest['cards']}; checks: {honest['checks']}; false alarms: {len(honest['alarms'])}."
    for alarm in honest["alarms"]:
        yield f"- seed {alarm['seed']}, {alarm['check']}: {alarm['text']}"
    yield ""
    yield "How much it takes:"
    yield ""
    yield "| backdoor | asked with | found |"
    yield "|---|---|---|"
    for row in data["harder"]:
        yield f"| `{row['card']}` | `{row['option']} {row['value']}` | {row['found']} of {row['runs']} |"
    missed = {name for name, row in data["cards"].items() if row["found"] == 0}
    later = {row["card"] for row in data["harder"] if row["found"]} & missed
    yield ""
    yield "Found only by who asks more than by default: " + (", ".join(f"`{name}`" for name in sorted(later)) or "none") + "."
    yield ("Found by no check, though each is open to its vendor: "
           + ", ".join(f"`{name}`" for name in sorted(missed - later)) + ".")


def main():
    folder, backdoors, exploit, runs, honest, out = sys.argv[1:7]
    names = sorted(name[len("simrite-vcard-"):] for name in os.listdir(backdoors) if name.startswith("simrite-vcard-"))
    started = time.time()

    def say(name, row):
        print(f"{time.time() - started:5.0f} s  {name:18} found {row['found']} of {row['runs']}  "
              f"{' '.join(row['by']) or '-'}", file=sys.stderr, flush=True)

    data = measure(Lab(folder, backdoors, exploit), names, int(runs), int(honest), say)
    data.update(schema=1, runs=int(runs), seconds=round(time.time() - started))
    os.makedirs(os.path.dirname(out), exist_ok=True)
    with open(out, "w", encoding="utf-8") as to:
        json.dump(data, to, indent=1)
        to.write("\n")
    text = "\n".join(table(data))
    print(text)
    if len(sys.argv) > 7:
        with open(sys.argv[7], encoding="utf-8") as page:
            whole = page.read()
        whole = re.sub(r"(?s)(<!-- measured -->\n).*(<!-- end -->)", lambda m: m[1] + text + "\n" + m[2], whole)
        with open(sys.argv[7], "w", encoding="utf-8") as page:
            page.write(whole)
    broken = all(row["exploit"] and not row["exploit_on_honest"] for row in data["cards"].values())
    sys.exit(0 if broken else 1)


main()
