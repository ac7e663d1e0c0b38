#!/bin/sh
# PROVES: a ceremony of custodians and signers with cards is stopped before
# every entry and note in turn - power cut, Ctrl-C, full disk, HSM gone, card
# pulled - between card commands and at HSM calls: the same command goes on to a sound end,
# the transcript tells each stop, nothing abandoned is used or works. No secret
# of it is left in files, terminal output or memory.
BUILD=${BUILD:-build}
if [ -z "$CARDS_TEST_INSIDE" ]; then
	CARDS_TEST_INSIDE=1 exec "$BUILD/bin/simrite-sim" run --cards 3 --profile blank -- sh "$0"
fi
. tests/check.sh
umask 077

compile() {
	flags=$(pkg-config --cflags libpcsclite) || return 1
	# shellcheck disable=SC2086
	${CC:-cc} -D_GNU_SOURCE -O1 -fPIC -shared $flags -o "$scratch/moment.so" tests/faults/moment.c -ldl
}
check "the moments are built" compile

# ---- Alice and Bob keep shares on cards, Carol a file; Wim, a witness, has a card, too ----
enrol() { # reader PIN name
	echo "$2" >"$scratch/$3.pin"
	echo 13579135 >"$scratch/code"
	simrite-ceremony enrol --json --reader "simrite 0$1" --name "$3" --pin "file:$scratch/$3.pin" \
		--code "file:$scratch/code" >"$scratch/enrolled" || return 1
	jq -rj 'select(.type == "result") | .key' "$scratch/enrolled" >"$scratch/$3.key"
	[ "$(wc -c <"$scratch/$3.key")" -eq 124 ]
}
check "Alice's card is enrolled" enrol 0 13579024 Alice
check "Bob's card is enrolled" enrol 1 24680135 Bob
check "Wim's card is enrolled" enrol 2 97531086 Wim
echo "dice 2718281828 of Carol" >"$scratch/dice"
plan() { # id
	jq -n --arg id "$1" --arg alice "$(cat "$scratch/Alice.key")" --arg bob "$(cat "$scratch/Bob.key")" --arg wim "$(cat "$scratch/Wim.key")" '
	{schema: 1, id: $id, mode: "rehearsal", title: "T", operator: "O", threshold: 2, custodians: [
	{name: "Alice", role: "r", jurisdiction: "NL", key: $alice, share: "card"}, {name: "Bob", role: "r", jurisdiction: "FR", key: $bob, share: "card"},
	{name: "Carol", role: "r", jurisdiction: "DE", share: "file"}], witnesses: [{name: "Wim", role: "notary", key: $wim}],
	batches: [{id: "rehearsal-1", count: 8}]}' >"$scratch/$1.plan"
}
run() { # id options: one run of this ceremony
	id=$1
	shift
	simrite-ceremony run "$scratch/$id.plan" --out "$scratch/$id" --unattended --entropy "Carol=file:$scratch/dice" \
		--pin "Alice=file:$scratch/Alice.pin" --pin "Bob=file:$scratch/Bob.pin" --pin "Wim=file:$scratch/Wim.pin" "$@"
}
# MOMENT_* of one run, without touching this shell's
at() { # where n what id
	(
		export LD_PRELOAD="$scratch/moment.so" "MOMENT_$1=$2" "MOMENT_DO=$3"
		export MOMENT_STATUS="$scratch/$4.status"
		run "$4"
	) >"$scratch/log" 2>&1
	status=$?
	cat "$scratch/log" >>"$scratch/$4.terminal"
	return "$status"
}
has() { [ -e "$scratch/$1/transcript.jsonl" ] && grep -q "\"type\":\"$2\"" "$scratch/$1/transcript.jsonl"; }
finished() { # id: closed, and the note has all its signatures
	has "$1" close && [ "$(grep -c '^— ' "$scratch/$1/transcript.note" 2>/dev/null)" -eq 4 ]
}
kept() { # id: how many entries stay, whatever is abandoned
	grep -sE '"type":"(begin|inventory|present|keep|batch|signoff|close)"' "$scratch/$1/transcript.jsonl" | wc -l
}
# Before every write, one after the other, until nothing is left to be stopped: write 1 of a run that goes on
# is its resume. A stop in an attempt abandons it, so the next goes one further; elsewhere what was written stays.
stops() { # id way statuses...
	id=$1 way=$2
	shift 2
	plan "$id"
	n=1 count=0
	while ! finished "$id"; do
		[ "$count" -lt 80 ] || { echo "it does not end"; return 1; }
		case $way in
		card) # nobody waits for Wim's in an attempt
			pulled=$((count % 2))
			if has "$id" keep; then pulled=$((count % 3)); fi
			moment="simrite sim remove $pulled" ;;
		hsm) moment="mv '$scratch/$id/hsm/tokens' '$scratch/$id.away'" ;;
		*) moment=$way ;;
		esac
		before=$(kept "$id")
		at WRITE "$n" "$moment" "$id"
		status=$?
		case " $* " in *" $status "*) ;; *) echo "stop $count, write $n: status $status"; cat "$scratch/log"; return 1 ;; esac
		[ $status -ne 0 ] || finished "$id" || grep -q 'waits for a person' "$scratch/log" || { echo "not stopped at write $n"; return 1; }
		if [ -e "$scratch/$id/shares/share-3.json" ]; then
			cp "$scratch/$id/shares/share-3.json" "$scratch/$id.share-$count" || return 1
		fi
		case $way in
		card) simrite sim insert "$pulled" || finished "$id" || return 1 ;;
		hsm) if [ -e "$scratch/$id.away" ]; then
			rm -rf "$scratch/$id/hsm/tokens"
			mv "$scratch/$id.away" "$scratch/$id/hsm/tokens" || return 1
		fi ;;
		esac
		count=$((count + 1)) n=$((n + 1))
		if [ "$(kept "$id")" -gt "$before" ]; then
			n=3
			[ "$way" = int ] && n=2 # the write is done before the stop is seen
			has "$id" close && n=1
		fi
	done
	echo "$count runs"
	[ "$count" -ge 8 ]
}

