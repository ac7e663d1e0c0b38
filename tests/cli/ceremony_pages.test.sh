#!/bin/sh
# PROVES: the script of the day and the report afterwards are whole pages that
# fetch and run nothing, whatever the plan's texts are; they say what the plan
# and the transcript say, and a transcript that is not sound has no report.
BUILD=${BUILD:-build}
if [ -z "$PAGES_TEST_INSIDE" ]; then
	PAGES_TEST_INSIDE=1 exec "$BUILD/bin/simrite-sim" run --cards 1 --profile blank -- sh "$0"
fi
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

# ---- the report: a ceremony of the machine alone ----
report() { # name, options: OUT of ceremony NAME
	name=$1
	shift
	rm -f "$scratch/report.html"
	simrite-ceremony report --out "$scratch/report.html" "$scratch/$name/transcript.jsonl" "$@"
}
held() { simrite-ceremony run "$scratch/small" --out "$scratch/small.out"; }
fingerprint() { tail -n 1 "$scratch/$1/transcript.jsonl" | sha256sum | cut -d ' ' -f 1; }
check "a ceremony" held
check_match 'report of ceremony rehearsal-small \(rehearsal\), self-consistent, signer unknown: ' "has a report" report small.out
check_of() { jq -r "select(.type == \"$2\") | .data.check" "$scratch/$1/transcript.jsonl"; }
check_match '^page: ' "which is a whole page, and says what the transcript says" page "$scratch/report.html" REHEARSAL \
	'Self-consistent, signer unknown.' '!Sound.' "$(fingerprint small.out)" "$(check_of small.out keep)" "$(check_of small.out batch)" \
	'Attempts 1' 'Exceptions 0' 'Nothing is recorded.' 'has no key in the plan, and signed nothing' 'That anybody was there.' \
	'simrite master rehearsal-small secret + new yes no' 'simrite batch rehearsal-1 secret + new' '!- gone' \
	'It is a program.' 'all 3 quorums were tried' 'rehearsal-1: 8 cards' 'says nothing about single cards' \
	'Alice: Is bound to a contribution' 'The plan lists nothing.' 'This page is no proof'
check_match 'rehearsal-small \(rehearsal\), sound: ' "with the fingerprint it is sound" report small.out --fingerprint "$(fingerprint small.out)"
check_match '^page: ' "and the page says so" page "$scratch/report.html" 'Sound.' '!signer unknown' 'is the one that was asked for'
lines() { [ "$(grep -c '<time>' "$scratch/report.html")" -eq "$(wc -l <"$scratch/small.out/transcript.jsonl")" ]; }
check "every line of the transcript has its row" lines
check_match '"pinned":false,"closed":true' "and with --json" \
	simrite-ceremony report --json --out "$scratch/json2.html" "$scratch/small.out/transcript.jsonl"
same() { simrite-ceremony report "$scratch/small.out/transcript.jsonl" 2>/dev/null | cmp - "$scratch/json2.html"; }
check "to standard output it is the same" same
check_status 2 "which --json does not go with" simrite-ceremony report --json "$scratch/small.out/transcript.jsonl"
check_status 2 "a fingerprint that is none" report small.out --fingerprint 12

# ---- none of what is not sound ----
check_fault 1 'the fingerprint is .*, not the one asked for' "none of another transcript" report small.out --fingerprint "$(printf 'ab%.0s' $(seq 32))"
check_fault 1 'not by the key asked for' "nor of another signer" report small.out --key "$(printf 'ab%.0s' $(seq 32))"
mkdir "$scratch/bent" "$scratch/cut"
sed '4s/Alice/Alfie/' "$scratch/small.out/transcript.jsonl" >"$scratch/bent/transcript.jsonl"
check_fault 1 'line 4' "nor of one that was changed, whose line is named" report bent
check_fault 1 'line 4' "unfinished or not" report bent --unfinished
head -n 9 "$scratch/small.out/transcript.jsonl" >"$scratch/cut/transcript.jsonl"
check_status 1 "nor of one that is not closed" report cut
check_status 1 "and no page is left of any" test -e "$scratch/report.html"
check_match 'rehearsal-small \(rehearsal\), unfinished: ' "unless it is asked for" report cut --unfinished
check_match '^page: ' "and then it says that" page "$scratch/report.html" 'Unfinished.' 'not closed' 'not made yet' \
	'After the ceremony it was not looked at yet.' 'No key was kept yet.' 'No share was made yet.' 'None was made yet.' '!Sound.'
cp "$scratch/small.out/transcript.note" "$scratch/bent/transcript.note"
sed -i 's/^mode .*/mode production/' "$scratch/bent/transcript.note"
check_status 1 "nor with a note about another" report small.out --note "$scratch/bent/transcript.note"
existing() { simrite-ceremony report --out "$scratch/small.out/transcript.jsonl" "$scratch/small.out/transcript.jsonl"; }
check_fault 5 'is there already' "a transcript is not written over" existing

# ---- the report: people, one of them with a card, who abandon an attempt ----
echo 135790 >"$scratch/bob.pin"
echo 13579135 >"$scratch/bob.code"
enrolled() { simrite-ceremony enrol --json --pin "file:$scratch/bob.pin" --code "file:$scratch/bob.code" >"$scratch/bob.json"; }
check "Bob's card is enrolled" enrolled
jq --slurpfile bob "$scratch/bob.json" '.custodians[0] |= {name, role, jurisdiction} | .custodians[1].key = $bob[0].key | .custodians[1].serial = $bob[0].serial |
	.id = "rehearsal-people" | del(.software, .factories, .batches[1])' "$scratch/whole" >"$scratch/people"
