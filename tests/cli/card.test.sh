#!/bin/sh
# PROVES: simrite card, command by command, on simulated cards over PC/SC:
# what it writes, what it refuses, that no PIN is burnt by accident, and that
# no secret of this run shows in anything it says.
BUILD=${BUILD:-build}
if [ -z "$CARD_TEST_INSIDE" ]; then
	CARD_TEST_INSIDE=1 exec "$BUILD/bin/simrite-sim" run --cards 3 --profile blank -- sh "$0"
fi
. tests/check.sh
umask 077

# Everything the commands say is kept, and searched at the end.
card() { simrite card "$@" >"$scratch/say" 2>&1; s=$?; cat "$scratch/say"; cat "$scratch/say" >>"$scratch/all"; return $s; }
json() { # FILTER ARGUMENT...: true when jq -e says so of the last line
	filter=$1
	shift
	simrite card "$@" --json >"$scratch/json" 2>"$scratch/err"
	cat "$scratch/json" "$scratch/err" | tee -a "$scratch/all"
	[ ! -s "$scratch/err" ] && tail -n 1 "$scratch/json" | jq -e "$filter" >/dev/null
}
A="--reader=simrite 00" # the readers are simrite 00 00, 01 00, 02 00
B="--reader=simrite 01"
C="--reader=simrite 02"

K=8baf473f2f8fd09487cccbd7097c6862
OPC=8e27b6af0e692e750f32667a3b14605d
cat >"$scratch/card.json" <<END
{"schema":1,"iccid":"8988211000000000029","imsi":"999990000000007","mnc_length":2,"k":"$K","opc":"$OPC",
 "method":"derived","pin1":"7395","puk1":"52816604","adm1":"90417733","spn":"Rite & Co"}
END
echo 90417733 >"$scratch/adm"
echo 11223344 >"$scratch/wrong"
echo 7395 >"$scratch/pin1"

# ---- list, readers ----
json '.type == "result" and .schema == 1 and .card and .simrite and (.atr | startswith("3b"))' list
check "list names three simrite cards" test "$(jq -s 'map(select(.simrite)) | length' "$scratch/json")" = 3
check_status 3 "several cards and no --reader is a fault" card info
check_fault 3 '"simrite 00 00", "simrite 01 00", "simrite 02 00"' "that names the readers" card info
check_status 3 "a reader that is not there is a fault" card info --reader nonesuch
check_status 3 "an ambiguous name is a fault" card info --reader simrite
nowhere() { PCSCLITE_CSOCK_NAME=$scratch/none card list; }
check_status 3 "no PC/SC service is a fault" nowhere
simrite sim remove 2
check_fault 3 'no card in reader "simrite 02 00"' "an empty reader is a fault" card info "$C"
check_status 3 "of the reader's kind" card info "$C"
simrite sim insert 2

# ---- a blank card ----
check "info of a blank card" json '.iccid == "" and .imsi == "" and (.personalised | not) and .adm1_tries == 3
	and .pin1_tries == 3 and (.pin1_enabled | not) and (.slots | all(.state == "empty" and .usage == [] and (.loaded | not)))' info "$A"
check_status 1 "a blank card differs from a profile" card verify "$A" "$scratch/card.json"
check_status 0 "a dry run" card program "$A" --dry-run "$scratch/card.json"
check "writes nothing" json '.iccid == "" and (.personalised | not) and .slots[0].loaded == false' info "$A"

# ---- program through the channel ----
check "program says what it wrote, and that the key is proven" json '.proven and (.dry_run | not)
	and (.items | map(select(.item == "IMSI"))[0].written)' program "$A" "$scratch/card.json"
check "info of the programmed card" json '.iccid == "8988211000000000029" and .imsi == "999990000000007"
	and .personalised and .slots[0].loaded and .slots[0].method == "derived" and .slots[0].uses == 1
	and .slots[0].state == "loaded" and .slots[0].usage == ["3G", "GSM", "GBA"]' info "$A"
check_match 'slot 1   loaded, Milenage, for 3G GSM GBA, derived, .*used 1 times' "and in words" card info "$A"
check "verify agrees" json '.same and (.items | length == 7)' verify "$A" "$scratch/card.json"
check "and changes nothing on the card" json '.slots[0].uses == 1' info "$A"
check "programming it again writes only what cannot be compared" json '[.items[] | select(.written) | .item]
	== ["PIN1", "ADM1"]' program "$A" "$scratch/card.json"
