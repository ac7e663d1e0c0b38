# Debian's wpa_supplicant on a wired port (802.1X) with the card in a PC/SC
# reader, against Debian's hostapd, whose authentication centre is osmo-hlr.
# Nothing of ours but the card, its driver, and a bridge between the two
# protocols hostapd and osmo-hlr speak.
#
#   card - driver - pcscd - wpa_supplicant - p0 == g0 - hostapd - bridge - osmo-hlr
. tests/check.sh
no=
[ "$(id -u)" = 0 ] || no="a network namespace and its interfaces need root"
for program in osmo-hlr osmo-hlr-db-tool hostapd wpa_supplicant ip; do
	command -v $program >/dev/null || no="$program is not installed"
done
[ -n "$no" ] || unshare --net true 2>/dev/null || no="this machine makes no network namespace"
[ -n "$no" ] || unshare --net sh -c 'ip link add p0 type veth peer name g0' 2>/dev/null || no="this machine has no veth"
if [ -n "$no" ]; then
	skip "wpa_supplicant, hostapd and osmo-hlr" "$no"
	finish
fi
if [ "$SIMRITE_TEST_INSIDE" != wired ]; then
	rm -rf "$scratch"
	SIMRITE_TEST_INSIDE=wired exec simrite sim run --cards 1 --profile test -- unshare --net sh "$0"
fi
umask 077
imsi=001010000000001
started= station=0
begin() { # LOG COMMAND...: in the background; ended with the script
	log=$1
	shift
	"$@" >"$log" 2>&1 &
	started="$! $started"
}
end() {
	for pid in $started; do
		kill "$pid" 2>/dev/null
		wait "$pid" 2>/dev/null
	done
}
trap 'end; rm -rf "$scratch"' EXIT
wait_for() { # REGEX FILE [TENTHS]
	for i in $(seq "${3:-100}"); do
		grep -Eq "$1" "$2" 2>/dev/null && return 0
		sleep 0.1
	done
	return 1
}

# ---- a wire, and the ports of osmo-hlr, in a network of their own ----
ip link set lo up && ip link add p0 type veth peer name g0 && ip link set p0 up && ip link set g0 up
check_report $? "a wire between p0 and g0"

# ---- osmo-hlr ----
echo 465b5ce8b199b49faa5f0a2ee238a6bc >"$scratch/k"
echo 465b5ce8b199b49faa5f0a2ee238a6bd >"$scratch/wrong"
echo cd63cb71954a9f4e48a5994e37a02baf >"$scratch/opc"
osmo-hlr-db-tool -l "$scratch/hlr.db" create >"$scratch/.out" 2>&1
check_report $? "osmo-hlr's database"
cat >"$scratch/hlr.cfg" <<-EOF
	log stderr
	 logging level main notice
	line vty
	 bind 127.0.0.1
	ctrl
	 bind 127.0.0.1
	hlr
	 gsup
	  bind ip 127.0.0.1
EOF
begin "$scratch/hlr.log" osmo-hlr -c "$scratch/hlr.cfg" -l "$scratch/hlr.db"
hlr_listens() {
	for i in $(seq 100); do
		python3 -c 'import socket; [socket.create_connection(("127.0.0.1", p)).close() for p in (4222, 4259)]' && return
		sleep 0.1
	done
	cat "$scratch/hlr.log"
	return 1
}
check "osmo-hlr $(osmo-hlr --version | sed -n '1s/.*version //p') listens" hlr_listens
subscriber() { # KEY: the subscriber with this K and the SQN of a new one
	python3 tests/interop/hlr.py subscriber $imsi "$scratch/$1" "$scratch/opc"
}
check "the card's K is imported by osmo-hlr's CTRL interface" subscriber k
begin "$scratch/bridge.log" python3 tests/interop/hlr.py bridge "$scratch/auc.sock"
wait_for listening "$scratch/bridge.log"
check_report $? "the bridge speaks GSUP with it"

# ---- hostapd on g0 ----
printf '"0"* AKA\n"1"* SIM\n"6"* AKA'\''\n' >"$scratch/users"
cat >"$scratch/hostapd.conf" <<-EOF
	driver=wired
	interface=g0
	ieee8021x=1
	use_pae_group_addr=1
	eap_server=1
	eap_user_file=$scratch/users
	eap_sim_db=unix:$scratch/auc.sock
	eap_sim_db_timeout=5
