#!/bin/sh
# PROVES: a custodian's card over PC/SC: made its holder's own, found by its key among
# others, asked for contribution, share and signatures; what it signs is what OpenSSL
# takes for the protocol's texts; wrong PINs, other shares and pulled cards are told.
BUILD=${BUILD:-build}
if [ -z "$CUSTODIAN_TEST_INSIDE" ]; then
	CUSTODIAN_TEST_INSIDE=1 exec "$BUILD/bin/simrite-sim" run --cards 3 --profile blank -- sh "$0"
fi
. tests/check.sh
umask 077
A="--reader=simrite 00"
B="--reader=simrite 01"
C="--reader=simrite 02"
SET=0102030405060708

ceremony() { simrite ceremony "$@" >"$scratch/say" 2>&1; s=$?; cat "$scratch/say"; cat "$scratch/say" >>"$scratch/all"; return $s; }
json() { # FILTER ARGUMENT...: true when jq -e says so of the last line
	filter=$1
	shift
	simrite ceremony "$@" --json >"$scratch/json" 2>"$scratch/err"
	cat "$scratch/json" "$scratch/err" | tee -a "$scratch/all"
	[ ! -s "$scratch/err" ] && tail -n 1 "$scratch/json" | jq -e "$filter" >/dev/null
}
# talk LINE...: what lib/custodian.h answers to these.
talk() { printf '%s\n' "$@" | "$BUILD/tests/custodian_talk" >"$scratch/talk" 2>&1; s=$?; cat "$scratch/talk"; return $s; }
# said REGEX LINE...: and a line of it matches.
said() { regex=$1; shift; talk "$@" | grep -Eq -- "$regex" || { cat "$scratch/talk"; return 1; }; }

echo 246810 >"$scratch/pin"
echo 13579135 >"$scratch/code"
echo 97531042 >"$scratch/new"
echo 111111 >"$scratch/wrong"

# ---- enrol, card-status ----
check "a blank card is not enrolled" json '(.enrolled | not) and .key == "" and .share.state == "none"' card-status "$A"
check_status 3 "several cards and no --reader is a fault" ceremony card-status
check_status 2 "a PIN on the command line is misuse" ceremony enrol "$A" --pin 246810 --code "file:$scratch/code"
check_fault 5 '6 to 8 digits' "a PIN of another form is refused" ceremony enrol "$A" --pin "file:$scratch/none" --code "file:$scratch/code"
printf '1234\n' >"$scratch/short"
check_fault 5 '6 to 8 digits' "as is one that is short" ceremony enrol "$A" --pin "file:$scratch/short" --code "file:$scratch/code"
check "and the card is as it was" json '.enrolled | not' card-status "$A"
check "enrol says what the plan wants" json '.enrolled and .pin_tries == 3 and .code_tries == 10 and .plan.name == "Ada"
	and .plan.key == .key and (.serial | test("^[0-9a-f]{16}$"))' enrol "$A" --pin "file:$scratch/pin" --code "file:$scratch/code" --name Ada
key=$(jq -r .key "$scratch/json")
serial=$(jq -r .serial "$scratch/json")
cp "$scratch/json" "$scratch/ada"
check_fault 2 'not custodian, witness or administrator' "for a role that there is" ceremony enrol "$B" --role owner --pin "file:$scratch/pin" --code "file:$scratch/code"
check_match "^for the plan  \\{\"key\":\"[^\"]+\",\"name\":\"Wim\"\\}$" "and in words, of a witness without a serial" ceremony enrol "$B" --role witness \
	--name Wim --pin "file:$scratch/pin" --code "file:$scratch/code"
