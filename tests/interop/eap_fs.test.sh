# EAP-AKA' FS (RFC 9678) beside programs that have never heard of it, Debian's and unmodified, and against its own text
# computed a second time:
#
#   card - pcscd - simrite radio join == RADIUS == hostapd - socket - simrite auc      our phone, their server
#   card - pcscd - eapol_test == RADIUS == simrite radio serve - socket - simrite auc  their phone, our server
. tests/check.sh
. tests/interop/hostapd.sh
if [ "$SIMRITE_TEST_INSIDE" != eap_fs ]; then
	rm -rf "$scratch"
	SIMRITE_TEST_INSIDE=eap_fs exec simrite sim run --cards 1 --profile test -- sh "$0"
fi
umask 077
imsi=001010000000001
auc_pid= hostapd_pid= serve_pid=
stop() { # PID
	[ -z "$1" ] || { kill "$1" 2>/dev/null; wait "$1" 2>/dev/null; }
}
trap 'stop "$serve_pid"; stop "$hostapd_pid"; stop "$auc_pid"; rm -rf "$scratch"' EXIT
wait_for() { # REGEX FILE
	for i in $(seq 100); do
		grep -Eq "$1" "$2" 2>/dev/null && return 0
		sleep 0.05
	done
	return 1
}

# ---- the keys, by a program of their own ----
check_match '^80 values of 12 cases computed, 0 differ' "MK, MK_ECDHE in both groups, and 5G's keys, from the specifications' text" \
	python3 tests/interop/eap_keys.py
differs() { # a value changed in a copy of the vectors is found
	mkdir -p "$scratch/t/interop" && cp -r tests/vectors "$scratch/t/vectors" && cp tests/interop/eap_keys.py "$scratch/t/interop" &&
		sed -i 's/^EMSK = 6/EMSK = 7/' "$scratch/t/vectors/eap_aka_prime_fs_rfc9678_COMPUTED.txt" && python3 "$scratch/t/interop/eap_keys.py"
}
check_fault 1 'EMSK is' "  a changed value is noticed" differs

# ---- the authentication centre ----
echo 465b5ce8b199b49faa5f0a2ee238a6bc >"$scratch/k"
echo cd63cb71954a9f4e48a5994e37a02baf >"$scratch/opc"
echo radius >"$scratch/secret"
echo other >"$scratch/wrong"
simrite auc init --database "$scratch/a.db" >/dev/null &&
	simrite auc add --database "$scratch/a.db" --imsi $imsi --k "file:$scratch/k" --opc "file:$scratch/opc" --sqn 000000000000 >/dev/null
simrite auc serve --database "$scratch/a.db" --socket "$scratch/auc.sock" --until-parent-dies >"$scratch/auc.log" 2>&1 &
auc_pid=$!
wait_for listening "$scratch/auc.log"
check_report $? "simrite auc listens"

# ---- our phone, their server ----
printf '"6"* AKA'"'"'\n"0"* AKA\n' >"$scratch/users"
hostapd_start eap_sim_aka_result_ind=1
join() { simrite radio join --reader simrite --port "$port" --secret "file:$scratch/secret" "$@"; }
check_match "^$imsi: accepted, both ends have the same keys; forward secrecy: none" "our phone falls back to EAP-AKA' with hostapd" join
check_match 'forward secrecy: none' "  believing only a network called WLAN" join --network-name WLAN
check_fault 1 'network with another name' "  and not one of another name" join --network-name 5G:mnc001.mcc001.3gppnetwork.org
check_fault 1 'forward secrecy is required, and the network offers none' "  nor without forward secrecy, when it must have it" join --fs-policy require
check_match 'Client rejected authentication' "  which hostapd hears" grep Client "$scratch/hostapd.log"
check_fault 7 'does not answer' "another RADIUS secret is not answered" simrite radio join --reader simrite --port "$port" --secret "file:$scratch/wrong"
stop "$hostapd_pid"
hostapd_pid=

# ---- their phone, our server ----
serve() { # OPTIONS
	stop "$serve_pid"
	simrite radio serve --auc "$scratch/auc.sock" --secret "file:$scratch/secret" --until-parent-dies "$@" >"$scratch/serve.log" 2>&1 &
	serve_pid=$!
	wait_for 'listening' "$scratch/serve.log" && port=$(sed -n 's/.*127.0.0.1:\([0-9]*\)$/\1/p' "$scratch/serve.log")
}
printf 'pcsc_reader=simrite\nnetwork={\nkey_mgmt=IEEE8021X\neap=AKA'"'"'\npcsc=""\n}\n' >"$scratch/peer.conf"
peer() { timeout 30 eapol_test -c "$scratch/peer.conf" -a 127.0.0.1 -p "$port" -s "${1:-radius}" -t "${2:-15}" >"$scratch/peer" 2>&1; }
serve
check_report $? "simrite radio serve listens"
check_status 0 "eapol_test, with the card, is accepted by our server, which offers forward secrecy" peer
check_match '^SUCCESS' "  both ends have the same keys" cat "$scratch/peer"
check_match 'EAP-SIM: Unrecognized skippable attribute 153 ignored' "  eapol_test skips AT_KDF_FS" cat "$scratch/peer"
check_match 'EAP-SIM: Unrecognized skippable attribute 152 ignored' "  and AT_PUB_ECDHE" cat "$scratch/peer"
check_match "$imsi: accepted; forward secrecy: none" "  and our server knows that there is none" cat "$scratch/serve.log"
check_match 'forward secrecy: x25519' "our phone with our server, over the same RADIUS" join
check_match 'forward secrecy: p256' "  by P-256, when it wants that" join --fs-group p256
check_match 'forward secrecy: none' "  or without" join --fs-policy off
check_match 'forward secrecy: p256$' "  the server says so, too" grep p256 "$scratch/serve.log"
check_status 252 "another RADIUS secret is not answered" peer wrong 3
serve --fs-policy require
check_status 252 "a server that requires forward secrecy refuses eapol_test" peer
check_match 'rejected: forward secrecy is required, and the phone does without' "  and says why" cat "$scratch/serve.log"
check_match 'forward secrecy: x25519' "  and takes our phone" join --fs-policy require
serve --fs-policy off
check_status 0 "a server that offers none takes eapol_test" peer
simrite auc init --database "$scratch/b.db" >/dev/null &&
	simrite auc add --database "$scratch/b.db" --imsi $imsi --k "file:$scratch/k" --opc "file:$scratch/opc" --sqn 000000000000 >/dev/null
stop "$auc_pid"
simrite auc serve --database "$scratch/b.db" --socket "$scratch/auc.sock" --until-parent-dies >"$scratch/auc.log" 2>&1 &
auc_pid=$!
wait_for listening "$scratch/auc.log"
serve
again() { for i in 1 2 3 4; do peer || return 1; done; }
check_status 0 "a centre that forgot its numbers: eapol_test and our server come into step" again
check_match 'resynchronised' "  by AUTS" cat "$scratch/auc.log"
kill -TERM "$serve_pid"
wait "$serve_pid"
check_match '^4 accepted, 0 rejected, 0 packets discarded' "every packet of eapol_test was understood" cat "$scratch/serve.log"
serve_pid=
finish
