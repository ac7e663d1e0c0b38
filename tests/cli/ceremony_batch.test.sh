#!/bin/sh
# PROVES: from the plan to the proof for one card, by each of the three ways a
# key comes to a card: tickets are issued once, whatever comes between; the
# receipts that come back are checked, recorded, and checked again by whoever
# has the transcript; what is forged, doubled, missing or too many is named.
. tests/check.sh
if [ "$SIMRITE_TEST_INSIDE" != ceremony_batch ]; then
	rm -rf "$scratch"
	SIMRITE_TEST_INSIDE=ceremony_batch exec sh "$0"
fi
umask 077
OUT=$scratch/out
mkdir "$OUT"
export OUT
part() { # NAME CARDS: a script of checks where there are readers with cards
	check "$1" simrite sim run --cards "$2" --profile blank -- sh "$scratch/$1.sh"
	grep -E '^(ok|not ok|skipped)' "$scratch/.out" | sed 's/^/  /'
	case $(grep -c '^not ok' "$scratch/.out") in 0) ;; *) cat "$scratch/.out" ;; esac
}
spki() { openssl ec -in "$OUT/$1.pem" -pubout -outform DER 2>/dev/null | base64 -w 0; }
for key in ada factory other; do
	openssl ecparam -name prime256v1 -genkey -noout -out "$OUT/$key.pem" || exit 1
done

# ---- the plan, and what is refused before anything is made ----
jq -n --arg factory "$(spki factory)" --arg ada "$(spki ada)" '{schema: 1, id: "rehearsal-cards", mode: "rehearsal", title: "T",
	operator: "O", threshold: 2, administrator: {name: "Ada", key: $ada},
	custodians: [{name: "Alice", role: "r", jurisdiction: "NL"}, {name: "Bob", role: "r", jurisdiction: "FR"}],
	factories: [{name: "Foundry", key: $factory}],
	batches: [{id: "rehearsal-injected", count: 2, first_iccid: "8988211000000001019", method: "injected", expires: "2099-01-31T12:00:00Z"},
		{id: "rehearsal-keys", count: 8},
		{id: "rehearsal-derived", count: 3, first_iccid: "8988211000000002017", method: "derived", expires: "2099-01-31T12:00:00Z", slot: 1},
		{id: "rehearsal-agreed", count: 2, first_iccid: "8988211000000006018", method: "agreed", expires: "2099-01-31T12:00:00Z"}]}' >"$OUT/plan"
ceremony() { # FOLDER OPTION...
	folder=$1
	shift
	simrite-ceremony run "$OUT/plan" --out "$OUT/$folder" --signer "Ada=file:$OUT/ada.pem" "$@"
}
plan_is() { # JQ: another plan
	jq "$1" "$OUT/plan" >"$OUT/bad.plan"
	simrite-ceremony run "$OUT/bad.plan" --out "$OUT/bad" --signer "Ada=file:$OUT/ada.pem"
}
check_fault 6 'would have expired' "tickets that have expired" plan_is '.batches[0].expires = "2020-01-31T12:00:00Z"'
check_fault 5 'slot' "a slot that no card has" plan_is '.batches[0].slot = 5'
check_fault 5 'has no 99999 numbers after it' "more cards than the issuer has numbers" plan_is '.batches[0] += {first_iccid: "8988211999999999994", count: 99999}'
check_fault 5 'neither a letter nor a digit' "an id that is no folder's name" plan_is '.mode = "production" | .id = "p" | .batches = [{id: "..", count: 1}]'
check_status 1 "none of it left a ceremony" test -e "$OUT/bad/transcript.jsonl"

