#!/usr/bin/python3
"""The manipulation hunt: real ceremonies, altered in every way that could be thought of, shown to both verifiers.

    hunt.py [--every N] [--only WORD] [--cards] --list FILE PROGRAM FOLDER

PROGRAM is simrite-ceremony, FOLDER an empty one for its ceremonies. Both
verifiers must refuse every alteration and accept every honest one. FILE gets
a line for each: its name and what each verifier said. The last line printed
counts; the exit status is 0 only when all is right.
"""
import argparse
import concurrent.futures
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(os.path.dirname(HERE), "verifier")]

import alterations  # noqa: E402
import ceremonies  # noqa: E402
import forge  # noqa: E402
import form  # noqa: E402
import loads  # noqa: E402
import notes  # noqa: E402
import policies  # noqa: E402
import retold  # noqa: E402
import shares  # noqa: E402
import sheets  # noqa: E402
import transcript  # noqa: E402

JOBS = os.cpu_count() or 1


class Verdict:
    """accepted, refused or broken (neither: a crash, a time-out, an exit status that means something else)."""

    def __init__(self, word, reason):
        self.word, self.reason = word, " ".join(reason.split())

    def __str__(self):
        return f"{self.word}: {self.reason}" if self.reason else self.word


def by_python(kind, check):
    try:
        check()
        return Verdict("accepted", "")
    except form.Refused as e:
        return Verdict("refused", f"{f'line {e.line}: ' if e.line else ''}{e.reason}")
    except Exception as e:  # anything else is a fault of the verifier, and a finding
        return Verdict("broken", f"{kind}: {type(e).__name__}: {e}")


def by_program(arguments, refusals):
    try:
        done = subprocess.run(arguments, capture_output=True, timeout=120, check=False)
    except subprocess.TimeoutExpired:
        return Verdict("broken", "no end")
    said = done.stderr.decode("utf-8", "replace").strip().splitlines()
    said = said[0].partition(": ")[2] if said else ""
    if done.returncode == 0:
        return Verdict("accepted", "")
    return Verdict("refused" if done.returncode in refusals else "broken", f"[{done.returncode}] {said}")


class Hunt:
    def __init__(self, house, verifier, every, only, listing):
        self.house, self.verifier, self.every, self.only, self.listing = house, verifier, every, only, listing
        self.plans, self.counts = {}, {"alterations": 0, "refused": 0, "accepted": 0, "honest": 0, "sound": 0}
        self.bad = []
        self.pool = concurrent.futures.ThreadPoolExecutor(JOBS)

    def plan(self, path):
        if path not in self.plans:
            with open(path, "rb") as file:
                self.plans[path] = form.canonical(form.parse(file.read()))
        return self.plans[path]

    def transcript(self, data, options, at):
        """Both verdicts on a transcript."""
        data = data() if callable(data) else data
        file = self.house.write(f"altered-{at}.jsonl", data)
        told = [a for name in ("key", "fingerprint", "plan") if name in options for a in (f"--{name}", options[name])]
        program = by_program([self.verifier, "verify", *told, file], (1,))
        os.unlink(file)
        known = dict(options, plan=self.plan(options["plan"])) if "plan" in options else options
        return program, by_python("transcript", lambda: transcript.verify(data, **known))

    def show(self, wanted, cases, judge):
        """cases: (name, ...); judge(case..., at) -> two verdicts. Both must be `wanted`."""
        every = self.every if wanted == "refused" else 1
        cases = ((n, c) for n, c in enumerate(cases) if n % every == 0 and self.only in c[0])
        waiting = []
        for n, case in cases:
            waiting.append((case[0], self.pool.submit(judge, *case[1:], n)))
            if len(waiting) > 4 * JOBS:
                self.tell(wanted, *waiting.pop(0))
        for one in waiting:
            self.tell(wanted, *one)

    def tell(self, wanted, name, future):
        program, python = future.result()
        print(f"{name} | C {program} | Python {python}", file=self.listing)
        right = program.word == python.word == wanted
        if not right:
            self.bad.append(f"{name} | C {program} | Python {python}")
        if wanted == "refused":
            self.counts["alterations"] += 1
            self.counts["refused"] += right
            self.counts["accepted"] += "accepted" in (program.word, python.word)
        else:
            self.counts["honest"] += 1
            self.counts["sound"] += right

    def end(self):
        for line in self.bad:
            print(f"WRONG: {line}")
        c = self.counts
        print(f"{c['alterations']} alterations, {c['refused']} refused by both, {c['accepted']} accepted, "
              f"{c['honest']} honest, {c['sound']} accepted honest")
        return not self.bad and c["alterations"] >= 200 and c["honest"] > 0 or bool(self.only) and not self.bad


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--every", type=int, default=1, help="only each so manyth alteration")
    parser.add_argument("--only", default="", help="those whose name has it")
    parser.add_argument("--list", required=True)
    parser.add_argument("--cards", action="store_true", help="there are two blank simulated cards in the readers")
    parser.add_argument("--verifier", help="what is run to verify; PROGRAM unless given")
    parser.add_argument("program")
    parser.add_argument("folder")
    args = parser.parse_args()
    os.umask(0o077)
    house = ceremonies.House(os.path.abspath(args.program), os.path.abspath(args.folder))
    held, key = ceremonies.hold_all(house, args.cards), forge.Key()
    with open(args.list, "w", encoding="utf-8") as listing:
        hunt = Hunt(house, args.verifier or house.program, args.every, args.only, listing)
        hunt.show("accepted", alterations.honest(held, key, house), hunt.transcript)
        hunt.show("refused", alterations.transcripts(held, key, house), hunt.transcript)
        twin = retold.Twin(held["people"], key, house)
        for judge in (shares.Judge(house, held, by_program, by_python),
                      sheets.Judge(house, held, by_program, by_python),
                      loads.Judge(house, held, by_program, by_python),
                      policies.Judge(house, held, twin, by_program, by_python),
                      notes.Judge(house, held, twin, by_program, by_python)):
            hunt.show("accepted", judge.honest(), judge.judge)
            hunt.show("refused", judge.alterations(), judge.judge)
    return 0 if hunt.end() else 1


if __name__ == "__main__":
    sys.exit(main())