check_status 0 "the test profile goes into another card" card program "$B" test
check "with its public values" json '.imsi == "001010000000001" and .iccid == "8988211000000000011"
	and .slots[0].method == "injected"' info "$B"
check_fault 1 'differs +key' "verify finds another key" card verify "$B" "$scratch/card.json"
check_status 1 "and says no" card verify "$B" "$scratch/card.json"

# ---- only what is given ----
echo '{"imsi":"999990000000008"}' >"$scratch/imsi.json"
check_status 0 "a profile of one field" card program "$A" "$scratch/imsi.json"
check "changes that field and no other" json '.imsi == "999990000000008" and .iccid == "8988211000000000029"
	and .slots[0].uses == 1' info "$A"

# ---- ADM1 and the guard over tries ----
check_status 1 "a wrong ADM1 is a no" card program "$A" --adm "file:$scratch/wrong" "$scratch/card.json"
check "that costs one try, and nothing is written" json '.adm1_tries == 2 and .imsi == "999990000000008"' info "$A"
check_status 6 "with two tries left ADM1 is not tried" card program "$A" --adm "file:$scratch/wrong" "$scratch/card.json"
check_status 6 "not even the right one" card program "$A" --adm "file:$scratch/adm" "$scratch/card.json"
check "and no try was spent" json '.adm1_tries == 2' info "$A"
echo '{"imsi":"999990000000009"}' >"$scratch/imsi.json"
check_status 0 "unless it is asked for" card program "$A" --adm "file:$scratch/adm" --force-last-tries "$scratch/imsi.json"
check "then the file is written and the tries are back" json '.adm1_tries == 3 and .imsi == "999990000000009"' info "$A"
# EF.ICCID is not ADM1's to write (TS 102 221 13.2)
echo '{"iccid":"8988211000000000037","imsi":"999990000000006","spn":"Other"}' >"$scratch/three.json"
check_match 'left to the secure channel' "what ADM1 may not write goes through the channel" \
	card program "$A" --adm "file:$scratch/adm" "$scratch/three.json"
check "so that all of it is written" json '.same' verify "$A" "$scratch/three.json"
echo '{"iccid":"8988211000000000045","imsi":"999990000000005"}' >"$scratch/two.json"
printf '{"version":48,"enc":"%s","mac":"%s","dek":"%s"}' $K $K $K >"$scratch/keys"
check_fault 1 'written: IMSI; not written: ICCID' "a fault half way says what was written and what was not" \
	card program "$A" --adm "file:$scratch/adm" --keys "$scratch/keys" "$scratch/two.json"
check "and that is true" json '.iccid == "8988211000000000037" and .imsi == "999990000000005"' info "$A"
check_status 0 "running it again finishes" card program "$A" --adm "file:$scratch/adm" "$scratch/two.json"
check "with both" json '.same' verify "$A" "$scratch/two.json"
echo 12x4 >"$scratch/odd"
check_status 5 "an ADM1 that is no number is not sent" card program "$A" --adm "file:$scratch/odd" "$scratch/card.json"
check "so costs nothing" json '.adm1_tries == 3' info "$A"
chmod 644 "$scratch/adm"
check_status 6 "an ADM1 file others may read is refused" card program "$A" --adm "file:$scratch/adm" "$scratch/card.json"
check_status 2 "a secret on the command line is refused" card program "$A" --adm 90417733 "$scratch/card.json"
no_terminal() { setsid -w simrite card program "$A" --adm prompt "$scratch/card.json" </dev/null; }
check_status 5 "a prompt without a terminal is a fault" no_terminal

# ---- PIN1 ----
sed 's/"pin1":"7395"/"pin1":"7395","pin1_enabled":true/' "$scratch/card.json" >"$scratch/locked.json"
check_status 0 "a profile that switches PIN1 on" card program "$A" "$scratch/locked.json"
check "info tells that, and not the IMSI" json '.pin1_enabled and .imsi == ""' info "$A"
check "but for PIN1" json '.imsi == "999990000000007"' info "$A" --pin1 "file:$scratch/pin1"
check_status 1 "verify without PIN1 cannot say yes" card verify "$A" "$scratch/locked.json"
check_status 0 "verify with PIN1 can" card verify "$A" "$scratch/locked.json" --pin1 "file:$scratch/pin1"
check_status 6 "auth without PIN1 is refused" card auth "$A" --profile "$scratch/locked.json"
check_status 0 "programming needs no PIN1" card program "$A" "$scratch/card.json"

