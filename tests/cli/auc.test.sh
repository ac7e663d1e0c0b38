# The authentication centre from outside: files, refusals, vectors, the socket.
. tests/check.sh
umask 077
helper() { python3 tests/cli/auc.py "$@"; }
db=$scratch/auc.db
auc() {
	command=$1
	shift
	simrite-auc "$command" --database "$db" "$@"
}
echo 465b5ce8b199b49faa5f0a2ee238a6bc >"$scratch/k"
echo cd63cb71954a9f4e48a5994e37a02baf >"$scratch/opc"
echo 00112233445566778899aabbccddeeff >"$scratch/other"
imsi=001010000000001
add() { auc add --imsi "$1" --k "file:$scratch/${2:-k}" --opc "file:$scratch/opc" $3; }

# ---- files ----
check "init makes a database" auc init
[ "$(stat -c %a "$db") $(stat -c %a "$db.kek")" = "600 600" ]
check_report $? "both files are 0600"
check_status 6 "init never overwrites" auc init
check "a subscriber is added" add $imsi
check_match "already there" "adding twice changes nothing" add $imsi
check_status 6 "another key for a subscriber is refused" add $imsi other
check_match "replaced" "unless asked to" add $imsi other --replace
check_match "replaced" "and back" add $imsi k --replace
for secret in 465b5ce8b199b49faa5f0a2ee238a6bc cd63cb71954a9f4e48a5994e37a02baf 00112233445566778899aabbccddeeff; do
	check_status 1 "no file of the database holds a key" helper contains "$db" $secret
done
check_match 'e4f3ea' "list shows check values" auc list
check_match '^\{"type":"result","schema":1,"imsi":"001010000000001"' "list --json" auc list --json
check_status 2 "an unknown option is misuse" auc list --colour
check_status 5 "a missing database is named" simrite-auc list --database "$scratch/none.db"
chmod 644 "$scratch/other"
check_status 6 "a key file others may read is refused" add 001010000000002 other
chmod 644 "$db.kek"
check_status 6 "so is the KEK" auc list
chmod 600 "$db.kek"
chmod 640 "$db"
check_status 6 "so is the database" auc list
chmod 600 "$db"
tr 0-9a-f 1-9a-f0 <"$db.kek" >"$scratch/wrong.kek"
check_status 6 "another KEK is noticed at once" auc list --wrapping-key "file:$scratch/wrong.kek"

# ---- a record that was tampered with gives no vector ----
check "a second subscriber" add 001010000000002 k "--sqn 000000000100"
check "a vector for it" auc vector --imsi 001010000000002 --out "$scratch/v"
check_match '^600$' "which only we may read" stat -c %a "$scratch/v"
tampered() { # WHAT SQL IMSI
	cp "$db" "$scratch/moved.db"
	python3 tests/cli/auc.py sql "$scratch/moved.db" "$2"
	rm -f "$scratch/v"
	check_status 1 "$1" simrite-auc vector --database "$scratch/moved.db" --wrapping-key "file:$db.kek" --imsi "$3" --out "$scratch/v"
	[ ! -e "$scratch/v" ]
	check_report $? "$1: and nothing is written"
}
tampered "a key moved to another IMSI" "UPDATE subscriber SET sealed = (SELECT sealed FROM subscriber WHERE imsi = '$imsi') WHERE imsi = '001010000000002'" 001010000000002
tampered "a row renamed" "UPDATE subscriber SET imsi = '001010000000009' WHERE imsi = '$imsi'" 001010000000009
tampered "a check value changed" "UPDATE subscriber SET kcv_k = x'000000' WHERE imsi = '$imsi'" $imsi
tampered "the AMF changed" "UPDATE subscriber SET amf = 0 WHERE imsi = '$imsi'" $imsi
tampered "the design changed" "UPDATE subscriber SET design = 'derived' WHERE imsi = '$imsi'" $imsi
tampered "the wrap cut off" "UPDATE subscriber SET sealed = substr(sealed, 1, 20) WHERE imsi = '$imsi'" $imsi
check_status 1 "an unknown IMSI has no vector" auc vector --imsi 001019999999999 --out "$scratch/v"

# ---- the specification's vectors ----
mkdir "$scratch/ts"
simrite-auc init --database "$scratch/ts/auc.db" >/dev/null
check_match "20 sets agree" "TS 35.208, all sets" helper vectors "$scratch/ts"

# ---- import ----
printf '%s\n' 'IMSI;ICCID;Ki;OPc' '001010000000031;8988211000000000011;465b5ce8b199b49faa5f0a2ee238a6bc;cd63cb71954a9f4e48a5994e37a02baf' \
	'001010000000032;8988211000000000029;00112233445566778899aabbccddeeff;cd63cb71954a9f4e48a5994e37a02baf' >"$scratch/plain.csv"
check_match '2 added' "a plain file is imported" auc import "$scratch/plain.csv"
check_match '0 added, 0 replaced, 2 already' "twice is once" auc import "$scratch/plain.csv"
printf '%s\n' 'IMSI;ICCID;Ki;OPc' '001010000000041;8988211000000000037;465b5ce8b199b49faa5f0a2ee238a6bc;cd63cb71954a9f4e48a5994e37a02baf' \
	'001010000000042;8988211000000000045;0011;cd63cb71954a9f4e48a5994e37a02baf' >"$scratch/bad.csv"
