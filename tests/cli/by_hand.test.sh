#!/bin/sh
# PROVES: docs/ceremony/verify-by-hand.md, run exactly as printed, accepts what
# simrite-ceremony made and refuses what was bent.
. tests/check.sh

umask 077
key() {
	openssl ecparam -name prime256v1 -genkey -noout -out "$scratch/$1.pem" 2>/dev/null
	openssl ec -in "$scratch/$1.pem" -pubout -outform DER 2>/dev/null | base64 -w 0
}
cat >"$scratch/plain.json" <<'END'
{"schema": 1, "id": "rehearsal-by-hand", "mode": "rehearsal", "title": "Checked by hand",
 "operator": "Example Mobile", "threshold": 2,
 "custodians": [{"name": "Zo\u00eb", "role": "officer", "jurisdiction": "NL"},
                {"name": "Bob \"the\" \\ Builder", "role": "auditor", "jurisdiction": "FR"}],
 "batches": [{"id": "rehearsal-b1", "count": 8}]}
END
top=$PWD
jq --arg ada "$(key ada)" --arg zoe "$(key zoe)" --arg wim "$(key wim)" '.administrator = {name: "Ada", key: $ada} |
	.custodians[0].key = $zoe | .witnesses = [{name: "Wim de Wit", role: "notary", key: $wim}]' "$scratch/plain.json" >"$scratch/plan.json"
by_hand() { # transcript
	rm -rf "$scratch/hand" && mkdir "$scratch/hand" && cp "$1" "$scratch/hand/transcript.jsonl"
	cp "${2:-$scratch/out/transcript.note}" "$scratch/hand/transcript.note"
	sed -n '/^## A proof for one card/q;/^```sh$/,/^```$/{/^```/d;p;}' "$top/docs/ceremony/verify-by-hand.md" >"$scratch/blocks.sh"
	(cd "$scratch/hand" && sh "$scratch/blocks.sh")
}
check "a ceremony is held" simrite-ceremony run "$scratch/plan.json" --out "$scratch/out" \
	--signer "Ada=file:$scratch/ada.pem" --signer "Zoë=file:$scratch/zoe.pem" --signer "Wim de Wit=file:$scratch/wim.pem"
t=$scratch/out/transcript.jsonl
check "the blocks run" by_hand "$t"
by_hand "$t" >"$scratch/found" 2>&1
check_status 1 "and find nothing bad" grep -E 'BAD|differ' "$scratch/found"
for what in form fingerprint key signatures root plan people note; do
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
check_match '^people: 6 signatures' "everybody has signed twice" cat "$scratch/found"
check_match '^note: 4 signatures of 4' "and the note" cat "$scratch/found"
note_bent() { # what sed-script
	sed "$2" "$scratch/out/transcript.note" >"$scratch/bent.note"
	check_match 'BAD|differ' "note bent: $1" by_hand "$t" "$scratch/bent.note"
	check_status 1 "and refused by the program" simrite-ceremony verify --note "$scratch/bent.note" "$t"
}
note_bent "its count" '2s/.*/99/'
note_bent "its mode" 's/^mode .*/mode production/'
note_bent "the fingerprint" 's/^\(fingerprint .*\)[0-9a-f]$/\1x/'
note_bent "a signature" 's/^\(— Ada .\{24\}\)..../\1AAAA/'
# without parties, as in version 1
check "a ceremony without keys" simrite-ceremony run "$scratch/plain.json" --out "$scratch/plain"
by_hand "$scratch/plain/transcript.jsonl" "$scratch/plain/transcript.note" >"$scratch/found" 2>&1
check_status 1 "is checked by hand, too" grep -E 'BAD|differ' "$scratch/found"
check_match '^note: 1 signatures of 1' "with the ceremony's signature alone on the note" cat "$scratch/found"
finish
