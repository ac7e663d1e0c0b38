# The card at the level of bytes, without pcscd: as a process, and on the
# micro:bit over QEMU's serial port.
. tests/check.sh
. tests/port/boards.sh
talk=$BUILD/tests/t0_talk

on_native() { env -u SIMRITE_NVM "$talk" -- "$BUILD/native/card" <tests/port/card.t0; }
on_board() { "$talk" "unix:$uart" <tests/port/card.t0; }
resets() { for n in $(seq 30); do echo 'reset 3B[0-9A-F]{4,64}'; done | "$talk" "unix:$uart"; }

# counter N: the secure channel's sequence counter, which is spent in flash, is N.
counter() {
	"$talk" "unix:$uart" <<-END
	reset 3B[0-9A-F]{4,64}
	00A4040008A000000151000000 (61[0-9A-F]{2}|9000)
	80503000080001020304050607 6120
	00C0000020 [0-9A-F]{20}300370[0-9A-F]{32}${1}9000
	END
}

check "the card as a process answers as it should" on_native
check "the micro:bit starts, its flash all zero" board_start
check "the card on the micro:bit answers as it should" on_board
check "and after a reset again" on_board
check "BREAK resets it, thirty times in a row" resets
check "after noise and half commands it listens again, without a reset" python3 tests/port/noise.py "$uart" 1
check "the micro:bit ends" board_stop

state=$scratch/card.nvm
check "it starts with a state that is not there yet" board_start --state "$state"
check "its secure channel counter begins" counter 000001
check "and goes on after BREAK: what a card wrote survives a reset" counter 000002
check_status 1 "a second micro:bit on the same state is refused" \
	sh boards/microbit/run-qemu.sh "$scratch/second" --image "$image" --state "$state"
check "it ends and saves its memory" board_stop
check "64 KB of it, for its owner only" test "$(stat -c '%s %a' "$state")" = "65536 600"
check "it starts again from there" board_start --state "$state"
check "and remembers" counter 000003
check "BREAK does not bring the old memory back" counter 000004
board_stop
head -c 1000 "$state" >"$scratch/short"
check_fault 1 'not a micro:bit.s memory: 1000 bytes' "a file that is no memory is refused" \
	sh boards/microbit/run-qemu.sh "$uart" --image "$image" --state "$scratch/short"
finish
