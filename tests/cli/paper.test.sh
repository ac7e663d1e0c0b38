#!/bin/sh
# PROVES: a share on paper is the share: what a PDF reader and a QR decoder read
# from the sheet restores the key by every quorum, alone and with share files,
# by our program and by others; no file is made, no word is in argv, environment
# or on the terminal; a wrong word, share or sheet is refused and named.
. tests/check.sh
umask 077

for tool in pdftotext pdftoppm pdfinfo zbarimg; do
	command -v "$tool" >/dev/null && continue
	skip "the sheets" "$tool is not there (poppler-utils, zbar-tools)"
	finish
	exit
done

plan() { # m names mode
	jq -n --argjson m "$1" --argjson names "$2" --arg mode "$3" --arg p "$([ "$3" = rehearsal ] && echo rehearsal-)" '{schema: 1,
		id: ($p + "2026-\($m)"), mode: $mode, title: "Master key of Example Mobile", operator: "Example Mobile",
		hsm: "softhsm", threshold: $m, custodians: [$names[] | {name: ., role: "officer", jurisdiction: "NL"}],
		batches: [{id: ($p + "one"), count: 8, first_iccid: "8988211000000000011"}]}'
}
plan 3 '["Ana Müller", "Bob Żak", "Chi", "Dee", "Eve"]' rehearsal >"$scratch/plan3"
plan 2 '["Ana", "Bob"]' production >"$scratch/plan2"
echo 'correct horse' >"$scratch/passphrase"
check "a rehearsal, 3 of 5" simrite-ceremony run "$scratch/plan3" --out "$scratch/3"
check "a production ceremony, 2 of 2, under a passphrase" simrite-ceremony run --software-token "$scratch/plan2" --out "$scratch/2" \
	--passphrase "file:$scratch/passphrase"

# ---- the sheet ----
sheet() { # folder index options...: its PDF, text, words as printed and words as scanned
	f=$scratch/$1 i=$2
	shift 2
	simrite-ceremony paper "$f/shares/share-$i.json" --to fd:1 "$@" | cat >"$f/$i.pdf" || return 1
	pdftotext -layout "$f/$i.pdf" "$f/$i.txt" && pdftoppm -r 150 -png -singlefile "$f/$i.pdf" "$f/$i" &&
		zbarimg -q --raw -Sdisable -Sqrcode.enable "$f/$i.png" >"$f/$i.qr" || return 1
	# three columns of "12 word", in order of number
	grep -E '^( *[0-9]+ [a-z]{4,8}){3}$' "$f/$i.txt" | grep -oE '[0-9]+ [a-z]+' | sort -n | awk '{print $2}' | paste -sd' ' >"$f/$i.words"
	rm "$f/$i.pdf" "$f/$i.png"
}
all_sheets() {
	for i in 1 2 3 4 5; do sheet 3 "$i" || return 1; done
	sheet 2 1 --bag "B 0042-é" && sheet 2 2
}
check "every share is printed, one at a time" all_sheets
printed_is_scanned() {
	for f in 3/1 3/2 3/3 3/4 3/5 2/1 2/2; do
		[ "$(wc -w <"$scratch/$f.words")" -eq 33 ] && cmp "$scratch/$f.words" "$scratch/$f.qr" || return 1
	done
}
check "what is printed and what the QR code says are the same 33 words" printed_is_scanned
shows() { # folder/index text...
	text=$scratch/$1.txt
	shift
	for wanted in "$@"; do grep -qF -- "$wanted" "$text" || { echo "no $wanted"; cat "$text"; return 1; }; done
}
check "a sheet says what it is" shows 3/1 REHEARSAL "Share 1 of 5: any 3 together restore the key" rehearsal-2026-3 "Ana Müller" \
	"$(jq -r .set "$scratch/3/shares/share-1.json")" "$(jq -r 'select(.type == "share" and .data.index == 1) | .data.commitment' "$scratch/3/transcript.jsonl")" "Bag number" "date, signature" \
	"simrite ceremony words --share" "$(date -u +%Y-)"
