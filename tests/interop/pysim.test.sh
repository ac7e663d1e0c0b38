# pySim, unmodified, takes the card for a UICC: pySim-shell plays the scripts in
# pysim/, each with a fresh card; pySim-read and pySim-prog run as they are.
#
#     PYSIM=DIR PYTHONPATH=WHAT-IT-NEEDS make test-built T=pysim
#
# DIR holds pySim-shell.py (osmocom.org, GPL; Debian has no package of it, and
# nothing of it is here).
. tests/check.sh
if [ -z "$PYSIM" ]; then
	skip "pySim-shell, pySim-read and pySim-prog" "PYSIM is not set"
	finish
fi
umask 077
PYTHONPATH=$PYSIM${PYTHONPATH:+:$PYTHONPATH}
HOME=$scratch # pySim-shell keeps a history there, PINs and keys included
export PYSIM PYTHONPATH HOME
python=/usr/bin/python3 # the one Debian's pyscard is for
with_card() { # COMMAND...: beside a fresh card
	simrite sim run --cards 1 --profile test -- "$@"
}
if ! $python "$PYSIM/pySim-shell.py" --help >"$scratch/.out" 2>&1; then
	false
	check_report $? "pySim-shell starts from PYSIM=$PYSIM"
	finish
fi

# One vector for the script that authenticates.
k=465b5ce8b199b49faa5f0a2ee238a6bc opc=cd63cb71954a9f4e48a5994e37a02baf
RAND=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
osmo-auc-gen -3 -a milenage -k $k -o $opc -f 8000 -s 160 -r "$RAND" >"$scratch/vector"
for name in AUTN RES CK IK Kc SRES; do
	export "$(echo $name | tr a-z A-Z)=$(sed -n "s/^$name:[[:space:]]*//p" "$scratch/vector")"
done
export RAND

# What is not so must be said: of four expectations, three are wrong.
printf 'select MF\n\t"file_identifier": "3f01"\nselect EF.ICCID\n\tfails 6a82\nselect 1ffe\n\nselect MF\n' >"$scratch/wrong.shell"
check_fault 1 '^1 of 4 commands as expected' "an answer that is not the expected one is a failure" \
	with_card $python tests/interop/pysim/play.py "$scratch/wrong.shell"
for script in tests/interop/pysim/*.shell; do
	check_match 'commands as expected' "pySim-shell: $(basename "$script" .shell)" \
		with_card $python tests/interop/pysim/play.py "$script"
	[ "$got" -ne 0 ] || echo "    $(tail -n 1 "$scratch/.out")"
done
finish
