# The bureau under tickets: cards are born, loaded once each, and answer; nothing that can come between
# uses a ticket twice or loses a card; and of agreed keys the bureau never had a byte.
. tests/check.sh
if [ "$SIMRITE_TEST_INSIDE" != tickets ]; then
	rm -rf "$scratch"
	SIMRITE_TEST_INSIDE=tickets exec sh "$0"
fi
umask 077
OUT=$scratch/out
mkdir "$OUT"
export OUT
helper() { python3 tests/cli/tickets.py "$@"; }
part() { # NAME CARDS
	check "$1" simrite sim run --cards "$2" --profile blank -- sh "$scratch/$1.sh"
	grep -E '^(ok|not ok|skipped)' "$scratch/.out" | sed 's/^/  /'
	case $(grep -c '^not ok' "$scratch/.out") in 0) ;; *) cat "$scratch/.out" ;; esac
}
for key in ceremony factory operator other; do
	openssl ecparam -name prime256v1 -genkey -noout -out "$OUT/$key.pem" || exit 1
done
order() { # ID DESIGN COUNT FIRST-IMSI FIRST-ICCID
	simrite batch order --batch "$1" --design "$2" --count "$3" --first-imsi "$4" --first-iccid "$5" --out "$OUT/$1.json" >/dev/null
}
issue() { # ID METHOD COUNT FIRST-ICCID [OPERATOR]
	helper issue "$OUT/ceremony.pem" "$1" "$2" "$3" "$4" "$OUT/$1.tickets" ${5:+"$OUT/$5.pem"}
}
# shellcheck disable=SC2046
${CC:-cc} -D_GNU_SOURCE -fPIC -shared $(pkg-config --cflags libpcsclite) -o "$OUT/apdu_spy.so" tests/cli/apdu_spy.c -ldl || exit 1
cat >"$scratch/common" <<'END'
. tests/check.sh
umask 077
helper() { python3 tests/cli/tickets.py "$@"; }
make() { # ID OPTION...
	id=$1
	shift
	simrite-batch personalise "$OUT/$id.json" --readers simrite --out "$OUT/$id" --tickets "$OUT/$id.tickets" "$@"
}
birth() { simrite batch birth --readers simrite --factory "file:$OUT/$1.pem"; }
END

