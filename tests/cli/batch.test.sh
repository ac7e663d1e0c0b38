# The bureau: cards made over PC/SC, and everything that can come between.
. tests/check.sh
if [ "$SIMRITE_TEST_INSIDE" != batch ]; then
	# Each part gets readers and blank cards of its own.
	rm -rf "$scratch"
	SIMRITE_TEST_INSIDE=batch exec sh "$0"
fi
umask 077
helper() { python3 tests/cli/batch.py "$@"; }
inside() { # CARDS COMMAND...: with that many blank cards
	cards=$1
	shift
	simrite sim run --cards "$cards" --profile blank -- "$@"
}
order() { # ID DESIGN COUNT FIRST-IMSI FIRST-ICCID
	simrite batch order --batch "$1" --design "$2" --count "$3" --first-imsi "$4" --first-iccid "$5" --out "$scratch/$1.json"
}
make() { # ID OPTION...
	id=$1
	shift
	simrite batch personalise "$scratch/$id.json" --readers simrite --out "$scratch/$id" "$@"
}

# ---- orders ----
check "an order" order plain bulk-plain 4 001010000000101 8988211000000001019
check_status 6 "is not overwritten" order plain bulk-plain 4 001010000000101 8988211000000001019
check_status 5 "a wrong check digit" order x1 bulk-plain 4 001010000000101 8988211000000001018
check_status 5 "more cards than numbers" order x2 bulk-plain 4 001019999999998 8988211000000001019
check_status 2 "no such design" order x3 bulk 4 001010000000101 8988211000000001019
echo '{}' >"$scratch/empty.json"
check_status 5 "an empty order" make empty
sed 's/"count"/"colour"/' "$scratch/plain.json" >"$scratch/unknown.json"
check_fault 5 'unknown.json: no order has a field "colour"' "an unknown field is named" make unknown
: >"$scratch/nothing.json"
check_status 5 "an empty file" make nothing
check_status 3 "without PC/SC" env PCSCLITE_CSOCK_NAME="$scratch/none" simrite batch personalise "$scratch/plain.json" --readers simrite --out "$scratch/plain"

# ---- bulk-plain ----
cat >"$scratch/plain.sh" <<'EOF'
. tests/check.sh
umask 077
helper() { python3 tests/cli/batch.py "$@"; }
out=$OUT/plain
make() { simrite batch personalise "$OUT/plain.json" --readers simrite --out "$out" "$@"; }
check_status 3 "a reader that is not there" simrite batch personalise "$OUT/plain.json" --readers nosuch --out "$out"
check_fault 3 'no reader.s name begins with "nosuch"' "is named" simrite batch personalise "$OUT/plain.json" --readers nosuch --out "$out"
check_match '4 cards made' "four cards are made" make
check_match '4 whole cards' "the output file has them" helper whole "$out/plain.csv" 4
check_match '^600$' "and is 0600" stat -c %a "$out/plain.csv"
check_match '^Action;OrderId;ServiceId;ObjectId;Priority;IMSI;MSISDN;Opcode\(Short\);ICCID;Ki;PIN;PIN2;PUK;PUK2;reserved\(Boolean\);' "with the header of 2010" head -1 "$out/plain.csv"
for n in 0 1 2 3; do
	iccid=$(simrite card info --reader "simrite 0$n" --json | jq -r .iccid)
	helper profile "$out/plain.csv" "$iccid" "$scratch/profile"
	check "card $n holds the K and OPc of its line" simrite card verify --reader "simrite 0$n" "$scratch/profile"
done
before=$(cksum "$out/plain.csv")
check_match '4 cards made' "made again, nothing changes" make
[ "$before" = "$(cksum "$out/plain.csv")" ]
check_report $? "not the file either"
helper keys "$out/plain.csv" >"$scratch/keys"
check_status 1 "the journal holds no key and no code" sh -c "strings -n 6 $out/journal.db | grep -iFf $scratch/keys"
check_match 'plain: 4 cards: 4 verified' "status" simrite batch status "$OUT/plain.json" --out "$out"
sed 's/"plain"/"other"/;s/00101000000010/00101000000020/;s/8988211000000001019/8988211000000002017/' "$OUT/plain.json" >"$OUT/other.json"
check_status 6 "cards of another batch are not touched" simrite batch personalise "$OUT/other.json" --readers simrite --out "$out"
helper profile "$out/plain.csv" "$iccid" "$scratch/profile"
check "as the last one proves" simrite card verify --reader "simrite 03" "$scratch/profile"
check_match '4 cards made' "unless --again is given" simrite batch personalise "$OUT/other.json" --readers simrite --out "$out" --again
check_status 1 "and then they are others" simrite card verify --reader "simrite 03" "$scratch/profile"
sed 's/"plain"/"third"/' "$OUT/plain.json" >"$OUT/third.json"
check_status 6 "numbers of another batch are refused" simrite batch personalise "$OUT/third.json" --readers simrite --out "$out" --again
sed 's/"count": 4/"count": 5/' "$OUT/plain.json" >"$OUT/longer.json"
check_status 6 "a batch is one order" simrite batch personalise "$OUT/longer.json" --readers simrite --out "$out"
finish
EOF