people() { simrite-ceremony run --unattended "$scratch/people" --out "$scratch/people.out" --pin "Bob=file:$scratch/bob.pin" \
	--signer "Ada=file:$scratch/ada.pem" --affirm-destroyed "$@"; }
check_match 'waits for a person: Wim de Wit' "people come one after the other" people
mkdir "$scratch/people.out/shares/share-3.json"
check_status 7 "a share cannot be written, and the attempt ends" people --signer "Wim de Wit=file:$scratch/wim.pem"
rmdir "$scratch/people.out/shares/share-3.json"
check "what happened is recorded" simrite-ceremony exception --by "Wim de Wit" --text "a folder <i>was</i> in the way & was removed" "$scratch/people.out"
check "then the ceremony ends" people --signer "Wim de Wit=file:$scratch/wim.pem"
t=$scratch/people.out/transcript.jsonl
abandoned=$(jq -r 'select(.type == "resume" and .data.abandoned != "none") | .data.abandoned' "$t" | head -n 1)
check_match 'sound: ' "and has a report" report people.out --fingerprint "$(fingerprint people.out)"
commitment() { jq -r "select(.type == \"share\" and .data.custodian == \"Bob\") | .data.commitment" "$t" | tail -n 1; }
check_match '^page: ' "which tells of the people, and of what went otherwise" page "$scratch/report.html" \
	'<script>alert(1)</script> & "all" of it' 'a folder <i>was</i> in the way & was removed' 'Exceptions 1' 'Attempts 2; all but the last' \
	"the attempt was abandoned whose set is $abandoned" 'witness: notary' '!signed nothing: notary' "2 Bob card by the card $(commitment)" \
	'the printer is broken </td></table>' '!not yet' '!no note at hand' '!That anybody was there.' 'Whose hands.'
check_match '^[0-9a-f]{16}$' "an attempt was abandoned in it" echo "$abandoned"
sed '/^— Bob /d' "$scratch/people.out/transcript.note" >"$scratch/less.note"
check "the report with a note that Bob has not signed" report people.out --note "$scratch/less.note"
not_bob() { /usr/bin/python3 tests/cli/page.py "$scratch/report.html" >/dev/null && grep -A1 '>Bob</th>' "$scratch/report.html" | head -n 1 | grep -q '<td>no</td></tr>'; }
check "says that" not_bob

# ---- the report: a batch with tickets, one of whose cards is missing ----
jq --arg works "$(openssl ec -in "$scratch/works.pem" -pubout -outform DER 2>/dev/null | base64 -w 0)" '.id = "rehearsal-batch" | .factories = [{name: "Works", key: $works}] |
	.custodians[0].name = "Ada" | .administrator = {name: "Wim"} | .batches = [{id: "rehearsal-keys", count: 8},
	{id: "rehearsal-lost", count: 2, method: "injected", first_iccid: "8988211000000001019", expires: "2090-01-31T12:00:00Z"}]' "$scratch/small" >"$scratch/batch"
batch() { simrite-ceremony run --unattended "$scratch/batch" --out "$scratch/batch.out"; }
check_match 'waits for receipts: rehearsal-lost' "a ceremony waits for receipts" batch
check_match 'unfinished: ' "which has a report" report batch.out --unfinished
check_match '^page: ' "of what is there" page "$scratch/report.html" 'Keys are injected. 2 load tickets, good until 2090-01-31T12:00:00Z' \
	'Receipts have not come back.' '2 of 2 made; receipts of 0 came back'
cat >"$scratch/bureau.sh" <<END
simrite batch birth --readers simrite --factory file:$scratch/works.pem &&
	simrite batch order --batch rehearsal-lost --design bulk-plain --count 2 --first-imsi 001010000000101 --first-iccid 8988211000000001019 --out $scratch/order.json &&
	simrite batch personalise $scratch/order.json --readers simrite --out $scratch/bureau --tickets $scratch/batch.out/batches/rehearsal-lost/tickets.jsonl
ls $scratch/bureau; cat $scratch/bureau/*.receipts.jsonl* | sort -u >$scratch/receipts; wc -l <$scratch/receipts
END
check_match '^1$' "the bureau makes one of two cards" simrite sim run --cards 1 --profile blank -- sh "$scratch/bureau.sh"
check "its receipt comes back" simrite-ceremony loaded --batch rehearsal-lost --missing 1 --receipts "$scratch/receipts" "$scratch/batch.out"
check "and the ceremony ends" batch
check_match 'sound: ' "the report looks at the receipt" report batch.out --fingerprint "$(fingerprint batch.out)" --receipts "$scratch/receipts"
check_match '^page: ' "and says so" page "$scratch/report.html" 'missing 1: ' 'The receipts of 1 card were at hand' 'rehearsal-keys: 8 cards' \
	"$(jq -r 'select(.type == "loaded") | .data.root' "$scratch/batch.out/transcript.jsonl")" '2 of 2 made; receipts of 1 came back'
check_match 'signer unknown' "without receipts it is made, too" report batch.out
check_match '^page: ' "and says that no card was checked" page "$scratch/report.html" 'no single card was checked' 'Every single card.'
jq -cS '.receipt |= .[0:100] + (if .[100:101] == "A" then "B" else "A" end) + .[101:]' "$scratch/receipts" >"$scratch/forged"
check_status 1 "a forged receipt has no report" report batch.out --receipts "$scratch/forged"
check_status 5 "nor one from nothing" report batch.out --receipts /dev/null
finish
