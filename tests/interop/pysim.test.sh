# pySim, unmodified, takes the card for a UICC: pySim-shell plays the scripts in
# pysim/, each with a fresh card; pySim-read and pySim-prog run as they are.
#
#     PYSIM=DIR PYTHONPATH=WHAT-IT-NEEDS make test-built T=pysim
#
# DIR holds pySim-shell.py (osmocom.org, GPL; Debian has no package of it, and
# nothing of it is here).
. tests/check.sh
. tests/interop/pysim/env.sh
with_card() { # COMMAND...: beside a fresh card
	simrite sim run --cards 1 --profile test -- "$@"
}

# What is not so must be said: of four expectations, three are wrong.
printf 'select MF\n\t"file_identifier": "3f01"\nselect EF.ICCID\n\tfails 6a82\nselect 1ffe\n\nselect MF\n' >"$scratch/wrong.shell"
check_fault 1 '^1 of 4 commands as expected' "an answer that is not the expected one is a failure" \
	with_card $python tests/interop/pysim/play.py "$scratch/wrong.shell"
play_scripts pySim-shell with_card

printf 'verify_adm 12345678\necho "the files:"\nfsdump\n' >"$scratch/fsdump"
with_card $python "$PYSIM/pySim-shell.py" -p 0 --noprompt --script "$scratch/fsdump" >"$scratch/files" 2>"$scratch/.out"
check_report $? "pySim-shell dumps the file system"
check_match '^[0-9]{3} files read and held against their models, 0 differences' \
	"every file is as pySim's models of TS 31.102, 31.103 and 51.011 have it" \
	sh -c "$python tests/interop/pysim/models.py <$scratch/files"
cat "$scratch/.out"

# ---- over the air: pySim's SCP80 and ours, with keys that pySim-shell put ----
over_the_air='$python tests/interop/pysim/play.py tests/interop/pysim/ota_keys.shell &&
	$python tests/interop/pysim/ota.py aes && $python tests/interop/pysim/ota.py 3des'
export python
with_card sh -c "$over_the_air" >"$scratch/ota" 2>&1
check_match '^2$' "two key sets for SCP80, and what pySim sends and reads is as it should be" \
	sh -c "grep -c 'and one that asks for no answer gets none' $scratch/ota && ! grep '^not ok' $scratch/ota"
grep '^ok' "$scratch/ota" | sed 's/^ok/   /'

# ---- the older programs: one card read, changed with a wrong and a right ADM1, and read again ----
cat >"$scratch/older" <<'END'
read_card() { $python "$PYSIM/pySim-read.py" -p 0; }
# As the plainest UICC that pySim-prog knows: one with an ADM, and no files of its own.
prog() { # ADM1
	$python "$PYSIM/pySim-prog.py" -p 0 -t Wavemobile-SIM -a "$1" -n simrite -x 001 -y 01 -i 001010000000042 \
		-s 8988211000000000011 -k $k -o $opc --acc 0010 -m +49123456789
}
cd "$scratch"
read_card >before
prog 87654321 >wrong
simrite card info --reader simrite --json >tries
read_card >unchanged
prog 12345678 >right
read_card >after
END
export scratch k opc
with_card sh "$scratch/older" >"$scratch/.out" 2>&1
check_report $? "pySim-read and pySim-prog run"
said() { # FILE REGEX...: each is a line of what was said then
	file=$scratch/$1
	shift
	for regex; do
		check_match "^$regex" "$(basename "$file"): $regex" cat "$file"
	done
}
said before 'ICCID: 8988211000000000011' 'IMSI: 001010000000001' 'ACC: 0001' 'Administrative data: 00000002' 'Done !'
said wrong 'Programming failed'
check_match '^2$' "a wrong ADM1 costs one try" jq -r 'select(.type == "result") | .adm1_tries' "$scratch/tries"
check "and changes nothing" cmp "$scratch/before" "$scratch/unchanged"
said right 'Programming successful'
said after 'IMSI: 001010000000042' 'ACC: 0010' 'SMSC: \+49123456789' 'PLMNsel: 00f110f*$' '	00f110ffff # MCC: 001 MNC: 01' 'Done !'
for file in before after; do
	check_status 1 "$file: nothing that pySim-read cannot read" grep -E "an't|not found|Traceback" "$scratch/$file"
done
finish