# ---- a card missing, pulled out, put back; the state a lost card leaves ----
cat >"$scratch/pulled.sh" <<'EOF'
. tests/check.sh
umask 077
helper() { python3 tests/cli/batch.py "$@"; }
out=$OUT/pulled
make() { simrite batch personalise "$OUT/pulled.json" --readers simrite --out "$out" "$@"; }
sql() { python3 tests/cli/auc.py sql "$out/journal.db" "$1"; }
simrite sim remove 1
check_status 3 "one reader is empty" make
check_fault 3 '3 of 4 cards made; no reader holds another blank card' "one clear fault" make
[ ! -e "$out/pulled.csv" ] && [ -e "$out/pulled.csv.part" ]
check_report $? "no finished file yet"
simrite sim insert 1
check_match '4 cards made' "with the card back, it goes on" make
check_match '4 whole cards' "and ends whole" helper whole "$out/pulled.csv" 4

# As if it had been cut off while card 2 was loading, and the card is gone:
sed 's/"pulled"/"lost"/;s/00101000000030/00101000000040/;s/8988211000000003015/8988211000000004013/' "$OUT/pulled.json" >"$OUT/lost.json"
out=$OUT/lost
make() { simrite batch personalise "$OUT/lost.json" --readers simrite --out "$out" --again "$@"; }
simrite sim remove 3
make >/dev/null 2>&1
sql "UPDATE card SET state = 2 WHERE number = 2"
two=$(python3 -c "import sqlite3; print(sqlite3.connect('$out/journal.db').execute('SELECT iccid FROM card WHERE number = 2').fetchone()[0])")
for n in 0 1 2; do
	[ "$(simrite card info --reader "simrite 0$n" --json | jq -r .iccid)" != "$two" ] || reader=$n
done
simrite sim remove $reader
simrite sim insert 3
check_fault 3 "3 of 4 cards made; the interrupted card with ICCID $two is in no reader" "a card that may hold keys keeps its numbers" make
check_match '4 verified|3 verified, 1 loading' "the rest is made" simrite batch status "$OUT/lost.json" --out "$out"
simrite sim insert $reader
check_match '4 cards made' "it comes back and is made again" make
check_match '4 whole cards' "one line for each" helper whole "$out/lost.csv" 4
helper profile "$out/lost.csv" "$two" "$scratch/profile"
check "with the keys of the last time" simrite card verify --reader "simrite 0$reader" "$scratch/profile"
check_status 6 "a verified card is never scrapped" make --scrap "$two"

# A card that was given a number and no keys, while another was made of it:
printf '{"schema":1,"k":"00112233445566778899aabbccddeeff","opc":"00112233445566778899aabbccddeeff"}' >"$scratch/k.json"
simrite card program --reader "simrite 0$reader" "$scratch/k.json" >/dev/null
sql "UPDATE card SET state = 0 WHERE number = 4"
check_status 5 "a finished file of an unfinished batch is a contradiction" make
mv "$out/lost.csv" "$out/lost.csv.part"
sql "UPDATE card SET state = 0 WHERE number = 4"
check_status 6 "a second card of a made number is found out" make
check_fault 6 'a second card of that number' "and said" make
finish
EOF

# ---- killed at any moment, many times ----
cat >"$scratch/killed.sh" <<'EOF'
. tests/check.sh
umask 077
out=$OUT/killed
make() { simrite-batch personalise "$OUT/killed.json" --readers simrite --out "$out" --parallel "$1"; }
status=0 runs=0
for ms in 004 008 012 016 020 024 028 032 036 040 015 022 030 035 045 050; do
	simrite-batch personalise "$OUT/killed.json" --readers simrite --out "$out" --parallel 2 >>"$scratch/killed.log" 2>&1 &
	pid=$!
	sleep "0.$ms"
	kill -9 $pid 2>/dev/null
	wait $pid 2>/dev/null
	case $? in 0 | 137) ;; *) status=1 ;; esac
	runs=$((runs + 1))
done
[ $status = 0 ]
cp "$scratch/killed.log" "$scratch/.out"
check_report $? "killed $runs times: every run is killed or ends well, none stumbles over the last"
check_match '8 cards made' "and the last one ends it" make 2
check_match '8 whole cards' "eight different cards" python3 tests/cli/batch.py whole "$out/killed.csv" 8
good=0
for n in 0 1 2 3 4 5 6 7; do
	iccid=$(simrite card info --reader "simrite 0$n" --json | jq -r .iccid)
	python3 tests/cli/batch.py profile "$out/killed.csv" "$iccid" "$scratch/profile"
	simrite card verify --reader "simrite 0$n" "$scratch/profile" >/dev/null && good=$((good + 1))
