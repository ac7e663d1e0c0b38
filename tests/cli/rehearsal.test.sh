#!/bin/sh
# PROVES: a rehearsal's plan is made out of the production plan and differs in
# mode and ids only; a verifier tells whether a ceremony was rehearsed with the
# plan that it had; and the two still cannot be taken for each other.
. tests/check.sh
umask 077
key() {
	openssl ecparam -name prime256v1 -genkey -noout 2>/dev/null | openssl ec -pubout -outform DER 2>/dev/null | base64 -w 0
}
jq -n --arg foundry "$(key)" '{schema: 1, id: "master-2031", mode: "production", title: "Master key 2031 \u00e9", operator: "Example Mobile", threshold: 2,
	jurisdictions: 2, custodians: [{name: "Alice", role: "r", jurisdiction: "NL"}, {name: "Bob", role: "r", jurisdiction: "FR"}],
	devices: [{name: "laptop", kind: "machine", serial: "PF-1", bag: "A1", new_bag: "A2"}], factories: [{name: "Foundry", key: $foundry}],
	batches: [{id: "one", count: 8}, {id: "two.b", count: 9, first_iccid: "8988211000000000011"}]}' >"$scratch/plan"
plan() { simrite-ceremony plan "$@"; }
check_match 'the plan of its rehearsal: .*/r.plan' "a rehearsal's plan is made" plan "$scratch/plan" --make-rehearsal "$scratch/r.plan"
differ() { # what the two plans differ in, and nothing else
	jq -S -c 'paths(scalars) as $p | [($p | map(tostring) | join(".")), getpath($p)]' "$scratch/plan" >"$scratch/a"
	jq -S -c 'paths(scalars) as $p | [($p | map(tostring) | join(".")), getpath($p)]' "$scratch/r.plan" >"$scratch/b"
	diff "$scratch/a" "$scratch/b" | sed -n 's/^> //p' >"$scratch/now"
	cat >"$scratch/wanted" <<'END'
["id","rehearsal-master-2031"]
["mode","rehearsal"]
["batches.0.id","rehearsal-one"]
["batches.1.id","rehearsal-two.b"]
END
	sort "$scratch/now" >"$scratch/now.s"; sort "$scratch/wanted" | diff - "$scratch/now.s"
}
check "which differs in mode and ids only" differ
check_match 'mode +rehearsal' "and is a plan" plan "$scratch/r.plan"
check_fault 7 'cannot make' "no file is written over" plan "$scratch/plan" --make-rehearsal "$scratch/r.plan"
check_fault 5 "is a rehearsal's already" "a rehearsal has no rehearsal" plan "$scratch/r.plan" --make-rehearsal "$scratch/rr.plan"
jq '.batches[1].id = "this-id-is-far-too-long"' "$scratch/plan" >"$scratch/long"
check_fault 5 'has more than 22 characters' "an id that leaves no room" plan "$scratch/long" --make-rehearsal "$scratch/rr.plan"
jq '.known_objects = ["simrite master rehearsal-master-2031"]' "$scratch/plan" >"$scratch/known"
check_fault 5 'as a rehearsal: .*known_objects' "a plan that is none as a rehearsal" plan "$scratch/known" --make-rehearsal "$scratch/rr.plan"
check_status 1 "and none of these wrote one" test -e "$scratch/rr.plan"

check "it is rehearsed" simrite-ceremony run "$scratch/r.plan" --out "$scratch/r"
r=$scratch/r/transcript.jsonl
fingerprint=$(tail -n 1 "$r" | sha256sum | cut -d ' ' -f 1)
check_match 'rehearsed +yes, with the same plan: rehearsal-master-2031, closed 2' "the plan was rehearsed" plan "$scratch/plan" --rehearsed "$r"
check_match "transcript .*/r/transcript.jsonl, fingerprint $fingerprint" "with its fingerprint" plan "$scratch/plan" --rehearsed "$r"
sleep 1
check "and then held" simrite-ceremony run "$scratch/plan" --software-token --out "$scratch/p"
p=$scratch/p/transcript.jsonl
check_match 'rehearsed +yes, with the same plan' "the verifier says that it was rehearsed" simrite-ceremony verify --rehearsed "$r" "$p"
check_match "\"rehearsed\":\{\"ceremony\":\"rehearsal-master-2031\",.*\"fingerprint\":\"$fingerprint\"" "with --json" simrite-ceremony verify --json --rehearsed "$r" "$p"
second() { python3 tests/verifier/verify.py transcript --rehearsed "$1" "$2"; }
check "and so does the second verifier" second "$r" "$p"
refused() { # what, why, transcripts
	check_fault "$5" "$2" "$1" simrite-ceremony verify --rehearsed "$3" "$4"
	check_fault 1 '^refused: ' "  by the second verifier, too" second "$3" "$4"
}
refused "a production ceremony is no rehearsal" 'it is of a production ceremony' "$p" "$p" 1
refused "a rehearsal has none" "is a rehearsal.s already" "$r" "$r" 5
sed '4s/"index":1/"index":2/' "$r" >"$scratch/bent"
refused "a rehearsal that was bent" 'rehearsal .*/bent: line 4: ' "$scratch/bent" "$p" 1
head -n -1 "$r" >"$scratch/open"
refused "one that was not closed" 'rehearsal .*/open: ' "$scratch/open" "$p" 1
other() { # name jq: another plan was rehearsed
	jq "$2" "$scratch/r.plan" >"$scratch/$1.plan" && simrite-ceremony run "$scratch/$1.plan" --out "$scratch/$1" >"$scratch/log" 2>&1 || cat "$scratch/log"
	refused "another $1" "another plan was rehearsed: \"$3\" differs" "$scratch/$1/transcript.jsonl" "$p" 1
}
other threshold '.custodians += [{name: "Carol", role: "r", jurisdiction: "DE"}]' custodians
other bag '.devices[0].new_bag = "A3"' devices
other batch '.batches[0].count = 7' batches
other destruction '.title += "."' title
check "it is rehearsed once more" simrite-ceremony run "$scratch/r.plan" --out "$scratch/late"
refused "a rehearsal that came later" 'it was closed 2.*, when this ceremony had begun' "$scratch/late/transcript.jsonl" "$p" 1
finish
