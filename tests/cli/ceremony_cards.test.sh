#!/bin/sh
# PROVES: custodians with cards, over PC/SC: contributions drawn on the cards
# and signed, shares that are on no disk, a restore from the cards, presence
# and sign-off by the card; a card that is missing, another's, pulled out or
# with a wrong PIN is named, and the ceremony goes on when it is put right.
BUILD=${BUILD:-build}
if [ -z "$CARDS_TEST_INSIDE" ]; then
	CARDS_TEST_INSIDE=1 exec "$BUILD/bin/simrite-sim" run --cards 3 --profile blank -- sh "$0"
fi
. tests/check.sh
umask 077

# ---- enrolled: PIN, unblock code and a key made on the card ----
apdu() { # reader, APDUs without blanks...: the last answer in hex
	reader=$1
	shift
	set -- "$@"
	for one in "$@"; do echo "$one"; done | sed 's/^/--send-apdu=/' | xargs opensc-tool --reader "$reader" 2>"$scratch/opensc" |
		awk '/^Received/ {hex = ""} /^[0-9A-F][0-9A-F] / {hex = hex substr($0, 1, 48)} END {gsub(/ /, "", hex); print hex}'
}
select=00A4040C09F073696D7269746501
pin() { printf '%s' "$1" | od -An -tx1 | tr -d ' \n' | sed 's/$/FFFF/' | cut -c 1-16; }
enrol() { # reader PIN name: NAME.pin, NAME.key
	echo "$2" >"$scratch/$3.pin"
	point=$(apdu "$1" $select "8036000010$(pin "$2")3133353739313335" 8034000000 | cut -c 7-72)
	printf '3039301306072A8648CE3D020106082A8648CE3D030107032200%s' "$(echo "$point" | tr a-f A-F)" | basenc --base16 -d >"$scratch/point" &&
		openssl ec -pubin -inform DER -in "$scratch/point" -conv_form uncompressed -pubout -outform DER 2>/dev/null |
		base64 -w 0 >"$scratch/$3.key"
	[ "$(wc -c <"$scratch/$3.key")" -eq 124 ] || { cat "$scratch/opensc"; echo "$point"; return 1; }
}
check "Alice's card is enrolled" enrol 0 135790 alice
check "Bob's card is enrolled" enrol 1 246801 bob
check "Carol's card is enrolled" enrol 2 975310 carol
echo 111111 >"$scratch/wrong.pin"

jq -n --arg alice "$(cat "$scratch/alice.key")" --arg bob "$(cat "$scratch/bob.key")" --arg carol "$(cat "$scratch/carol.key")" '
	{schema: 1, id: "rehearsal-cards", mode: "rehearsal", title: "T", operator: "O", threshold: 2, jurisdictions: 2, custodians: [
	{name: "Alice", role: "r", jurisdiction: "NL", key: $alice, share: "card"}, {name: "Bob", role: "r", jurisdiction: "FR", key: $bob, share: "card"},
	{name: "Carol", role: "r", jurisdiction: "DE", key: $carol, share: "card"}], batches: [{id: "rehearsal-1", count: 8}]}' >"$scratch/plan"
run() { # options: with everybody's PIN
	simrite-ceremony run "$scratch/plan" --out "$scratch/out" --pin "Alice=file:$scratch/alice.pin" \
		--pin "Bob=file:$scratch/bob.pin" --pin "Carol=file:$scratch/carol.pin" "$@"
}
t=$scratch/out/transcript.jsonl

# ---- PINs typed at a terminal ----
jq '.id = "rehearsal-typed" | .administrator = {name: "Ada"}' "$scratch/plan" >"$scratch/typed-plan"
check_match 'asked by name' "a PIN is asked for by its holder's name, and Ctrl-C gets out" /usr/bin/python3 tests/cli/ceremony_pins.py \
	"$scratch/typed-plan" "$scratch/typed" "simrite 00" Alice=135790 Bob=246801

# ---- somebody is not there ----
simrite sim remove 2
check_match "waits for a person: Carol" "a card that is missing is waited for" run
check_match "Carol is in no reader; there is Alice.s, Bob.s" "and those that are there named" run
simrite sim insert 2
check_fault 1 'Bob: ' "a wrong PIN is Bob's" run --pin "Bob=file:$scratch/wrong.pin"
check "everybody's card is here" run
check "and it is sound" simrite-ceremony verify "$t" --plan "$scratch/plan"
check_match 'note .* by Alice, Bob, Carol' "all three signed the note" simrite-ceremony verify "$t"
no_share() { ls "$scratch/out/shares"; [ -z "$(ls "$scratch/out/shares")" ]; }
check "no share is on the disk" no_share
cards() { jq -c 'select(.type == "commit" or .type == "share") | [.type, .data.custodian, (.data.signature | length > 80)]' "$t"; }
check_match '"share","Bob",true' "the cards have signed" cards
count() { cards | sort -u | wc -l; }
check_match '^6$' "each what it gave and what it holds" count
check_fault 2 'is drawn on the card' "dice are not for cards" run --entropy "Alice=file:$scratch/alice.pin"