# ---- secure channel keys ----
check_status 1 "wrong secure channel keys are a no" card program "$A" --keys "$scratch/keys" "$scratch/imsi.json"
check "and nothing is written" json '.imsi == "999990000000007"' info "$A"
check_fault 1 'not written: IMSI' "and the fault says so" card program "$A" --keys "$scratch/keys" "$scratch/imsi.json"
chmod 640 "$scratch/keys"
check_status 6 "keys others may read are refused" card program "$A" --keys "$scratch/keys" "$scratch/imsi.json"
check_status 5 "keys that are not there are a fault" card program "$A" --keys "$scratch/none" "$scratch/imsi.json"

# ---- read ----
check "read decodes EF.IMSI" json '.path == "7FFF/6F07" and .content[0].hex == "089999990000000070"
	and .content[0].meaning == "IMSI 999990000000007"' read "$A" EF.IMSI
check "read takes short names" json '.content[0].meaning | test("check digit right")' read "$A" iccid
check "read takes paths" json '.kind == "transparent" and .size == 10' read "$A" 2FE2
check "read shows every record" json '.kind == "linear fixed" and (.content | length >= 1)
	and (.content[0].meaning | test("a0000000871002"))' read "$A" dir
check "or one" json '.content | length == 1 and .[0].record == 1' read "$A" dir --record 1
check_match 'Rite & Co' "read shows the name" card read "$A" spn
check_status 3 "a file that is not there is a fault" card read "$A" 6FFF
check_status 3 "a record that is not there is a fault" card read "$A" dir --record 200
check_status 2 "a path that is none is misuse" card read "$A" nonesuch
check_status 2 "a record of a transparent file is misuse" card read "$A" imsi --record 1
check_status 2 "record 0 is misuse" card read "$A" dir --record 0

# ---- auth ----
check "auth proves the key, and tells the SQN" json '.proven and .answer == "accepted" and (.sqn_card | length == 12)
	and (has("res") | not)' auth "$A" --profile "$scratch/card.json"
check "a stale SQN is answered by AUTS" json '.code == 1' auth "$A" --profile "$scratch/card.json" --sqn 000000000000
check "which is shown" test "$(head -n 1 "$scratch/json" | jq -r '.auts | length')" = 28
check "another key is a no" json '.code == 1 and (.text | test("other|another|wrong"))' auth "$A" --profile test
printf '%s\n' $K >"$scratch/k"
printf '%s\n' $OPC >"$scratch/opc"
check_status 0 "K and OPc from files" card auth "$A" --k "file:$scratch/k" --opc "file:$scratch/opc"
from_fd() { card auth "$A" --k fd:3 --opc fd:4 3<"$scratch/k" 4<"$scratch/opc"; }
check_status 0 "K and OPc from descriptors" from_fd
check_status 1 "a RAND and AUTN of nobody" card auth "$A" --rand 00000000000000000000000000000000 --autn 00000000000000000000000000000000
check_status 2 "half a RAND is misuse" card auth "$A" --rand 0000 --autn 00000000000000000000000000000000
check_status 2 "nothing to ask with is misuse" card auth "$A"
# RES and CK are secrets: not in the search below, but in a file of their own
reveal() { simrite card auth "$B" --profile test --reveal --json | jq -e '(.res | length == 16) and (.ck | length == 32) and (.ik | length == 32)'; }
check "--reveal prints RES, CK and IK" reveal