sed -n 's/^for the plan  //p' "$scratch/say" >"$scratch/wim"
planned() { # what it said goes into a plan as it stands; $1: jq, to alter it
	jq -s "{schema: 1, id: \"rehearsal-enrolled\", mode: \"rehearsal\", title: \"T\", operator: \"O\", threshold: 2,
		custodians: [(.[0].plan + {role: \"r\", jurisdiction: \"NL\", share: \"card\"}), {name: \"Bob\", role: \"r\", jurisdiction: \"FR\"}],
		witnesses: [.[1] + {role: \"notary\"}], batches: [{id: \"rehearsal-b\", count: 1}]} | $1" "$scratch/ada" "$scratch/wim" >"$scratch/plan"
	ceremony plan "$scratch/plan"
}
check "both go into the plan as they are" planned .
check_status 5 "where a witness's card has no serial" planned '.witnesses[0].serial = "0042"'
check "and the administrator's is like a witness's" planned '.administrator = (.witnesses[0] | del(.role)) | del(.witnesses)'
check_fault 6 'is enrolled already' "a second time is refused" ceremony enrol "$A" --pin "file:$scratch/new" --code "file:$scratch/code"
check "the serial is the beginning of the key's digest" test "$serial" = "$(echo "$key" | base64 -d |
	openssl ec -pubin -inform DER -conv_form compressed -outform DER 2>/dev/null | tail -c 33 | sha256sum | cut -c1-16)"
echo "$key" | base64 -d | openssl ec -pubin -inform DER -out "$scratch/key.pem" 2>/dev/null
signed() { # TEXT: does the last signature that was said fit it?
	sed -n 's/^signature //p' "$scratch/talk" | tail -n 1 | base64 -d >"$scratch/signature"
	printf "$1" >"$scratch/text"
	openssl dgst -sha256 -verify "$scratch/key.pem" -signature "$scratch/signature" "$scratch/text"
}
last() { sed -n "s/^$1 //p" "$scratch/talk" | tail -n 1; }

# ---- found, and asked ----
check "the card is found by its key" said '^found in simrite 00' "find $key"
openssl ecparam -name prime256v1 -genkey -noout 2>/dev/null | openssl ec -pubout -outform DER 2>/dev/null | base64 -w0 >"$scratch/other"
check "a key that no card has is not" said '^fault 3: no reader has the card with this key; of 3 readers, 3 have another' "find $(cat "$scratch/other")"
check "nothing is signed before the PIN" said '^fault 6: sign: the PIN was not verified' "find $key" "present c1 Ada"
check "a contribution" said '^commitment [0-9a-f]{64}$' "find $key" "pin 246810" "contribute c1 2" "reveal c1 2" "reveal c1 2"
check "the card signs its commitment" signed "simrite commit v1\nc1\n$SET\n2\n$(last commitment)"
check "which is that of the protocol" test "$(printf "simrite contribution v1\nc1\n$SET\n2\n$(last contribution)" | sha256sum | cut -c1-64)" = "$(last commitment)"
check "and is revealed once" grep -q '^fault 6: the card holds no contribution' "$scratch/talk"
check "a share" said '^commitment' "find $key" "pin 246810" "store c1 2 2 3" "store c1 2 2 3" status
check "the card signs that it holds it" signed "simrite share held v1\nc1\n$SET\n2\n$(last commitment)"
check "by the commitment of the protocol" test "$(printf "simrite share v1\nc1\n$SET\n2\n2\n3\n$(printf '11%.0s' $(seq 32))\n$(printf '22%.0s' $(seq 32))" | sha256sum | cut -c1-64)" = "$(last commitment)"
check "one at a time" grep -q '^fault 6: the card holds share 2 of ceremony "c1"' "$scratch/talk"
check "and tells of it" json '.share.state == "held" and .share.ceremony == "c1" and .share.index == 2 and .share.threshold == 2
	and .share.total == 3 and .share.set == "'$SET'" and .releases == 0' card-status "$A"
check_match "^share +held: 2 of ceremony c1, set $SET, 2 of 3 needed" "in words, too" ceremony card-status "$A"
check "it is released to who confirms" said "^value $(printf '22%.0s' $(seq 32))\$" "find $key" "pin 246810" "confirm c1" "release c1 2"
check "and to nobody else" said '^fault 6: release the share: its custodian did not confirm it' "find $key" "pin 246810" "release c1 2"
check "once" said '^fault 6: release the share: its custodian did not' "find $key" "pin 246810" "confirm c1" "release c1 2" "release c1 2"
check "not for another ceremony" said '^fault 6: the card holds share 2 of ceremony "c1"' "find $key" "pin 246810" "confirm c2"
check "nor as another share" said '^fault 6: the card holds share 2 of ceremony "c1".* wanted is 3 of "c1"' "find $key" "pin 246810" "confirm c1" "release c1 3"
check "releases are counted" json '.releases == 2' card-status "$A"

# ---- signatures ----
head=$(printf '33%.0s' $(seq 32))
check "present" said '^signature' "find $key" "pin 246810" "present c1 Ada Example"
check "is what OpenSSL takes for it" signed "simrite present v1\nc1\nAda Example\n$head"
check "signoff" said '^signature' "find $key" "pin 246810" "signoff c1 Ada Example"
check "is what OpenSSL takes for it" signed "simrite signoff v1\nc1\nAda Example\n$head"
check "a note" said '^signature' "find $key" "pin 246810" 'note simrite/ceremony/c1\n12\nZGlnZXN0IG9mIGV2ZXJ5dGhpbmc=\nmode rehearsal\n'
check "is what OpenSSL takes for it" signed 'simrite/ceremony/c1\n12\nZGlnZXN0IG9mIGV2ZXJ5dGhpbmc=\nmode rehearsal\n'
check "another text is refused" said '^fault 3: sign the note: the card answers 6A80' "find $key" "pin 246810" 'note simrite commit v1\nc1\n0102030405060708\n1\n'

# ---- the PIN ----
check "a wrong PIN costs a try" said '^fault 1: the PIN is wrong, 2 tries left' "find $key" "pin 111111"
check "and another" said '^fault 1: the PIN is wrong, 1 try left' "find $key" "pin 111111"
check "the last one is not tried" said '^fault 6: the PIN has one try left' "find $key" "pin 246810"
check "but when it is meant" said 'tries 3 unblock 10' "find $key" "pin! 246810" status
check_match 'PIN +3 of 3' "a new PIN by the old one" ceremony card-pin "$A" --pin "file:$scratch/pin" --new-pin "file:$scratch/new"
check_fault 1 '2 tries left' "after which that is wrong" ceremony card-pin "$A" --pin "file:$scratch/pin" --new-pin "file:$scratch/new"
check_fault 1 '1 try left' "twice" ceremony card-pin "$A" --pin "file:$scratch/wrong" --new-pin "file:$scratch/new"
check_fault 6 'was not tried' "and not a third time" ceremony card-pin "$A" --pin "file:$scratch/wrong" --new-pin "file:$scratch/new"
check_fault 1 '0 tries left' "unless forced" ceremony card-pin "$A" --pin "file:$scratch/wrong" --new-pin "file:$scratch/new" --force-last-try
check "blocked: no share" said '^fault 6: the PIN is blocked' "find $key" "pin 246810" "confirm c1"
check_fault 6 'card-pin --code' "what to do is said" ceremony destroy-share "$A" --ceremony c1 --pin "file:$scratch/new"
check_status 2 "PIN and code together are misuse" ceremony card-pin "$A" --pin "file:$scratch/pin" --code "file:$scratch/code"
check_match 'PIN +3 of 3' "the code frees it" ceremony card-pin "$A" --code "file:$scratch/code" --new-pin "file:$scratch/pin"
printf '%s\n' 1234 246810 246811 246810 246810 >"$scratch/lines"
typed() {
	python3 tests/cli/type_words.py "$scratch/lines" simrite-ceremony card-pin "$A" --pin "file:$scratch/pin" --new-pin prompt | tee "$scratch/typed"
}
check_match 'PIN +3 of 3' "at a terminal a new PIN is asked for until it is one" typed
check_match 'that is not a new PIN of 6 to 8 digits; once again' "what was no PIN" cat "$scratch/typed"
check_match 'not the same both times; once again' "and what was typed otherwise the second time" cat "$scratch/typed"
check_match 'a new PIN of 6 to 8 digits \(not shown; Ctrl-C leaves\): ' "the prompt says how to get out" cat "$scratch/typed"

# ---- pulled out ----
check "pulled out between two commands" said '^fault 3: .*(no card|removed|is gone)' "find $key" "pin 246810" "! simrite sim remove 0" "contribute c1 1"
check_status 3 "and asked for again" ceremony card-status "$A"
simrite sim insert 0
check "it comes back with its share" said 'share 1 of c1' "find $key" status
check "and without the PIN" said '^fault 6: draw a contribution: the PIN' "find $key" "contribute c1 1"

# ---- another card, another share ----
check_fault 6 'not of "c2"' "another ceremony's share is not destroyed" ceremony destroy-share "$A" --ceremony c2 --pin "file:$scratch/pin"
check_fault 6 'holds no share' "none cannot be" ceremony destroy-share "$B" --ceremony c1 --pin "file:$scratch/pin"
check_fault 6 'is not enrolled' "a card without PIN cannot be changed" ceremony card-pin "$C" --pin "file:$scratch/pin" --new-pin "file:$scratch/new"
check_status 2 "whose share must be said" ceremony destroy-share "$A" --pin "file:$scratch/pin"
check "destroyed" json '.ceremony == "c1" and .index == 2 and (.signature | length > 80)' destroy-share "$A" --ceremony c1 --pin "file:$scratch/pin"
echo "signature $(jq -r .signature "$scratch/json")" >"$scratch/talk"
check "the card signs that it did" signed "simrite share destroyed v1\nc1\n$SET\n2\n$(jq -r .commitment "$scratch/json")"
cp "$scratch/json" "$scratch/first"
check "asked again it says the same" json '.ceremony == "c1"' destroy-share "$A" --ceremony c1 --pin "file:$scratch/pin"
check "to the letter" cmp "$scratch/first" "$scratch/json"
check "it cannot be had any more" said '^fault 6: the share that the card held, of ceremony "c1", is destroyed' "find $key" "pin 246810" "confirm c1"

secrets() { ! grep -Eq '246810|13579135|97531042|111111' "$scratch/all"; }
check "no PIN or code in anything the commands said" secrets
finish
