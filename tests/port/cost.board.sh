# What AUTHENTICATE costs a Cortex-M0: the instructions from a command's last
# byte to its answer's first, counted one by one in QEMU (cost.py). The worst
# there is: every IND has been used, so that all sequence numbers are read.
# 5 ms at 16 MHz are 80,000.
. tests/check.sh
. tests/port/boards.sh
umask 077
most=80000
k=465b5ce8b199b49faa5f0a2ee238a6bc opc=cd63cb71954a9f4e48a5994e37a02baf # of the profile "test"
rand=23553cbe9637a89d218ae64dae47bf35
usim=00A4040C07A0000000871002

# authenticate SQN: the command, with an AUTN that libosmocore made
authenticate() {
	autn=$(osmo-auc-gen -3 -a milenage -k $k -o $opc -f 8000 -s "$1" -r $rand | sed -n 's/^AUTN:[[:space:]]*//p')
	echo "008800812210${rand}10$autn"
}
# cost LABEL SW COMMAND...: its line, and that it is not too much
cost() {
	label=$1 sw=$2
	shift 2
	python3 tests/port/cost.py "$image" "$uart" $usim "$@" >"$scratch/cost" || return 1
	read -r count cycles status <"$scratch/cost"
	awk -v what="$label" -v n="$count" -v most=$most -v cycles="$cycles" 'BEGIN {
		printf "# %-28s %6d instructions (at most %d), %.1f ms at 16 MHz; %d cycles by ARM'"'"'s table, %.1f ms\n",
			what, n, most, n / 16000, cycles, cycles / 16000 }' | tee -a "$scratch/figures"
	[ "$status" = "$sw" ] && [ "$count" -gt 1000 ] && [ "$count" -le $most ]
}

check "a board with a key" timeout 120 simrite sim run --board microbit --state "$scratch/board" --profile test -- true
check "starts" board_start --state "$scratch/board/card-00.microbit"
check "the first AUTHENTICATE" cost "AUTHENTICATE, first IND" 6135 "$(authenticate 3201)"
used=
for ind in $(seq 0 31); do
	used="$used $(authenticate $((3232 + ind)))"
done
check "AUTHENTICATE with all INDs used" cost "AUTHENTICATE, all INDs used" 6135 $used "$(authenticate 3270)"
check "AUTS with all INDs used" cost "AUTS, all INDs used" 6110 "$(authenticate 3270)"
check "the GSM context" cost "AUTHENTICATE, GSM context" 610E "008800801110$rand"
cat "$scratch/figures"
board_stop
finish
