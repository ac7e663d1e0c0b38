#!/bin/sh
# PROVES: what comes after the attempt, shares on paper, and people at a
# terminal are stopped at every step, too - power cut, Ctrl-C, full disk, HSM
# failing, printer failing, terminal hung up: it goes on or begins anew, says so
# in the transcript, does nothing twice, and leaves no word of a share.
. tests/check.sh
umask 077
PYTHON=${PYTHON:-/usr/bin/python3}
compile() {
	flags=$(pkg-config --cflags libpcsclite p11-kit-1) || return 1
	for so in moment hsm_fails; do
		# shellcheck disable=SC2086
		${CC:-cc} -D_GNU_SOURCE -O1 -fPIC -shared $flags -o "$scratch/$so.so" "tests/faults/$so.c" -ldl || return 1
	done
}
check "the moments are built" compile
out=$scratch/out
t=$out/transcript.jsonl
# A state is a folder with its token, put back where it was.
keep_state() { rm -rf "$scratch/state.$1" && cp -a "$out" "$scratch/state.$1"; }
state() { rm -rf "$out" && cp -a "$scratch/state.$1" "$out"; }
cut() { # N how command...: just before its N-th write to a file
	(
		export LD_PRELOAD="$scratch/moment.so" MOMENT_WRITE="$1" MOMENT_DO="$2"
		shift 2
		"$@"
	) >"$scratch/log" 2>&1
}
entries() { jq -r .type "$t" | grep -cx "$1"; }