check_fault 5 'line 3' "a bad line is named" auc import "$scratch/bad.csv"
check_status 5 "and its file is refused" auc import "$scratch/bad.csv"
check_status 1 "as a whole" sh -c "simrite-auc list --database $db | grep -q 001010000000041"
sed 's/001010000000032/001010000000033/' "$scratch/plain.csv" >"$scratch/twin.csv"
check_status 5 "an ICCID cannot have two IMSIs" auc import "$scratch/twin.csv"
chmod 644 "$scratch/plain.csv"
check_status 6 "a key file others may read is refused" auc import "$scratch/plain.csv"
printf '%s\n' 'IMSI;MSISDN;ICCID;Batch;KCV_K;KCV_OPc' '001010000000051;;8988211000000000052;b1;aabbcc;ddeeff' >"$scratch/derived.csv"
check_match '1 added.*derived' "a derived file is imported" auc import "$scratch/derived.csv"
check_status 4 "and cannot be served without its token" auc vector --imsi 001010000000051 --out "$scratch/v"

# ---- the socket ----
serve() {
	simrite-auc serve --database "$db" --socket "$scratch/socket" --until-parent-dies >"$scratch/served" 2>&1 &
	server=$!
	for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
		grep -q listening "$scratch/served" && return 0
		sleep 0.1
	done
	return 1
}
serve
check_report $? "the server listens"
check_match '^600$' "on a socket of mode 0600" stat -c %a "$scratch/socket"
check_status 6 "a second server is refused" auc serve --socket "$scratch/socket"
check_match "AKA-RESP-AUTH $imsi [0-9a-f]{32} [0-9a-f]{32} [0-9a-f]{32} [0-9a-f]{32} [0-9a-f]{16}\$" "AKA" helper ask "$scratch/socket" "AKA-REQ-AUTH $imsi"
check_match "AKA-RESP-AUTH 001019999999999 FAILURE" "an unknown IMSI" helper ask "$scratch/socket" "AKA-REQ-AUTH 001019999999999"
check_match "SIM-RESP-AUTH $imsi( [0-9a-f]{16}:[0-9a-f]{8}:[0-9a-f]{32}){3}\$" "SIM" helper ask "$scratch/socket" "SIM-REQ-AUTH $imsi 3"
check_match "GSM-AUTH-RESP $imsi eae4be823af9a08b:46f8416a\$" "GSM, TS 55.205 set 1" helper ask "$scratch/socket" "GSM-AUTH-REQ $imsi 23553cbe9637a89d218ae64dae47bf35"
check_match "SIM-RESP-AUTH $imsi FAILURE" "a malformed number" helper ask "$scratch/socket" "SIM-REQ-AUTH $imsi 99"
check_match "still answering" "noise does no harm" helper noise "$scratch/socket"
check_match "" "a forged AUTS" helper ask "$scratch/socket" "AKA-AUTS $imsi 0000000000000000000000000000 00000000000000000000000000000000"
check_match "does not verify" "is refused and said so" cat "$scratch/served"

# ---- no number twice: not after a kill, not with two programs on one file ----
helper sqns "$scratch/socket" 5 >"$scratch/sqns"
auc vector --imsi $imsi --out "$scratch/v1" >/dev/null && jq -r .sqn "$scratch/v1" >>"$scratch/sqns"
helper sqns "$scratch/socket" 3 >>"$scratch/sqns"
kill -9 $server
wait $server 2>/dev/null
[ -S "$scratch/socket" ]
check_report $? "a killed server leaves its socket behind"
serve
check_report $? "and the next one takes its place"
helper sqns "$scratch/socket" 5 >>"$scratch/sqns"
check_status 1 "no sequence number was used twice" sh -c "sort $scratch/sqns | uniq -d | grep ."
check "fourteen were asked for, in rising order" sh -c "[ \$(wc -l <$scratch/sqns) = 14 ] && sort -c $scratch/sqns"
kill $server
wait $server
check_report $? "SIGTERM ends it with status 0"
check_match 'requests: .* vectors' "with a tally" cat "$scratch/served"
[ ! -e "$scratch/socket" ] && [ ! -e "$scratch/socket.lock" ]
check_report $? "and nothing stays behind"
echo something >"$scratch/file"
check_status 6 "a file is not a socket to replace" auc serve --socket "$scratch/file"

# ---- a disk that is full: no vector, and the server lives ----
if unshare -rm true 2>/dev/null; then
	cat >"$scratch/full.sh" <<-'EOF'
		mkdir "$1/small" && mount -t tmpfs -o size=256k none "$1/small" || exit 9
		simrite-auc init --database "$1/small/auc.db" && simrite-auc add --database "$1/small/auc.db" --imsi 001010000000001 \
			--k "file:$1/k" --opc "file:$1/opc" || exit 8
		simrite-auc serve --database "$1/small/auc.db" --socket "$1/s2" --until-parent-dies 2>&1 &
		server=$!
		sleep 0.5
		dd if=/dev/zero of="$1/small/fill" bs=1k 2>/dev/null
		python3 tests/cli/auc.py ask "$1/s2" "AKA-REQ-AUTH 001010000000001"
		rm "$1/small/fill"
		python3 tests/cli/auc.py ask "$1/s2" "AKA-REQ-AUTH 001010000000001"
		kill $server
		wait $server
	EOF
	unshare -rm sh "$scratch/full.sh" "$scratch" >"$scratch/full" 2>&1
	check_match 'AKA-RESP-AUTH 001010000000001 FAILURE' "a full disk: no vector leaves" cat "$scratch/full"
	check_match 'AKA-RESP-AUTH 001010000000001 [0-9a-f]{32} ' "room again: the same server answers" cat "$scratch/full"
else
	skip "full disk" "no mount namespace here"
fi
finish
