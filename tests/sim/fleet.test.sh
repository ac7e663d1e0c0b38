#!/bin/sh
# PROVES: a fleet's thefts open whom they should and nobody else; the same seed gives the same report to the byte,
# another seed other keys and the same conclusions; a thief that does nothing, and a run that is stopped, are told.
. tests/check.sh

run() { # folder, options: a fleet of two thousand
	folder=$1
	shift
	simrite fleet run --out "$scratch/$folder" --count 2000 --batches 20 --agreed 30 "$@"
}
report() { jq -S 'del(.times)' "$scratch/$1/fleet.json"; }
cells() { jq -r "$2" "$scratch/$1/fleet.json"; }

check_match '[0-9.]+ s of processor time, at most [0-9]+ MB' "a fleet, and thieves over it; time and memory told" run one
check_match '^0$' "no theft opens others than it should, none claims what is not true" \
	cells one '[.thefts[] | select((.as_expected | not) or .false_claims > 0)] | length'
check_match '^0$' "with one bit of each stolen secret wrong nobody is opened" \
	cells one '[.thefts[] | select(.one_bit_wrong.opened + .one_bit_wrong.cloned > 0)] | length'
check_match '^5 0$' "with nothing stolen nobody is, in any design" \
	cells one '[.thefts[] | select(.theft == "nothing")] | "\(length) \(map(.opened + .cloned) | add)"'
check_match '^100 0 0 0 0$' "one file in the mail: a batch where keys are in it, else nobody" \
	cells one '[.thefts[] | select(.theft == "mail") | .opened] | join(" ")'
check_match '^2000 2000$' "the master opens everybody" cells one '[.thefts[] | select(.theft == "master") | .opened] | join(" ")'
check_match '^2000$' "the operator's key for sealed files opens all that were ever sent" \
	cells one '.thefts[] | select(.theft == "recipient-key") | .opened'
check_match '^100 100 3$' "a batch's key opens the batch" cells one '[.thefts[] | select(.theft == "batch-key") | .opened] | join(" ")'
check_match '^0 2000 0 2000$' "a quorum of one jurisdiction opens everybody, less than one nobody" \
	cells one '[.thefts[] | select(.theft | startswith("quorum")) | .opened] | join(" ")'
check_match '^1 1 1 1 1$' "one card is one card" cells one '[.thefts[] | select(.theft == "card") | .opened] | join(" ")'
check_match '^0 25 0$' "session keys from the core open what came after the order, and make no clone" \
	cells one '.thefts[] | select(.theft == "escrow-core") | "\(.before) \(.after) \(.cloned)"'
check_match '^6000 6000 6000 6000 90$' "every subscriber's card answered three AUTHENTICATEs" \
	cells one '[.designs[].authentications] | join(" ")'
check_match '^false false false false true$' "and the agreed ones are called a sample" cells one '[.designs[].sample] | join(" ")'
only_report() { [ "$(ls -A "$scratch/one")" = fleet.json ]; }
check "nothing of a fleet stays but its report" only_report
schema() {
	/usr/bin/python3 -c 'import json, jsonschema, sys
schema, report = (json.load(open(name)) for name in sys.argv[1:])
jsonschema.Draft202012Validator.check_schema(schema)
jsonschema.validate(report, schema)' docs/lab/fleet.schema.json "$scratch/one/fleet.json"
}
check "the report is as its schema says" schema

same() { run again --threads 1 --no-progress >/dev/null && report one >"$scratch/a" && report again >"$scratch/b" && cmp "$scratch/a" "$scratch/b"; }
check "the same seed gives the same report, with another number of threads too" same
other() {
	run other --seed 2 >/dev/null || return 1
	for name in one other; do
		report "$name" | jq -S 'del(.seed, .designs[].record_sha256)' >"$scratch/$name.conclusions"
		cells "$name" '.designs[].record_sha256' >"$scratch/$name.heard"
	done
	cmp "$scratch/one.conclusions" "$scratch/other.conclusions" &&
		[ "$(cat "$scratch/one.heard" "$scratch/other.heard" | sort -u | wc -l)" -eq 10 ]
}
check "another seed gives other keys, and the same conclusions" other
small() { simrite fleet run --out "$scratch/small" --count 3 --batches 100 --agreed 5; }
check "three subscribers are a fleet" small

in_json() { run json --design derived --json >"$scratch/json.out" && jq -se '[.[] | select(.type != "progress")] | length == 1 and .[0].type == "result" and (.[0].thefts | length) == 8' "$scratch/json.out"; }
check "--json prints one object, and progress" in_json

# A thief who does nothing opens nobody: then the report must not say that it went as expected.
lazy() {
	mkdir "$scratch/bin" && cp "$BIN/simrite-fleet" "$BIN/simrite-heist" "$scratch/bin/" &&
		cp /bin/true "$scratch/bin/simrite-thief-fleet" &&
		"$scratch/bin/simrite-fleet" run --out "$scratch/lazy" --count 50 --batches 5 --design bulk-plain
}
check_fault 1 'NOT AS EXPECTED' "cells that are not as expected fail the run" lazy
check_match '^0 50$' "and are in the report as they are" cells lazy '.thefts[] | select(.theft == "database-kek") | "\(.opened) \(.expected.before)"'

stopped() {
	simrite fleet run --out "$scratch/stopped" --count 500000 >/dev/null 2>"$scratch/stopped.err" &
	pid=$!
	while [ ! -e "$scratch/stopped/.simrite-fleet/challenges.bin" ]; do
		kill -0 "$pid" || return 1
		sleep 0.1
	done
	sleep 0.5
	kill -INT "$pid"
	wait "$pid"
	status=$?
	[ "$status" -eq 8 ] && grep -q 'stopped after' "$scratch/stopped.err" && [ -z "$(ls -A "$scratch/stopped")" ]
}
check "stopped, it says so and leaves nothing" stopped
held() { flock "$scratch/one" simrite fleet run --out "$scratch/one" --count 1; }
check_fault 6 'another program works in' "a folder in use is refused" held
check_status 2 "no folder is misuse" simrite fleet run
check_fault 2 'no design "bulk"' "an unknown design is misuse" simrite fleet run --out "$scratch/x" --design bulk
check_status 2 "no subscribers are misuse" simrite fleet run --out "$scratch/x" --count 0

check_match 'No jurisdiction can restore it alone' "custodians apart: nobody alone" simrite fleet custody
check_match 'Alone it can be restored in: A$' "three at home: that one alone" simrite fleet custody --custodians A,A,A,B,C
check_fault 2 '6 of 5 custodians is no threshold' "a threshold nobody reaches is refused" simrite fleet custody --threshold 6
check_match 'everybody +23000000 +161' "what new cards for an operator take" simrite fleet replace
check_match 'bulk-plain, mail +100 ' "and for whom a fleet's thefts opened" simrite fleet replace --report "$scratch/one/fleet.json"
check_fault 5 'never replaced' "terms under which it never ends are refused" simrite fleet replace --made-a-day 0
check_fault 5 'no fleet.json' "what is no report is refused" simrite fleet replace --report docs/lab/fleet.schema.json
finish