# ---- tickets ----
t=$OUT/c/transcript.jsonl
check_match 'waits for receipts: rehearsal-injected' "the ceremony waits for the first receipts" ceremony c
check_match '"state":"waiting".*"for":"receipts".*"who":"rehearsal-injected"' "and with --json" ceremony c --json
types() { jq -r .type "$t" | tr '\n' ' '; }
check_match 'keep batch batch batch batch resume $' "four batches" types
batch() { jq -c "select(.type == \"batch\" and .data.id == \"rehearsal-$1\") | .data$2" "$t"; }
check_match '^\["check","count","expires","id","label","method","slot","tickets"\]$' "an entry with tickets" batch injected '|keys'
check_match '^\["check","count","id","label"\]$' "one without" batch keys '|keys'
check_match '"agree_key"' "and one with a key to agree with" batch agreed '|keys'
numbers() { cat "$OUT"/c/batches/*/tickets.jsonl | jq -r 'select(.number) | [.number, .iccid] | @tsv' | sort -n | tr '\t\n' '  '; }
check_match '^1 8988211000000001019 2 8988211000000001027 3 8988211000000002017 4 8988211000000002025 5 8988211000000002033 6 8988211000000006018 7 8988211000000006026 $' \
	"tickets are numbered over all batches, in the order of ICCIDs" numbers
check_match '^1$' "and the file is for its owner only" sh -c "ls -l $OUT/c/batches/rehearsal-agreed/tickets.jsonl | grep -c '^-rw-------'"
hex() { od -An -v -tx1 | tr -d ' \n'; }
ticket() { # by openssl: the first ticket of a batch
	jq -r 'select(.ticket) | .ticket' "$OUT/c/batches/rehearsal-$1/tickets.jsonl" | head -1 | base64 -d >"$OUT/ticket"
	length=$(wc -c <"$OUT/ticket")
	head -c $((length - 64)) "$OUT/ticket" >"$OUT/signed"
	r=$(tail -c 64 "$OUT/ticket" | head -c 32 | hex) s=$(tail -c 32 "$OUT/ticket" | hex)
	printf 'asn1=SEQUENCE:s\n[s]\nr=INTEGER:0x%s\ns=INTEGER:0x%s\n' "$r" "$s" >"$OUT/asn1"
	openssl asn1parse -genconf "$OUT/asn1" -noout -out "$OUT/sig"
	head -1 "$t" | jq -r .data.key | base64 -d | openssl pkey -pubin -inform DER -out "$OUT/key"
	openssl dgst -sha256 -verify "$OUT/key" -signature "$OUT/sig" "$OUT/signed"
}
check_match 'Verified OK' "openssl: a ticket is signed by the ceremony's key" ticket derived
of_ticket() { tail -c +17 "$OUT/ticket" | head -c 32 | hex; }
scope() { printf 'simrite batch scope v1\n%s\nrehearsal-derived' "$(head -1 "$t" | sha256sum | cut -c 1-64)" | sha256sum | cut -c 1-64; }
check_match "$(scope)" "and its scope is line 1's and the batch's" of_ticket
objects() { PIN=$(cat "$OUT/c/hsm/pin"); SOFTHSM2_CONF=$OUT/c/hsm/softhsm2.conf pkcs11-tool --module "$(ls /usr/lib/softhsm/libsofthsm2.so /usr/lib/*/softhsm/libsofthsm2.so 2>/dev/null | head -1)" --login --pin "$PIN" --list-objects; }
check_match 'simrite agree rehearsal-agreed' "the pair to agree with is in the token" objects

# a crash between tickets and entry, and in the midst of the tickets
cp "$OUT/c/batches/rehearsal-derived/tickets.jsonl" "$OUT/first.tickets"
forget() { # LINES: as if the transcript, a crash and the disk had left so much
	rm -rf "$OUT/again" && cp -r "$OUT/c" "$OUT/again" && sed -i "s,$OUT/c,$OUT/again,g" "$OUT/again/hsm/softhsm2.conf" &&
		n=$(jq -r 'select(.type == "batch" and .data.id == "rehearsal-derived") | .seq' "$t") &&
		head -n $((n - 1)) "$t" >"$OUT/again/transcript.jsonl" &&
		head -c "$1" "$OUT/first.tickets" >"$OUT/again/batches/rehearsal-derived/tickets.jsonl"
}
resumed() { # KEPT: so many tickets are the old ones
	ceremony again >/dev/null || return 1
	new=$OUT/again/batches/rehearsal-derived/tickets.jsonl
	[ "$(jq -r .ticket "$new" | sort - "$OUT/first.tickets.b64" | uniq -d | grep -vc null)" = "$1" ] && [ "$(wc -l <"$new")" = 4 ]
}
jq -r .ticket "$OUT/first.tickets" >"$OUT/first.tickets.b64"
whole=$(wc -c <"$OUT/first.tickets")
for cut in "$whole:3" "$((whole - 1)):2" "$((whole - 40)):2" "$((whole - 300)):1" "400:0" "20:0"; do
	forget "${cut%%:*}"
	check "of $((whole - ${cut%%:*})) bytes less, ${cut#*:} tickets are gone on with" resumed "${cut#*:}"
