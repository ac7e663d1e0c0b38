# pySim-shell and the card on the micro:bit: the scripts of the process card,
# byte by byte over T=0. See tests/interop/pysim.test.sh for what pySim needs.
. tests/check.sh
. tests/port/boards.sh
. tests/interop/pysim/env.sh
board() { # COMMAND...: beside a fresh card
	rm -rf "$scratch/state"
	timeout 240 simrite sim run --board microbit --state "$scratch/state" --profile test -- "$@"
}
play_scripts "pySim-shell, micro:bit" board
finish
