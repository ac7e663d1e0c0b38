# Debian's unmodified eapol_test, with the card in a PC/SC reader, authenticates
# against Debian's unmodified hostapd, which gets its vectors from simrite auc.
#
#   card - our driver - pcscd - eapol_test == RADIUS == hostapd - socket - simrite-auc
. tests/check.sh
. tests/interop/hostapd.sh
if [ "$SIMRITE_TEST_INSIDE" != eapol ]; then
	rm -rf "$scratch"
	SIMRITE_TEST_INSIDE=eapol exec simrite sim run --cards 1 --profile test -- sh "$0"
fi
umask 077
imsi=001010000000001
auc_pid= hostapd_pid=
stop() { # PID
	[ -z "$1" ] || { kill "$1" 2>/dev/null; wait "$1" 2>/dev/null; }
}
trap 'stop "$auc_pid"; stop "$hostapd_pid"; rm -rf "$scratch"' EXIT

wait_for() { # REGEX FILE
	for i in $(seq 100); do
		grep -Eq "$1" "$2" 2>/dev/null && return 0
		sleep 0.05
	done
	return 1
}

# ---- the authentication centre ----
echo 465b5ce8b199b49faa5f0a2ee238a6bc >"$scratch/k"
echo 465b5ce8b199b49faa5f0a2ee238a6bd >"$scratch/wrong"
echo cd63cb71954a9f4e48a5994e37a02baf >"$scratch/opc"
auc() { # NAME KEY SQN: a fresh database with this key and number, served
	stop "$auc_pid"
	simrite-auc init --database "$scratch/$1.db" >/dev/null &&
		simrite-auc add --database "$scratch/$1.db" --imsi $imsi --k "file:$scratch/$2" --opc "file:$scratch/opc" --sqn "$3" >/dev/null || return 1
	simrite-auc serve --database "$scratch/$1.db" --socket "$scratch/auc.sock" --until-parent-dies >"$scratch/$1.log" 2>&1 &
	auc_pid=$!
	wait_for listening "$scratch/$1.log"
}
auc first k 00000000fa00 # SEQ 2000
check_report $? "simrite-auc listens"

# ---- hostapd, on a port that was free a moment ago ----
cat >"$scratch/users" <<'EOF'
"0"* AKA
"1"* SIM
"6"* AKA'
"2"* AKA
"3"* SIM
"7"* AKA'
"4"* AKA
"5"* SIM
"8"* AKA'
EOF
hostapd_start

# ---- the peer ----
peer() { # METHOD [PIN [SECONDS]]: its status; what it said is in $scratch/peer
	{
		printf 'pcsc_reader=simrite\nnetwork={\nkey_mgmt=IEEE8021X\neap=%s\npcsc=""\n' "$1"
		[ -z "$2" ] || printf 'pin="%s"\n' "$2" # without the quotes it would be read as hex, and cost a try
		echo '}'
	} >"$scratch/peer.conf"
	timeout 30 eapol_test -c "$scratch/peer.conf" -a 127.0.0.1 -p "$port" -s radius -t "${3:-15}" >"$scratch/peer" 2>&1
}
tries() { # left for PIN1, asked without costing one
	simrite card info --reader simrite --json | jq -r 'select(.type == "result") | .pin1_tries'
}

for method in AKA "AKA'" SIM; do
	check_status 0 "EAP-$method succeeds" peer "$method"
	check_match '^SUCCESS' "EAP-$method: both ends have the same keys" cat "$scratch/peer"
done
again() { # METHOD: how many of two more runs were fast re-authentications, which need no card
	peer "$1" >/dev/null
	timeout 30 eapol_test -c "$scratch/peer.conf" -a 127.0.0.1 -p "$port" -s radius -t 15 -r 2 >"$scratch/again" 2>&1 &&
		grep -c ': subtype Reauthentication' "$scratch/again"
}
for method in AKA "AKA'" SIM; do
	check_match '^2$' "EAP-$method with two fast re-authentications after it" again "$method"