done
spoilt() { forget "$whole"; sed -i '4s/.....\("}\)$/AAAA=\1/' "$OUT/again/batches/rehearsal-derived/tickets.jsonl"; resumed 2; }
check "a last one that is not signed is signed anew" spoilt
check_match '^1$' "of an agreed batch that was not recorded, nothing is used" sh -c "jq -r 'select(.data.agree_key) | .data.agree_key' $OUT/c/transcript.jsonl $OUT/again/transcript.jsonl | sort | uniq -c | grep -c ' 1 ' | sed 's/2/1/'"
rm -rf "$OUT/again"

# ---- injected ----
hsm=softhsm:$OUT/c/hsm
cat >"$scratch/common" <<'END'
umask 077
loaded() { id=$1; shift; simrite-ceremony loaded --batch "rehearsal-$id" "$@" "$OUT/c"; }
receipts() { echo "$OUT/$1/rehearsal-$1.receipts.jsonl"; }
make() { # ID DESIGN FIRST-IMSI FIRST-ICCID COUNT OPTION...
	id=$1 design=$2
	simrite batch order --batch "rehearsal-$1" --design "$2" --count "$5" --first-imsi "$3" --first-iccid "$4" --out "$OUT/$1.json" &&
		shift 5 && simrite-batch personalise "$OUT/$id.json" --readers simrite --out "$OUT/$id" --tickets "$OUT/c/batches/rehearsal-$id/tickets.jsonl" "$@"
}
END
{ echo '. tests/check.sh'; cat "$scratch/common" -; } >"$scratch/injected.sh" <<'END'
check "cards are born" simrite batch birth --readers simrite --factory "file:$OUT/factory.pem"
check_match '2 cards made' "and made with injected keys" make injected bulk-plain 001010000000101 8988211000000001019 2
finish
END
part injected 2
. "$scratch/common"
check_status 2 "half a command" simrite-ceremony loaded --batch rehearsal-injected "$OUT/c"
check_fault 2 'is no batch with tickets' "a batch without tickets" loaded keys --receipts "$(receipts injected)"
check_fault 6 'rehearsal-injected comes first' "not in this order" loaded agreed --receipts "$(receipts injected)"
check_fault 6 'not that far' "nothing is retired yet" simrite-ceremony retire --batch rehearsal-agreed "$OUT/c"
head -1 "$(receipts injected)" >"$OUT/one.jsonl"
check_fault 6 '1 of 2 cards of batch rehearsal-injected have no receipt' "a receipt that is missing is not passed over" loaded injected --receipts "$OUT/one.jsonl"
check_fault 1 'is there twice' "nor one that is there twice" sh -c "cat $OUT/one.jsonl $OUT/one.jsonl >$OUT/two.jsonl; simrite-ceremony loaded --batch rehearsal-injected --receipts $OUT/two.jsonl $OUT/c"
time_now() { simrite-ceremony time "$@" "$OUT/c"; }
before=$(date +%s)
check_match 'batches/time.json: the time of now' "the time is signed for the cards" time_now
told() { jq -e --argjson from "$before" '.time >= $from and .time <= now and .type == "time"' "$OUT/c/batches/time.json"; }
check "it is the time of now" told
check "and what the transcript tells" sh -c "[ \"\$(jq -r 'select(.type == \"time\") | .data.statement' '$t')\" = \"\$(jq -r .statement '$OUT/c/batches/time.json')\" ]"
check_match '"time":[0-9]+.*time.json' "again, a later one" time_now --json
check_match '2 receipts, 0 missing' "the receipts come back" loaded injected --receipts "$(receipts injected)"
check_fault 6 'is recorded as loaded already' "once" loaded injected --receipts "$(receipts injected)"
check_match 'waits for receipts: rehearsal-derived' "the ceremony goes on" ceremony c

