# Cards reach PC/SC: each reader its own card, seen by programs others wrote.
. tests/check.sh
send=$BUILD/tests/sim/send
swap=$BUILD/tests/sim/swap

ATR='3b:([0-9a-f]{2}:)+[0-9a-f]{2}'
check_match "^$ATR" "opensc-tool shows the ATR" simrite-sim run -- opensc-tool -a
check_match 'SW1=0x(90|61)' "opensc-tool selects the MF" simrite-sim run -- opensc-tool -c default -s 00:A4:00:00:02:3F:00
check_match 'simrite 01 00' "pcsc_scan lists the readers" simrite-sim run --cards 2 -- pcsc_scan -r
cat >"$scratch/scard.py" <<'END'
from smartcard.System import readers
from smartcard.util import toHexString
found = readers()
print(len(found), [str(r) for r in found])
for r in found:
    c = r.createConnection()
    c.connect()
    data, sw1, sw2 = c.transmit([0x00, 0xA4, 0x00, 0x0C, 0x02, 0x3F, 0x00])
    assert (sw1, sw2) == (0x90, 0x00), (sw1, sw2)
    data, sw1, sw2 = c.transmit([0x00, 0xB0, 0x82, 0x00, 0x0A])
    assert (sw1, sw2) == (0x90, 0x00), (sw1, sw2)
    print("ICCID", toHexString(data))
END

# One .so for all entries of reader.conf is where drivers mix cards up.
for how in "" --process; do
	iccids() {
		simrite-sim run --cards "$1" $how -- /usr/bin/python3 "$scratch/scard.py" |
			tee "$scratch/py" | grep ICCID | sort -u | wc -l
	}
	check_match '^16$' "16 readers, 16 cards${how:+, each a process}" iccids 16
	check_match '^3$' "3 readers, 3 cards${how:+, each a process}" iccids 3
done

# Whatever is sent, the transaction stands and a status word comes back.
long=$(printf '%0600d' 0)
odd() { simrite-sim run "$@" -- "$send" "simrite 00 00" 00 00A4 00A400 00A40000 00A4000402 "00A4000402$long" \
	FFFFFFFFFF "00A40004023F0000" "00A4000402${long}${long}"; }
same_answers() { odd >"$scratch/a" && odd --process >"$scratch/b" && cmp "$scratch/a" "$scratch/b" && cat "$scratch/a"; }
check "short, odd and overlong commands never fail a transaction" odd
check "nor with a card process" odd --process
check_match '^[0-9a-f]{4}$' "both kinds of card answer alike" same_answers
check_match '^61' "a case 4 command with Le is answered 61xx over T=0" simrite-sim run -- "$send" "simrite 00 00" 00A40004023F0000

# An event thread, not pcscd's 400 ms poll.
linked_swap() { simrite-sim run --cards 3 -- sh -c "$swap 'simrite 01 00' linked \$(dirname \$PCSCLITE_CSOCK_NAME)/../slots/01"; }
check_match 'median' "a linked card comes and goes within 10 ms" linked_swap
cat "$scratch/.out"
process_swap() {
	simrite-sim run --cards 2 --process --state "$scratch/cards" -- sh -c \
		"simrite-sim remove 1 && $swap 'simrite 01 00' process \$(dirname \$PCSCLITE_CSOCK_NAME)/../slots/01.sock $BIN/simrite-vcard $scratch/cards/card-01.nvm"
}
check_match 'median' "a card process comes and goes within 10 ms" process_swap
cat "$scratch/.out"

# Taken out in the middle: the client is told, the reader and the others go on.
pulled() {
	simrite-sim run --cards 2 $1 -- sh -c "simrite-sim remove 0 && ! $send 'simrite 00 00' 00A40000 &&
		$send 'simrite 01 00' 00A40000 && simrite-sim insert 0 && $send 'simrite 00 00' 00A40000"
}
check "a pulled card is gone, its neighbour is not, and it can come back" pulled
check "the same with card processes" pulled --process
finish