done
check_match ' 0 refused, 0 malformed' "every request of hostapd was understood" sh -c "kill $auc_pid; for i in 1 2 3 4 5 6 7 8 9; do grep requests $scratch/first.log && exit; sleep 0.1; done"
wait "$auc_pid"

# ---- a network that does not know K ----
auc wrong wrong 000000100000
check_status 252 "another K: the card refuses the network" peer AKA
check_match 'AUTN|MAC|[Ff]ailed' "and says why" cat "$scratch/peer"
check_status 252 "AKA' likewise" peer "AKA'"

# ---- numbers from long ago: the slot of IND 1 has seen SEQ 2001 ----
auc stale k 000000000000
check_status 0 "a stale SQN: the run resynchronises and succeeds" peer AKA
check_match 'resynchronised' "an AUTS reached the authentication centre" cat "$scratch/stale.log"
check_match "reporting AKA AUTS for IMSI '$imsi'" "from the card through hostapd" cat "$scratch/hostapd.log"
check_status 0 "the next run needs none" peer AKA
[ "$(grep -c resynchronised "$scratch/stale.log")" = 1 ]
check_report $? "only one was needed"
cp "$scratch/stale.db" "$scratch/old.db" && cp "$scratch/stale.db.kek" "$scratch/old.db.kek"
auc stale2 k 000000000000
check_status 0 "EAP-AKA' resynchronises too" peer "AKA'"
check_match 'resynchronised' "and its AUTS came" cat "$scratch/stale2.log"

# ---- another algorithm: TUAK with a 256-bit K and a RES of 16 bytes ----
echo abababababababababababababababab0123456789abcdef0123456789abcdef >"$scratch/k32"
echo bd04d9530e87513c5d837ac2ad954623a8e2330c115305a73eb45d1f40cccbff >"$scratch/topc"
tuak=tuak:k=32,res=16,iterations=2
printf '{"schema":1,"algorithm":"%s","k":"%s","opc":"%s"}' $tuak "$(cat "$scratch/k32")" "$(cat "$scratch/topc")" >"$scratch/tuak.json"
check_match 'proven|key' "the card gets a TUAK key, and proves it" simrite card program --reader simrite "$scratch/tuak.json"
check_status 252 "a centre that knows the old key is refused" peer AKA
tuak_auc() {
	stop "$auc_pid"
	simrite-auc init --database "$scratch/tuak.db" >/dev/null &&
		simrite-auc add --database "$scratch/tuak.db" --imsi $imsi --algorithm $tuak --k "file:$scratch/k32" --opc "file:$scratch/topc" || return 1
	simrite-auc serve --database "$scratch/tuak.db" --socket "$scratch/auc.sock" --until-parent-dies >"$scratch/tuak.log" 2>&1 &
	auc_pid=$!
	wait_for listening "$scratch/tuak.log"
}
tuak_auc
check_report $? "an authentication centre with the TUAK key"
for method in AKA "AKA'" SIM; do
	check_status 0 "TUAK: EAP-$method succeeds" peer "$method"
	check_match '^SUCCESS' "TUAK: EAP-$method: both ends have the same keys" cat "$scratch/peer"
done

# ---- PIN1 ----
printf '{"schema":1,"pin1":"1234","puk1":"12345678","pin1_enabled":true}' >"$scratch/pin.json"
check "PIN1 is switched on" simrite card program --reader simrite "$scratch/pin.json"
check_status 0 "with the right PIN" peer AKA 1234
check_match '^3$' "three tries are left" tries
check_status 252 "with the wrong PIN there is no authentication" peer AKA 4321 2
check_match '^2$' "and exactly one try is gone" tries
check_status 252 "without a PIN there is none either" peer AKA "" 2
check_match '^2$' "no try is gone" tries
check_status 0 "the right PIN again" peer "AKA'" 1234
check_match '^3$' "and all tries are back" tries

# ---- no authentication centre ----
stop "$auc_pid"
auc_pid=
check_status 252 "without an authentication centre hostapd refuses" peer AKA 1234 8
finish