# ---- bad profiles: exit 5, nothing written, no secret said ----
bad() { printf '%s' "$2" >"$scratch/bad.json"; check_status 5 "$1" card program "$A" "$scratch/bad.json"; }
bad "an empty profile file" ''
bad "JSON that breaks off" "{\"k\":\"$K\",\"opc\":\"$OPC"
bad "an unknown field" '{"imis":"999990000000001"}'
bad "a key given twice" '{"imsi":"999990000000001","imsi":"999990000000002"}'
bad "an IMSI of 16 digits" '{"imsi":"9999900000000012"}'
bad "a K of 15 bytes" "{\"k\":\"${K%??}\",\"opc\":\"$OPC\"}"
bad "a K without OPc" "{\"k\":\"$K\"}"
bad "an ICCID with a wrong check digit" '{"iccid":"8988211000000000012"}'
check_status 5 "a profile that is not there" card program "$A" "$scratch/none-such.json"
check_status 5 "a folder for a profile" card program "$A" "$scratch"
cp "$scratch/card.json" "$scratch/open.json"
chmod 644 "$scratch/open.json"
check_status 6 "a profile with keys that others may read" card program "$A" "$scratch/open.json"
check "the card is as it was" json '.same' verify "$A" "$scratch/card.json"

# ---- a result that cannot be written; Ctrl-C ----
full() { simrite card info "$A" >/dev/full; }
check_status 7 "a full disk is a fault" full
mkfifo "$scratch/fifo"
env --default-signal=INT simrite card program "$A" --adm fd:5 "$scratch/imsi.json" 5<>"$scratch/fifo" >"$scratch/say" 2>&1 &
pid=$!
i=0
while ! grep -q IMSI "$scratch/say" && [ $i -lt 100 ]; do sleep 0.05; i=$((i + 1)); done
sleep 0.2
kill -INT $pid
wait $pid
check "Ctrl-C while a PIN is awaited ends with 8" test $? -eq 8
check "and wrote nothing" json '.imsi == "999990000000007" and .adm1_tries == 3' info "$A"

# ---- a card pulled out while the command runs ----
echo '{"imsi":"999990000000011"}' >"$scratch/pull.json"
simrite card program "$B" --adm fd:5 "$scratch/pull.json" 5<>"$scratch/fifo" >"$scratch/pulled" 2>&1 &
pid2=$!
i=0
while ! grep -q IMSI "$scratch/pulled" && [ $i -lt 100 ]; do sleep 0.05; i=$((i + 1)); done
simrite sim remove 1
echo 12345678 >"$scratch/fifo" &
wait $pid2
check "a card pulled out is a fault of the reader's kind" test $? -eq 3
check_match 'no card in reader "simrite 01 00"|simrite 01 00' "that names the reader" cat "$scratch/pulled"
simrite sim insert 1
check "and the card is as it was" json '.imsi == "001010000000001"' info "$B"

# ---- a terminal: script(1) makes one ----
typed() { # WHAT: run the command below in a terminal, and type WHAT when it asks
	rm -f "$scratch/keyboard"
	mkfifo "$scratch/keyboard"
	: >"$scratch/screen"
	script -qec "simrite card program '$A' --adm prompt $scratch/back.json; s=\$?; stty -a | grep -ow -- -*echo; exit \$s" \
		/dev/null <"$scratch/keyboard" >"$scratch/screen" 2>&1 &
	pid=$!
	exec 6>"$scratch/keyboard"
	i=0
	while ! grep -q 'ADM1:' "$scratch/screen" && [ $i -lt 100 ]; do sleep 0.05; i=$((i + 1)); done
	printf "$1" >&6
	wait $pid
	s=$?
	exec 6>&-
	cat "$scratch/screen" | tee -a "$scratch/all"
	return $s
}
echo '{"imsi":"999990000000010"}' >"$scratch/back.json"
check_status 8 "Ctrl-C at the prompt ends with 8" typed '\003'
check_match '^echo' "and the terminal shows again what is typed" cat "$scratch/screen"
check_status 0 "ADM1 typed at the prompt" typed '90417733\n'
check_match '^echo' "and the terminal is as it was" cat "$scratch/screen"
check "the file was written" json '.imsi == "999990000000010"' info "$A"

# ---- no secret in anything said ----
clean() {
	for secret in $K $OPC 7395 52816604 90417733 11223344 465b5ce8b199b49faa5f0a2ee238a6bc cd63cb71954a9f4e48a5994e37a02baf 12345678; do
		if grep -qiF "$secret" "$scratch/all"; then
			echo "$secret was said:"
			grep -iF "$secret" "$scratch/all"
			return 1
		fi
	done
	[ "$(wc -l <"$scratch/all")" -gt 100 ] # and much was said
}
check "no key, PIN or PUK in anything these commands said" clean
finish