check "and one of production, what it needs" shows 2/1 "PRODUCTION - SECRET" "Share 1 of 2: any 2" "B 0042-é" "needed: without it"
check_status 1 "which is not called a rehearsal" grep -i rehearsal "$scratch/2/1.txt"
a4() {
	simrite-ceremony paper "$scratch/3/shares/share-1.json" --to fd:1 | pdfinfo - >"$scratch/info"
	grep -q '^Pages: *1$' "$scratch/info" && grep -q 'A4' "$scratch/info" && grep -q 'JavaScript: *no' "$scratch/info"
}
check "it is one page, A4" a4
check_match 'shows "\?" for letters' "letters the sheet cannot show are told of" sh -c \
	"simrite-ceremony paper '$scratch/3/shares/share-2.json' --to fd:1 | wc -c"

# ---- where it goes ----
check_match '^share 3 of 5 \(Chi\) of rehearsal-2026-3 went to the printer' "a print command gets it" \
	simrite-ceremony paper "$scratch/3/shares/share-3.json" --print "cat >'$scratch/printed.pdf'"
check "whole" pdftotext "$scratch/printed.pdf" -
check_match '"custodian": "Chi", "index": 3' "with --json" sh -c \
	"simrite-ceremony paper --json '$scratch/3/shares/share-3.json' --print 'echo request id is 7; cat >/dev/null' 2>/dev/null | jq -c . | sed 's/[:,]/& /g'"
check_fault 7 'status 3' "a print command that fails is told of" \
	simrite-ceremony paper "$scratch/3/shares/share-3.json" --print 'cat >/dev/null; exit 3'
check_fault 7 'ended before it had all' "one that does not read, too" \
	simrite-ceremony paper "$scratch/3/shares/share-3.json" --print 'exec <&-; sleep 0.2'
check_fault 6 'file on a disk' "a file on a disk is refused" \
	sh -c "simrite-ceremony paper '$scratch/3/shares/share-3.json' --to fd:3 3>'$scratch/sheet.pdf'"
check_status 1 "and nothing is in it" test -s "$scratch/sheet.pdf"
echo >"$scratch/no-lines"
check_fault 6 'is a terminal' "a terminal is refused" python3 tests/cli/type_words.py "$scratch/no-lines" \
	simrite-ceremony paper "$scratch/3/shares/share-3.json" --to fd:1
check_status 2 "nowhere is misuse" simrite-ceremony paper "$scratch/3/shares/share-3.json"
check_status 2 "two custodians at a time is misuse" simrite-ceremony paper --print true "$scratch/3/shares/share-1.json" "$scratch/3/shares/share-2.json"
check_status 2 "so is a closed descriptor" sh -c "simrite-ceremony paper '$scratch/3/shares/share-3.json' --to fd:9 9>&-"
sed 's/"value":"../"value":"00/' "$scratch/3/shares/share-3.json" >"$scratch/changed.json"
check_fault 5 'was changed' "a changed share is not printed" simrite-ceremony paper "$scratch/changed.json" --print 'cat >/dev/null'
no_files() { # what it opens for writing, and what it leaves in empty folders
	mkdir "$scratch/empty" && (cd "$scratch/empty" && TMPDIR=$scratch/empty HOME=$scratch/empty \
		simrite-ceremony paper "$scratch/3/shares/share-3.json" --to fd:1 | cat >/dev/null)
	[ -z "$(ls -A "$scratch/empty")" ]
}
check "it leaves no file" no_files
if command -v strace >/dev/null; then
	traced() {
		simrite_args="$scratch/3/shares/share-3.json --to fd:1"
		# shellcheck disable=SC2086
		strace -f -o "$scratch/trace" -e trace=openat,open,creat,memfd_create,mkdir,rename simrite-ceremony paper $simrite_args | cat >/dev/null
		grep -q share-3.json "$scratch/trace" || return 1
		! grep -E 'O_CREAT|O_WRONLY|O_RDWR|creat\(|memfd|mkdir|rename' "$scratch/trace"
	}
	check "and opens none for writing" traced
else
	skip "that it opens no file for writing" "strace is not there"