# ---- derived: one card is lost ----
{ echo '. tests/check.sh'; cat "$scratch/common" -; } >"$scratch/derived.sh" <<END
check "cards are born" simrite batch birth --readers simrite --factory "file:\$OUT/factory.pem"
make derived derived 001010000000601 8988211000000002017 3 --hsm "$hsm" --time "\$OUT/c/batches/time.json" 2>&1 | grep -q '2 of 3'
check_match '2 receipts' "two of three are made" sh -c 'echo \$(wc -l <"\$OUT/derived/rehearsal-derived.receipts.jsonl.part") receipts'
finish
END
part derived 2
cp "$(receipts derived).part" "$(receipts derived)"
check_fault 1 'is of another batch' "another batch's receipts" loaded derived --receipts "$(receipts injected)"
check_fault 6 '1 of 3 cards' "one is missing" loaded derived --receipts "$(receipts derived)"
check_fault 6 'said to be 2|1 of 3' "not two" loaded derived --missing 2 --receipts "$(receipts derived)"
check_fault 2 'is not a number from 0 to' "nor what a machine word would make 1 of" loaded derived --missing 4294967297 --receipts "$(receipts derived)"
check_match '2 receipts, 1 missing' "which is said" loaded derived --missing 1 --receipts "$(receipts derived)"
check_match '^\[5\]$' "and recorded" jq -c 'select(.type == "loaded" and .data.id == "rehearsal-derived") | .data.missing' "$t"

# ---- agreed ----
{ echo '. tests/check.sh'; cat "$scratch/common" -; } >"$scratch/agreed.sh" <<'END'
check "cards are born" simrite batch birth --readers simrite --factory "file:$OUT/factory.pem"
check_match '2 cards made' "and made with agreed keys" make agreed agreed 001010000000701 8988211000000006018 2
finish
END
part agreed 2
check_match '2 receipts, 0 missing' "the receipts come back" loaded agreed --receipts "$(receipts agreed)"
check_fault 6 'no batch of this ceremony is out' "no more time is signed" time_now
check_match 'waits for import: rehearsal-agreed' "the operator has to import" ceremony c
authority=$(head -1 "$t" | jq -r .data.key)
import() { simrite auc import --database "$OUT/auc.db" "$OUT/agreed/rehearsal-agreed.csv" --batch rehearsal-agreed --receipts "$(receipts agreed)" --authority "$authority" --factory "$(spki factory)" --hsm "$hsm"; }
check "an authentication centre" simrite auc init --database "$OUT/auc.db"
check_match '2 added' "imports them with the key in the token" import
check_fault 2 'is no batch with agreed keys' "a batch that has nothing to retire" simrite-ceremony retire --batch rehearsal-derived "$OUT/c"
check_match 'is destroyed' "then that key is destroyed" simrite-ceremony retire --batch rehearsal-agreed "$OUT/c"
check_status 4 "nobody can import them again" import
check_fault 6 'is recorded as retired already' "once" simrite-ceremony retire --batch rehearsal-agreed "$OUT/c"
gone() { objects | grep -c 'simrite agree'; }
check_status 1 "neither half is in the token" gone

# ---- closed, and checked ----
check_match 'is closed' "the ceremony ends" ceremony c
check "and is sound" simrite-ceremony verify "$t" --plan "$OUT/plan"
check_match 'The receipts of a batch came back' "show tells it" simrite-ceremony show "$t"
verify() { simrite-ceremony verify "$t" "$@"; }
check_match 'receipts  .*rehearsal-injected: 2 cards' "with the receipts in hand" verify --receipts "$(receipts injected)"
check_match 'not checked: rehearsal-derived, rehearsal-agreed' "it says which were not" verify --receipts "$(receipts injected)"
all() { verify --receipts "$(receipts injected)" --receipts "$(receipts derived)" --receipts "$(receipts agreed)" "$@"; }
check_match 'rehearsal-derived: 2 cards, 1 missing' "all of them" all
check_match '"receipts":\[\{"batch":"rehearsal-injected","cards":2,"missing":0\},\{"batch":"rehearsal-derived","cards":2,"missing":1\},' "and with --json" all --json
tac "$(receipts agreed)" >"$OUT/tac.jsonl"
check "in any order" verify --receipts "$OUT/tac.jsonl"
check_fault 1 'there twice' "none twice" verify --receipts "$(receipts agreed)" --receipts "$OUT/tac.jsonl"
check_fault 1 'a missing card: batch "rehearsal-injected" has no receipt for ticket [12], ICCID 89882110000000010' "a missing card" verify --receipts "$OUT/one.jsonl"
check_fault 5 'holds no receipt' "an empty file" verify --receipts /dev/null
altered() { # FILE SED: the first line altered
	sed "1$2" "$1" >"$OUT/altered.jsonl"
	verify --receipts "$OUT/altered.jsonl"
}
swap() { # ID MEMBER: the first card with the second one's member
	jq -cS --slurpfile all "$(receipts "$1")" ".$2 = \$all[1].$2" "$(receipts "$1")" | head -1 >"$OUT/altered.jsonl"
	verify --receipts "$OUT/altered.jsonl"
}
check_fault 1 'another card than the certificate' "another card's certificate" swap agreed certificate
check_fault 1 "not signed|another ticket" "another card's receipt" swap agreed receipt
check_fault 1 "another card's|another ticket" "another card's ticket" swap agreed ticket
check_fault 1 'line 1' "another number" altered "$(receipts agreed)" 's/"number":[0-9]*/"number":1/'

