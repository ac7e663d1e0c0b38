# simrite sim --board tty:DEVICE: a board on a serial line. Here the line is a
# pty and the board a process; on silicon nobody has run it yet.
. tests/check.sh
line=$scratch/ttyACM0

board_start() { # a board that remembers: its memory is a file
	mkfifo "$scratch/power"
	SIMRITE_NVM=$scratch/board.nvm python3 tests/sim/pty_card.py "$line" "$BUILD/native/card" <"$scratch/power" 2>"$scratch/board.log" &
	board=$!
	exec 7>"$scratch/power"
	i=0
	while [ ! -e "$line" ] && [ $i -lt 100 ]; do sleep 0.05; i=$((i + 1)); done
	[ -e "$line" ]
}
board_stop() { # unplug it
	exec 7>&-
	rm -f "$scratch/power"
	wait "$board"
}
trap 'exec 7>&-; rm -rf "$scratch"' EXIT
sim() { timeout 60 simrite sim run --board "tty:$line" "$@" 7>&-; }

check "a board is plugged in" board_start
check_match '^3b:8f:80:1f:c7:80:31:e0:73:f6:.*:67:73:69:6d:72:69:74:65' "opensc-tool sees its card" sim -- opensc-tool -a
check_match 'as delivered' "which is left as it is" sim -- simrite card info
check_match '"iccid": ?""' "with nothing written" sim -- simrite card info --json
check_match 'accepted AUTN' "unless --profile asks" sim --profile test -- simrite card auth --profile test
check_match '8988211000000000011' "what it holds stays on the board" sim -- simrite card info
check_match '"board": ?"tty"' "status says what it runs on" sim -- simrite sim status --json
tries() { sim -- sh -c 'opensc-tool -c default -s 00:20:00:0A:08:30:30:30:30:30:30:30:30; simrite card info'; }
check_match 'ADM1 +2 tries' "a reset between two programs is a reset, and gives no try back" tries
again() { sim -- sh -c 'simrite sim remove 0; simrite card info; simrite sim insert 0; simrite card info'; }
check_match 'no reader has a card' "remove takes the card out" again
check_match 'ICCID +8988211000000000011' "and insert puts it back" again
check_status 2 "two cards on one line are misuse" sim --cards 2 -- true
check_status 2 "so is a folder for its memory" sim --state "$scratch/cards" -- true
check_status 2 "and a process" sim --process -- true
check_status 2 "and a board nobody knows" timeout 60 simrite sim run --board tty: -- true
check_status 3 "what is no serial line is not taken for one" timeout 60 simrite sim run --board "tty:$scratch/board.nvm" -- true
check "nor written to" test "$(stat -c %s "$scratch/board.nvm")" -eq 98304
mkfifo "$scratch/ready"
unplugged() {
	{
		exec 7>&- # or it would keep the board plugged in
		sim -- sh -c 'simrite card info >/dev/null && echo >"$0" && for i in 1 2 3 4 5 6 7 8 9; do
			sleep 0.2; simrite card list | grep -q "no card" && exit 0; done; simrite card list; exit 1' "$scratch/ready"
	} &
	run=$!
	read -r ready <"$scratch/ready"
	board_stop
	wait $run
}
check "a board that is unplugged leaves the reader empty" unplugged
check_fault 3 'plugged in' "and is not there the next time, which is said" sim -- true
finish
