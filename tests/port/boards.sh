# boards.sh - for *.board.sh: a micro:bit in QEMU. Source it after check.sh.
#
#     board_start [ARGUMENT...]   run-qemu.sh on $uart with these arguments
#     board_stop                  end it; its exit status
#
# The board is ended with the script in any case.
image=$BUILD/microbit/card.elf
SIMRITE_MICROBIT=$PWD/$image # what simrite sim --board microbit starts
export SIMRITE_MICROBIT
uart=$scratch/uart
board_pid=
trap 'board_stop; rm -rf "$scratch"' EXIT

board_start() {
	sh boards/microbit/run-qemu.sh "$uart" --image "$image" "$@" 2>"$scratch/qemu.log" &
	board_pid=$!
	for wait in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
		[ ! -S "$uart" ] || [ ! -S "$uart.qmp" ] || return 0
		sleep 0.1
	done
	cat "$scratch/qemu.log"
	return 1
}

board_stop() {
	[ -n "$board_pid" ] || return 0
	kill "$board_pid" 2>/dev/null
	wait "$board_pid"
	board_status=$?
	board_pid=
	rm -f "$uart" "$uart.qmp"
	return $board_status
}