# ---- the way back, from the cards ----
recover() { # options
	rm -f "$scratch/key"
	simrite-ceremony recover --expose-key --transcript "$t" --batch rehearsal-1 --out "$scratch/key" "$@"
}
with() { # names: from their cards, confirmed
	for name in "$@"; do
		set -- "$@" --card "$name=file:$scratch/$(echo "$name" | tr A-Z a-z).pin"
		shift
	done
	recover --confirm rehearsal-cards "$@"
}
agrees() {
	with "$@" || return 1
	printf 'simrite check v1' | openssl mac -cipher AES-256-CBC -macopt "hexkey:$(cat "$scratch/key")" CMAC | tr 'A-F' 'a-f' >"$scratch/mac"
	jq -r 'select(.type == "batch") | .data.check' "$t" | diff - "$scratch/mac"
}
check "Alice and Bob restore the batch key" agrees Alice Bob
check "Carol and Alice do" agrees Carol Alice
releases() { simrite-ceremony card-status --json --reader "simrite 00" | jq .releases; }
before=$(releases)
check_fault 5 'is there already' "into no file that is there" simrite-ceremony recover --expose-key --transcript "$t" --batch rehearsal-1 \
	--out "$scratch/key" --confirm rehearsal-cards --card "Alice=file:$scratch/alice.pin" --card "Bob=file:$scratch/bob.pin"
check_fault 6 'no quorum' "nor for one card where two are needed" with Alice
check_fault 2 'without a passphrase' "nor with a passphrase that there is none of" recover --confirm rehearsal-cards \
	--card "Alice=file:$scratch/alice.pin" --card "Bob=file:$scratch/bob.pin" --passphrase "file:$scratch/alice.pin"
check_match "^$before\$" "and no release was counted for that" releases
check_fault 6 'no quorum' "Bob alone does not" with Bob
check_fault 6 'not confirmed' "no card releases without a word" recover --card "Alice=file:$scratch/alice.pin" --card "Bob=file:$scratch/bob.pin"
check_fault 6 'not confirmed' "nor for another ceremony" recover --confirm rehearsal-other --card "Alice=file:$scratch/alice.pin" --card "Bob=file:$scratch/bob.pin"
check_fault 2 'is no custodian' "a stranger" recover --confirm rehearsal-cards --card "Eve=file:$scratch/alice.pin" --card "Bob=file:$scratch/bob.pin"
check_fault 2 'is no custodian' "a stranger behind a custodian" recover --confirm rehearsal-cards --card "Alice=file:$scratch/alice.pin" --card "Eve=file:$scratch/bob.pin"
check_fault 2 'given twice' "the same card twice" recover --confirm rehearsal-cards --card "Alice=file:$scratch/alice.pin" --card "Alice=file:$scratch/alice.pin"
check_match "^$before\$" "and Alice's card counted none of these" releases
check_status 2 "without a transcript nobody knows the cards" simrite-ceremony recover --expose-key --unchecked --batch x --out "$scratch/key" --card "Alice=prompt"
simrite sim remove 0
check_fault 3 'card of Alice is in no reader' "a card that is not there" with Alice Bob
simrite sim insert 0

# ---- a card that keeps another ceremony's share is not overwritten ----
jq '.id = "rehearsal-other"' "$scratch/plan" >"$scratch/plan2"
other() {
	simrite-ceremony run "$scratch/plan2" --out "$scratch/out2" --pin "Alice=file:$scratch/alice.pin" \
		--pin "Bob=file:$scratch/bob.pin" --pin "Carol=file:$scratch/carol.pin"
}
check_fault 6 'holds a share of ceremony rehearsal-cards' "a card that keeps another ceremony's share is not overwritten" other
check_match '"by":"Alice","text":"this attempt ended: .*holds a share' "and the transcript tells why that attempt ended" \
	cat "$scratch/out2/transcript.jsonl"

# ---- a card that is pulled in the middle of an attempt, after others took their shares ----
mkfifo -m 600 "$scratch/fifo"
pulled() { # on the cards of the ceremony before: their shares are destroyed by their holders first
	i=0
	for name in alice bob carol; do
		set=$(jq -r 'select(.type == "share") | .data.set' "$t" | tail -n 1)
		id=$(printf rehearsal-cards | od -An -tx1 | tr -d ' \n')
		apdu $i $select "0020008208$(pin "$(cat "$scratch/$name.pin")")" "8046000018${set}0$((i + 1))${id}00" >"$scratch/destroyed"
		i=$((i + 1))
	done
	rm -rf "$scratch/out2"
	simrite-ceremony run "$scratch/plan2" --out "$scratch/out2" --pin "Alice=file:$scratch/alice.pin" \
		--pin "Bob=file:$scratch/fifo" --pin "Carol=file:$scratch/carol.pin" >"$scratch/log" 2>&1 &
	pid=$!
	n=0
	while kill -0 "$pid" 2>/dev/null && [ $n -lt 20 ]; do
		if grep -q '"type":"share"' "$scratch/out2/transcript.jsonl" 2>/dev/null; then simrite sim remove 1; fi
		timeout 10 sh -c "cat '$scratch/bob.pin' >'$scratch/fifo'"
		sleep 0.2
		n=$((n + 1))
	done
	wait "$pid"
	status=$?
	cat "$scratch/log"
	simrite sim insert 1
	return "$status"
}
check_status 3 "a card is pulled while it is to take its share" pulled
check_match '"by":"Bob","text":"this attempt ended: ' "the transcript says so" cat "$scratch/out2/transcript.jsonl"
check "with the card back the same command goes on" other
check_match '"attempts":2' "in another attempt" simrite-ceremony verify --json "$scratch/out2/transcript.jsonl"
check_match '"exceptions":1' "and is sound" simrite-ceremony verify --json "$scratch/out2/transcript.jsonl"
check_match 'types fit, [0-9]+ bent ones refused, 0 wrong' "it fits the published schema" \
	/usr/bin/python3 tests/cli/transcript_schema.py docs/ceremony "$t" "$scratch/out2/transcript.jsonl"
finish
