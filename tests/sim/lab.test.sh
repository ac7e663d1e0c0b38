#!/bin/sh
# PROVES: scenarios are listed and run, one that departs from what it expects fails and names the measure; the matrix
# has a cell for every design and thief, and every world is built once.
. tests/check.sh
out=$scratch/lab

# ---- what there is ----
check_match 'S01-clear-file-in-mail +The output file in a mail' "list names the scenarios" simrite heist list
check_match '^  recorder  ' "  and the thieves" simrite heist list
listed() { simrite heist list --json | jq -e '(.scenarios|length)==$n and ([.designs[].name]|index("agreed")!=null) and all(.thieves[]; .places|length>0)' --argjson n "$(ls sim/scenarios/*.ini | wc -l)"; }
check "  every file of sim/scenarios, as JSON" listed
labelled() { # every parameter of every scenario says where it comes from
	for file in sim/scenarios/*.ini; do
		sed -n '/^\[world\]/,/^\[expect\]/p' "$file" | grep '=' | grep -vE '\[(published|measured)\] .|\[assumed\]' && return 1
	done
	return 0
}
check "every parameter in sim/scenarios is labelled" labelled

check "docs/scenarios.md tells what the scenarios say" python3 tests/sim/scenarios.py "$BIN/simrite" --check
stale() { sed "$1" docs/scenarios.md >"$scratch/stale.md" && python3 tests/sim/scenarios.py "$BIN/simrite" --check "$scratch/stale.md"; }
check_fault 1 'is stale: make scenarios' "  and would be found out if it did not" stale 's/| all |/| none |/'
check_status 0 "  (what was measured may differ)" stale 's/[0-9] of [0-9] |$/7 of 9 |/; s/^Measured: .*/Measured: x/'
shaped() { # a result is as docs/lab.schema.json says
	python3 - "$1" <<-END
		import json, jsonschema, sys
		schema = json.load(open("docs/lab.schema.json"))
		jsonschema.Draft202012Validator.check_schema(schema)
		jsonschema.validate(json.load(open(sys.argv[1])), schema)
	END
}

# ---- a scenario ----
sed 's/^cards = 2/cards = 1/' sim/scenarios/S06-a-master-per-batch.ini | sed 's/exactly 2/exactly 1/' >"$scratch/mine.ini"
check_match 'recovered +exactly 1 +1 of 2' "a scenario of one's own runs: a batch key opens its batch" \
	simrite heist run "$scratch/mine.ini" --out "$out"
cp "$scratch/.out" "$scratch/said"
check_match 'As expected' "  and is as expected" cat "$scratch/said"
result() { jq -e "$1" "$out/result.json"; }
check "  result.json has the cell, and says where each parameter is from" result \
	'.scenario=="mine" and .cell.thief=="batch-key" and .cell.recall==0.5 and .cell.precision==1 and all(.expectations[]; .met)
	and all(.parameters[]; .label|IN("published","assumed","measured"))'
check "  and is of the shape of docs/lab.schema.json" shaped "$out/result.json"
check "  what the thief was given is named" result '.cell.captured==["batch-key.hex","printed-iccid.txt","radio.pcapng"]'
check "  sessions before and after the theft" result '.cell.sessions_before==2 and .cell.sessions_after==2 and .cell.decrypted_before==1 and .cell.decrypted_after==1'
check "  the operator's log shows nothing" result '.cell.operator=={"vectors":4,"resynchronised":0,"refused":0}'
sed 's/^recovered = .*/recovered = all/' "$scratch/mine.ini" >"$scratch/wrong.ini"
check_fault 1 'recovered: 1 of 2, expected all' "one that departs from it fails and names the measure" simrite heist run "$scratch/wrong.ini" --out "$out"
check "  and result.json says which" result '[.expectations[]|select(.met|not)|.measure]==["recovered"]'
check_status 2 "a scenario that is not there" simrite heist run S99 --out "$out"
check_fault 2 'beginning of 2 scenarios' "half a name that two have" simrite heist run S06 --out "$out"
echo 'title' >"$scratch/bad.ini"
check_fault 5 'line 1: neither a section nor a value' "a file that is no scenario" simrite heist run "$scratch/bad.ini" --out "$out"

# ---- clones ----
sed 's/^cards = 2/cards = 1/; s/^clone_resynchronised = .*/clone_resynchronised = exactly 2/' sim/scenarios/S12-a-clone-was-used-elsewhere.ini >"$scratch/used.ini"
check_match 'As expected' "clones that were used elsewhere ask for resynchronisation, one AUTS each" simrite heist run "$scratch/used.ini" --out "$out"
check "  the centre counted it" result '.cell.clone_log.resynchronised==2 and .cell.cloned==2 and .cell.originals==2'
spoilt_clones() { # the loot is changed before it is judged: every key is wrong; the cards are programmed, and do not attach
	mkdir "$scratch/bin" && ln -s "$BIN"/* "$scratch/bin" && cp --remove-destination "$BIN/simrite-heist" "$scratch/bin" && rm "$scratch/bin/simrite-judge"
	cat >"$scratch/bin/simrite-judge" <<-END
		#!/bin/sh
		for loot; do :; done
		k=00112233445566778899aabbccddeeff
		for n in 1 2; do echo "{\"imsi\":\"00101000000010\$n\",\"k\":\"\$k\",\"opc\":\"\$k\"}"; done >"\$loot/keys.jsonl"
		: >"\$loot/traffic.jsonl"
		exec "$BIN/simrite-judge" "\$@"
	END
	chmod +x "$scratch/bin/simrite-judge"
	"$scratch/bin/simrite-heist" run "$scratch/one.ini" --out "$out"
}
sed 's/^cards = 2/batches = 1 [assumed]\ncards = 2/; /^decrypted/d; s/^recovered = .*/recovered = none/; s/^cloned = .*/cloned = none/; s/^false_keys.*/false_keys = all/' sim/scenarios/S01-clear-file-in-mail.ini >"$scratch/one.ini"
check_match 'As expected' "clones with keys that are none do not attach" spoilt_clones
check "  though they were tried, and the claims are counted as false" result '.cell.clones_tried==2 and .cell.cloned==0 and .cell.claimed==2 and .cell.false_keys==2 and .cell.precision==0'

# ---- the matrix ----
check_match '^[0-9]+ cells' "the matrix" simrite heist matrix --cards 1 --access lte --travel together --out "$out"
cell() { jq -e --arg d "$1" --arg t "$2" "[.cells[]|select(.design==\$d and .thief==\$t)]|length==1 and (.[0]|$3)" "$out/matrix.json"; }
whole() { simrite heist list --json | jq -e --slurpfile m "$out/matrix.json" '(.designs|length)*([.thieves[]|select(.between|not)]|length)==($m[0].cells|length) and ([$m[0].cells[]|.design+"/"+.thief]|unique|length)==($m[0].cells|length)'; }
check "  it is of the shape of docs/lab.schema.json" shaped "$out/matrix.json"
check "  a cell for every design and thief" whole
all='.decrypted==4 and .recovered==2' none='.decrypted==0 and .recovered==0'
while read -r design thief want; do
	eval "want=\$$want"
	check "  $design, $thief: $want" cell "$design" "$thief" "$want"
done <<END
bulk-plain courier all
bulk-plain recorder none
bulk-plain master none
derived courier none
derived batch-key all
derived master all
derived-batch master all
agreed courier none
agreed master none
bulk-plain insider all
bulk-plain operator all
derived operator none
derived authority-a none
derived authorities-a-b all
agreed insider none
agreed operator all
agreed vendor none
agreed-replayed vendor all
agreed-backdoored vendor all
agreed-backdoored courier none
derived vendor none
END
check "  every cell's clones attach, and no others" jq -e 'all(.cells[]; .clones_tried==.recovered and .cloned==.recovered and .originals==.cloned)' "$out/matrix.json"
check "  one card taken apart is one subscriber, of any design" jq -e '[.cells[]|select(.thief=="one-card")|.recovered]|length>=4 and all(.==1)' "$out/matrix.json"
check "  a quorum that is none is refused, and the cell says why" cell derived authority-a '.refused|contains("shares")'
check "  derived-batch, batch-key: one batch of two" cell derived-batch batch-key '.decrypted==2 and .recovered==1'
check "  nothing claimed that is not true" jq -e 'all(.cells[]; .false_keys==0 and .false_packets==0)' "$out/matrix.json"
once() { [ "$(ls "$out/worlds" | wc -l)" -eq "$(jq '[.cells[].design]|unique|length' "$out/matrix.json")" ]; }
check "  each world was built once" once
check_status 6 "a folder that is no earlier run is left alone" simrite heist matrix --out "$scratch"
check_match '^1 cells' "one design and one thief" simrite heist matrix --cards 1 --after 0 --batches 1 --design bulk-plain --thief courier --access lte --travel together --out "$out"
check "  and no session after the theft" cell bulk-plain courier '.sessions_after==0 and .decrypted==1'
check_match '^4 cells' "three ways to attach, and OPc apart" simrite heist matrix --cards 1 --batches 1 --clone none --design bulk-plain --thief courier --out "$out"
at() { jq -e --arg a "$1" --arg t "$2" "[.cells[]|select(.access==\$a and .travel==\$t)]|length==1 and (.[0]|$3)" "$out/matrix.json"; }
check "  EAP-AKA' does not change what a key is worth" at eap-aka-prime together '.decrypted==2'
check "  forward secrecy keeps a listener out who has every key" at eap-aka-prime-fs together '.decrypted==0 and .recovered==1'
check "  and K alone is worth nothing" at lte apart '.decrypted==0 and .recovered==0'
finish
