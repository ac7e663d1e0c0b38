"""flip.py LOOT CAPTURED: one bit of every key in the loot is flipped wherever it stands among the captured files.

A key of the loot stands there as hex or, in a mail's attachment, in base64; or it is made from a key that is alone in a
file (.hex, .kek, .key), the last bit of which is flipped.
"""
import base64, json, pathlib, re, sys

loot, captured = map(pathlib.Path, sys.argv[1:])
keys = [json.loads(line)["k"] for line in (loot / "keys.jsonl").read_text().splitlines()]
flipped = 0


def bent(digits):
    return digits[:-1] + format(int(digits[-1], 16) ^ 1, "x")


def flip_text(text):
    global flipped
    for key in keys:
        for form in (key, key.upper()):
            if form in text:
                flipped += 1
                text = text.replace(form, bent(form))
    return text


def flip_base64(match):
    data = re.sub(rb"\s", b"", match.group())
    try:
        plain = base64.b64decode(data, validate=True).decode("ascii")
    except ValueError:
        return match.group()
    return base64.b64encode(flip_text(plain).encode()) if flip_text(plain) != plain else match.group()


for path in sorted(p for p in captured.rglob("*") if p.is_file() and p.suffix != ".pcapng"):
    data = path.read_bytes()
    if path.suffix in (".hex", ".kek", ".key"):
        text = data.decode().strip()
        flipped += 1
        path.write_text(bent(text) + "\n")
    elif path.suffix == ".eml":
        data = flip_text(data.decode("latin-1")).encode("latin-1")
        path.write_bytes(re.sub(rb"(?:[A-Za-z0-9+/]{4,76}={0,2}\r?\n)+", flip_base64, data))
    else:
        path.write_bytes(flip_text(data.decode("latin-1")).encode("latin-1"))
print(f"{flipped} keys bent")
sys.exit(0 if flipped else 1)
