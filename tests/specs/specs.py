#!/usr/bin/env python3
"""specs.py [--check] - docs/specs.md from the sources, on stdout; with --check, compare.

Which clauses of the specifications are implemented, where, and which test
proves each:

 - a row of the command table (firmware/apdu/dispatch.c) implements the clause that the comment behind it names;
 - so does the function behind, or around, a comment in firmware/
       /* SPEC: TS 102 221 11.1.3, 8.4.3: words */
   or, in a header or before the first function of a file, that file;
 - a test proves what the comment before it, or before all of its file, names
       /* PROVES: TS 102 221 11.1.3 */
   A test that proves a clause proves its subclauses, and the clause that is one above.
 - what is not there is kept by hand, in not_there.txt.

With --check it is an error when the file in the tree is another, when a clause
is implemented and not proven, or proven and not implemented, when a comment
cannot be read, or when not_there.txt says what is not so."""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
TITLES = {
    "TS 102 221": "UICC-Terminal interface; physical and logical characteristics",
    "TS 102 222": "Administrative commands for telecommunications applications",
    "TS 102 223": "Card Application Toolkit (CAT)",
    "TS 102 225": "Secured packet structure for UICC based applications",
    "TS 102 226": "Remote APDU structure for UICC based applications",
    "TS 23.040": "Technical realization of the short message service",
    "TS 24.501": "Non-Access-Stratum protocol for 5GS",
    "TS 31.102": "Characteristics of the USIM application",
    "TS 31.103": "Characteristics of the ISIM application",
    "TS 31.111": "USIM Application Toolkit (USAT)",
    "TS 31.115": "Secured packet structure for (U)SIM Toolkit applications",
    "TS 51.011": "Specification of the SIM-ME interface",
    "TS 51.010-1": "Mobile station conformance specification",
    "TS 33.102": "3G security; security architecture",
    "TS 33.203": "Access security for IP-based services",
    "TS 33.220": "Generic Bootstrapping Architecture (GBA)",
    "TS 33.501": "Security architecture and procedures for 5G system",
    "TS 34.108": "Common test environments for user equipment",
    "TS 35.206": "Milenage: algorithm specification",
    "TS 35.231": "TUAK: algorithm specification",
    "TS 55.205": "GSM-Milenage algorithms",
    "GPC": "GlobalPlatform Card Specification 2.3.1",
    "GPC Amendment D": "GlobalPlatform Card Specification, Amendment D: Secure Channel Protocol 03",
    "ISO/IEC 7816-3": "Cards with contacts: electrical interface and transmission protocols",
    "ISO/IEC 7816-4": "Organization, security and commands for interchange",
    "ISO/IEC 18033-3": "Block ciphers (triple DES)",
    "SP 800-38A": "Block cipher modes of operation",
    "SP 800-38B": "CMAC mode for authentication",
    "SP 800-90A": "Deterministic random bit generators",
    "SP 800-90B": "Entropy sources",
    "SP 800-108": "Key derivation using pseudorandom functions",
    "FIPS 180-4": "Secure Hash Standard",
    "FIPS 197": "Advanced Encryption Standard",
    "FIPS 202": "SHA-3 Standard: permutation-based hash",
    "RFC 7748": "Elliptic curves for security (X25519)",
    "SEC 1": "Elliptic curve cryptography",
}
DOCUMENT = re.compile(
    r"(?:(?:ETSI|3GPP|NIST) )?(TS \d{2,3}[. ]\d{3}(?:-\d)?|GPC Amendment [A-Z]|GPC|ISO/IEC \d+-\d+|"
    r"SP 800-\d+[A-Z]?(?:r\d)?|FIPS \d+(?:-\d)?|RFC \d+|SEC \d)(?::\d{4})?\b")
CLAUSE = re.compile(r"(?:clauses? |[Aa]nnex |[Aa]ppendix )?([A-Z](?:\.\d+)+|[A-Z](?![\w.])|\d+(?:\.\d+)*)(?![\w])")
BETWEEN = re.compile(r"(?:\s*\([^()]*\))?\s*(?:,\s*and\s+|,\s*|;\s*|\s+and\s+|\s+)")
WHOLE = ("FIPS", "SP", "RFC", "SEC", "ISO/IEC 18033-3", "TS 35", "TS 55")  # may be named without a clause

NAMES = {"SELECT FILE": "SELECT", "DIRECTORY STATUS": "STATUS", "RUN GSM": "RUN GSM ALGORITHM",
         "DELETE KEY": "DELETE"}

problems = []


def order(clause):
    return [(0, int(part), "") if part.isdigit() else (1, 0, part) for part in clause.split(".")] if clause else []


def through(first, last):
    """The clauses of "6.1 to 6.5"."""
    head, _, a = first.rpartition(".")
    if not last.startswith(head) or not a.isdigit():
        return [first, last]
    b = last[len(head) + 1:] if head else last
    return [f"{head}.{n}" if head else str(n) for n in range(int(a), int(b) + 1)] if b.isdigit() else [first, last]


