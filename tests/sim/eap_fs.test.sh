#!/bin/sh
# EAP-AKA' with and without forward secrecy, a real card in a simulated reader, against a listener and against a false
# base station, both of which have K and OPc. What each got is what the judge says; the sealed truth is the phone's.
. tests/check.sh

cat >"$scratch/inside.sh" <<END
scratch=$scratch
PATH=$BIN:\$PATH
END
cat >>"$scratch/inside.sh" <<'END'
umask 077
cd "$scratch"
k=465b5ce8b199b49faa5f0a2ee238a6bc opc=cd63cb71954a9f4e48a5994e37a02baf
echo $k >k
echo $opc >opc
simrite auc init --database a.db && simrite auc add --database a.db --imsi 001010000000001 --k file:k --opc file:opc --sqn 000000000000 || exit 70
simrite auc serve --database a.db --socket a.sock --until-parent-dies >auc.log 2>&1 &
for i in 1 2 3 4 5 6 7 8 9 10; do [ -S a.sock ] && break; sleep 0.1; done
stolen() { # FOLDER [K]: what another thief left
	mkdir -p "$1/captured" "$1/loot"
	printf '{"imsi":"001010000000001","k":"%s","opc":"%s","from":"a database"}\n' "${2:-$k}" $opc >"$1/captured/keys.jsonl"
}
attach() { # NAME OPTIONS
	name=$1
	shift
	simrite radio attach --auc a.sock --out "$name.pcapng" --truth "$name.truth" "$@" >"$name.said" 2>&1
}
between() { # NAME PLAN OPTIONS: the same with a false base station, held by the kernel to its folders and its socket
	stolen "$1.station" "$4"
	[ -z "$2" ] || echo "$2" >"$1.station/captured/plan.txt"
	simrite radio between "$1.sock" -- simrite heist confine "$(command -v simrite-thief-station)" "$1.station/captured" "$1.station/loot" >"$1.station/said" 2>&1 &
	attach "$1" --access eap-aka-prime-fs --false-station "$1.sock" --sessions 1 $3
	status=$?
	wait $!
	return $status
}
attach prime --access eap-aka-prime
attach fs --access eap-aka-prime-fs
attach p256 --access eap-aka-prime-fs --fs-group p256 --fs-policy require --network-fs-policy require --sessions 1
attach old --access eap-aka-prime-fs --network-fs-policy off --sessions 1
attach stubborn --access eap-aka-prime-fs --network-fs-policy off --fs-policy require --sessions 1
between exchange "" "--fs-policy require --network-fs-policy require"
between exchange256 exchange "--fs-group p256"
between strip_allow strip "--fs-policy allow --network-fs-policy require"
between strip_require strip "--fs-policy require"
between alone alone "--fs-policy require"
between alone256 alone "--fs-policy require --fs-group p256"
attach afterwards --access eap-aka-prime-fs --sessions 40
between wrong exchange "" 465b5ce8b199b49faa5f0a2ee238a6bd
rm -f empty.station/captured/keys.jsonl
mkdir -p empty.station/captured empty.station/loot
simrite radio between empty.sock -- simrite-thief-station empty.station/captured empty.station/loot >empty.station/said 2>&1 &
attach empty --access eap-aka-prime-fs --false-station empty.sock --sessions 1
wait $!
attach gone --access eap-aka-prime-fs --false-station gone.sock --sessions 1 & # one that leaves at once
pid=$!
simrite radio between gone.sock -- true
wait $pid
# a card that has seen later numbers than the centre knows: AUTS, then a new challenge
simrite auc init --database b.db && simrite auc add --database b.db --imsi 001010000000001 --k file:k --opc file:opc --sqn 000000000000 || exit 70
simrite auc serve --database b.db --socket b.sock --until-parent-dies >>auc.log 2>&1 &
for i in 1 2 3 4 5 6 7 8 9 10; do [ -S b.sock ] && break; sleep 0.1; done
simrite radio attach --auc a.sock --out drop.pcapng --truth drop.truth --access eap-aka-prime-fs --sessions 40 >drop.said 2>&1
simrite radio attach --auc b.sock --out resync.pcapng --truth resync.truth --access eap-aka-prime-fs --sessions 3 >resync.said 2>&1
END
simrite sim run --cards 1 --profile test -- sh "$scratch/inside.sh" >"$scratch/.out" 2>&1
check_report $? "a card attaches in every way, with a listener and with somebody between"

