#!/bin/sh
# PROVES: simrite-ceremony does and says what simrite-ceremony(1) promises:
# whole ceremonies, every refusal, offline verification, recovery by every
# quorum and by nothing less, and no secret anywhere but in the shares.
. tests/check.sh
umask 077

plan() { # m n mode
	jq -n --argjson m "$1" --argjson n "$2" --arg mode "$3" \
		--arg p "$([ "$3" = rehearsal ] && echo rehearsal-)" '{schema: 1, id: ($p + "2026-\($m)of\($n)"),
		mode: $mode, title: "Master key of Example Mobile", operator: "Example Mobile", hsm: "softhsm",
		threshold: $m, custodians: [range($n) | {name: "Custodian \(. + 1)", role: "officer",
		jurisdiction: (("NL FR DE US JP" / " ")[. % 5])}], batches: [{id: ($p + "one"), count: 8,
		first_iccid: "8988211000000000011"}, {id: ($p + "two"), count: 1000}]}'
}
plan 2 3 rehearsal >"$scratch/plan23"
plan 3 5 production >"$scratch/plan35"

# ---- whole ceremonies ----
check "a plan is checked without touching anything" simrite-ceremony plan "$scratch/plan23"
check_match '"quorums":10' "and counted" simrite-ceremony plan --json "$scratch/plan35"
# who can restore, who can deny, and where
jq '.custodians[1].jurisdiction = "nl"' "$scratch/plan23" >"$scratch/two-nl"
table() { # filter
	simrite-ceremony plan --json "$scratch/two-nl" | jq -cS "$1"
}
check_match '^\[\["Custodian 1","Custodian 2"\],\["Custodian 1","Custodian 3"\],\["Custodian 2","Custodian 3"\]\]$' \
	"who can restore is listed" table .restore
check_match '^\[\["Custodian 1","Custodian 2"\],' "and who can deny" table .deny
check_match '"denies":true,"name":"NL","restores":true.*"denies":false,"name":"DE","restores":false' "and what one jurisdiction can" table .jurisdictions
check_match 'NL: 2 of 3 custodians: restore and deny' "in words, too" simrite-ceremony plan "$scratch/two-nl"
sets() { simrite-ceremony plan --json "$scratch/plan35" | jq -r '"\(.restore | length) \(.restore | unique | length) \(.deny | length) \(.deny[0] | length)"'; }
check_match '^10 10 10 3$' "3 of 5: every set, once" sets
jq '.jurisdictions = 2' "$scratch/two-nl" >"$scratch/one-court"
check_fault 5 'every quorum must hold people of 2, but these of 1 .*: Custodian 1, Custodian 2' \
	"a quorum inside one jurisdiction is refused and named, when the plan says so" simrite-ceremony plan "$scratch/one-court"
# the program and the HSM that were reviewed
jq '.software = [{name: "another", sha256: ("ab" * 32)}]' "$scratch/plan23" >"$scratch/other-program"
check_fault 6 'is of no program of the plan' "a program that the plan does not list" simrite-ceremony run "$scratch/other-program" --out "$scratch/no-program"
check_status 1 "makes nothing" test -e "$scratch/no-program"
this=$(sha256sum <"$BIN/simrite-ceremony" | cut -d ' ' -f 1)
jq --arg sha "$this" '.software = [{name: "simrite", sha256: $sha}] | .devices = [{name: "safe", kind: "hsm", serial: "A1"}]' \
	"$scratch/plan23" >"$scratch/other-hsm"
check_fault 6 'is of no HSM among' "an HSM that the plan does not list" simrite-ceremony run "$scratch/other-hsm" --out "$scratch/no-hsm"
check_status 1 "makes no key" test -e "$scratch/no-hsm/transcript.jsonl"
for n in 23 35; do
	[ "$n" = 35 ] && meant=--software-token || meant= # a production ceremony
	check "ceremony $n" sh -c "simrite-ceremony run $meant '$scratch/plan$n' --out '$scratch/$n' >'$scratch/log$n' 2>&1"
	check "ceremony $n verifies" simrite-ceremony verify "$scratch/$n/transcript.jsonl" --plan "$scratch/plan$n"
	check_match 'Every quorum of shares gave the master back' "ceremony $n can be shown" \
		simrite-ceremony show "$scratch/$n/transcript.jsonl"
	check_fault 6 'this ceremony is closed' "ceremony $n is not run twice" \
		simrite-ceremony run --software-token "$scratch/plan$n" --out "$scratch/$n"