EOF
begin "$scratch/hostapd.log" hostapd "$scratch/hostapd.conf"
wait_for AP-ENABLED "$scratch/hostapd.log"
check_report $? "hostapd guards the port g0"

# ---- wpa_supplicant on p0 ----
supplicant() { # METHOD [PIN]: 0 port opened, 1 refused, 2 neither within 10 s; what it said is in $scratch/peer
	{
		printf 'ap_scan=0\npcsc_reader=simrite\n'
		[ -z "$2" ] || printf 'pcsc_pin=%s\n' "$2"
		printf 'network={\nkey_mgmt=IEEE8021X\neapol_flags=0\neap=%s\npcsc=""\n' "$1"
		[ -z "$2" ] || printf 'pin="%s"\n' "$2" # said twice: for the card's IMSI, and for EAP
		echo '}'
	} >"$scratch/peer.conf"
	: >"$scratch/peer"
	# A station of its own each time: hostapd hears no more of one it refused for a minute.
	station=$((station + 1))
	ip link set p0 address "$(printf '02:00:00:00:00:%02x' $station)"
	wpa_supplicant -D wired -i p0 -c "$scratch/peer.conf" >"$scratch/peer" 2>&1 &
	peer=$!
	wait_for 'CTRL-EVENT-CONNECTED|CTRL-EVENT-EAP-FAILURE|PIN validation failed' "$scratch/peer"
	kill $peer 2>/dev/null # it ends by itself without a card it can use
	wait $peer 2>/dev/null
	grep -q CTRL-EVENT-CONNECTED "$scratch/peer" && return 0
	grep -Eq 'CTRL-EVENT-EAP-FAILURE|PIN validation failed' "$scratch/peer" && return 1
	return 2
}
tries() { # left for PIN1, asked without costing one
	simrite card info --reader simrite --json | jq -r 'select(.type == "result") | .pin1_tries'
}
asked() { # REQUEST: how many the bridge has seen
	grep "^$1" "$scratch/bridge.log" | wc -l
}

for method in AKA "AKA'" SIM; do
	check_status 0 "EAP-$method opens the port" supplicant "$method"
	check_match 'CTRL-EVENT-EAP-SUCCESS' "EAP-$method: the peer says so" cat "$scratch/peer"
done
opened() { grep 'CTRL-EVENT-EAP-SUCCESS' "$scratch/hostapd.log" | wc -l; }
check_match '^3$' "hostapd opened it three times" opened
check_match '^0$' "no vector was stale" asked AKA-AUTS

# osmo-hlr names the client's IND slot 1, so its first vector now is SEQ 1 in a slot that has seen more.
check "osmo-hlr forgets the SQN it had reached" subscriber k
check_status 0 "a stale vector: the card resynchronises osmo-hlr" supplicant AKA
check_match '^1$' "by one AUTS" asked AKA-AUTS
check_status 0 "AKA' goes on from there" supplicant "AKA'"
check_match '^1$' "with no other" asked AKA-AUTS
check "forgotten once more" subscriber k
check_status 0 "AKA' resynchronises too" supplicant "AKA'"
check_match '^2$' "by its own AUTS" asked AKA-AUTS

check "another K in osmo-hlr" subscriber wrong
check_status 1 "the card refuses the network" supplicant AKA
check_match 'AUTN|MAC|CTRL-EVENT-EAP-FAILURE' "as the peer says" cat "$scratch/peer"
check "the right one again" subscriber k

printf '{"schema":1,"pin1":"1234","puk1":"12345678","pin1_enabled":true}' >"$scratch/pin.json"
check "PIN1 is switched on" simrite card program --reader simrite "$scratch/pin.json"
check_status 0 "with the right PIN the port opens" supplicant "AKA'" 1234
check_match '^3$' "three tries are left" tries
check_status 1 "with the wrong PIN it stays shut" supplicant "AKA'" 4321
check_match '^2$' "and exactly one try is gone" tries
check_status 0 "the right PIN again" supplicant AKA 1234
check_match '^3$' "and all tries are back" tries
finish