# ---- a token: the operator's key pair of the agreed batch, and a batch key ----
mkdir -p "$OUT/token/tokens"
printf 'directories.tokendir = %s\nobjectstore.backend = file\nlog.level = ERROR\n' "$OUT/token/tokens" >"$OUT/token/softhsm2.conf"
echo 27182818 >"$OUT/token/pin"
export SOFTHSM2_CONF="$OUT/token/softhsm2.conf"
softhsm2-util --init-token --free --label mobile --so-pin 31415926 --pin 27182818 >/dev/null
module=$(ls /usr/lib/softhsm/libsofthsm2.so /usr/lib/*/softhsm/libsofthsm2.so 2>/dev/null | head -1)
put_object() { # FILE OPTION...
	file=$1
	shift
	TOKEN_PIN=27182818 pkcs11-tool --module "$module" --token-label mobile --login --pin env:TOKEN_PIN --write-object "$file" "$@"
}
openssl pkey -in "$OUT/operator.pem" -outform DER -out "$scratch/private.der"
openssl pkey -in "$OUT/operator.pem" -pubout -outform DER -out "$scratch/public.der"
head -c 32 /dev/urandom >"$scratch/batch.key"
check "the token gets the operator's private key" put_object "$scratch/private.der" --type privkey --label "simrite agree agreed" --id 02 --usage-derive
check "and its public half" put_object "$scratch/public.der" --type pubkey --label "simrite agree agreed" --id 02
check "and a batch key" put_object "$scratch/batch.key" --type secrkey --key-type AES:32 --label "simrite batch derived" --id 01 --usage-sign --private --sensitive
rm -f "$scratch/private.der" "$scratch/batch.key"

# ---- what is refused, and an agreed batch from birth to the authentication centre ----
order agreed agreed 2 001010000000101 8988211000000001019
issue agreed agreed 2 8988211000000001019 operator
issue other agreed 2 8988211000000001019 operator
{ head -1 "$OUT/agreed.tickets"; tail -n +2 "$OUT/other.tickets"; } >"$OUT/mixed.tickets"
helper spoil "$OUT/agreed.tickets" "$OUT/spoilt.tickets"
helper issue "$OUT/ceremony.pem" agreed agreed 2 8988211000000001019 "$OUT/slot.tickets" "$OUT/operator.pem" 2
helper issue "$OUT/ceremony.pem" agreed agreed 2 8988211000000001019 "$OUT/expired.tickets" "$OUT/operator.pem" 1 59
cat "$scratch/common" - >"$scratch/agreed.sh" <<'END'
refused() { simrite-batch personalise "$OUT/agreed.json" --readers simrite --out "$OUT/agreed" "$@"; }
check_fault 2 'under tickets' "an agreed batch without tickets" refused
check_fault 5 'another card, batch or method' "another batch's tickets under this one's first line" refused --tickets "$OUT/mixed.tickets"
check_fault 5 'batch other.s' "another batch's tickets" refused --tickets "$OUT/other.tickets"
check_fault 5 'slot 2' "tickets for another slot" refused --tickets "$OUT/slot.tickets"
check_fault 3 'no factory.s certificate' "cards that were not born" make agreed
check_match '2 cards born, 0 were before' "two cards are born" birth factory
check_match '0 cards born, 2 were before' "once" birth factory
check_fault 3 'another factory' "another factory's they are not" birth other
check_fault 1 'not signed by the ceremony' "a ticket with one wrong bit" refused --tickets "$OUT/spoilt.tickets"
check_fault 6 'has expired' "tickets that have expired" refused --tickets "$OUT/expired.tickets"
mkdir "$OUT/agreed.seen"
check_match 'times looked' "two cards are made, and the bureau is watched" \
	env LD_PRELOAD="$OUT/apdu_spy.so" APDU_SPY="$OUT/agreed.seen/apdus" \
	python3 tests/cli/tickets.py watch "$OUT/agreed.seen" simrite-batch personalise "$OUT/agreed.json" --readers simrite --out "$OUT/agreed" --tickets "$OUT/agreed.tickets" --parallel 1
check_match '2 cards made' "made again, nothing changes" make agreed
check_match '^2$' "two receipts" grep -c receipt "$OUT/agreed/agreed.receipts.jsonl"
check_match 'IMSI;MSISDN;ICCID;Batch;KCV_K;KCV_OPc;Identity;PIN;PUK;ADM1' "the output file has no key" head -1 "$OUT/agreed/agreed.csv"
check "the operator computes the keys" sh -c "python3 tests/cli/tickets.py agreed $OUT/operator.pem $OUT/agreed/agreed.receipts.jsonl >$OUT/agreed.keys"
check_match '^0 finds of 4 keys' "none of them is on the bureau's disk, in its traffic or its memory" helper search "$OUT/agreed.keys" "$OUT/agreed" "$OUT/agreed.seen"

trusts() { simrite card info --reader "simrite 00" --json | jq -e --arg line "$(grep "$1" "$OUT/agreed/agreed.csv")" '.trust.certified and .trust.accepted == 1 and (.trust.identity as $i | $line | contains($i))'; }
check "card info tells who it is, and of its ticket" trusts 8988211000000001019

# the operator
auc() { command=$1; shift; simrite-auc "$command" --database "$OUT/auc.db" "$@"; }
import() { auc import "$OUT/agreed/agreed.csv" --receipts "$OUT/agreed/agreed.receipts.jsonl" --authority "$(helper spki "$OUT/ceremony.pem")" --factory "$(helper spki "$OUT/${1:-factory}.pem")" --agree-key "file:$OUT/${2:-operator}.pem"; }
check "an authentication centre" auc init
check_fault 2 'with its receipts' "without receipts" auc import "$OUT/agreed/agreed.csv"
check_fault 1 'not of this factory' "another factory's cards" import other
check_fault 1 "another operator's key" "another operator's key" import factory other
check_match '2 added' "the batch is imported" import
check_match '2 already there' "again" import
check_match '2 already there' "and by the key pair in the operator's token the keys are the same" \
	auc import "$OUT/agreed/agreed.csv" --batch agreed --receipts "$OUT/agreed/agreed.receipts.jsonl" \
	--authority "$(helper spki "$OUT/ceremony.pem")" --factory "$(helper spki "$OUT/factory.pem")" \
	--hsm "pkcs11:token=mobile?pin-source=file:$OUT/token/pin"
check_fault 5 'is of batch agreed' "as another batch it is refused" auc import "$OUT/agreed/agreed.csv" --batch other --receipts "$OUT/agreed/agreed.receipts.jsonl"
helper agreed "$OUT/operator.pem" "$OUT/agreed/agreed.receipts.jsonl" | tr ' ' '\n' >"$scratch/keys"
check_status 1 "no key lies open in its database" sh -c "od -An -v -tx1 $OUT/auc.db | tr -d ' \n' | grep -qFf $scratch/keys"
authenticates() { # READER IMSI
	rm -f "$scratch/vector"
	auc vector --imsi "$2" --out "$scratch/vector" || return 1
	field() { jq -r ".$1" "$scratch/vector"; }
	simrite card auth --reader "$1" --rand "$(field rand)" --autn "$(field autn)" --reveal --json >"$scratch/answer" &&
		[ "$(jq -r .res "$scratch/answer")" = "$(field res)" ]
}
for card in 00:001010000000101 01:001010000000102; do
	check "card ${card%%:*} authenticates with the centre" authenticates "simrite ${card%%:*}" "${card#*:}"
done
finish
END
part agreed 2

# ---- the search finds what is there: the same of injected keys ----
order plain bulk-plain 2 001010000000201 8988211000000002017
issue plain injected 2 8988211000000002017
cat "$scratch/common" - >"$scratch/plain.sh" <<'END'
birth factory >/dev/null
mkdir "$OUT/plain.seen"
check_match 'times looked' "two cards are made under tickets with injected keys" \
	env LD_PRELOAD="$OUT/apdu_spy.so" APDU_SPY="$OUT/plain.seen/apdus" \
	python3 tests/cli/tickets.py watch "$OUT/plain.seen" simrite-batch personalise "$OUT/plain.json" --readers simrite --out "$OUT/plain" --tickets "$OUT/plain.tickets" --parallel 1
check "their keys" sh -c "python3 tests/cli/tickets.py plain $OUT/plain/plain.csv >$OUT/plain.keys"
check_match '^plain.csv: 4' "the search finds them on the disk" helper search "$OUT/plain.keys" "$OUT/plain"
check_match '^memory: [1-9]' "and in the memory" helper search "$OUT/plain.keys" "$OUT/plain.seen"
check_match '^0 finds' "not in the traffic, which is enciphered" helper search "$OUT/plain.keys" "$OUT/plain.seen/apdus"
# Loaded cards stay what they are.
order() { simrite batch order --batch "$1" --design bulk-plain --count 2 --first-imsi 001010000000301 --first-iccid 8988211000000003015 --out "$OUT/$1.json" >/dev/null; }
order again
helper issue "$OUT/ceremony.pem" again injected 2 8988211000000003015 "$OUT/again.tickets"
check_fault 3 'loaded before' "a second batch on the same cards" make again --again
helper issue "$OUT/other.pem" again injected 2 8988211000000003015 "$OUT/again.tickets"
check_fault 3 'loaded before|another ceremony' "another ceremony's" make again --again
finish
END
part plain 2

# ---- derived keys ----
order derived derived 2 001010000000601 8988211000000006018
issue derived derived 2 8988211000000006018
cat "$scratch/common" - >"$scratch/derived.sh" <<'END'
birth factory >/dev/null
hsm="pkcs11:token=mobile?pin-source=file:$OUT/token/pin"
check_match '2 cards made' "two cards are made under tickets with derived keys" make derived --hsm "$hsm"
check "an authentication centre" simrite auc init --database "$OUT/derived.db"
check_match '2 added.*derived' "imports them" simrite auc import --database "$OUT/derived.db" "$OUT/derived/derived.csv"
check_match '"lost":0' "status" simrite batch status "$OUT/derived.json" --out "$OUT/derived" --json
finish
END
part derived 2

# ---- the time: a card that was told it refuses what expired before, whatever the bureau's clock says ----
order late bulk-plain 2 001010000000801 8988211000000008014
issue late injected 2 8988211000000008014
helper time "$OUT/ceremony.pem" -600 "$OUT/early.time"
helper time "$OUT/ceremony.pem" -60 "$OUT/now.time"
helper time "$OUT/ceremony.pem" 172800 "$OUT/late.time"
helper time "$OUT/other.pem" 0 "$OUT/other.time"
cat "$scratch/common" - >"$scratch/late.sh" <<'END'
birth factory >/dev/null
check_fault 2 'under --tickets' "a time without tickets" simrite-batch personalise "$OUT/late.json" --readers simrite --out "$OUT/late" --time "$OUT/now.time"
check_fault 5 'of another ceremony' "another ceremony's time" make late --time "$OUT/other.time"
sed 's/"time":\([0-9]*\)/"time":\11/' "$OUT/now.time" >"$OUT/bent.time"
check_fault 1 'not what was signed' "a time that is not the one signed" make late --time "$OUT/bent.time"
one() { id=$1 reader=$2; shift 2; simrite-batch personalise "$OUT/$id.json" --readers "simrite 0$reader" --out "$OUT/$id" --tickets "$OUT/late.tickets" "$@"; }
trust() { simrite card info --reader "simrite 0$1" --json | jq -e ".trust | $2"; }
told=$(jq .time "$OUT/now.time")
check_fault 3 '1 of 2 cards made' "the first card is told the time, and made" one late 0 --time "$OUT/now.time"
check "it knows the time" trust 0 ".time == $told and .accepted == 1"
check_fault 3 '1 of 2 cards made' "an earlier one changes nothing" one late 0 --time "$OUT/early.time"
check "it knows what it knew" trust 0 ".time == $told and .accepted == 1"
check_fault 3 'later time than its ticket is good for .STORE DATA, 6984' "the second knows a later time than its ticket, and refuses it" one late 1 --time "$OUT/late.time"
check "nothing was loaded" trust 1 ".accepted == 0 and .time == $(jq .time "$OUT/late.time")"
check_fault 3 '6984' "the time withheld now, it does not forget" one late 1
check "nor told an earlier one" sh -c "! simrite-batch personalise '$OUT/late.json' --readers 'simrite 01' --out '$OUT/late' --tickets '$OUT/late.tickets' --time '$OUT/now.time'"
check "still nothing was loaded" trust 1 ".accepted == 0"
finish
END
part late 2

# ---- a card lost in the midst of it ----
order lost agreed 1 001010000000701 8988211000000007016
issue lost agreed 1 8988211000000007016 operator
cat "$scratch/common" - >"$scratch/lost.sh" <<'END'
birth factory >/dev/null
dies() { LD_PRELOAD="$OUT/apdu_spy.so" APDU_SPY_KILL=30 make lost; }
dies >/dev/null 2>&1
check_match '1 loading' "a card is interrupted after it was told to load" simrite batch status "$OUT/lost.json" --out "$OUT/lost"
check_match '0 cards made.*' "given up, the batch ends without it" make lost --scrap 8988211000000007016
check_match '1 lost' "and says so" simrite batch status "$OUT/lost.json" --out "$OUT/lost"
check_match '^0$' "no receipt, no line" sh -c "grep -c . $OUT/lost/lost.receipts.jsonl || :"
finish
END
part lost 1

# ---- killed at any moment: the same command goes on, and no ticket is used twice ----
killed() { # METHOD DESIGN FIRST-NUMBER: a card for each moment
	for n in 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15; do
		id=$1$n
		digits=$(printf '898821100000000%d%02d' "$3" "$n")
		iccid=$(python3 -c "import sys; sys.argv = ['']
d = '$digits'
t = sum(int(c) if i % 2 else sum(divmod(2 * int(c), 10)) for i, c in enumerate(reversed(d)))
print(d + str(-t % 10))")
		order "$id" "$2" 1 "$(printf '001010000000%d%02d' "$3" "$n")" "$iccid"
		issue "$id" "$1" 1 "$iccid" ${4:+"$4"}
	done
}
killed agreed agreed 4 operator
killed injected bulk-plain 5
cat "$scratch/common" - >"$scratch/killed.sh" <<'END'
# Born in the midst of being killed: every card has one identity, and is certified.
born() {
	for after in 1 2 3 5 7 9 11 13 15 17 19 21 23 25 27 29; do
		LD_PRELOAD="$OUT/apdu_spy.so" APDU_SPY_KILL=$after simrite-batch birth --readers simrite --factory "file:$OUT/factory.pem" >/dev/null 2>&1
		[ $? -eq 137 ] || return 1
	done
	birth factory
}
check_match '[0-9]+ cards born' "killed sixteen times, birth goes on" born
check_match '0 cards born, 16 were before' "and every card was born" birth factory
one() { # ID N: reader 0N; killed at three commands, then done
	reader=$(printf 'simrite %02X' "$2")
	run() { simrite-batch personalise "$OUT/$1.json" --readers "$reader" --out "$OUT/$1" --tickets "$OUT/$1.tickets"; }
	kills=0
	for after in $((3 + 3 * $2)) $((4 + 3 * $2)) $((5 + 3 * $2)); do
		LD_PRELOAD="$OUT/apdu_spy.so" APDU_SPY_KILL=$after run "$1" >/dev/null 2>&1
		[ $? -eq 137 ] && kills=$((kills + 1))
	done
	run "$1" || return 1
	echo "killed $kills times"
	[ "$(wc -l <"$OUT/$1/$1.csv") $(wc -l <"$OUT/$1/$1.receipts.jsonl")" = "2 1" ]
}
for n in 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 $LAST; do
	check_match 'killed [1-3] times' "$METHOD, killed from command $((3 + 3 * n)) on: one line, one receipt, one load" one "$METHOD$n" $n
done
finish
END
METHOD=agreed LAST=
export METHOD LAST
part killed 16
METHOD=injected LAST=15
part killed 16
finish