def references(text):
    """The (document, clause) pairs a comment begins with, and the words behind them."""
    found, at, document = [], 0, None
    while True:
        if name := DOCUMENT.match(text, at):
            document, at = name.group(1), name.end()
            if document.startswith("SP 800-108"):
                document = "SP 800-108"
            if document.startswith(WHOLE) and not CLAUSE.match(text, BETWEEN.match(text, at).end() if BETWEEN.match(text, at) else at):
                found.append((document, ""))
        elif document and (clause := CLAUSE.match(text, at)):
            at = clause.end()
            to = re.match(r" to ", text[at:])
            last = CLAUSE.match(text, at + to.end()) if to else None
            if last:
                at = last.end()
                found += [(document, each) for each in through(clause.group(1), last.group(1))]
            else:
                found.append((document, clause.group(1)))
        else:
            break
        between = BETWEEN.match(text, at)
        if not between or not (DOCUMENT.match(text, between.end()) or CLAUSE.match(text, between.end())):
            break
        at = between.end()
    return found, text[at:].lstrip(" :.,").strip()


def comments(source, word):
    """Each comment's part behind the word: (offset of the comment, of its end, text)."""
    for comment in re.finditer(r"/\*.*?\*/", source, re.S):
        for part in re.split(rf"(?=\b{word}:)", comment.group(0))[1:]:
            text = re.sub(r"\s*\n\s*\*?\s*", " ", part[len(word) + 1:].rstrip("*/ \n")).strip()
            yield comment.start(), comment.end(), text


FUNCTION = re.compile(r"^[a-z_][^;={}\n]*?\b(\w+)\((?:[^;{}]*)\)\n\{", re.M)


def function_at(source, start, end):
    """The function around, or next behind, a comment; None before the first of a file with none behind it at once."""
    for each in FUNCTION.finditer(source):
        close = source.find("\n}", each.end())
        if each.start() > start:
            between = source[end:each.start()]
            return each.group(1) if "\n\n" not in between.strip(" ") and not between.strip("\n\t ") else None
        if close > start:
            return each.group(1)
    return None


def test_at(source, start, end):
    """The test a comment is of: the function there, or the test that those between are for."""
    function = function_at(source, start, end)
    if not function or function.startswith("test_"):
        return function
    behind = [each.group(1) for each in FUNCTION.finditer(source, start) if each.group(1).startswith("test_")]
    return behind[0] if behind else function


def files(folder, *endings):
    return sorted(path for ending in endings for path in (ROOT / folder).rglob(f"*.{ending}"))


def rows():
    """The command table: (class and instruction, handler, document, clause)."""
    source = (ROOT / "firmware/apdu/dispatch.c").read_text()
    table = re.search(r"dispatch_row table\[\] = \{\n(.*?)\n\};", source, re.S)
    constants = {}
    for path in files("firmware/apdu", "c", "h"):
        constants |= dict(re.findall(r"\b([A-Z]\w+) = (0x[0-9A-F]+)", path.read_text()))
    for row, comment in re.findall(r"\{(.*?)\},?[ \t]*(?:/\*(.*?)\*/)?", table.group(1), re.S):
        fields = re.match(r"\s*(\w+), *[^,]+, *(\w+), *\d, *(\w+)", row)
        found = references(comment.strip())[0] if fields else []
        if not found:
            problems.append(f"the row {{{row.strip()}}} of the command table names no clause")
            continue
        cla, ins = (int(constants.get(name, name), 16) for name in fields.group(1, 2))
        for document, clause in found:
            yield f"{cla:02X} {ins:02X}", fields.group(3), document, clause


class Clause:
    def __init__(self):
        self.where, self.words, self.tests = [], [], []

    def add(self, where, words):
        if where not in self.where:
            self.where.append(where)
        if words and words not in self.words:
            self.words.append(words)


def implemented():
    clauses, defined = {}, {}
    for path in files("firmware", "c", "h"):
        source, name = path.read_text(), str(path.relative_to(ROOT))
        for function in FUNCTION.finditer(source):
            defined.setdefault(function.group(1), name)
        for start, end, text in comments(source, "SPEC"):
            found, words = references(text)
            if not found:
                problems.append(f"{name}: no clause in \"SPEC: {text}\"")
            function = function_at(source, start, end) if path.suffix == ".c" else None
            for key in found:
                clauses.setdefault(key, Clause()).add(f"{name[9:]} `{function}`" if function else name[9:], first_sentence(words))
    for command, handler, document, clause in rows():
        where = f"{defined.get(handler, 'firmware/apdu/dispatch.c')[9:]} `{handler if handler != 'NULL' else 'get_response'}`"
        entry = clauses.setdefault((document, clause), Clause())
        entry.add(where, "")
        name = re.sub("^gsm_", "", handler).replace("_", " ").upper() if handler != "NULL" else "GET RESPONSE"
        entry.words.insert(0, f"{NAMES.get(name, name)} ({command})")
    return clauses


