"""play.py SCRIPT - give a script's commands to pySim-shell, and hold its answers against the script.

A line that begins in the first column is a command of pySim-shell; $NAME in
it is taken from the environment. The indented lines below it are what is
expected of its output, in which all white space counts as one blank:

    REGEX           this is there
    not REGEX       this is not
    fails REGEX     the command fails, and so

A command that fails without being expected to is one failure, and so is one
that is expected to and does not. All commands go to one pySim-shell, so each
finds the card as the one before left it; what pySim-shell says before the
first is the output of the line "start".
"""
import os
import re
import string
import subprocess
import sys
import tempfile

MARK = "@@step "
FAILED = re.compile(r"EXCEPTION of type|Traceback|is not a recognized|usage: |: error: |Refusing to|Unknown |"
                    r"Cannot |[Ee]rror|must specify")
HARMLESS = re.compile(r'"error": null')


class Step:
    def __init__(self, command, line):
        self.command, self.line, self.expected, self.fails = command, line, [], None

    def faults(self, said):
        failed = FAILED.search(HARMLESS.sub("", said))
        if failed and not self.fails:
            yield "fails"
        if self.fails and not failed:
            yield f"does not fail with {self.fails}"
        if self.fails and failed and not re.search(self.fails, said):
            yield f"fails, but not with {self.fails}"
        for wanted, regex in self.expected:
            if bool(re.search(regex, said)) != wanted:
                yield ("lacks " if wanted else "has ") + regex


def read(path):
    steps = []
    with open(path) as lines:
        for number, line in enumerate(lines, 1):
            text = line.strip()
            if not text or text.startswith("#"):
                continue
            if line[0] not in " \t":
                steps.append(Step(string.Template(text).substitute(os.environ), number))
                continue
            text = string.Template(text).safe_substitute(os.environ)
            if text.startswith("fails "):
                steps[-1].fails = text[6:]
            elif text.startswith("not "):
                steps[-1].expected.append((False, text[4:]))
            else:
                steps[-1].expected.append((True, text))
    return steps


def play(steps):
    """What was said to each step, in order."""
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as script:
        for number, step in enumerate(steps):
            script.write(f"echo {MARK}{number}\n" + ("" if step.command == "start" else step.command + "\n"))
        script.write(f"echo {MARK}{len(steps)}\n")
        script.flush()
        shell = [sys.executable, os.path.join(os.environ["PYSIM"], "pySim-shell.py"), "-p", "0", "--noprompt"]
        done = subprocess.run(shell + ["--script", script.name], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, timeout=300, check=False)
    parts = re.split(rf"^{MARK}(\d+)\n", done.stdout, flags=re.M)
    if parts[1::2] != [str(n) for n in range(len(steps) + 1)]:
        sys.exit(f"pySim-shell ended early:\n{done.stdout}")
    said = parts[2::2]
    if steps[0].command == "start":
        said[0] = parts[0]
    return said


def main():
    steps = read(sys.argv[1])
    bad = 0
    for step, said in zip(steps, play(steps)):
        faults = list(step.faults(re.sub(r"\s+", " ", said).strip()))
        if faults:
            bad += 1
            print(f"{sys.argv[1]}:{step.line}: {step.command}: {'; '.join(faults)}; it says:\n{said[:2000]}")
    print(f"{len(steps) - bad} of {len(steps)} commands as expected")
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