fi
spy() { # while the sheet is printed: every argument and environment there is, and is the memory locked?
	cat >"$scratch/spy" <<'SPY'
cat >/dev/null
cat /proc/[0-9]*/cmdline /proc/[0-9]*/environ 2>/dev/null | tr '\0' '\n' >"$1/seen"
grep VmLck "/proc/$PPID/status" >"$1/locked"
grep -h 'Max core' "/proc/$PPID/limits" >>"$1/locked"
SPY
	simrite-ceremony paper "$scratch/3/shares/share-3.json" --print "exec sh '$scratch/spy' '$scratch'" || return 1
	grep -q share-3.json "$scratch/seen" || return 1
	for n in $(seq 5 32); do
		! grep -qF "$(cut -d' ' -f"$n-$((n + 1))" "$scratch/3/3.words")" "$scratch/seen" || return 1
	done
}
check "no word is in anybody's arguments or environment" spy
check "and there is no core" grep -qE 'Max core file size +1 +1 ' "$scratch/locked"
case $BUILD in
*san*) skip "the memory is locked" "the sanitizers' mlock() does nothing" ;;
*) check "the memory is locked" grep -qE 'VmLck:[[:space:]]+[1-9]' "$scratch/locked" ;;
esac

# ---- restore ----
recover() { # transcript options...
	rm -f "$scratch/key"
	t=$1
	shift
	simrite-ceremony recover --expose-key --transcript "$t" --out "$scratch/key" "$@"
}
by_files() { recover "$scratch/3/transcript.jsonl" --batch rehearsal-one "$scratch/3/shares/share-1.json" "$scratch/3/shares/share-2.json" "$scratch/3/shares/share-3.json"; }
check "the key by share files" by_files
cp "$scratch/key" "$scratch/key3"
w=$scratch/3
every_quorum() {
	tried=0
	for q in "1 2 3" "1 2 4" "1 2 5" "1 3 4" "1 3 5" "1 4 5" "2 3 4" "2 3 5" "2 4 5" "5 4 3"; do
		# shellcheck disable=SC2086
		set -- $q
		recover "$w/transcript.jsonl" --batch rehearsal-one -m "file:$w/$1.words" -m "file:$w/$2.qr" -m "file:$w/$3.words" || return 1
		cmp "$scratch/key" "$scratch/key3" || return 1
		[ "$(python3 tests/cli/ceremony_restore.py rehearsal-2026-3 rehearsal-one "" "$w/$1.words" "$w/$2.qr" "$w/$3.words")" = \
			"$(cat "$scratch/key3")" ] || return 1
		tried=$((tried + 1))
	done
	[ "$tried" -eq 10 ]
}
check "every quorum of sheets gives the same, by our program and by another" every_quorum
mixed() { recover "$w/transcript.jsonl" --batch rehearsal-one "$w/shares/share-5.json" -m "fd:3" -m "fd:3" 3<"$scratch/two" && cmp "$scratch/key" "$scratch/key3"; }
cat "$w/1.words" "$w/3.qr" >"$scratch/two"
check "words and files together, from one descriptor" mixed
bare() {
	rm -f "$scratch/key"
	simrite-ceremony recover --expose-key --unchecked --batch rehearsal-one --out "$scratch/key" "$@" -m "file:$w/1.words" \
		-m "file:$w/2.words" -m "file:$w/3.words"
}
check_fault 2 'do not say of which ceremony' "without a transcript the ceremony must be named" bare
unchecked() { bare --ceremony rehearsal-2026-3 && cmp "$scratch/key" "$scratch/key3"; }
check "and then they restore" unchecked
phrase() {
	recover "$scratch/2/transcript.jsonl" --batch one -m "file:$scratch/2/1.words" -m "file:$scratch/2/2.qr" \
		--passphrase "file:$scratch/passphrase" &&
		[ "$(python3 tests/cli/ceremony_restore.py 2026-2 one 'correct horse' "$scratch/2/1.words" "$scratch/2/2.words")" = "$(cat "$scratch/key")" ]
}
check "sheets under a passphrase" phrase
check_fault 1 'give another master' "without it they give nothing" \
	recover "$scratch/2/transcript.jsonl" --batch one -m "file:$scratch/2/1.words" -m "file:$scratch/2/2.qr"
echo 'correct hose' >"$scratch/misheard"
check_fault 1 'the passphrase is wrong' "nor under another" recover "$scratch/2/transcript.jsonl" --batch one \
	-m "file:$scratch/2/1.words" -m "file:$scratch/2/2.qr" --passphrase "file:$scratch/misheard"