# ---- what must be true after it ----
sound() { # id
	simrite-ceremony verify "$scratch/$1/transcript.jsonl" --plan "$scratch/$1.plan" --cosigned 3 || return 1
	rm -f "$scratch/key"
	simrite-ceremony recover --expose-key --batch rehearsal-1 --out "$scratch/key" --transcript "$scratch/$1/transcript.jsonl" \
		--confirm "$1" --card "Bob=file:$scratch/Bob.pin" "$scratch/$1/shares/share-3.json"
}
told() { # id: every set that did not come to keep is named by one resume, and nothing is used twice
	jq -se '(map(select(.type == "attempt") | .data.set)) as $sets | (map(select(.type == "keep") | .data.set)) as $kept |
		(map(select(.type == "resume" and .data.abandoned != "none") | .data.abandoned)) as $lost |
		($sets | length) == ($sets | unique | length) and ($kept | length) == 1 and ($sets - $kept) == $lost and ($lost | length) > 0 and
		(map(.data.commitment // empty) | length == (unique | length)) and (map(.data.nonce // empty) | length == (unique | length))' \
		"$scratch/$1/transcript.jsonl"
}
clean() { # id: the token holds what was made to stay, and the folder no leftovers
	jq -se 'map(select(.type == "inventory" and .data.when == "after") | .data.objects | map(.label) | sort) | length == 1 and
		(.[0] | map(select(startswith("simrite batch") or startswith("simrite master")))  | length == 2) and
		(.[0] | map(select(startswith("simrite base") or contains("wrapping") or contains("to be shared"))) | length == 0)' \
		"$scratch/$1/transcript.jsonl" && [ ! -e "$scratch/$1/beginning" ] && [ ! -e "$scratch/$1/transcript.note.new" ] &&
		[ "$(ls "$scratch/$1/shares")" = share-3.json ]
}
set_of() { jq -r 'select(.type == "keep") | .data.set' "$scratch/$1/transcript.jsonl"; }
cards_hold() { # id: the final set, and no other
	for r in 0 1; do
		simrite-ceremony card-status --json --reader "simrite 0$r" >"$scratch/held" || return 1
		jq -se --arg set "$(set_of "$1")" 'map(.share? // empty) | .[0].set == $set and .[0].state == "held"' "$scratch/held" ||
			{ cat "$scratch/held"; return 1; }
	done
}
stale() { # id: no share of an abandoned attempt does anything
	old=0
	for share in "$scratch/$1".share-*; do
		[ -e "$share" ] && ! cmp -s "$share" "$scratch/$1/shares/share-3.json" || continue
		old=$((old + 1))
		rm -f "$scratch/no-key"
		simrite-ceremony recover --expose-key --batch rehearsal-1 --out "$scratch/no-key" --transcript "$scratch/$1/transcript.jsonl" \
			--confirm "$1" --card "Bob=file:$scratch/Bob.pin" "$share" >"$scratch/log" 2>&1
		[ $? -eq 5 ] && grep -q 'is stale' "$scratch/log" && [ ! -e "$scratch/no-key" ] || { cat "$scratch/log"; return 1; }
	done
	echo "$old old shares"
	[ "$old" -gt 0 ]
}
destroy() { # id: so that the cards serve again
	simrite-ceremony destroy-share --ceremony "$1" --reader "simrite 00" --pin "file:$scratch/Alice.pin" &&
		simrite-ceremony destroy-share --ceremony "$1" --reader "simrite 01" --pin "file:$scratch/Bob.pin"
}
way() { # title way statuses...
	title=$1 id=rehearsal-$2
	shift
	check "$title, before every write" stops "$id" "$@"
	check "$title: it is sound, and restores" sound "$id"
	check "$title: the transcript tells each attempt that was abandoned; nothing is used twice" told "$id"
	check "$title: token and folder hold what should stay, and no more" clean "$id"
	check "$title: so do the cards" cards_hold "$id"
	[ "$1" = card ] || check "$title: shares of abandoned attempts are refused" stale "$id"
	check_match '^4$' "$title: everybody signed the note" grep -c '^— ' "$scratch/$id/transcript.note"
	check "$title: the cards are made free" destroy "$id"
}
way "power cut" kill 137 0
way "Ctrl-C" int 8 0
way "full disk" full 7 4 0
way "HSM gone" hsm 4 0
way "card pulled" card 3 0

# ---- between card commands: the power is cut, or Bob's card is pulled, in the middle of what it does ----
between() {
	plan rehearsal-between
	n=4 count=0
	while ! finished rehearsal-between; do
		[ "$count" -lt 60 ] || { echo "it does not end"; return 1; }
		moment='kill'
		[ $((count % 2)) -eq 0 ] || moment="simrite sim remove 1"
		at APDU "$n" "$moment" rehearsal-between
		status=$?
		case $status in 0 | 3 | 137) ;; *) echo "command $n: status $status"; cat "$scratch/log"; return 1 ;; esac
		[ "$moment" = kill ] || simrite sim insert 1 || finished rehearsal-between || return 1
		n=$((n + 13)) count=$((count + 1))
	done
	echo "$count runs"
	[ "$count" -ge 8 ]
}
check "between card commands" between
check "it is sound, and restores" sound rehearsal-between
check "the transcript tells each attempt that was abandoned; nothing is used twice" told rehearsal-between
check "token and folder hold what should stay, and no more" clean rehearsal-between
check "so do the cards" cards_hold rehearsal-between
check_match "this attempt ended: " "and tells why, when it was Bob's card" grep '"by":"Bob"' "$scratch/rehearsal-between/transcript.jsonl"
check "the cards are made free" destroy rehearsal-between