said() { cat "$scratch/$1.said"; }
judge() { # NAME LOOT: "decrypted of sessions, false packets"
	simrite judge --json --truth x="$scratch/$1.truth" "$2" |
		jq -r '"\(.cells[0].decrypted) of \(.cells[0].sessions), \(.false_packets) false"'
}
listen() { # NAME [K]: a listener with the key and this record, held by the kernel to its folders
	mkdir -p "$scratch/$1.listener/captured" "$scratch/$1.listener/loot"
	cp "$scratch/$1.pcapng" "$scratch/$1.listener/captured/radio.pcapng"
	printf '{"imsi":"001010000000001","k":"%s","opc":"cd63cb71954a9f4e48a5994e37a02baf","from":"a database"}\n' \
		"${2:-465b5ce8b199b49faa5f0a2ee238a6bc}" >"$scratch/$1.listener/captured/keys.jsonl"
	simrite heist confine "$BIN/simrite-thief-listener" "$scratch/$1.listener/captured" "$scratch/$1.listener/loot" >"$scratch/$1.listener/said" || return 1
	judge "$1" "$scratch/$1.listener/loot"
}
station() { judge "$1" "$scratch/$1.station/loot"; }
log() { jq -r "$3" "$scratch/$1.truth/$2.jsonl"; }

# ---- the radio ----
check_match '1 phones, 2 sessions recorded' "EAP-AKA': two sessions" said prime
check_match '1 phones, 2 sessions recorded' "EAP-AKA' FS: two sessions" said fs
check_match '^1 2 1 2 $' "  X25519 both times, at both ends" sh -c "{ jq -j '\"\(.forward) \(.sent|length/32) \"' '$scratch/fs.truth/phone.jsonl'; }"
check_match '^2 1$' "a phone that wants P-256 asks for it, and gets it" log p256 phone '"\(.forward) \(.negotiated)"'
check_match '^0 attached$' "a network without it: the phone goes on" log old phone '"\(.forward) \(.end)"'
check_match 'forward secrecy is required, and the network offers none' "  unless it is told not to" said stubborn
check_match '^forward secrecy is required, and the network offers none$' "  and says so in its log" log stubborn phone .why
check_match '^attached attached attached $' "a card out of step is resynchronised" sh -c "jq -j '.end + \" \"' '$scratch/resync.truth/network.jsonl'"
check_match '^1$' "  by one AUTS" sh -c "jq '.resynchronised' '$scratch/resync.truth/phone.jsonl' | grep -c 1"
fresh() { [ "$(log fs phone '.sent, .heard' | sort -u | wc -l)" = 4 ]; }
check "no public key comes twice" fresh
subtypes() { tshark -r "$scratch/$1.pcapng" -T fields -e eap.code -e eap.aka.subtype.type -Y eap 2>/dev/null | tr '\t\n' '  '; }
check_match '^1 +2 +1 1,2,24,23,11 +2 3,11 +3 ' "tshark: RAND, AUTN, KDF, KDF_INPUT, MAC; RES, MAC; Success" subtypes prime
check_match '^1 +2 +1 1,2,24,23,153,153,152,11 +2 3,152,11 +3 ' "tshark: two AT_KDF_FS and AT_PUB_ECDHE, and one back" subtypes fs
check_match '^1 +2 +1 1,2,24,23,153,153,152,11 +2 153 +1 1,2,24,23,153,153,153,152,11 +2 3,152,11 +3 ' "tshark: the request for P-256, and the longer list" subtypes p256
check_match '001010000000001' "tshark: the identity's IMSI" sh -c "tshark -r '$scratch/fs.pcapng' -T fields -e e212.imsi -Y eap 2>/dev/null"
check_match '^6$' "tshark: six packets of user data a session" sh -c "tshark -r '$scratch/p256.pcapng' --enable-heuristic pdcp_lte_udp -Y pdcp-lte 2>/dev/null | wc -l"

# ---- who only listened, with K and OPc ----
check_match '^2 of 2, 0 false$' "a listener with K reads every session of EAP-AKA'" listen prime
check_match '^0 of 2, 0 false$' "  and none that was forward secret" listen fs
check_match '"fitting":2,"sessions":0' "  though its key fits both" cat "$scratch/fs.listener/said"
check_match '^0 of 1, 0 false$' "  with P-256 likewise" listen p256
check_match '^1 of 1, 0 false$' "  a phone that fell back is read" listen old
check_match '"files":true,"sockets":true' "  (held to its two folders by the kernel)" cat "$scratch/prime.listener/said"
check_match '^0 of 2, 0 false$' "with one bit of K wrong it reads nothing" listen prime 465b5ce8b199b49faa5f0a2ee238a6bd

