# The card on the micro:bit through pcscd: programs others wrote see it, and
# ours personalise it and prove its keys. Then once more at the level of bytes,
# to see how deep its stack gets.
. tests/check.sh
. tests/port/boards.sh
talk=$BUILD/tests/t0_talk
state=$scratch/state

board() { timeout 120 simrite sim run --board microbit --state "$state" "$@"; }
atr='3b:8f:80:1f:c7:80:31:e0:73:f6:.*:67:73:69:6d:72:69:74:65'

check_match "^$atr" "opensc-tool sees it through pcscd" board --profile blank -- opensc-tool -a
check_match 'SW1=0x90, SW2=0x00' "opensc-tool talks to it" \
	board --profile blank -- opensc-tool -c default -s 00:A4:00:04:02:3F:00
check_status 3 "a key proof on a card without a key is a fault of the card, not a crash" \
	board --profile blank -- simrite card auth --profile test

programs() {
	board --profile blank -- sh -ec 'simrite card program test
		simrite card verify test
		simrite card auth --profile test'
}
check_match 'accepted AUTN and answered RES of 8 bytes' "simrite card personalises it, reads it back and proves K and OPc" programs
check_match 'ICCID +8988211000000000011' "the next run finds the card as it was left" board -- simrite card info
check_match 'accepted AUTN' "and its key answers" board -- simrite card auth --profile test
check_match 'accepted AUTN' "--profile test does all that by itself" \
	timeout 120 simrite sim run --board microbit -- simrite card auth --profile test
check_match '^2$' "two boards at once are two cards" \
	timeout 120 simrite sim run --board microbit --cards 2 -- sh -c 'simrite card list | grep -c "^simrite 0"'

# The board dies: the card is gone, and nothing hangs.
cat >"$scratch/lost" <<'END'
below() { for child in $(pgrep -P "$1"); do echo "$child"; below "$child"; done; }
keeper=$(ps -o ppid= "$PPID")
for process in $(below $PPID) $(below $keeper); do
	case $(cat "/proc/$process/comm" 2>/dev/null) in qemu*) kill -9 "$process" && break ;; esac
done
sleep 0.2
simrite card info
END
lost() { timeout 30 simrite sim run --board microbit -- sh "$scratch/lost" >"$scratch/lost.out" 2>&1; }
check_status 3 "when the board dies the reader is empty" lost
check_match 'no reader has a card' "and simrite card says so" cat "$scratch/lost.out"

# TS 35.208 test set 1, whose key the card now has. Its AUTN is right, but its
# sequence number is farther ahead than the card lets one jump: it answers AUTS.
# One bit changed, and the MAC is wrong. Every APDU deep enough to matter is in
# here, and what the stack really used must not be more than was computed.
exchanges() {
	"$talk" "unix:$uart" <<-END
	reset 3B[0-9A-F]+
	00A4040407A0000000871002 61[0-9A-F]{2}
	00880081221023553CBE9637A89D218AE64DAE47BF351055F328B43577B9B94A9FFAC354DFAFB3 6110
	00C0000010 DC0E[0-9A-F]{28}9000
	00880081221023553CBE9637A89D218AE64DAE47BF351055F328B43577B9B94A9FFAC354DFAFB2 9862
	0020000A083030303030303030 63C2
	0020000A083132333435363738 9000
	0020000A083030303030303030 63C2
	00A4040008A000000151000000 (61[0-9A-F]{2}|9000)
	80503000080001020304050607 6120
	00C0000020 [0-9A-F]{64}9000
	END
}
tries() {
	"$talk" "unix:$uart" <<-END
	reset 3B[0-9A-F]+
	0020000A083030303030303030 63C2
	reset 3B[0-9A-F]+
	0020000A00 63C2
	0020000A083030303030303030 63C1
	reset 3B[0-9A-F]+
	0020000A083132333435363738 9000
	0020000A00 (63C3|9000)
	END
}
check "the micro:bit starts with that memory" board_start --state "$state/card-00.microbit"
check "a reset gives no try of a PIN back" tries
check "it computes Milenage, counts PIN tries and opens a secure channel" exchanges
used=$(python3 tests/port/stack_used.py "$image" "$uart.qmp")
need=$(python3 tests/size/stack.py "$image" "$BUILD/microbit/obj" tests/size/pointers.txt | sed -n 's/^stack //p')
echo "# stack: $used bytes used, $need computed as the most"
check "the stack stayed within what was computed" test "${used:-0}" -gt 500 -a "${used:-99999}" -le "$need"
board_stop
finish
