#!/bin/sh
# PROVES: everybody with a key in the plan signs at the beginning and at the
# end, by file or token; a missing person is waited for, a wrong key named,
# an exception recorded, a destruction affirmed; and a verifier sees all of it.
. tests/check.sh
umask 077

key() { # name: NAME.pem, and the public key on stdout
	openssl ecparam -name prime256v1 -genkey -noout -out "$scratch/$1.pem" 2>/dev/null
	openssl ec -in "$scratch/$1.pem" -pubout -outform DER 2>/dev/null | base64 -w 0
}
ada=$(key ada) bob=$(key bob) wim=$(key wim) eve=$(key eve)
openssl pkcs8 -topk8 -nocrypt -in "$scratch/wim.pem" -out "$scratch/wim8.pem"
jq -n --arg ada "$ada" --arg bob "$bob" --arg wim "$wim" '{schema: 1, id: "rehearsal-people", mode: "rehearsal", title: "T",
	operator: "O", threshold: 2, jurisdictions: 2, administrator: {name: "Ada", key: $ada},
	custodians: [{name: "Alice", role: "r", jurisdiction: "NL"}, {name: "Bob", role: "r", jurisdiction: "FR", key: $bob, share: "file"},
		{name: "Carol", role: "r", jurisdiction: "DE"}],
	witnesses: [{name: "Wim de Wit", role: "notary", key: $wim}], destruction: ["the disk is shredded", "the printer is broken"],
	batches: [{id: "rehearsal-1", count: 8}]}' >"$scratch/plan"
run() { # options
	simrite-ceremony run "$scratch/plan" --out "$scratch/out" "$@"
}
t=$scratch/out/transcript.jsonl
a="Ada=file:$scratch/ada.pem" b="Bob=file:$scratch/bob.pem" w="Wim de Wit=file:$scratch/wim8.pem"

# ---- wrong before anything is made ----
check_fault 2 'is no party of the plan that signs' "a stranger does not sign" run --signer "Eve=file:$scratch/eve.pem"
check_fault 2 'is no party of the plan that signs' "nor somebody without a key" run --signer "Alice=file:$scratch/eve.pem"
check_fault 2 'comes from card, pkcs11:URI or file:' "nor in another way" run --signer "Ada=paper"
check_fault 6 'ada.pem has the key of Ada, not of Bob' "a wrong key is named" run --signer "Bob=file:$scratch/ada.pem"
check_fault 6 "nor anybody's in the plan" "and a strange one" run --signer "Bob=file:$scratch/eve.pem"
check_fault 5 'no P-256 private key' "a file that holds none" run --signer "Bob=file:$scratch/plan"
check_fault 2 'does not say which key' "a token without object=" run --signer "Bob=pkcs11:token=x"
check_status 2 "half an option" run --signer Ada
openkey() { cp "$scratch/bob.pem" "$scratch/open.pem" && chmod 644 "$scratch/open.pem" && run --signer "Bob=file:$scratch/open.pem"; }
check_fault 6 'open to other users' "a key that others may read" openkey
check_status 1 "none of it made anything" test -e "$scratch/out"
jq '.mode = "production" | .id = "p" | .batches[0].id = "p1"' "$scratch/plan" >"$scratch/production"
check_fault 6 'for rehearsals only' "a key in a file signs no production" \
	simrite-ceremony run --software-token "$scratch/production" --out "$scratch/p-out" --signer "$a"

# ---- one after the other ----
check_match 'waits for a person: Bob' "it waits for Bob" run --signer "$a"
check_match '"state":"waiting".*"waiting":\{"for":"person",.*"who":"Bob"' "and with --json" run --json --signer "$a"
types() { jq -r .type "$t" | tr '\n' ' '; }
check_match '^begin inventory present resume $' "Ada is there once" types
check_match 'waits for destruction: the disk is shredded' "everybody came; the destruction is to be affirmed" \
	run --signer "$b" --signer "$w"
exception() { simrite-ceremony exception --by "$1" --text "$2" "$scratch/out"; }
check "an exception is recorded" exception "Wim de Wit" "the shredder jammed; a drill was used instead"
check_fault 2 'is no party of the plan' "not by a stranger" exception Eve "x"
check_fault 2 'is told in 1 to' "nor an empty one" exception Ada " "
check_fault 2 'cannot be seen' "nor one that hides" exception Ada "$(printf 'a\342\200\256b')"
check_match 'waits for a person: Ada' "then the sign-offs are waited for" run --affirm-destroyed --signer "$b" --signer "$w"
check "with everybody there it ends" run --signer "$a" --signer "$b" --signer "$w"
check "and is sound" simrite-ceremony verify "$t" --plan "$scratch/plan"
check_match '"exceptions":1' "the verifier counts exceptions" simrite-ceremony verify --json "$t"
check_match 'signed off  *by Ada, Bob, Wim de Wit' "and says who signed" simrite-ceremony verify "$t"
check_match 'the shredder jammed' "show tells the exception" simrite-ceremony show "$t"
check_match 'Wim de Wit' "and the people" simrite-ceremony show "$t"
check_fault 6 'is closed' "nothing more is recorded" exception Ada "too late"
check_status 5 "nor where nothing was begun" simrite-ceremony exception --by Ada --text x "$scratch/nowhere"