# ---- who stands between, with K and OPc ----
check_match '^1 of 1, 0 false$' "a false base station with K reads a forward secret session, required at both ends" station exchange
check_match '"files":true,"sockets":true' "  (held to its folders and its socket by the kernel)" cat "$scratch/exchange.station/said"
check_match '^1 of 1, 0 false$' "  with P-256 likewise, negotiation and all" station exchange256
two_keys() { # what the phone sent is not what the network heard, nor the other way round; everybody heard what was said
	[ "$(log "$1" phone .sent)" != "$(log "$1" network .heard)" ] && [ "$(log "$1" network .sent)" != "$(log "$1" phone .heard)" ] &&
		[ "$(log "$1" phone '"\(.forward) \(.garbled)"')" = "$(log "$1" network '"\(.forward) \(.garbled)"')" ]
}
check "  it leaves two exchanges in the logs, and no other trace" two_keys exchange
check_match '^0$' "  no AUTS and no number out of step" log exchange network .resynchronised
same_keys() { [ "$(log fs phone .sent)" = "$(log fs network .heard)" ] && [ "$(log fs network .sent)" = "$(log fs phone .heard)" ]; }
check "  (without it, both logs have the same two keys)" same_keys
check_match '^0 of 1, 0 false$' "  who only listened to it, with K, reads nothing" listen exchange
check_match '^1 of 1, 0 false$' "it takes forward secrecy away from a phone whose policy is \"allow\"" station strip_allow
check_match '^attached 0 false$' "  which the phone takes for an old network" log strip_allow phone '"\(.end) \(.forward) \(.offered)"'
check_match '^attached 1 true$' "  and the network, which requires it, for a forward secret session" log strip_allow network '"\(.end) \(.forward) \(.offered)"'
check_match '^1 of 1, 0 false$' "  and then even a mere listener with K reads it" listen strip_allow
check_match '^0 of 0, 0 false$' "from a phone whose policy is \"require\" it does not" station strip_require
check_match '0 sessions recorded' "  there is no session then" said strip_require
check_match '1 times a phone could not attach while somebody stood between' "  which the phone notices" said strip_require
check_match '^the phone rejects the challenge$' "  and the network" log strip_require network .why
check_match '^1 of 1, 0 false$' "it can be the network itself, to a phone that requires forward secrecy" station alone
check_match '^1 of 1, 0 false$' "  with P-256 likewise" station alone256
check_match '^attached 1 1$' "  the card was out of step and told its number to the thief" log alone phone '"\(.end) \(.forward) \(.resynchronised)"'
check_match '^failed 0 $' "  the network knows nothing of it" log alone network '"\(.end) \(.forward) \(.imsi)"'
no_auts() { [ "$(log afterwards network .resynchronised | sort -u)" = 0 ] && [ "$(log afterwards network .end | sort | uniq -c | tr -d ' ')" = 40attached ]; }
check "  and in forty attaches afterwards no number is out of step" no_auts
check_match '^0 of 1, 0 false$' "with one bit of K wrong it reads nothing, and changes nothing" station wrong
check_match '"challenges_changed":0' "  no challenge" cat "$scratch/wrong.station/said"
check_match '^0 of 1, 0 false$' "with nothing captured likewise" station empty
check_match 'the false base station is gone' "one that leaves is noticed" said gone

# ---- the scenarios it is about ----
for scenario in sim/scenarios/S08-eap-*.ini sim/scenarios/S09-*.ini sim/scenarios/S10-*.ini; do
	check_match 'As expected' "$(basename "$scenario" .ini)" simrite heist run "$scenario" --out "$scratch/run"
done
departs() {
	sed 's/^decrypted_after = all/decrypted_after = none/' sim/scenarios/S10-downgrade-allowed.ini >"$scratch/other.ini"
	simrite heist run "$scratch/other.ini" --out "$scratch/run"
}
check_fault 1 'decrypted_after: 4 of 4, expected none' "  one that expects otherwise fails" departs
check_match '"files":true,"sockets":true' "  the thief between is held by the kernel there, too" cat "$scratch/run/worlds/bulk-plain-eap-aka-prime-fs-station-strip/thieves/station-strip/result.jsonl"
check_match '^1 cells' "the matrix has a world for a thief that stands between" simrite heist matrix --design bulk-plain --thief station-strip --cards 1 --out "$scratch/run"
check "  which got nothing before it stood there, and everything after" jq -e '.cells[0]|.access=="eap-aka-prime-fs" and .decrypted_before==0 and .decrypted_after==2' "$scratch/run/matrix.json"

check_status 2 "--false-station with LTE is misuse" simrite radio attach --auc x --out x --truth y --false-station z
check_status 2 "an unknown policy is misuse" simrite radio attach --auc x --out x --truth y --fs-policy maybe
check_status 2 "an unknown group is misuse" simrite radio attach --auc x --out x --truth y --fs-group p384
check_status 2 "an unknown access is misuse" simrite radio attach --auc x --out x --truth y --access eap-tls
finish
