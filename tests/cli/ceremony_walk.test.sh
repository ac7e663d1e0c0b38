#!/bin/sh
# PROVES: simrite ceremony run at a terminal walks administrator, custodians
# and witness through it: each prompt names who acts and how to get out, a
# mistake is asked again, and who leaves comes back to where it was.
. tests/check.sh
umask 077
key() {
	openssl ecparam -name prime256v1 -genkey -noout -out "$scratch/$1.pem" 2>/dev/null
	openssl ec -in "$scratch/$1.pem" -pubout -outform DER 2>/dev/null | base64 -w 0
}
jq -n --arg ada "$(key ada)" --arg bob "$(key bob)" --arg wim "$(key wim)" '{schema: 1, id: "rehearsal-walk", mode: "rehearsal", title: "T",
	operator: "O", threshold: 2, administrator: {name: "Ada", key: $ada},
	custodians: [{name: "Alice", role: "r", jurisdiction: "NL"}, {name: "Bob", role: "r", jurisdiction: "FR", key: $bob}],
	witnesses: [{name: "Wim", role: "notary", key: $wim}], destruction: ["the disk"],
	devices: [{name: "laptop", kind: "machine", serial: "L1", bag: "A17"}, {name: "safe", kind: "other", bag: "A18"}],
	batches: [{id: "rehearsal-1", count: 8}]}' >"$scratch/plan"
check_match '[0-9]+ prompts, 4 people, walked to the end' "three roles walk through it" /usr/bin/python3 tests/cli/ceremony_walk.py "$scratch/plan" \
	"$scratch/out" --signer "Ada=file:$scratch/ada.pem" --signer "Bob=file:$scratch/bob.pem" --signer "Wim=file:$scratch/wim.pem"
t=$scratch/out/transcript.jsonl
check_match '"exceptions":2' "what went otherwise is recorded" simrite-ceremony verify --json "$t"
check_match 'clock is slow' "in its words" simrite-ceremony show "$t"
check_match 'bag of the safe is torn' "what was seen before the first entry, too" simrite-ceremony show "$t"
check_match 'note .* by Ada, Bob, Wim' "and everybody signed" simrite-ceremony verify --cosigned 3 "$t"
finish
