#!/bin/sh
# PROVES: the script of the day is a whole page that fetches and runs nothing,
# whatever the plan's texts are; it says what the plan says, and nothing else.
. tests/check.sh
umask 077

page() { /usr/bin/python3 tests/cli/page.py "$@"; }
key() { # name: NAME.pem, and the public key on stdout
	openssl ecparam -name prime256v1 -genkey -noout -out "$scratch/$1.pem" 2>/dev/null
	openssl ec -in "$scratch/$1.pem" -pubout -outform DER 2>/dev/null | base64 -w 0
}

# ---- the script ----
jq -n '{schema: 1, id: "rehearsal-small", mode: "rehearsal", title: "Small", operator: "O", threshold: 2,
	custodians: [{name: "Alice", role: "r", jurisdiction: "NL"}, {name: "Bob", role: "r", jurisdiction: "FR"},
		{name: "Carol", role: "r", jurisdiction: "DE"}], batches: [{id: "rehearsal-1", count: 8}]}' >"$scratch/small"
jq -n --arg ada "$(key ada)" --arg bob "$(key bob)" --arg wim "$(key wim)" --arg works "$(key works)" '{schema: 1, id: "rehearsal-whole",
	mode: "rehearsal", title: "<script>alert(1)</script> & \"all\" of it", operator: "<b>O</b>", threshold: 2, jurisdictions: 2,
	administrator: {name: "Ada", key: $ada},
	custodians: [{name: "Alice <img src=x onerror=1>", role: "r", jurisdiction: "NL", share: "paper", bag: "A2001"},
		{name: "Bob", role: "r", jurisdiction: "FR", key: $bob, share: "card", serial: "0042", bag: "A2002"},
		{name: "Carol", role: "r", jurisdiction: "DE"}],
	witnesses: [{name: "Wim de Wit", role: "notary", key: $wim}], factories: [{name: "Works", key: $works}],
	destruction: ["the disk is shredded", "the printer is broken </td></table>"],
	devices: [{name: "laptop", kind: "machine", serial: "PF-1", bag: "A1001", new_bag: "A1002"}, {name: "reader", kind: "reader"}],
	software: [{name: "simrite-ceremony", sha256: "3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b8553"}],
	batches: [{id: "rehearsal-1", count: 8}, {id: "rehearsal-2", count: 9, method: "agreed", first_iccid: "8988211000000000011",
		expires: "2090-01-31T12:00:00Z"}]}' >"$scratch/whole"
script() { simrite-ceremony script --out "$scratch/$1.html" "$scratch/$1"; }
digest() { jq -cS . "$scratch/$1" | tr -d '\n' | sha256sum | cut -d ' ' -f 1; }
check_match 'script of ceremony rehearsal-small \(rehearsal\): .*small.html' "a script is made" script small
check_match '^page: ' "it is a whole page, and says what the plan says" page "$scratch/small.html" REHEARSAL rehearsal-small \
	"$(digest small)" '20ab08f0 bison Pegasus aimless upcoming' 'ef7c63a6 uncut informant flatfoot paragon' '2 of 3 custodians restore it; 2 deny it' 'Alice, Bob 2 jurisdictions' 'Bob, Carol' 'no device and no card' \
	'FOLDER/shares/share-3.json' 'all 3 quorums are tried' 'the plan lists no program' 'IF' 'THEN' Exceptions Destruction Signatures
check_match '^page: ' "nothing of what this plan has not" page "$scratch/small.html" '!PIN' '!the last one' '!--affirm-destroyed' \
	'!--previous' '!receipts' '!--print' '!--software-token'
check "the script of a plan with everything" script whole
check_match '^page: ' "its texts are shown, and none is obeyed" page "$scratch/whole.html" \
	'<script>alert(1)</script> & "all" of it' '<b>O</b>' 'Alice <img src=x onerror=1>' 'the printer is broken </td></table>' \
	"$(digest whole)" '--print COMMAND' 'Sign that you are here' 'Type the number on the bag of laptop: A1001' \
	'in: A2002. Then open it' 'new bag A1002' 'ceremony loaded --batch rehearsal-2' 'ceremony retire --batch rehearsal-2' \
	'!ceremony loaded --batch rehearsal-1' '--affirm-destroyed' 3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b8553 \
	'Cards of factory Works' 'notary' 'Sign the closing note' 'it draws your contribution' 'Type the words back' '!share-1.json' 'share-3.json'
jq '.mode = "production" | .id = "p" | .batches[0].id = "p1" | .previous = ("ab" * 32)' "$scratch/small" >"$scratch/production"
check "the script of a production" script production
check_match '^page: ' "is no rehearsal's, and warns of the token" page "$scratch/production.html" '!REHEARSAL' '--software-token' \
	'its keys are files' '--previous OLD-TRANSCRIPT' "$(printf 'ab%.0s' 1 2 3 4 5 6 7 8)"
same() { simrite-ceremony script "$scratch/whole" | cmp - "$scratch/whole.html"; }
check "to standard output it is the same, and so is the next one" same
jq '.threshold = 8 | .custodians = [range(16) | {name: "C\(.)", role: "r", jurisdiction: "J\(.)"}]' "$scratch/small" >"$scratch/many"
check "the script of sixteen custodians" script many
check_match '^page: ' "counts its 12870 quorums, and does not list them" page "$scratch/many.html" 'Any 8 of the 16 custodians: 12870 sets' \
	'Any 9 of the 16 custodians: 11440 sets' '!C0, C1'
check_match '"digest":"[0-9a-f]{64}".*"file":' "and with --json" simrite-ceremony script --json --out "$scratch/json.html" "$scratch/small"
check_status 2 "which wants a file" simrite-ceremony script --json "$scratch/small"
check_fault 5 'is there already' "a file that is there is left" script small
check_status 5 "a plan that is none has no script" simrite-ceremony script --out "$scratch/none.html" /dev/null
check_status 1 "nothing was left of it" test -e "$scratch/none.html"
check_status 7 "a folder that is not there" simrite-ceremony script --out "$scratch/no/s.html" "$scratch/small"
full() { simrite-ceremony script "$scratch/small" >/dev/full; }
check_status 7 "a page that cannot be written" full
finish