done
[ $good = 8 ]
check_report $? "every one holds the keys of its line"
finish
EOF

# ---- Ctrl-C ----
cat >"$scratch/stopped.sh" <<'EOF'
. tests/check.sh
umask 077
out=$OUT/stopped
simrite-batch personalise "$OUT/stopped.json" --readers simrite --out "$out" --parallel 1 >"$scratch/log" 2>&1 &
pid=$!
for i in $(seq 200); do
	[ -s "$out/stopped.csv.part" ] && [ "$(wc -l <"$out/stopped.csv.part")" -ge 2 ] && break
	sleep 0.002
done
kill -INT $pid
wait $pid
status=$?
cp "$scratch/log" "$scratch/.out"
[ $status = 8 ]
check_report $? "Ctrl-C: status 8"
check_match 'stopped with [1-7] of 8 cards made' "says how far it was" cat "$scratch/log"
check_status 1 "no card is left half made" sh -c "simrite batch status $OUT/stopped.json --out $out | grep -v ' 0 loading, 0 claimed'"
check_match '8 cards made' "and goes on" simrite-batch personalise "$OUT/stopped.json" --readers simrite --out "$out"
check_match '8 whole cards' "to the end" python3 tests/cli/batch.py whole "$out/stopped.csv" 8
finish
EOF

# ---- a disk that is full ----
cat >"$scratch/full.sh" <<'EOF'
. tests/check.sh
umask 077
mkdir "$scratch/small"
mount -t tmpfs -o size=256k none "$scratch/small" || exit 9
out=$scratch/small/full
make() { simrite-batch personalise "$OUT/full.json" --readers simrite --out "$out"; }
dd if=/dev/zero of="$scratch/small/fill" bs=1k 2>/dev/null
check_status 7 "a full disk from the start" make
rm "$scratch/small/fill"
simrite sim remove 1
make >/dev/null 2>&1
simrite sim insert 1
dd if=/dev/zero of="$scratch/small/fill" bs=1k 2>/dev/null
check_status 7 "full in the middle" make
check_fault 7 'disk is full|No space left' "is said" make
rm "$scratch/small/fill"
check_match '4 cards made' "with room, it goes on" make
check_match '4 whole cards' "and nothing was lost" python3 tests/cli/batch.py whole "$out/full.csv" 4
umount "$scratch/small"
finish
EOF

# ---- derived, with a token ----
cat >"$scratch/derived.sh" <<'EOF'
. tests/check.sh
umask 077
helper() { python3 tests/cli/batch.py "$@"; }
out=$OUT/derived
hsm=softhsm:$OUT/token
make() { simrite batch personalise "$OUT/derived.json" --readers simrite --out "$out" "$@"; }
check_status 2 "a derived batch needs its token named" make
cp "$OUT/token/pin" "$scratch/pin" && echo 99999999 >"$OUT/token/pin"
check_status 4 "a wrong token PIN" make --hsm "$hsm"
cp "$scratch/pin" "$OUT/token/pin"
check_status 4 "a token that is not there" make --hsm "softhsm:$scratch"
sed 's/simrite batch derived/no such key/' "$OUT/derived.json" >"$OUT/nokey.json"
check_status 4 "a key that is not there" simrite batch personalise "$OUT/nokey.json" --readers simrite --out "$out" --hsm "$hsm"
check_match 'ICCID    none' "no card was touched" simrite card info --reader "simrite 00"
check_match '3 cards made' "three cards are made" make --hsm "$hsm"
check_match '^IMSI;MSISDN;ICCID;Batch;KCV_K;KCV_OPc$' "the file's header" head -1 "$out/derived.csv"
simrite auc init --database "$scratch/auc.db" >/dev/null
check_match '3 added.*derived' "the AuC imports it" simrite auc import --database "$scratch/auc.db" "$out/derived.csv"
for n in 0 1 2; do
	iccid=$(simrite card info --reader "simrite 0$n" --json | jq -r .iccid)
	imsi=$(simrite card info --reader "simrite 0$n" --json | jq -r .imsi)
	helper derived "$OUT/batch.key" "$iccid" >"$scratch/want"
	read -r k opc kcv_k kcv_opc <"$scratch/want"
	check_match "^$imsi;;$iccid;derived;$kcv_k;$kcv_opc\$" "card $n: its line has the check values openssl computes" cat "$out/derived.csv"
	printf '{"schema":1,"imsi":"%s","k":"%s","opc":"%s","method":"derived"}' "$imsi" "$k" "$opc" >"$scratch/profile"
	check "card $n holds the K and OPc openssl computes" simrite card verify --reader "simrite 0$n" "$scratch/profile"
	rm -f "$scratch/vector"
	check "the AuC makes a vector for it" simrite auc vector --database "$scratch/auc.db" --hsm "$hsm" --imsi "$imsi" --out "$scratch/vector"
	printf '%s\n' "$k" "$opc" >>"$scratch/secrets"
	sed -n 2p "$scratch/want" | tr ' ' '\n' | sed -n 2,3p >>"$scratch/secrets"