done
check_match 'WARNING: production ceremony' "production on a software token is warned of" cat "$scratch/log35"
check_status 1 "a rehearsal is not" grep WARNING "$scratch/log23"
check_fault 6 'its token is SoftHSM' "production on a software token needs --software-token" \
	simrite-ceremony run "$scratch/plan35" --out "$scratch/unmeant"
check_status 1 "and without it nothing is made" test -e "$scratch/unmeant"
jq --arg hsm "pkcs11:token=simrite%20production?pin-source=$scratch/35/hsm/pin" '.hsm = $hsm | .id = "2029"' "$scratch/plan35" >"$scratch/by-uri"
by_uri() { SOFTHSM2_CONF="$scratch/35/hsm/softhsm2.conf" simrite-ceremony run "$scratch/by-uri" --out "$scratch/by-uri-out"; }
check_fault 6 'its token is SoftHSM' "by whatever name the token is called" by_uri
modes() { stat -c %a "$scratch/23/transcript.jsonl" "$scratch"/23/shares/* "$scratch/23/hsm/pin" | sort -u; }
check_match '^600$' "files are for their owner only" modes
check_match '"type":"result"' "with --json, one result" simrite-ceremony verify --json "$scratch/23/transcript.jsonl"

# ---- the token, seen by somebody else's program ----
objects() {
	SOFTHSM2_CONF="$scratch/23/hsm/softhsm2.conf" pkcs11-tool --module "$(ls /usr/lib/softhsm/libsofthsm2.so)" \
		--login --pin "$(cat "$scratch/23/hsm/pin")" --list-objects
}
check_match 'simrite batch rehearsal-one' "OpenSC sees the batch key" objects
attributes() {
	objects >"$scratch/objects" 2>/dev/null
	! grep -q 'Private Key' "$scratch/objects" && [ "$(grep -c 'Secret Key' "$scratch/objects")" -eq 3 ] &&
		[ "$(grep -c 'sensitive, always sensitive, never extractable' "$scratch/objects")" -eq 3 ]
}
check "no signing key is left, and no key ever could leave" attributes

# ---- recovery: every quorum gives the HSM's key, by our program and by another ----
recover() { # folder plan batch share-numbers...
	folder=$1 batch=$2 files=
	shift 2
	for i in "$@"; do files="$files $scratch/$folder/shares/share-$i.json"; done
	rm -f "$scratch/key"
	# shellcheck disable=SC2086
	simrite-ceremony recover --expose-key --transcript "$scratch/$folder/transcript.jsonl" --batch "$batch" \
		--out "$scratch/key" $files
}
agrees() { # folder batch numbers...: the check value that the HSM computed is the recovered key's
	recover "$@" || return 1
	printf 'simrite check v1' | openssl mac -cipher AES-256-CBC -macopt "hexkey:$(cat "$scratch/key")" CMAC |
		tr 'A-F' 'a-f' >"$scratch/mac"
	jq -r "select(.type == \"batch\" and .data.id == \"$2\") | .data.check" "$scratch/$1/transcript.jsonl" >"$scratch/told"
	diff "$scratch/mac" "$scratch/told" || return 1
	folder=$1 batch=$2 files=
	shift 2
	for i in "$@"; do files="$files $scratch/$folder/shares/share-$i.json"; done
	# shellcheck disable=SC2086
	[ "$(python3 tests/cli/ceremony_restore.py "$(jq -r .id "$scratch/plan$folder")" "$batch" "" $files)" = \
		"$(cat "$scratch/key")" ]
}
for q in "1 2" "1 3" "3 2"; do
	# shellcheck disable=SC2086
	check "shares $q of 2-of-3 give the HSM's batch key" agrees 23 rehearsal-one $q
done
for q in "1 2 3" "1 2 4" "1 2 5" "1 3 4" "1 3 5" "1 4 5" "2 3 4" "2 3 5" "2 4 5" "5 4 3"; do
	# shellcheck disable=SC2086
	check "shares $q of 3-of-5 give the HSM's batch key" agrees 35 two $q
done
check_match '^600 65$' "the key file is 0600" stat -c '%a %s' "$scratch/key"
check "more shares than needed do no harm" agrees 23 rehearsal-two 1 2 3
check_status 6 "one share is no quorum" recover 23 rehearsal-one 2
check_status 6 "two of 3-of-5 are no quorum" recover 35 one 1 5
check_status 5 "one share twice is refused" recover 35 one 1 1 2
check_fault 5 'are the same share' "and named" recover 35 one 1 1 2
check_status 5 "no such batch" recover 23 nowhere 1 2
check_status 6 "not without --expose-key" simrite-ceremony recover --batch rehearsal-one --out "$scratch/nokey" \
	"$scratch/23/shares/share-1.json" "$scratch/23/shares/share-2.json"
check_status 1 "and then nothing is written" test -e "$scratch/nokey"

recover_files() { # share files, without a transcript
	rm -f "$scratch/key"
	simrite-ceremony recover --expose-key --unchecked --batch one --out "$scratch/key" "$@"
}
s=$scratch/35/shares
check_status 6 "without a transcript it is refused" simrite-ceremony recover --expose-key --batch nope --out "$scratch/nokey" \
	"$s/share-1.json" "$s/share-2.json" "$s/share-3.json"
check_status 1 "and no key of a batch that never was is written" test -e "$scratch/nokey"
check_status 2 "checked and unchecked is misuse" simrite-ceremony recover --expose-key --unchecked --batch one \
	--transcript "$scratch/35/transcript.jsonl" --out "$scratch/nokey" "$s/share-1.json" "$s/share-2.json" "$s/share-3.json"
check "but for --unchecked, when there is none any more" recover_files "$s/share-1.json" "$s/share-2.json" "$s/share-3.json"
check_match 'nobody checked' "and says what was not checked" recover_files "$s/share-1.json" "$s/share-2.json" "$s/share-3.json"
check_status 5 "shares of two ceremonies are refused" recover_files "$s/share-1.json" "$scratch/23/shares/share-2.json" "$s/share-3.json"
check_fault 5 '23/shares/share-2.json. does not belong' "and the odd one named" \
	recover_files "$s/share-1.json" "$scratch/23/shares/share-2.json" "$s/share-3.json"
# every character of a share, one digit or letter on
flip_all() {
	bad=0 i=1 length=$(wc -c <"$s/share-2.json")
	while [ "$i" -le "$length" ]; do
		{
			head -c $((i - 1)) "$s/share-2.json"
			tail -c +"$i" "$s/share-2.json" | head -c 1 | tr '\n0-9a-zA-Z{}":,' ' 1-90b-zaB-ZA[];.;'
			tail -c +$((i + 1)) "$s/share-2.json"
		} >"$scratch/flipped.json"
		cmp -s "$scratch/flipped.json" "$s/share-2.json" ||
			recover_files "$s/share-1.json" "$scratch/flipped.json" "$s/share-3.json" >"$scratch/log" 2>&1
		[ $? -eq 5 ] && grep -q flipped.json "$scratch/log" || bad=$((bad + 1))
		i=$((i + 7))
	done
	echo "$bad accepted or not named"
	[ "$bad" -eq 0 ]
}
check "a flipped share is refused and named, wherever it is flipped" flip_all
# a share rewritten by somebody who knows how checksums are made
rewrite() {
	jq -cS 'del(.checksum) | .value |= (.[2:] + "00")' "$s/share-2.json" | tr -d '\n' >"$scratch/body"
	jq -cS --arg c "$(sha256sum <"$scratch/body" | cut -d' ' -f1)" '.checksum = $c' "$scratch/body" >"$scratch/forged.json"
}
check "a share is forged" rewrite
check_fault 5 'forged.json. \(2, Custodian 2\) is not the one of the transcript' "a forged share is named by the transcript" \
	simrite-ceremony recover --expose-key --batch one --out "$scratch/key2" --transcript "$scratch/35/transcript.jsonl" \
	"$s/share-1.json" "$scratch/forged.json" "$s/share-3.json"
check_status 5 "and noticed without one" recover_files "$s/share-1.json" "$scratch/forged.json" "$s/share-3.json"
open_share() { chmod 644 "$scratch/forged.json" && recover_files "$scratch/forged.json" "$s/share-1.json"; }
check_status 6 "a share open to others is refused" open_share

# ---- bending a transcript ----
t=$scratch/23/transcript.jsonl
lines=$(wc -l <"$t")
bend() { # sed script
	sed "$1" "$t" >"$scratch/bent"
	cmp -s "$scratch/bent" "$t" && return 9
	simrite-ceremony verify "$scratch/bent" >>"$scratch/verdicts" 2>&1
}
each_line() {
	i=1 refused=0 tried=0
	while [ "$i" -le "$lines" ]; do
		for script in "${i}d" "${i}p" "${i}{h;d};$((i + 1)){G}" "${i}s/[0-9a-f]\"/7x\"/" "${i}s/2026/2025/" \
			"${i}s/\"at\"/ \"at\"/" "$((i + 1)),\$d"; do
			[ "$script" = "${lines}{h;d};$((lines + 1)){G}" ] && continue
			[ "$script" = "$((lines + 1)),\$d" ] && continue
			bend "$script"
			case $? in
			9) continue ;; # this one changes nothing here
			1) refused=$((refused + 1)) ;;
			esac
			tried=$((tried + 1))
		done
		i=$((i + 1))
	done
	unchanged=$(grep -cE '^(sound|self-consistent)' "$scratch/verdicts")
	echo "$tried tried, $refused refused, $unchanged accepted"
	tail -n 3 "$scratch/verdicts"
	[ "$tried" -gt $((6 * lines - 6)) ] && [ "$refused" -eq "$tried" ] && [ "$unchanged" -eq 0 ]
}
check "every line dropped, doubled, swapped, changed or cut after is refused" each_line
check_match 'line [0-9]+: ' "saying which line, and why" sh -c "sort -u '$scratch/verdicts' | head -n 40"
splice() { # the head of one ceremony, the tail of another
	plan 2 3 rehearsal >"$scratch/again"
	simrite-ceremony run "$scratch/again" --out "$scratch/other" >/dev/null 2>&1
	(head -n 10 "$t"; tail -n +11 "$scratch/other/transcript.jsonl") >"$scratch/spliced"
	simrite-ceremony verify "$scratch/spliced"
}
check_status 1 "two ceremonies of one plan cannot be spliced" splice
check_fault 1 'line 11: previous is not the hash' "saying where" splice
fingerprint=$(simrite-ceremony verify --json "$t" | jq -r .fingerprint)
key=$(simrite-ceremony verify --json "$t" | jq -r .key)
check "the fingerprint on paper is accepted" simrite-ceremony verify "$t" --fingerprint "$fingerprint" --key "$key"
check_match '^self-consistent, signer unknown: ceremony' "not compared, it is not called sound" simrite-ceremony verify "$t"
check_match '^self-consistent, signer unknown: ceremony' "nor with the plan only" simrite-ceremony verify "$t" --plan "$scratch/plan23"
check_match '"pinned":false' "and with --json neither" simrite-ceremony verify --json "$t"
check_match '^sound: ceremony' "compared by key, it is" simrite-ceremony verify "$t" --key "$key"
check_match '^sound: ceremony' "or by fingerprint" simrite-ceremony verify "$t" --fingerprint "$fingerprint"
check_match '"pinned":true' "and with --json, too" simrite-ceremony verify --json "$t" --key "$key"
check_match 'signer unknown' "show says so" simrite-ceremony show "$t"
shown() { # what verify shows of the token and the program is what the transcript says
	simrite-ceremony verify --json "$t" | jq -cS '[.hsm, .software]' >"$scratch/shown"
	head -n 1 "$t" | jq -cS '[.data.hsm, .data.software]' | diff "$scratch/shown" - || return 1
	simrite-ceremony verify "$t" >"$scratch/verified" 2>&1
	for word in assurance serial manufacturer model library label; do
		grep -qF "$(jq -r ".[0].$word" "$scratch/shown")" "$scratch/verified" || { echo "no $word"; return 1; }
	done
	grep -qF "$(jq -r '.[1].sha256' "$scratch/shown")" "$scratch/verified"
}
check "token, assurance and program are shown" shown
check_match 'production ceremony on a software token' "and production on software" simrite-ceremony verify "$scratch/35/transcript.jsonl"
check_status 1 "another ceremony is not that one" simrite-ceremony verify "$scratch/other/transcript.jsonl" --fingerprint "$fingerprint"
check_status 1 "nor of that key" simrite-ceremony verify "$scratch/other/transcript.jsonl" --key "$key"
check_status 1 "nor of another plan" simrite-ceremony verify "$t" --plan "$scratch/plan35"
check_status 2 "half a fingerprint is misuse" simrite-ceremony verify "$t" --fingerprint "${fingerprint%????}"
check_status 5 "no such transcript" simrite-ceremony verify "$scratch/none"
check "from standard input" sh -c "simrite-ceremony verify - <'$t'"
check "from a pipe" sh -c "cat '$t' | simrite-ceremony verify -"
check "from a pipe by its name" sh -c "(head -n 3 '$t'; sleep 0.2; tail -n +4 '$t') | simrite-ceremony verify /dev/stdin"
check_status 1 "half of it from a pipe" sh -c "head -n 3 '$t' | simrite-ceremony verify -"
check_status 5 "a folder" simrite-ceremony verify "$scratch/23"
check_fault 5 '23. is a folder' "is called a folder" simrite-ceremony verify "$scratch/23"
check_fault 5 'at most 64 MiB' "an endless transcript ends" simrite-ceremony verify /dev/zero
check_status 5 "no standard input at all" sh -c "simrite-ceremony verify - <&-"
: >"$scratch/empty"
check_status 1 "an empty transcript" simrite-ceremony verify "$scratch/empty"

# ---- bad plans: one fault that names the place, nothing touched ----
bad() { # what regex jq-filter
	jq "$3" "$scratch/plan23" >"$scratch/bad"
	check_status 5 "plan: $1" simrite-ceremony run "$scratch/bad" --out "$scratch/untouched"
	check_fault 5 "$2" "plan: $1, named" simrite-ceremony plan "$scratch/bad"
}
bad "empty object" 'is empty' '{}'
bad "an array" 'not a JSON object' '[]'
bad "unknown member" 'colour: there is no such member' '.colour = "blue"'
bad "unknown member inside" 'custodians\[1\].age' '.custodians[1].age = 5'
bad "no id" 'id: is missing' 'del(.id)'
bad "id of odd characters" 'id: .*a-z' '.id = "rehearsal-A/b"'
bad "rehearsal id missing" 'must begin with "rehearsal-"' '.id = "real"'
bad "production called rehearsal" 'but this is production' '.mode = "production"'
bad "a batch that mixes" 'batches\[0\].id' '.batches[0].id = "one"'
bad "unknown mode" 'mode: "dress" is neither' '.mode = "dress"'
bad "empty text" 'operator: is empty' '.operator = ""'
bad "blank text" 'title: is empty' '.title = "  "'
bad "control character" 'title: holds a control' '.title = "a\nb"'
bad "C1 control (CSI)" 'custodians\[1\].name: holds a control' '.custodians[1].name = "Bob\u009b2J"'
bad "text that runs backwards" 'custodians\[1\].name: .* cannot be seen' '.custodians[1].name = "\u202eboB"'
bad "zero-width character" 'custodians\[1\].name: .* cannot be seen' '.custodians[1].name = "Custodian 1\u200b"'
bad "tag character" 'operator: .* cannot be seen' '.operator = "Example\udb40\udc41"'
bad "no character" 'operator: .* is none' '.operator = "Example\uffff"'
bad "a blank behind a name" 'custodians\[1\].name: begins or ends' '.custodians[1].name = "Custodian 1 "'
bad "a blank before a title" 'title: begins or ends' '.title = " Title"'
bad "two blanks in a name" 'custodians\[1\].name: .*white space' '.custodians[1].name = "Custodian  1"'
bad "another blank in a name" 'custodians\[1\].name: .*white space' '.custodians[1].name = "Custodian\u00a01"'
bad "escape in a member's name" '\?: there is no such member' '."a\u001b[2J" = 1'
bad "HSM with a PIN" 'hsm: HSM URI holds a PIN' '.hsm = "pkcs11:token=x?pin-value=987654"'
bad "HSM that is no URI" 'hsm: HSM URI' '.hsm = "yes"'
bad "HSM with an unknown attribute" 'hsm: .*attribute that is not known' '.hsm = "pkcs11:token=x;colour=blue"'
bad "HSM in no folder" 'hsm: no FOLDER' '.hsm = "softhsm:"'
pin_shown() { simrite-ceremony plan "$scratch/bad" 2>&1 | grep 987654; }
jq '.hsm = "pkcs11:token=x;colour=blue?pin-value=987654"' "$scratch/plan23" >"$scratch/bad"
check_status 1 "the PIN is not printed" pin_shown
for ours in "ceremony rehearsal-2026-2of3" "master rehearsal-2026-2of3" "batch rehearsal-two"; do
	bad "knows its own $ours" 'known_objects: .*cannot be there before' ".known_objects = [\"x\", \"simrite $ours\"]"
done
bad "odd label" 'known_objects: element 0 holds a control' '.known_objects = ["a\u0085"]'
bad "long label" 'known_objects: element 0 is not a label' '.known_objects = ["\("x" * 64)"]'
unicode() { jq '.custodians[1].name = "Zo\u00eb \u05d3\u05d5\u05d3 \u738b"' "$scratch/plan23" >"$scratch/good" && simrite-ceremony plan "$scratch/good"; }
check_match 'Zoë דוד 王' "names of any script are allowed" unicode
bad "number for text" 'title: is not a text' '.title = 7'
bad "text for number" 'threshold: is not a whole number' '.threshold = "2"'
bad "fraction" 'threshold: is not a whole number' '.threshold = 2.5'
bad "m of 1" 'threshold: is 1, not 2' '.threshold = 1'
bad "m above n" 'threshold: is 4, but there are 3' '.threshold = 4'
bad "one custodian" 'custodians: has 1 elements' '.custodians |= .[:1]'
bad "no custodians" 'custodians: is missing' 'del(.custodians)'
bad "twice the same" 'custodians\[2\].name: .* is custodian 1 already' '.custodians[2].name = "custodian 1"'
bad "null" 'custodians\[0\]: is not an object' '.custodians[0] = null'
bad "no batch" 'batches: has 0 elements' '.batches = []'
bad "batch twice" 'batches\[1\].id' '.batches[1].id = .batches[0].id'
bad "no cards" 'batches\[0\].count: is 0' '.batches[0].count = 0'
bad "bad ICCID" 'batches\[0\].first_iccid' '.batches[0].first_iccid = "8988211000000000012"'
bad "another version" 'schema: is 2' '.schema = 2'
bad "bad previous" 'previous: is not a fingerprint' '.previous = "abc"'
: >"$scratch/bad"
check_status 5 "plan: an empty file" simrite-ceremony run "$scratch/bad" --out "$scratch/untouched"
echo '{"schema": 1, "schema": 1}' >"$scratch/bad"
check_fault 5 'line 1' "plan: a member twice, with its line" simrite-ceremony plan "$scratch/bad"
check_status 5 "plan: no such file" simrite-ceremony run "$scratch/none" --out "$scratch/untouched"
check_status 1 "no bad plan touched anything" test -e "$scratch/untouched"
check_status 2 "no folder is misuse" simrite-ceremony run "$scratch/plan23"
check_status 2 "entropy of a stranger is misuse" simrite-ceremony run "$scratch/plan23" --out "$scratch/untouched" --entropy Eve=prompt
mkdir "$scratch/busy" && : >"$scratch/busy/diary.txt"
check_status 6 "a folder with other things is refused" simrite-ceremony run "$scratch/plan23" --out "$scratch/busy"
check_fault 6 'diary.txt' "and the thing named" simrite-ceremony run "$scratch/plan23" --out "$scratch/busy"
check_status 6 "another plan cannot go on in the folder" simrite-ceremony run --software-token "$scratch/plan35" --out "$scratch/23"

# ---- one token, two ceremonies; rehearsal and production ----
jq --arg hsm "softhsm:$scratch/23/hsm" '.hsm = $hsm' "$scratch/plan35" >"$scratch/mixed"
check_status 6 "production in the rehearsal's token is refused" simrite-ceremony run --software-token "$scratch/mixed" --out "$scratch/mixed-out"
check_fault 6 'a production ceremony is not held in token "simrite rehearsal"' "and the token named" \
	simrite-ceremony run --software-token "$scratch/mixed" --out "$scratch/mixed-out"
check_status 1 "before anything is made" test -e "$scratch/mixed-out/transcript.jsonl"
jq --arg hsm "softhsm:$scratch/23/hsm" '.hsm = $hsm | .id = "rehearsal-other" | .batches[].id |= . + "-other"' "$scratch/plan23" >"$scratch/elsewhere"
check_fault 6 '"simrite [a-z]+ rehearsal-.*" that the plan does not know' "what the plan does not know is named" \
	simrite-ceremony run "$scratch/elsewhere" --out "$scratch/elsewhere-out"
mkdir -m 700 "$scratch/own" && cp -r "$scratch/23/hsm" "$scratch/own/hsm"
check_fault 6 "the ceremony's own token|is not held in token" "another mode's folder in the place of its own" \
	simrite-ceremony run --software-token "$scratch/plan35" --out "$scratch/own"
jq --arg hsm "softhsm:$scratch/35/hsm" --arg previous "$(simrite-ceremony verify --json "$scratch/35/transcript.jsonl" | jq -r .fingerprint)" \
	'.hsm = $hsm | .id = "2027" | .previous = $previous | .batches = [{id: "three", count: 5}]
	 | .known_objects = ["simrite master 2026-3of5", "simrite batch one", "simrite batch two"]' "$scratch/plan35" >"$scratch/plan-next"
check "a second ceremony that knows the first's objects" simrite-ceremony run --software-token "$scratch/plan-next" --out "$scratch/next"
check_match '"previous":"[0-9a-f]{64}"' "is chained to it" simrite-ceremony verify --json "$scratch/next/transcript.jsonl"
# things and bags, against the ceremony before
jq --arg sha "$this" '.id = "rehearsal-first" | .software = [{name: "simrite", sha256: $sha}] | .custodians[0].serial = "C1" |
	.devices = [{name: "laptop", kind: "machine", serial: "L1", bag: "1", new_bag: "2"}, {name: "disk", kind: "media", serial: "D1", bag: "3"}]' \
	"$scratch/plan23" >"$scratch/first"
check "a ceremony with things and programs" simrite-ceremony run "$scratch/first" --out "$scratch/first-out"
f=$scratch/first-out/transcript.jsonl
check "is sound" simrite-ceremony verify "$f"
after() { # jq-filter: the next plan, bent
	jq --arg previous "$(simrite-ceremony verify --json "$f" | jq -r .fingerprint)" \
		".id = \"rehearsal-second\" | .previous = \$previous | .devices[0].bag = \"2\" | .devices[0].new_bag = \"4\" | $1" "$scratch/first" >"$scratch/second"
	simrite-ceremony plan --previous "$f" "$scratch/second"
}
check "the next plan fits it" after .
check_fault 1 'not chained to it: its fingerprint' "not chained" after 'del(.previous)'
check_fault 1 'went into bag 2 .* not 1' "a thing in another bag than it went into" after '.devices[0].bag = "1"'
check_fault 1 'to go into bag 3, which' "a bag used twice" after '.devices[0].new_bag = "3" | .devices[1] = {name: "x", kind: "other"}'
check_fault 1 '"disk" has serial D2, .* D1' "another thing under the same name" after '.devices[1].serial = "D2"'
check_fault 1 'was a media .*, not a other' "another kind" after '.devices[1].kind = "other"'
check_fault 1 "card of serial C1 was Custodian 1's" "a card in other hands" after '.custodians[0].serial = "x" | .custodians[1].serial = "C1"'
check_fault 1 'has the same id' "an id used twice" after '.id = "rehearsal-first"'
check_fault 1 'rehearsal, this one production' "a production chained to a rehearsal" after '.mode = "production" | .id = "p" | .batches[].id |= .[10:]'
jq '.id = "2028"' "$scratch/plan-next" >"$scratch/clash"
check_status 6 "a batch id that is taken is refused" simrite-ceremony run --software-token "$scratch/clash" --out "$scratch/clash-out"

# the same plan from another folder must not take the first's keys for what a crash left
jq --arg hsm "softhsm:$scratch/23/hsm" '.hsm = $hsm' "$scratch/plan23" >"$scratch/same"
objects >"$scratch/objects-before" 2>/dev/null
check_status 6 "a ceremony that was held is not held again in its token from another folder" \
	simrite-ceremony run "$scratch/same" --out "$scratch/same-out"
check_fault 6 'was not begun in this folder' "saying why" simrite-ceremony run "$scratch/same" --out "$scratch/same-out"
keeps() { objects >"$scratch/objects-after" 2>/dev/null && diff "$scratch/objects-before" "$scratch/objects-after"; }
check "and no key of it is gone" keeps

# ---- what custodians bring ----
echo '31415926535897932384626433832795' >"$scratch/dice"
check "a custodian's dice are used" simrite-ceremony run "$scratch/plan23" --out "$scratch/dice-out" --entropy "Custodian 2=file:$scratch/dice"
check "and the transcript is sound" simrite-ceremony verify "$scratch/dice-out/transcript.jsonl"

# ---- check values, to be read aloud: the HSM's, as the ceremony tells them, and the recovered key's ----
aloud() {
	rm -f "$scratch/key"
	simrite-ceremony recover --expose-key --transcript "$scratch/23/transcript.jsonl" --batch rehearsal-one --out "$scratch/key" \
		"$scratch/23/shares/share-1.json" "$scratch/23/shares/share-2.json" >"$scratch/recovered" 2>/dev/null || return 1
	simrite-ceremony show "$scratch/23/transcript.jsonl" 2>/dev/null >"$scratch/shown"
	simrite-ceremony report --out "$scratch/aloud.html" "$scratch/23/transcript.jsonl" >/dev/null 2>&1
	check=$(jq -r 'select(.type == "batch" and .data.id == "rehearsal-one") | .data.check' "$scratch/23/transcript.jsonl")
	words=$(sed -n 3p "$scratch/recovered" | sed 's/^ *//')
	echo "$check: $words"
	[ "$(echo "$words" | wc -w)" -eq 16 ] && grep -q "^  check value  $check\$" "$scratch/recovered" && grep -q "^ *$words\$" "$scratch/shown" &&
		grep -q "$check</code><br>$words<" "$scratch/aloud.html"
}
check "the recovered key's check value has the words that show and report tell" aloud
masters() { # which keep repeats
	master=$(jq -r 'select(.type == "keep") | .data.check' "$scratch/23/transcript.jsonl")
	[ "$(grep -A1 "check value $master" "$scratch/shown" | grep -c -E '^ +([A-Za-z]+ ){15}[A-Za-z]+$')" -eq 2 ]
}
check "and the master's is told in words, too" masters