# ---- a proof for one card ----
prove() { simrite-ceremony prove --iccid "$1" --receipts "$(receipts "$2")" "$t"; }
fingerprint=$(tail -1 "$t" | sha256sum | cut -c 1-64)
key=$(head -1 "$t" | jq -r .data.key | base64 -d | sha256sum | cut -c 1-64)
second() { /usr/bin/python3 tests/verifier/verify.py "$@"; }
check "it has the published shape" /usr/bin/python3 tests/cli/transcript_schema.py docs/ceremony "$t"
check_match '^sound: ' "the second verifier accepts transcript, note and receipts" second transcript --fingerprint "$fingerprint" --plan "$OUT/plan" \
	--note "$OUT/c/transcript.note" --cosigned 1 --receipts "$(receipts injected)" --receipts "$(receipts derived)" --receipts "$(receipts agreed)" "$t"
for card in 8988211000000001027:injected 8988211000000002025:derived 8988211000000006018:agreed; do
	check "a proof for ${card%%:*}" sh -c "simrite-ceremony prove --iccid ${card%%:*} --receipts $(receipts "${card#*:}") $t >$OUT/${card#*:}.proof"
	check_match "^sound: card ${card%%:*} was loaded once" "the second verifier says so" second proof --key "$key" "$OUT/${card#*:}.proof"
	check_match "^sound: card ${card%%:*} was loaded once" "knowing the fingerprint alone, too" second proof --fingerprint "$fingerprint" "$OUT/${card#*:}.proof"
	check_match "^sound: card ${card%%:*} was loaded" "is checked from the file alone" env -C / simrite-ceremony verify-proof --key "$key" "$OUT/${card#*:}.proof"
	check_match "^sound: card ${card%%:*} was loaded" "by what was written down alone" env -C / simrite-ceremony verify-proof --fingerprint "$fingerprint" "$OUT/${card#*:}.proof"
done
check_match 'signer unknown' "without either it says so" simrite-ceremony verify-proof "$OUT/agreed.proof"
check_match '^self-consistent, signer unknown' "and so does the second verifier" second proof "$OUT/agreed.proof"
check_match '"pinned":true.*"words":' "a fingerprint pins" simrite-ceremony verify-proof --json --fingerprint "$fingerprint" "$OUT/agreed.proof"
check_fault 1 'not the one asked for' "another ceremony's" simrite-ceremony verify-proof --fingerprint "$key" "$OUT/agreed.proof"
check_fault 1 'not by the key asked for' "another signer's" simrite-ceremony verify-proof --key "$fingerprint" "$OUT/agreed.proof"
check_match '"pinned":true.*"method":"agreed"' "with --json" simrite-ceremony verify-proof --json --key "$key" "$OUT/agreed.proof"
check_fault 1 'there is no receipt of a card' "no proof for a card that is missing" prove 8988211000000002033 derived
check_fault 1 'there is no receipt of a card' "nor with another batch's receipts" prove 8988211000000002025 agreed
check_status 2 "nor for what is no ICCID" prove 898 agreed
check_match 'altered [0-9]* ways, all refused' "a proof that is altered anywhere is refused" \
	python3 tests/cli/alter_proof.py "$OUT/derived.proof" "$OUT/agreed.proof" "$OUT/altered.proof" simrite-ceremony verify-proof
finish
