# env.sh - for the tests that run pySim. Source it after check.sh: it ends the
# test, with one line that says why, where there is no pySim to run.
#
#     play_scripts TITLE COMMAND...    every script here, each beside a fresh card that COMMAND starts
if [ -z "$PYSIM" ]; then
	skip "pySim" "PYSIM is not set"
	finish
fi
umask 077
PYTHONPATH=$PYSIM${PYTHONPATH:+:$PYTHONPATH}
HOME=$scratch # pySim-shell keeps a history there, PINs and keys included
export PYSIM PYTHONPATH HOME
python=/usr/bin/python3 # the one Debian's pyscard is for
$python "$PYSIM/pySim-shell.py" --help >"$scratch/.out" 2>&1 || {
	false
	check_report $? "pySim-shell starts from PYSIM=$PYSIM"
	finish
}

# What the scripts refer to: a vector for the card's key, and a long value.
k=465b5ce8b199b49faa5f0a2ee238a6bc opc=cd63cb71954a9f4e48a5994e37a02baf
RAND=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
osmo-auc-gen -3 -a milenage -k $k -o $opc -f 8000 -s 160 -r "$RAND" >"$scratch/vector"
for name in AUTN RES CK IK Kc SRES; do
	export "$(echo $name | tr a-z A-Z)=$(sed -n "s/^$name:[[:space:]]*//p" "$scratch/vector")"
done
LONG=$(printf '30313233343536373839%.0s' 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25)
export RAND LONG

play_scripts() {
	title=$1
	shift
	for script in tests/interop/pysim/*.shell; do
		check_match 'commands as expected' "$title: $(basename "$script" .shell)" \
			"$@" $python tests/interop/pysim/play.py "$script"
		[ "$got" -ne 0 ] || echo "    $(tail -n 1 "$scratch/.out")"
	done
}