# the closing note
note=$scratch/out/transcript.note
check_match 'note  .*signed by the ceremony.s key and by Ada, Bob, Wim de Wit' "everybody signed the note" simrite-ceremony verify "$t"
check_match '"note":\{"file":.*"cosigned":\["Ada","Bob","Wim de Wit"\],.*"missing":\[\]' "and with --json" simrite-ceremony verify --json "$t"
check_match '^— Wim%20de%20Wit ' "a blank in a name is written so that others can read the note" cat "$note"
check "three have" simrite-ceremony verify --cosigned 3 "$t"
check_fault 1 '3 parties have signed it, not 4' "four have not" simrite-ceremony verify --cosigned 4 "$t"
check_status 2 "none is no number" simrite-ceremony verify --cosigned 0 "$t"
check_fault 2 'is not a number from 1' "nor is what a machine word would make 1 of" simrite-ceremony verify --cosigned 4294967297 "$t"
sed '/^— Bob /d' "$note" >"$scratch/less.note"
check_match 'not signed by Bob' "one that is missing is named" simrite-ceremony verify --note "$scratch/less.note" "$t"
sed '/^— simrite/d' "$note" >"$scratch/no.note"
check_fault 1 "ceremony's key has not signed" "without the ceremony's it is none" simrite-ceremony verify --note "$scratch/no.note" "$t"
(cat "$note"; echo "— witness.example AAAAAAAA") >"$scratch/more.note"
check "a signature of somebody else's is passed over" simrite-ceremony verify --note "$scratch/more.note" "$t"
sed "s/^— Bob .*/— Bob $(sed -n 's/^— Ada //p' "$note" | sed 's/[&/]/\\&/g')/" "$note" >"$scratch/swap.note"
check_match 'not signed by Bob' "Ada's signature under Bob's name is not Bob's" simrite-ceremony verify --note "$scratch/swap.note" "$t"
(cat "$note"; grep '^— Ada ' "$note") >"$scratch/twice.note"
check_fault 1 'Ada signs twice' "nobody signs twice" simrite-ceremony verify --note "$scratch/twice.note" "$t"
(head -c -1 "$note") >"$scratch/cut.note"
check_fault 1 'it was cut off' "a note that was cut" simrite-ceremony verify --note "$scratch/cut.note" "$t"
check_status 5 "no such note" simrite-ceremony verify --note "$scratch/none.note" "$t"
others() { # a note whose parties sign later: the ceremony's key is gone by then
	cp "$note" "$scratch/whole.note" && cp "$scratch/less.note" "$note" && run --signer "$b" && cmp "$note" "$scratch/whole.note" ||
		{ grep -c '^— ' "$note"; simrite-ceremony verify --cosigned 3 "$t"; }
}
check "a signature that is missing is added later" others
check_fault 6 'is closed' "and then there is nothing left to do" run --signer "$b"

# what they signed, by openssl
signed() { # type label name key.pem
	entry=$(jq -c "select(.type == \"$1\" and .data.name == \"$3\")" "$t")
	printf '%s\n%s\n%s\n%s' "$2" rehearsal-people "$3" "$(echo "$entry" | jq -r .previous)" >"$scratch/text"
	echo "$entry" | jq -r .data.signature | base64 -d >"$scratch/sig"
	openssl ec -in "$scratch/$4" -pubout -out "$scratch/pub" 2>/dev/null
	openssl dgst -sha256 -verify "$scratch/pub" -signature "$scratch/sig" "$scratch/text"
}
check_match 'Verified OK' "openssl: Ada was present" signed present 'simrite present v1' Ada ada.pem
check_match 'Verified OK' "openssl: Wim signed off" signed signoff 'simrite signoff v1' 'Wim de Wit' wim.pem
kinds() { jq -c 'select(.type == "share") | [.data.custodian, .data.kind]' "$t"; }
check_match '"Bob","file"' "a share's kind is told when the plan tells it" kinds
check_match '"Alice",null' "and else not" kinds

# ---- a witness with a token ----
export SOFTHSM2_CONF="$scratch/softhsm2.conf"
mkdir "$scratch/tokens"
printf 'directories.tokendir = %s/tokens\nlog.level = ERROR\n' "$scratch" >"$SOFTHSM2_CONF"
echo 123456 >"$scratch/pin"
module=
for m in /usr/lib/softhsm/libsofthsm2.so /usr/lib/*/softhsm/libsofthsm2.so; do [ -e "$m" ] && module=$m && break; done
token() {
	softhsm2-util --init-token --free --label people --pin 123456 --so-pin 123456 &&
		pkcs11-tool --module "$module" --login --pin 123456 --keypairgen --key-type EC:prime256v1 --label wim --id 01 &&
		pkcs11-tool --module "$module" --login --pin 123456 --read-object --type pubkey --label wim --output-file "$scratch/wim.der"
}
check "a token with a key" token
hsm="pkcs11:token=people?pin-source=file:$scratch/pin"
jq --arg wim "$(openssl pkey -pubin -inform DER -in "$scratch/wim.der" -outform DER 2>/dev/null | base64 -w 0)" --arg hsm "$hsm" \
	'.id = "rehearsal-token" | .witnesses[0].key = $wim | .hsm = $hsm | .known_objects = ["wim"] | del(.destruction)' "$scratch/plan" >"$scratch/plan2"
check "signs with it" simrite-ceremony run "$scratch/plan2" --out "$scratch/out2" --signer "$a" --signer "$b" \
	--signer "Wim de Wit=pkcs11:token=people;object=wim?pin-source=file:$scratch/pin"
check "and that is sound" simrite-ceremony verify "$scratch/out2/transcript.jsonl"
unset SOFTHSM2_CONF
check_match 'types fit, [0-9]+ bent ones refused, 0 wrong' "both fit the published schema, and nothing else does" \
	/usr/bin/python3 tests/cli/transcript_schema.py docs/ceremony "$t" "$scratch/out2/transcript.jsonl"
finish