# ---- the HSM: a call fails, and every one after it ----
real=
for module in /usr/lib/softhsm/libsofthsm2.so /usr/lib/*/softhsm/libsofthsm2.so; do
	[ -e "$module" ] && real=$module && break
done
token() {
	flags=$(pkg-config --cflags p11-kit-1) || return 1
	# shellcheck disable=SC2086
	${CC:-cc} -D_GNU_SOURCE -fPIC -shared $flags -o "$scratch/hsm_fails.so" tests/faults/hsm_fails.c -ldl || return 1
	mkdir "$scratch/tokens"
	printf 'directories.tokendir = %s/tokens\nlog.level = ERROR\n' "$scratch" >"$scratch/softhsm2.conf"
	echo 123456 >"$scratch/hsm-pin"
	SOFTHSM2_CONF="$scratch/softhsm2.conf" softhsm2-util --init-token --free --label faulty --pin 123456 --so-pin 123456 || return 1
	plan rehearsal-calls
	jq --arg hsm "pkcs11:token=faulty?module-path=$scratch/hsm_fails.so&pin-source=file:$scratch/hsm-pin" '.hsm = $hsm' \
		"$scratch/rehearsal-calls.plan" >"$scratch/x" && mv "$scratch/x" "$scratch/rehearsal-calls.plan"
}
check "a token whose calls fail" token
calls() {
	n=3 count=0
	export HSM_REAL="$real" SOFTHSM2_CONF="$scratch/softhsm2.conf"
	while ! finished rehearsal-calls; do
		[ "$count" -lt 40 ] || { echo "it does not end"; return 1; }
		(
			export HSM_FAIL_AT="$n"
			run rehearsal-calls
		) >"$scratch/log" 2>&1
		status=$?
		case $status in
		0) finished rehearsal-calls || return 1 ;;
		4) grep -q 'PKCS#11 0x30' "$scratch/log" || { cat "$scratch/log"; return 1; } ;;
		*) echo "call $n: status $status"; cat "$scratch/log"; return 1 ;;
		esac
		n=$((n + 4)) count=$((count + 1))
	done
	unset HSM_REAL SOFTHSM2_CONF
	echo "$count runs"
	[ "$count" -ge 8 ]
}
check "an HSM that breaks at a call" calls
check "it is sound, and restores" sound rehearsal-calls
check "the transcript tells each attempt that was abandoned; nothing is used twice" told rehearsal-calls
check "token and folder hold what should stay, and no more" clean rehearsal-calls
check "so do the cards" cards_hold rehearsal-calls
check "the cards are made free" destroy rehearsal-calls

# ---- no secret is left ----
plan rehearsal-secrets
mkdir "$scratch/tmp"
secrets() { /usr/bin/python3 tests/faults/secrets.py "$@"; }
# One run at a terminal: Wim's PIN is typed. Whatever is wiped is kept, and the memory that is left at the end.
at_terminal() { # MOMENT=N what
	env LD_PRELOAD="$scratch/moment.so" "MOMENT_$1" "MOMENT_DO=$2" MOMENT_WIPED="$scratch/wiped" MOMENT_MEMORY="$scratch/memory" \
		MOMENT_STATUS="$scratch/status" TMPDIR="$scratch/tmp" \
		simrite-ceremony run "$scratch/rehearsal-secrets.plan" --out "$scratch/rehearsal-secrets" --unattended \
		--entropy "Carol=file:$scratch/dice" --pin "Alice=file:$scratch/Alice.pin" --pin "Bob=file:$scratch/Bob.pin"
}
typed() { # the same, in a script of its own
	export scratch
	{
		echo "scratch='$scratch'"
		sed -n '/^at_terminal() {/,/^}/p' "$script"
		echo 'at_terminal "$@"'
	} >"$scratch/at_terminal"
	secrets terminal "$scratch/terminal" "$scratch/Wim.pin" sh "$scratch/at_terminal" "$@"
}
script=$0
check_status 8 "Ctrl-C when contributions are open" typed WRITE=9 int
check_status 7 "a full disk when shares are being written" typed WRITE=13 full
check_status 137 "a power cut before the gate" typed WRITE=15 kill
check_status 3 "a card that is pulled between two commands" typed APDU=150 "simrite sim remove 1 >'$scratch/pull'"
check "it is put in again" simrite sim insert 1
check "the rest" typed WRITE=1000 int
check "it is sound" sound rehearsal-secrets
known() { # what the program wiped, as far as it is secret; and what was known before
	secrets find "$scratch/wiped" "$scratch/rehearsal-secrets/transcript.jsonl" "$scratch/rehearsal-secrets/shares/share-3.json" >"$scratch/found" || return 1
	cut -f 1,2 "$scratch/found" | sort | uniq -c
	{
		cat "$scratch/found"
		for name in Alice Bob Wim; do
			printf 'PIN of %s\topen\t%s\n' "$name" "$(tr -d '\n' <"$scratch/$name.pin" | od -An -tx1 | tr -d ' \n')"
		done
		printf 'dice\topen\t%s\n' "$(tr -d '\n' <"$scratch/dice" | od -An -tx1 | tr -d ' \n')"
		printf 'batch key\topen\t%s\n' "$(cat "$scratch/key")"
	} >"$scratch/secrets"
	for name in 'contribution of Alice' 'contribution of Bob' 'contribution of Carol' 'share of Alice' 'share of Bob' 'share of Carol' master 'encrypted master'; do
		cut -f 1 "$scratch/secrets" | grep -qx "$name" || { echo "no $name"; return 1; }
	done
}
check "its secrets are known: contributions and shares of all attempts, the master, PINs, the batch key" known
mv "$scratch/rehearsal-secrets/shares/share-3.json" "$scratch/carols" # hers to keep, and known to be there
check_status 1 "none is in its folder, the token, or among temporary files" secrets search "$scratch/secrets" "$scratch/rehearsal-secrets" "$scratch/tmp"
check_status 1 "nor on the terminal" secrets search "$scratch/secrets" "$scratch/terminal"
check_status 1 "nor in the memory that the program has at its end" secrets search "$scratch/secrets" "$scratch/memory"
# and the search finds what is there
check_match 'share of Carol is in' "it finds a share in a file" secrets search "$scratch/secrets" "$scratch/carols"
(cat "$scratch/terminal"; cat "$scratch/Wim.pin") >"$scratch/echoed"
check_match 'PIN of Wim is in' "and a PIN that was shown" secrets search "$scratch/secrets" "$scratch/echoed"
planted() {
	LD_PRELOAD="$scratch/moment.so" MOMENT_PLANT="$scratch/Bob.pin" MOMENT_MEMORY="$scratch/planted" \
		simrite-ceremony verify "$scratch/rehearsal-secrets/transcript.jsonl" >/dev/null && secrets search "$scratch/secrets" "$scratch/planted"
}
check_match 'PIN of Bob is in' "and one that is left in memory" planted
# swap and core files
open_ones() { grep -vP '\tlocked\t' "$scratch/found"; }
check_status 1 "what is kept from one step to the next is in locked memory" open_ones
no_core() { sort "$scratch/status" | uniq -c; [ -s "$scratch/status" ] && ! grep -qv '^core [01] ' "$scratch/status"; }
check "there are no core files" no_core
locked() { ! grep -q 'VmLck:[[:space:]]*0 kB' "$scratch/status"; }
check "memory is locked at every entry" locked
check "the cards are made free" destroy rehearsal-secrets
finish
