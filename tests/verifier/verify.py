#!/usr/bin/python3
"""The second verifier: what simrite-ceremony verify says, said by a program that shares nothing with it.

    verify.py transcript [--key HEX] [--fingerprint HEX] [--plan FILE] [--note FILE] [--cosigned N]
                         [--policy FILE] [--rehearsed TRANSCRIPT] [--receipts FILE ...] TRANSCRIPT
    verify.py share SHARE --transcript TRANSCRIPT
    verify.py words WORDS --salt HEX --transcript TRANSCRIPT
    verify.py proof [--key HEX] [--fingerprint HEX] [--policy FILE] PROOF

Written from docs/ceremony/protocol.md and the man pages alone. Exits 0 when
what it was given is sound, 1 with the first reason (and line) when it is
refused, 5 when it cannot be read.
"""
import argparse
import sys

import note
import policy
import proof
import share
import tickets
import transcript
import words
from form import Refused, canonical, parse


def read(path):
    with open(path, "rb") if path != "-" else sys.stdin.buffer as file:
        return file.read(transcript.MOST_BYTES + 1)


def read_plan(path):
    try:
        return canonical(parse(read(path)))
    except Refused as e:
        raise OSError(f"{path}: {e.reason}") from None


def read_policy(path):
    try:
        return policy.Policy(read(path))
    except Refused as e:
        raise OSError(f"{path}: {e.reason}") from None


def do_transcript(args):
    told = read_policy(args.policy) if args.policy else None
    steps = transcript.verify(read(args.file), args.key, args.fingerprint, read_plan(args.plan) if args.plan else None)
    if args.rehearsed:
        transcript.check_rehearsed(steps, transcript.verify(read(args.rehearsed)))
    if told and not args.note:
        raise OSError("--policy wants --note")
    if args.note:
        note.verify(read(args.note), steps, args.cosigned, told)
    if args.receipts:
        for batch in tickets.check_receipts([read(f) for f in args.receipts], steps.ticketed, steps.loaded):
            print(f"no receipts of batch {batch} were given: not checked")
    pinned = args.key or args.fingerprint or told and told.pins
    print(f"{'sound' if pinned else 'self-consistent, signer unknown'}: ceremony {steps.plan.id}, {steps.at} lines, "
          f"fingerprint {steps.chain.fingerprint}")


def do_share(args):
    made = share.verify(read(args.file), transcript.verify(read(args.transcript)))
    print(f"sound: share {made['index']} of {made['custodian']}")


def do_words(args):
    print(f"sound: the sheet of {words.verify(read(args.file), args.salt, transcript.verify(read(args.transcript)))}")


def do_proof(args):
    told = read_policy(args.policy) if args.policy else None
    card = proof.verify(read(args.file), args.key, args.fingerprint, told)
    print(f"{'sound' if args.key or args.fingerprint or told and told.pins else 'self-consistent, signer unknown'}: card {card} was loaded once")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    kinds = parser.add_subparsers(required=True)
    one = kinds.add_parser("transcript")
    one.add_argument("--key")
    one.add_argument("--fingerprint")
    one.add_argument("--plan")
    one.add_argument("--note")
    one.add_argument("--cosigned", type=int, default=0)
    one.add_argument("--policy")
    one.add_argument("--rehearsed")
    one.add_argument("--receipts", action="append")
    one.add_argument("file")
    one.set_defaults(do=do_transcript)
    one = kinds.add_parser("share")
    one.add_argument("file")
    one.add_argument("--transcript", required=True)
    one.set_defaults(do=do_share)
    one = kinds.add_parser("words")
    one.add_argument("file")
    one.add_argument("--salt", required=True)
    one.add_argument("--transcript", required=True)
    one.set_defaults(do=do_words)
    one = kinds.add_parser("proof")
    one.add_argument("--key")
    one.add_argument("--fingerprint")
    one.add_argument("--policy")
    one.add_argument("file")
    one.set_defaults(do=do_proof)
    args = parser.parse_args()
    try:
        args.do(args)
    except Refused as e:
        print(f"refused: {f'line {e.line}: ' if e.line else ''}{e.reason}")
        return 1
    except OSError as e:
        print(f"cannot read: {e}", file=sys.stderr)
        return 5
    return 0


if __name__ == "__main__":
    sys.exit(main())