check_fault 1 'the passphrase is wrong' "nor do sheets without one under any" recover "$w/transcript.jsonl" --batch rehearsal-one \
	-m "file:$w/1.words" -m "file:$w/2.words" -m "file:$w/3.words" --passphrase "file:$scratch/passphrase"

# at a prompt: what was wrong is asked for again, and what was right need not be typed again
on_terminal() { # lines; then as with recover
	rm -f "$scratch/key"
	printf '%s\n' "$1" >"$scratch/typed"
	python3 tests/cli/type_words.py "$scratch/typed" simrite-ceremony recover --expose-key --out "$scratch/key" --transcript "$scratch/2/transcript.jsonl" \
		--batch one -m "file:$scratch/2/1.words" "$2" "$3" --passphrase prompt >"$scratch/shown"
	status=$?
	cat "$scratch/shown"
	return $status
}
again() { on_terminal "$1" -m "file:$scratch/2/2.words" && grep 'try 2 of 5' "$scratch/shown" && grep 'try 4 of 5' "$scratch/shown" && ! grep 'try 5' "$scratch/shown"; }
check "a wrong passphrase, none, and one that is none are asked for again" again "correct hose

café
correct horse"
restored() { [ "$(python3 tests/cli/ceremony_restore.py 2026-2 one 'correct horse' "$scratch/2/1.words" "$scratch/2/2.words")" = "$(cat "$scratch/key")" ]; }
check "and then it is the key" restored
check_status 1 "nothing typed is shown" grep -E 'correct ho|caf' "$scratch/shown"
check_fault 1 'the passphrase is wrong' "five times, not more" on_terminal "a
b
c
d
e
correct horse" -m "file:$scratch/2/2.words"
check_status 1 "and no key is written" test -e "$scratch/key"
stopped() { on_terminal "a
^C" -m "file:$scratch/2/2.words"; }
check_status 130 "Ctrl-C ends it" stopped
check_match 'mnemonic 1 and mnemonic 2 are the same share .1.: once more' "a sheet that was typed already is asked for again" on_terminal "@$scratch/2/1.words
@$w/1.words
@$scratch/2/2.words
correct horse" -m prompt
check_match 'mnemonic 2 is of another set.*: once more' "and one of another ceremony" cat "$scratch/shown"
check "and then it is the key" restored

# ---- what is refused, and named ----
three() { recover "$w/transcript.jsonl" --batch rehearsal-one "$@" -m "file:$w/1.words" -m "file:$w/2.words"; }
check_fault 6 '3 shares are needed, 2 given' "two of three are no quorum" three
check_fault 6 'bring 1 more, of: Chi, Dee, Eve' "and who could bring one is said" three
check_fault 5 'mnemonic 1 and mnemonic 2 are the same share \(1\)' "one sheet twice" three -m "file:$w/1.qr"
check_fault 5 'share .*share-2.json. and mnemonic 2 are the same share' "a sheet and its file" three "$w/shares/share-2.json"
sed 's/^\([a-z]* [a-z]* [a-z]* [a-z]*\) [a-z]* [a-z]*/\1 wurd wird/' "$w/3.words" >"$scratch/typo"
check_fault 5 'mnemonic 1: words 5, 6 are not in the list' "words that are none" three -m "file:$scratch/typo"
awk '{$7 = $7 == "acid" ? "acne" : "acid"; print}' "$w/3.words" >"$scratch/another"
check_fault 5 'mnemonic 1: its checksum does not fit' "another word of the list" three -m "file:$scratch/another"
cut -d' ' -f1-32 "$w/3.words" >"$scratch/short"
check_fault 5 'mnemonic 1: ' "a word too few" three -m "file:$scratch/short"
check_fault 5 'mnemonic 1 is of another set: its identifier' "a sheet of another ceremony" three -m "file:$scratch/2/1.words"
simrite-ceremony run "$scratch/plan3" --out "$scratch/again" >/dev/null 2>&1
mkdir -p "$scratch/again" && sheet again 3 2>/dev/null
check_fault 5 'mnemonic 1 is of another set' "a sheet of the same plan's other run" three -m "file:$scratch/again/3.words"
sed -n 's/^mnemonic_1 = //p' tests/vectors/slip39.txt | head -n 1 >"$scratch/other"
check_fault 5 'not of a ceremony: 16 bytes' "a share of another program" three -m "file:$scratch/other"
check_status 5 "no such file" three -m "file:$scratch/none"
chmod 644 "$scratch/short"
check_status 6 "words open to other users" three -m "file:$scratch/short"
check_status 2 "words on the command line" three -m "$(cat "$w/3.words")"
# a share whose value is another's work: words that are whole and wrong
jq -cS 'del(.checksum) | .value |= (.[2:] + "00")' "$w/shares/share-4.json" | tr -d '\n' >"$scratch/body"
jq -cS --arg c "$(sha256sum <"$scratch/body" | cut -d' ' -f1)" '.checksum = $c' "$scratch/body" >"$scratch/forged.json"
mkdir -p "$scratch/forged/shares" && cp "$scratch/forged.json" "$scratch/forged/shares/share-4.json" && sheet forged 4 2>/dev/null
check_fault 5 'digest does not fit' "a forged sheet is noticed" three -m "file:$scratch/forged/4.words"
check_fault 5 'mnemonic 1 \(4\) is wrong' "and named when there is one more" three -m "file:$scratch/forged/4.words" "$w/shares/share-5.json"
check_status 1 "and none of them wrote a key" test -e "$scratch/key"

# ---- the words of one sheet ----
check_match '^whole: 33 words, share 2 of those of which 3 are needed' "a sheet is whole" simrite-ceremony words -m "file:$w/2.words"
check_match 'the share of Bob' "and its file's" simrite-ceremony words -m "file:$w/2.qr" --share "$w/shares/share-2.json"
check_match '"compared":"file"' "with --json" simrite-ceremony words --json -m "file:$w/2.qr" --share "$w/shares/share-2.json"
check_fault 1 'the words are share 1' "another custodian's is not" simrite-ceremony words -m "file:$w/1.qr" --share "$w/shares/share-2.json"
check_fault 1 'of another set' "nor another set's" simrite-ceremony words -m "file:$scratch/again/3.words" --share "$w/shares/share-3.json"
check_fault 1 'not the value' "nor a forged one" simrite-ceremony words -m "file:$scratch/forged/4.words" --share "$w/shares/share-4.json"
salt=$(jq -r .salt "$w/shares/share-2.json")
check "the salt is on the sheet" shows 3/2 "$salt"
check_match 'is called share 2 of ceremony rehearsal-2026-3, of Bob' "a sheet is one of the transcript's" \
	simrite-ceremony words -m "file:$w/2.words" --transcript "$w/transcript.jsonl"
check_match 'is what was committed to as share 2' "and, with its salt, the one that was committed to" \
	simrite-ceremony words -m "file:$w/2.words" --transcript "$w/transcript.jsonl" --salt "$salt"
check_match '"compared":"commitment"' "with --json, too" \
	simrite-ceremony words --json -m "file:$w/2.words" --transcript "$w/transcript.jsonl" --salt "$salt"
check_fault 1 'not what share 4 of the transcript commits to' "a forged sheet is not" simrite-ceremony words -m "file:$scratch/forged/4.words" \
	--transcript "$w/transcript.jsonl" --salt "$(jq -r .salt "$w/shares/share-4.json")"
check_fault 5 'of another set' "nor one of another run" simrite-ceremony words -m "file:$scratch/again/3.words" --transcript "$w/transcript.jsonl"
check_status 2 "half a salt is misuse" simrite-ceremony words -m "file:$w/2.words" --transcript "$w/transcript.jsonl" --salt "${salt%??}"
check_status 2 "and one without a transcript" simrite-ceremony words -m "file:$w/2.words" --salt "$salt"
check_match 'group +[0-9]+ of 4' "shares of other programs can be checked, too" sh -c \
	"sed -n '/^.17/,/^.18/s/^mnemonic_1 = //p' tests/vectors/slip39.txt | simrite-ceremony words -m fd:0"

# ---- a ceremony whose shares are born on paper ----
jq '.id = "rehearsal-born" | .custodians[0].share = "paper" | .custodians[1].share = "file" | .custodians[2].share = "paper"' \
	"$scratch/plan3" >"$scratch/born-plan"
check_fault 2 'give --print COMMAND' "a share on paper needs a printer" simrite-ceremony run "$scratch/born-plan" --out "$scratch/born"
check_fault 2 'keeps no share on paper' "words are those of a sheet" simrite-ceremony run "$scratch/born-plan" --out "$scratch/born" \
	--print 'cat >/dev/null' --words "Dee=prompt"
mkfifo "$scratch/sheet-1" "$scratch/sheet-3"
cat >"$scratch/printer" <<'PRINTER' # a printer with a custodian before it, who reads the sheet back in time
cat >"$1/printed.pdf"
pdftotext -layout "$1/printed.pdf" - >"$1/printed.txt"
n=$(sed -n 's/^Share \([0-9]*\) of .*/\1/p' "$1/printed.txt")
grep -E '^( *[0-9]+ [a-z]{4,8}){3}$' "$1/printed.txt" | grep -oE '[0-9]+ [a-z]+' | sort -n | awk '{print $2}' | paste -sd' ' >"$1/born-$n"
[ -n "$2" ] && cp "$2" "$1/born-$n"
(cat "$1/born-$n" >"$1/sheet-$n") </dev/null >/dev/null 2>&1 &
PRINTER
born() { # folder wrong-words
	simrite-ceremony run "$scratch/born-plan" --out "$1" --print "sh '$scratch/printer' '$scratch' $2" \
		--words "Ana Müller=file:$scratch/sheet-1" --words "Chi=file:$scratch/sheet-3"
}
check_fault 5 'not the words of the sheet of Ana' "a wrong sheet read back ends the attempt" born "$scratch/born" "$w/1.words"
end_cats() { # custodians nobody asked
	for pid in $(ps -eo pid,args | awk -v s="$scratch/born-" '$2 == "cat" && index($0, s) {print $1}'); do kill "$pid"; done
}
end_cats
check_match 'share +on the sheet of Ana' "run again, every sheet goes through the gate" born "$scratch/born" ""
only_files() { [ "$(ls "$scratch/born/shares" | tr '\n' ' ')" = "share-2.json share-4.json share-5.json " ]; }
check "and no file was ever made of those" only_files
check "its transcript is sound" simrite-ceremony verify "$scratch/born/transcript.jsonl" --plan "$scratch/born-plan"
check_match '^"paper" "file" "paper" null null $' "and says what each share is kept on" sh -c \
	"jq 'select(.type == \"share\") | .data.kind' '$scratch/born/transcript.jsonl' | tail -n 5 | tr '\n' ' '"
sheets() {
	recover "$scratch/born/transcript.jsonl" --batch rehearsal-one -m "file:$scratch/born-1" -m "file:$scratch/born-3" \
		"$scratch/born/shares/share-4.json"
}
check "two sheets and a file give the key" sheets

typed_back() { # a wrong sheet first, then the right ones
	printf '%s\n' "@$w/1.words" "@$scratch/born-1" "@$scratch/born-3" >"$scratch/lines"
	python3 tests/cli/type_words.py "$scratch/lines" simrite-ceremony run "$scratch/born-plan" --out "$scratch/born-typed" \
		--print "sh '$scratch/printer' '$scratch'" >"$scratch/shown"
	status=$?
	cat "$scratch/shown"
	end_cats
	return "$status"
}
check_match 'not the words of the sheet of Ana Müller: once more' "typed at a prompt, a wrong sheet is asked for again" typed_back
check "and the ceremony is sound" simrite-ceremony verify "$scratch/born-typed/transcript.jsonl" --plan "$scratch/born-plan"
stopped_at_sheet() {
	echo '^C' >"$scratch/lines"
	python3 tests/cli/type_words.py "$scratch/lines" simrite-ceremony run "$scratch/born-plan" --out "$scratch/born-stopped" \
		--print "sh '$scratch/printer' '$scratch'"
	status=$?
	end_cats
	return "$status"
}
check_status 8 "Ctrl-C at a sheet ends the attempt" stopped_at_sheet
check "and the ceremony goes on with a new one" born "$scratch/born-stopped" ""
check_fault 7 'status 3' "so does a printer that fails" simrite-ceremony run "$scratch/born-plan" --out "$scratch/born-jam" \
	--print 'cat >/dev/null; exit 3'
check "and goes on when it is mended" born "$scratch/born-jam" ""
check_match '"abandoned":"[0-9a-f]{16}"' "the transcript names the attempt whose sheets are void" cat "$scratch/born-jam/transcript.jsonl"

# ---- at a prompt ----
type_in() { # lines-file command...
	python3 tests/cli/type_words.py "$@" >"$scratch/shown"
	status=$?
	cat "$scratch/shown"
	return "$status"
}
{
	cut -d' ' -f1-4 "$w/2.words"
	echo "$(cut -d' ' -f5 "$w/2.words") wurd $(cut -d' ' -f7 "$w/2.words")"
	echo "zero -" # a wrong word of the list, taken back... or none at all
	cut -d' ' -f6-20 "$w/2.words"
	tr ' ' '\n' <"$w/2.words" | tail -n +21
} | sed 's/^zero -$/academic -/' >"$scratch/lines"
check_match 'word 6 is not in the list' "a wrong word is asked for again" type_in "$scratch/lines" \
	simrite-ceremony words --share "$w/shares/share-2.json"
check_match 'the share of Bob' "and the rest goes on" cat "$scratch/shown"
unseen() { # but for words that the prompts themselves have
	for word in $(cut -d' ' -f5-33 "$w/2.words"); do
		grep -qw "$word" host/ceremony/mnemonic.c host/ceremony/cmd_words.c && continue
		! grep -qw "$word" "$scratch/shown" || { echo "$word"; return 1; }
	done
}
check "no word is on the terminal" unseen
cat "$scratch/another" "$w/3.words" >"$scratch/lines"
check_match 'Once more, from the first word' "a wrong checksum is asked for again" type_in "$scratch/lines" simrite-ceremony words
check_match '^whole: 33 words, share 3' "and then it is right" cat "$scratch/shown"
printf '%s\n^C\n' "$(cut -d' ' -f1-4 "$w/2.words")" >"$scratch/lines"
check_status 130 "Ctrl-C ends it" type_in "$scratch/lines" simrite-ceremony words
printf '%s\n\n\n' "$(cut -d' ' -f1-4 "$w/2.words")" >"$scratch/lines"
check_fault 8 'not typed to its end' "so do two empty lines" type_in "$scratch/lines" simrite-ceremony words
cat "$w/1.words" "$w/5.words" "$w/3.words" >"$scratch/lines"
typed() {
	rm -f "$scratch/key"
	type_in "$scratch/lines" simrite-ceremony recover --expose-key --transcript "$w/transcript.jsonl" --batch rehearsal-one \
		--out "$scratch/key" -m prompt -m prompt -m prompt && cmp "$scratch/key" "$scratch/key3"
}
check "three custodians type theirs, and the key is back" typed

# ---- by somebody else's program ----
if python3 -c 'import shamir_mnemonic' 2>/dev/null; then
	reference() {
		python3 - "$scratch/2/1.words" "$scratch/2/2.words" <<'PY' >"$scratch/master"
import sys, shamir_mnemonic
print(shamir_mnemonic.combine_mnemonics([open(p).read().strip() for p in sys.argv[1:]], b"correct horse").hex())
PY
		printf 'simrite batch v1\n2026-2\none' | openssl dgst -sha256 -binary | openssl enc -aes-256-cbc -nopad \
			-K "$(cat "$scratch/master")" -iv 00000000000000000000000000000000 | od -An -v -tx1 | tr -d ' \n' >"$scratch/reference"
		recover "$scratch/2/transcript.jsonl" --batch one -m "file:$scratch/2/1.words" -m "file:$scratch/2/2.qr" \
			--passphrase "file:$scratch/passphrase" && [ "$(cat "$scratch/reference")" = "$(cat "$scratch/key")" ]
	}
	check "trezor's python-shamir-mnemonic restores the same" reference
else
	skip "trezor's python-shamir-mnemonic restores the same" "it is not there, and no package of Debian 12"
fi
finish