# ---- a passphrase over the shares ----
echo 'correct horse' >"$scratch/passphrase"
echo 'Correct horse' >"$scratch/wrong-passphrase"
check "shares under a passphrase" simrite-ceremony run "$scratch/plan23" --out "$scratch/phrase" --passphrase "file:$scratch/passphrase"
check "the transcript is sound" simrite-ceremony verify "$scratch/phrase/transcript.jsonl"
check "and of the published shape" /usr/bin/python3 tests/cli/transcript_schema.py docs/ceremony "$scratch/phrase/transcript.jsonl"
p=$scratch/phrase/shares
with() { # passphrase option
	rm -f "$scratch/key"
	simrite-ceremony recover --expose-key --transcript "$scratch/phrase/transcript.jsonl" --batch rehearsal-one \
		--out "$scratch/key" "$@" "$p/share-1.json" "$p/share-3.json"
}
check_fault 2 'nothing without their passphrase' "they restore nothing without it" with
check_fault 1 'the passphrase is wrong' "nor with another" with --passphrase "file:$scratch/wrong-passphrase"
check_status 1 "and no key is written" test -e "$scratch/key"
phrase() {
	with --passphrase "file:$scratch/passphrase" || return 1
	[ "$(python3 tests/cli/ceremony_restore.py "$(jq -r .id "$scratch/plan23")" rehearsal-one 'correct horse' \
		"$p/share-2.json" "$p/share-3.json")" = "$(cat "$scratch/key")" ]
}
check "with it they do, and by another program" phrase
check_fault 2 'made without a passphrase' "a passphrase that is not needed is refused" \
	simrite-ceremony recover --expose-key --transcript "$scratch/23/transcript.jsonl" --batch rehearsal-one --out "$scratch/key2" \
	--passphrase "file:$scratch/passphrase" "$scratch/23/shares/share-1.json" "$scratch/23/shares/share-2.json"