# ---- receipts come back, the time is signed, an agreed batch is retired ----
openssl ecparam -name prime256v1 -genkey -noout -out "$scratch/factory.pem" 2>/dev/null
spki=$(openssl pkey -in "$scratch/factory.pem" -pubout -outform DER | base64 -w 0)
real=$(ls /usr/lib/softhsm/libsofthsm2.so /usr/lib/*/softhsm/libsofthsm2.so 2>/dev/null | head -1)
jq -n --arg spki "$spki" --arg hsm "pkcs11:token=later?module-path=$scratch/hsm_fails.so&pin-source=file:$out/pin" '{schema: 1, id: "rehearsal-later",
	mode: "rehearsal", title: "T", operator: "O", hsm: $hsm, threshold: 2, factories: [{name: "F", key: $spki}],
	custodians: [{name: "Alice", role: "r", jurisdiction: "NL"}, {name: "Bob", role: "r", jurisdiction: "FR"}],
	batches: [{id: "rehearsal-a", count: 3, method: "agreed", first_iccid: "8988211000000006018", expires: "2099-01-31T12:00:00Z"}]}' >"$scratch/plan"
export HSM_REAL="$real" SOFTHSM2_CONF="$scratch/softhsm2.conf"
hold() { simrite-ceremony run "$scratch/plan" --out "$out/c"; }
t=$out/c/transcript.jsonl
begun() {
	mkdir -p "$out/tokens" && echo 123456 >"$out/pin"
	printf 'directories.tokendir = %s\nlog.level = ERROR\n' "$out/tokens" >"$SOFTHSM2_CONF"
	softhsm2-util --init-token --free --label later --pin 123456 --so-pin 123456 || return 1
	hold && "$PYTHON" tests/faults/receipts.py "$out/c/batches/rehearsal-a/tickets.jsonl" "$scratch/factory.pem" "$scratch/receipts" && keep_state issued
}
check_match 'waits for receipts' "a ceremony whose batch is out" begun
loaded() { simrite-ceremony loaded --batch rehearsal-a --receipts "$scratch/receipts" --missing 1 "$out/c"; }
retire() { simrite-ceremony retire --batch rehearsal-a "$out/c"; }
time_now() { simrite-ceremony time "$out/c"; }
resumed() { # the last stop is told: as a resume, and by how much a line was cut
	[ "$(jq -s 'map(select(.type == "resume")) | length' "$t")" -ge 1 ] && [ "$(tail -c 1 "$t" | od -An -tx1)" = " 0a" ]
}
# Command, and the entry it makes, stopped before each of its two lines; run again it is done, once.
stopped() { # state command entry statuses...
	for how in kill int full; do
		for n in 1 2; do
			state "$1"
			cut "$n" "$how" "$2"
			status=$?
			case "$how $status" in 'kill 137' | 'full 7' | 'int 0') ;; *) echo "$how $n: status $status"; cat "$scratch/log"; return 1 ;; esac
			[ "$how" != full ] || grep -q 'free some space, then run the same command again' "$scratch/log" || { cat "$scratch/log"; return 1; }
			if [ "$how" != int ] && [ "$(entries "$3")" != 0 ]; then
				echo "$how $n: it is recorded though it was stopped"
				return 1
			fi
			[ "$how" = int ] || "$2" >"$scratch/log" 2>&1 || { echo "after $how $n"; cat "$scratch/log"; return 1; }
			[ "$(entries "$3")" = 1 ] && resumed || { echo "after $how $n"; simrite-ceremony show "$t"; return 1; }
		done
	done
}
# The token fails at each call of it.
broken() { # state command entry
	n=1
	while :; do
		state "$1"
		if HSM_FAIL_AT=$n "$2" >"$scratch/log" 2>&1; then break; fi
		grep -q 'PKCS#11 0x30' "$scratch/log" && [ "$(entries "$3")" = 0 ] || { echo "call $n"; cat "$scratch/log"; return 1; }
		"$2" >"$scratch/log" 2>&1 && [ "$(entries "$3")" = 1 ] || { echo "after call $n"; cat "$scratch/log"; return 1; }
		n=$((n + 1))
	done
	echo "$n calls"
	[ "$n" -gt 3 ]
}
check "receipts: power cut, Ctrl-C, full disk" stopped issued loaded loaded
check_match '[0-9] calls' "receipts: an HSM that breaks at any call" broken issued loaded loaded
check "the time: power cut, Ctrl-C, full disk" stopped issued time_now time
check_match '[0-9] calls' "the time: an HSM that breaks at any call" broken issued time_now time
recorded() { state issued && loaded && keep_state loaded; }
check_match '2 receipts, 1 missing' "the receipts are recorded" recorded
check "a pair to agree with is retired: power cut, Ctrl-C, full disk" stopped loaded retire retired
check_match '[0-9]+ calls' "retired: an HSM that breaks at any call, also between its two halves" broken loaded retire retired
halves() { pkcs11-tool --module "$real" --token-label later --login --pin 123456 --list-objects | grep 'simrite agree'; }
check_status 1 "neither half of it is in the token" halves
check_match 'is closed' "the ceremony ends" hold
check "and is sound" simrite-ceremony verify "$t" --plan "$scratch/plan" --receipts "$scratch/receipts"
unset HSM_REAL SOFTHSM2_CONF
rm -rf "$out" "$scratch"/state.*

# ---- shares on paper ----
t=$out/transcript.jsonl
paper() {
	jq -n '{schema: 1, id: "rehearsal-paper", mode: "rehearsal", title: "T", operator: "O", threshold: 2, custodians: [
		{name: "Alice", role: "r", jurisdiction: "NL", share: "paper"}, {name: "Bob", role: "r", jurisdiction: "FR", share: "paper"},
		{name: "Carol", role: "r", jurisdiction: "DE", share: "file"}], batches: [{id: "rehearsal-1", count: 8}]}' >"$scratch/plan"
	# what the custodians type from their sheets, and every sheet there ever was
	cat >"$scratch/printer" <<END
unset LD_PRELOAD
pdftotext -layout - '$scratch/sheet' || exit 1
name=\$(grep -oE 'Alice|Bob' '$scratch/sheet' | head -1)
grep -E '^( *[0-9]+ [a-z]{4,8}){3}\$' '$scratch/sheet' | grep -oE '[0-9]+ [a-z]+' | sort -n | awk '{print \$2}' | paste -sd' ' >"$scratch/words.\$name"
cat "$scratch/words.\$name" >>'$scratch/sheets'
rm '$scratch/sheet'
END
	hold() {
		simrite-ceremony run "$scratch/plan" --out "$out" --print "sh '$scratch/printer'" --words "Alice=file:$scratch/words.Alice" \
			--words "Bob=file:$scratch/words.Bob" "$@"
	}
	jammed() { hold --print 'cat >/dev/null; exit 3'; }
	check_fault 7 'status 3' "a printer that is jammed ends the attempt" jammed
	keep_state jammed
	# of a run that goes on from there: 10 master, 11 and 12 shares on paper, 13 and 14 Carol's file, 15 its entry, 16 restore, 17 keep
	stops() { # how writes
		for n in $2; do
			cut "$n" "$1" hold
			status=$?
			case "$1 $status" in 'kill 137' | 'int 8' | 'full 7') ;; *) echo "write $n: status $status"; cat "$scratch/log"; return 1 ;; esac
			cat "$scratch/log" >>"$scratch/terminal"
		done
		hold >>"$scratch/terminal" 2>&1
	}
	told() {
		jq -se --argjson lost "$1" '(map(select(.type == "attempt") | .data.set)) as $sets | (map(select(.type == "keep") | .data.set)) as $kept |
			(map(select(.type == "resume" and .data.abandoned != "none") | .data.abandoned)) as $abandoned |
			($sets | length) == ($sets | unique | length) and ($kept | length) == 1 and ($sets - $kept) == $abandoned and ($abandoned | length) == $lost' "$t"
	}
	recover() { # words
		rm -f "$scratch/key"
		simrite-ceremony recover --expose-key --batch rehearsal-1 --out "$scratch/key" --transcript "$t" --mnemonic "file:$1" "$out/shares/share-3.json"
	}
	restores() { simrite-ceremony verify "$t" --plan "$scratch/plan" && recover "$scratch/words.Alice" && recover "$scratch/words.Bob"; }
	no_word() { # of any sheet, in the folder, on the terminal, and among temporary files
		[ "$(wc -l <"$scratch/sheets")" -gt 4 ] && ! grep -rqFf "$scratch/sheets" "$out" "$scratch/terminal" &&
			! cut -d ' ' -f 1-3 "$scratch/sheets" | grep -rqFf - "$out" "$scratch/terminal" "$scratch/tmp"
	}
	mkdir "$scratch/tmp"
	export TMPDIR="$scratch/tmp"
	for way in "kill:7:11 12 13 15 16 17" "int:3:11 13 17" "full:4:12 15 16"; do # Ctrl-C before the last is seen when the master is kept
		how=${way%%:*} writes=${way##*:} lost=${way#*:}
		: >"$scratch/sheets"
		: >"$scratch/terminal"
		state jammed
		check "paper, $how: stopped at every step, it goes on" stops "$how" "$writes"
		check "paper, $how: it restores" restores
		check "paper, $how: the transcript tells every attempt that was abandoned" told "${lost%:*}"
		head -1 "$scratch/sheets" >"$scratch/old"
		check_fault 5 'is of another set' "paper, $how: a sheet of an abandoned attempt is refused" recover "$scratch/old"
		check "paper, $how: no word of a share is left" no_word
	done
	unset TMPDIR
	wrong_sheet() {
		state jammed
		simrite-ceremony run "$scratch/plan" --out "$out" --print "sh '$scratch/printer'" --words "Alice=file:$scratch/words.Bob" \
			--words "Bob=file:$scratch/words.Alice"
	}
	check_fault 5 'begin again: this attempt is void|are not the words of the sheet of Alice' "the wrong sheet read back ends it" wrong_sheet
	check "and it begins anew" hold
}
if command -v pdftotext >/dev/null; then paper; else skip "shares on paper" "pdftotext is not there (poppler-utils)"; fi
rm -rf "$out" "$scratch"/state.*

# ---- at a terminal: at every prompt ----
key() {
	openssl ecparam -name prime256v1 -genkey -noout -out "$scratch/$1.pem" 2>/dev/null
	openssl pkey -in "$scratch/$1.pem" -pubout -outform DER | base64 -w 0
}
jq -n --arg ada "$(key ada)" --arg wim "$(key wim)" '{schema: 1, id: "rehearsal-walk", mode: "rehearsal", title: "T", operator: "O", threshold: 2,
	administrator: {name: "Ada", key: $ada}, witnesses: [{name: "Wim", role: "notary", key: $wim}], destruction: ["the disk"],
	custodians: [{name: "Alice", role: "r", jurisdiction: "NL"}, {name: "Bob", role: "r", jurisdiction: "FR"}],
	batches: [{id: "rehearsal-1", count: 8}]}' >"$scratch/plan"
signers() { "$@" --signer "Ada=file:$scratch/ada.pem" --signer "Wim=file:$scratch/wim.pem"; }
walk() { signers "$PYTHON" tests/faults/walk_cut.py "$1" "$scratch/plan" "$out" >"$scratch/asked" 2>&1; }
# Ctrl-C at a prompt, the terminal hung up when it is asked again, the power cut when it is asked for a third time
prompts() {
	n=1
	while :; do
		rm -rf "$out"
		walk "$n"
		case $? in 0) ;; 1) break ;; *) echo "prompt $n"; cat "$scratch/asked"; return 1 ;; esac
		signers simrite-ceremony run "$scratch/plan" --out "$out" --unattended --affirm-destroyed >"$scratch/log" 2>&1 ||
			{ echo "after prompt $n"; cat "$scratch/log"; return 1; }
		simrite-ceremony verify --cosigned 2 --plan "$scratch/plan" "$t" >"$scratch/log" 2>&1 || { echo "after prompt $n"; cat "$scratch/log"; return 1; }
		jq -se '(map(select(.type == "attempt")) | length) == (map(select(.type == "resume" and .data.abandoned != "none")) | length) + 1' "$t" >"$scratch/log" ||
			{ echo "after prompt $n"; jq -c '[.type, .data.abandoned]' "$t"; return 1; }
		echo "prompt $n: $(cat "$scratch/asked")"
		n=$((n + 1))
	done
	echo "$((n - 1)) prompts"
	[ "$n" -gt 8 ]
}
check_match '[0-9]+ prompts' "at every prompt: Ctrl-C, hung up, power cut; then it goes on and ends sound" prompts
grep '^prompt ' "$scratch/.out" | sed 's/^/  /'
finish
