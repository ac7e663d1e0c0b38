#!/usr/bin/python3
"""Receipts as cards would answer: receipts.py TICKETS FACTORY.pem OUT

Of every ticket but the last, by a card of its own that this factory has certified."""
import base64
import json
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "hunt"))
import bureau  # noqa: E402
import forge  # noqa: E402


class Given(bureau.Card):
    """A card under a ticket that somebody else has signed."""

    def ticket(self):
        return self.batch["tickets"][self.i]


def main():
    tickets, factory, out = sys.argv[1:]
    with open(tickets, encoding="ascii") as file:
        head, *rows = [json.loads(line) for line in file]
    with open(factory, "rb") as file:
        key = forge.Key(file.read())
    batch = {"first": rows[0]["number"], "first_iccid": rows[0]["iccid"], "method": head["method"], "slot": 1, "factory": key, "key": None,
             "tickets": [base64.b64decode(row["ticket"]) for row in rows]}
    with open(out, "wb") as file:
        for i in range(len(rows) - 1):
            file.write(Given(batch, i).line())


main()
