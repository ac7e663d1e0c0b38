#!/bin/sh
# PROVES: a card gets a key of every algorithm, proves it, and an
# authentication centre that has the same key agrees with the card.
BUILD=${BUILD:-build}
if [ -z "$ALGORITHM_TEST_INSIDE" ]; then
	ALGORITHM_TEST_INSIDE=1 exec "$BUILD/bin/simrite-sim" run --cards 1 --profile blank -- sh "$0"
fi
. tests/check.sh
umask 077
imsi=001010000000001
k=00112233445566778899aabbccddeeff
echo $k >"$scratch/k16"
echo $k$k >"$scratch/k32"

# field NAME: out of the vector
field() { jq -r ".$1" "$scratch/vector"; }
simrite-auc init --database "$scratch/auc.db" >/dev/null
auc() { command=$1; shift; simrite-auc "$command" --database "$scratch/auc.db" "$@"; }

# try ALGORITHM K OPC CONTEXT: FILEs of key and OPc ("" for none); CONTEXT 3g or gsm
try() {
	opc=${3:+,\"opc\":\"$(cat "$3")\"}
	echo "{\"schema\":1,\"imsi\":\"$imsi\",\"mnc_length\":2,\"algorithm\":\"$1\",\"k\":\"$(cat "$2")\"$opc}" >"$scratch/profile.json"
	check "$1: the card takes the key and proves it" simrite card program "$scratch/profile.json"
	check "$1: verify finds nothing else" simrite card verify "$scratch/profile.json"
	check_match 'as computed here' "$1: card auth proves the key it is given" \
		simrite card auth --algorithm "$1" --k "file:$2" ${3:+--opc "file:$3"}
	check "$1: the centre takes the key" \
		auc add --imsi $imsi --replace --algorithm "$1" --k "file:$2" ${3:+--opc "file:$3"} --sqn 000010000000
	check_match "  $1\$" "$1: and lists it" auc list
	rm -f "$scratch/vector"
	if [ "$4" = gsm ]; then
		check_status 1 "$1: it makes no 3G vector" auc vector --imsi $imsi --out "$scratch/vector"
		return
	fi
	check "$1: a vector of the centre" auc vector --imsi $imsi --out "$scratch/vector"
	simrite card auth --rand "$(field rand)" --autn "$(field autn)" --reveal --json >"$scratch/answer" 2>"$scratch/.out"
	[ "$(jq -r '.res + .ck + .ik' "$scratch/answer")" = "$(field res)$(field ck)$(field ik)" ]
	check_report $? "$1: the card accepts it and answers RES, CK and IK of the centre"
}

try milenage "$scratch/k16" "$scratch/k16" 3g
try tuak "$scratch/k16" "$scratch/k32" 3g
try tuak:k=32,mac=32,res=32,ck=32,ik=32,iterations=3 "$scratch/k32" "$scratch/k32" 3g
try xor "$scratch/k16" "" 3g
for gsm in comp128v1 comp128v2 comp128v3 xor-gsm; do try $gsm "$scratch/k16" "" gsm; done

# ---- refusals ----
check_status 1 "a key of another algorithm is told from the card's" \
	simrite card auth --algorithm comp128v1 --k "file:$scratch/k16"
check_fault 1 'another K or OPc' "in words" simrite card auth --algorithm tuak --k "file:$scratch/k16" --opc "file:$scratch/k32"
check_status 5 "no such algorithm" auc add --imsi $imsi --algorithm des --k "file:$scratch/k16"
check_status 2 "TUAK without TOPc" auc add --imsi $imsi --algorithm tuak --k "file:$scratch/k16"
check_status 2 "COMP128 with OPc" auc add --imsi $imsi --algorithm comp128v1 --k "file:$scratch/k16" --opc "file:$scratch/k16"
check_match '"algorithm":"XOR \(GSM\)"' "card info names the algorithm" simrite card info --json
finish