done
jq -r '.rand, .autn, .res' "$scratch/vector" >"$scratch/parts"
check_match "$(sed -n 3p "$scratch/parts")" "and the card answers it with the AuC's RES" simrite card auth --reader "simrite 02" --rand "$(sed -n 1p "$scratch/parts")" --autn "$(sed -n 2p "$scratch/parts")" --reveal
check_match "codes of card" "codes are computed when asked for" simrite batch codes "$OUT/derived.json" --hsm "$hsm" --iccid "$iccid" --out "$scratch/codes"
[ "$(jq -r '"\(.pin1) \(.puk1) \(.adm1)"' "$scratch/codes")" = "$(sed -n 2p "$scratch/want")" ]
check_report $? "and are openssl's"
jq -r .adm1 "$scratch/codes" >"$scratch/adm"
printf '{"schema":1,"spn":"new"}' >"$scratch/spn.json"
check "the card takes that ADM1" simrite card program --reader "simrite 02" --adm "file:$scratch/adm" "$scratch/spn.json"
check_status 5 "not of a card that is not in the order" simrite batch codes "$OUT/derived.json" --hsm "$hsm" --iccid 8988211000000001019 --out "$scratch/codes2"
grep -qriaFf "$scratch/secrets" "$out" "$OUT/derived.json"
[ $? = 1 ]
check_report $? "no key and no code is in the bureau's folder"
for secret in $(head -2 "$scratch/secrets"); do
	check_status 1 "nor in the AuC's database" python3 tests/cli/auc.py contains "$scratch/auc.db" "$secret"
done
finish
EOF

part() { # NAME CARDS [WRAPPER...]
	name=$1 cards=$2
	shift 2
	OUT=$scratch inside "$cards" "$@" sh "$scratch/$name.sh" >"$scratch/$name.log" 2>&1
	grep -E '^(ok|not ok|skipped|    )' "$scratch/$name.log"
	line=$(tail -n 1 "$scratch/$name.log" | sed -n 's/^# [^:]*: //p')
	if [ -z "$line" ]; then
		cp "$scratch/$name.log" "$scratch/.out"
		false
		check_report $? "$name: ran to its end"
		return
	fi
	check_passed=$((check_passed + $(echo "$line" | sed 's/ passed.*//')))
	check_failed=$((check_failed + $(echo "$line" | sed 's/.*passed, \([0-9]*\) failed.*/\1/')))
	check_skipped=$((check_skipped + $(echo "$line" | sed -n 's/.*, \([0-9]*\) skipped.*/\1/p;t;c0')))
}
part plain 4
order pulled bulk-plain 4 001010000000301 8988211000000003015 >/dev/null
part pulled 4
order killed bulk-plain 8 001010000000501 8988211000000005010 >/dev/null
part killed 8
order stopped bulk-plain 8 001010000000601 8988211000000006018 >/dev/null
part stopped 8
order full bulk-plain 4 001010000000701 8988211000000007016 >/dev/null
if unshare -rm true 2>/dev/null; then
	part full 4 unshare -rm
else
	skip "full disk" "no mount namespace here"
fi

mkdir -p "$scratch/token/tokens"
printf 'directories.tokendir = %s\nobjectstore.backend = file\nlog.level = ERROR\n' "$scratch/token/tokens" >"$scratch/token/softhsm2.conf"
echo 27182818 >"$scratch/token/pin"
head -c 32 /dev/urandom >"$scratch/batch.key"
export SOFTHSM2_CONF="$scratch/token/softhsm2.conf"
softhsm2-util --init-token --free --label bureau --so-pin 31415926 --pin 27182818 >/dev/null
TOKEN_PIN=27182818 pkcs11-tool --module "$(ls /usr/lib/softhsm/libsofthsm2.so /usr/lib/*/softhsm/libsofthsm2.so 2>/dev/null | head -1)" \
	--token-label bureau --login --pin env:TOKEN_PIN --write-object "$scratch/batch.key" --type secrkey --key-type AES:32 \
	--label "simrite batch derived" --id 01 --usage-sign --private --sensitive >"$scratch/.out" 2>&1
check_report $? "a private token holds a batch key openssl knows too"
order derived derived 3 001010000000801 8988211000000008014 >/dev/null
part derived 3
finish
