#!/bin/sh
# PROVES: docs/ceremony/verify-by-hand.md, run exactly as printed, accepts what
# simrite-ceremony made and refuses what was bent.
. tests/check.sh

cat >"$scratch/plan.json" <<'END'
{"schema": 1, "id": "rehearsal-by-hand", "mode": "rehearsal", "title": "Checked by hand",
 "operator": "Example Mobile", "threshold": 2,
 "custodians": [{"name": "Zo\u00eb", "role": "officer", "jurisdiction": "NL"},
                {"name": "Bob \"the\" \\ Builder", "role": "auditor", "jurisdiction": "FR"}],
 "batches": [{"id": "rehearsal-b1", "count": 8}]}
END
top=$PWD
by_hand() { # transcript
	rm -rf "$scratch/hand" && mkdir "$scratch/hand" && cp "$1" "$scratch/hand/transcript.jsonl"
	sed -n '/^```sh$/,/^```$/{/^```/d;p;}' "$top/docs/ceremony/verify-by-hand.md" >"$scratch/blocks.sh"
	(cd "$scratch/hand" && sh "$scratch/blocks.sh")
}
check "a ceremony is held" simrite-ceremony run "$scratch/plan.json" --out "$scratch/out"
t=$scratch/out/transcript.jsonl
check "the blocks run" by_hand "$t"
by_hand "$t" >"$scratch/found" 2>&1
check_status 1 "and find nothing bad" grep -E 'BAD|differ' "$scratch/found"
for what in form fingerprint key signatures root plan; do
	check_match "^$what: " "they tell the $what" cat "$scratch/found"
done
agree() {
	simrite-ceremony verify --json "$t" >"$scratch/ours"
	for what in fingerprint key root; do
		[ "$(sed -n "s/^$what: //p" "$scratch/found")" = "$(jq -r ".$what" "$scratch/ours")" ] || return 1
	done
	[ "$(sed -n 's/^plan: //p' "$scratch/found")" = "$(jq -cS . "$scratch/plan.json" | tr -d '\n' | sha256sum | cut -d ' ' -f 1)" ]
}
check "and agree with the program on fingerprint, key, root and plan" agree
commitment() { # the two commands of the section for custodians, as they stand there
	sed -n '/^## A share, by its custodian/,/^## /s/^    //p' "$top/docs/ceremony/verify-by-hand.md" >"$scratch/share.sh"
	[ "$(wc -l <"$scratch/share.sh")" -eq 2 ] || return 2
	cp "$scratch/out/shares/share-1.json" "$scratch/hand/"
	(cd "$scratch/hand" && sh "$scratch/share.sh") | cut -d ' ' -f 1 >"$scratch/two"
	cat "$scratch/two"
	[ "$(wc -l <"$scratch/two")" -eq 2 ] && [ "$(sort -u "$scratch/two" | wc -l)" -eq 1 ]
}
check "a share's commitment is computed as printed" commitment
bent() { # what sed-script
	sed "$2" "$t" >"$scratch/bent"
	check_match 'BAD|differ' "bent: $1" by_hand "$scratch/bent"
}
bent "a value" '8s/"index":[0-9]/"index":7/'
bent "a line missing" 5d
bent "a line twice" 5p
bent "the end missing" '$d'
bent "a blank" '3s/,/, /'
bent "the root" '$s/"root":"../"root":"00/'
bent "a time on the last line" '$s/"at":"2/"at":"3/'
finish