def first_sentence(words):
    sentence = re.match(r".*?\.(?= |$)", words)
    return (sentence.group(0) if sentence else words).rstrip(".:").strip()


def proven():
    for path in files("tests", "c"):
        source = path.read_text()
        for start, end, text in comments(source, "PROVES"):
            found, _ = references(text)
            function = test_at(source, start, end)
            for key in found:
                yield key, path.stem + (f" `{function}`" if function else "")
    for path in files("tests", "sh", "py"):
        for text in re.findall(r"^# PROVES: (.*)$", path.read_text(), re.M):
            for key in references(text)[0]:
                yield key, str(path.relative_to(ROOT))


def proves(test, clause):
    """Does a test of one clause prove another? Of one document."""
    return test == clause or clause.startswith(test + ".") or test == "" or (
        test.startswith(clause + ".") and test.count(".") == clause.count(".") + 1) or clause == ""


def match(clauses):
    found = {}
    for key, name in proven():
        fits = [clause for clause in clauses if clause[0] == key[0] and proves(key[1], clause[1])]
        if not fits and key[0] in {document for document, _ in clauses}:
            problems.append(f"{name} proves {key[0]} {key[1]}, which nothing implements")
        for clause in fits:
            found.setdefault(clause, []).append((len(order(key[1])), name))
    for clause, tests in found.items():
        near = max(min(depth, len(order(clause[1]))) for depth, _ in tests)  # of the clauses above, the nearest only
        names = list(dict.fromkeys(name for depth, name in tests if depth >= near))
        # a whole file only when none of its functions is named
        clauses[clause].tests = [name for name in names if not any(other.startswith(name + " `") for other in names)]


def not_there(clauses):
    absent = []
    for line in (ROOT / "tests/specs/not_there.txt").read_text().splitlines():
        if not line or line.startswith("#"):
            continue
        kind, _, text = line.partition(" ")
        found, words = references(text)
        there = any((key[0], part) in clauses or any(c[0] == key[0] and c[1].startswith(key[1] + ".") for c in clauses)
                    for key in found for part in [key[1]])
        if kind not in ("none", "part") or len(found) < 1 or not words:
            problems.append(f"not_there.txt: cannot read \"{line}\"")
        elif there != (kind == "part"):
            problems.append(f"not_there.txt: \"{line}\", but it is {'' if there else 'not '}implemented")
        else:
            absent.append((found[0][0], ", ".join(clause for _, clause in found), kind, words))
    return absent


def page(clauses, absent):
    documents = sorted({document for document, _ in clauses} | {entry[0] for entry in absent},
                       key=lambda name: list(TITLES).index(name) if name in TITLES else len(TITLES))
    bare = [key for key in clauses if not clauses[key].tests]
    out = ["# What of the specifications is in the card", "",
           "Made by `make specs` from the command table, the `SPEC:` comments of firmware/, the `PROVES:` comments of tests/",
           "and tests/specs/not_there.txt; do not edit. Where: below firmware/. `make test` fails when it is not what the sources give.", "",
           f"{len(clauses)} clauses of {len({document for document, _ in clauses})} documents are implemented; "
           f"{len(bare)} of them without a test that names them.", ""]
    for document in documents:
        out += [f"## {document}: {TITLES[document]}" if document in TITLES else f"## {document}", ""]
        mine = sorted((key for key in clauses if key[0] == document), key=lambda key: order(key[1]))
        if mine:
            out += ["| clause | what | where | proven by |", "|---|---|---|---|"]
        for key in mine:
            entry = clauses[key]
            words = "; ".join(entry.words).replace("|", "\\|")
            out.append(f"| {key[1] or 'all'} | {words} | {'<br>'.join(entry.where)} | "
                       f"{'<br>'.join(entry.tests) or '**nothing**'} |")
        for kind, title in (("part", "Missing of these:"), ("none", "Not there:")):
            lines = [entry for entry in absent if entry[0] == document and entry[2] == kind]
            if lines:
                out += ["", title, ""] + [f"- {clause}: {words}" for _, clause, _, words in lines]
        out.append("")
    for document, clause in bare:
        problems.append(f"no test proves {document} {clause}: {', '.join(clauses[document, clause].where)}")
    for document in documents:
        if document not in TITLES:
            problems.append(f"{document} has no title in specs.py")
    return "\n".join(out)


def main():
    clauses = implemented()
    match(clauses)
    text = page(clauses, not_there(clauses))
    if sys.argv[1:] != ["--check"]:
        sys.stdout.write(text)
        for problem in problems:
            print(problem, file=sys.stderr)
        return
    target = ROOT / "docs/specs.md"
    if not target.exists() or target.read_text() != text:
        problems.append("docs/specs.md is not what the sources give: make specs")
    for problem in problems:
        print(problem)
    sys.exit(problems != [])


main()