printf 'caf\303\251\n' >"$scratch/odd"
check_fault 5 'printable ASCII' "a passphrase that others would read otherwise is refused" \
	simrite-ceremony run "$scratch/plan23" --out "$scratch/odd-out" --passphrase "file:$scratch/odd"
check_fault 5 'cannot open .*/none. for the passphrase' "one that is not there is missed before the token has a key" \
	simrite-ceremony run "$scratch/plan23" --out "$scratch/early" --passphrase "file:$scratch/none"
check_fault 5 'Custodian 2: cannot open' "and so are a custodian's dice" \
	simrite-ceremony run "$scratch/plan23" --out "$scratch/early" --entropy "Custodian 2=file:$scratch/none"
check_fault 6 'open to other users' "or what others may read" sh -c "chmod 644 '$scratch/odd'; exec simrite-ceremony run '$scratch/plan23' \
	--out '$scratch/early' --passphrase 'file:$scratch/odd'"
check_status 1 "nothing was begun" sh -c "test -e '$scratch/early/hsm' || test -e '$scratch/early/transcript.jsonl'"
printf '%s\n' 'correct horse' 'correct hose' '' '' 'café' 'café' 'correct horse' 'correct horse' >"$scratch/typed"
typed() { python3 tests/cli/type_words.py "$scratch/typed" simrite-ceremony run "$scratch/plan23" --out "$scratch/early" --passphrase prompt >"$scratch/shown" || return 1; cat "$scratch/shown"; }
check_match 'the two passphrases differ: once more' "at a prompt it is asked for again" typed
check_match 'an empty passphrase is none: once more' "so is none" cat "$scratch/shown"
check_match 'printable ASCII: once more|ASCII.*: once more' "and one that others would read otherwise" cat "$scratch/shown"
check "and then the ceremony is held" simrite-ceremony verify "$scratch/early/transcript.jsonl"

# ---- no secret but in the shares ----
leaks() {
	for folder in 23 35 dice-out phrase; do
		for share in "$scratch/$folder"/shares/*; do jq -r '.value, .salt' "$share"; done
		cat "$scratch/$folder/hsm/pin"
	done >"$scratch/secrets"
	recover 23 rehearsal-one 1 2 >/dev/null 2>&1 && cat "$scratch/key" >>"$scratch/secrets"
	recover 35 one 1 2 3 >/dev/null 2>&1 && cat "$scratch/key" >>"$scratch/secrets"
	cat "$scratch/dice" "$scratch/passphrase" >>"$scratch/secrets"
	[ "$(wc -l <"$scratch/secrets")" -eq 36 ] || { wc -l "$scratch/secrets"; return 2; }
	grep -lF -f "$scratch/secrets" "$scratch"/*/transcript.jsonl "$scratch"/log* "$scratch/verdicts" && return 1
	grep -rlF -f "$scratch/secrets" "$scratch"/*/hsm/tokens && return 1
	return 0
}
check "no share, salt, PIN or key in transcripts, logs or the token's files" leaks
finish
