# A 2G terminal in class A0, over PC/SC: pyscard plays the order of
# wpa_supplicant's GSM fallback and the commands of classic SIM tools.
. tests/check.sh
if [ "$SIMRITE_TEST_INSIDE" != gsm ]; then
	rm -rf "$scratch"
	SIMRITE_TEST_INSIDE=gsm exec simrite sim run --cards 1 --profile test -- sh "$0"
fi
umask 077
# Debian's python3, for which python3-pyscard is.
check_match 'as TS 51.011 has it' "without CHV1" /usr/bin/python3 tests/interop/gsm.py simrite
printf '{"schema":1,"pin1":"1234","puk1":"12345678","pin1_enabled":true}' >"$scratch/pin.json"
check "PIN1 is switched on" simrite card program --reader simrite "$scratch/pin.json"
check_match 'as TS 51.011 has it' "with CHV1, which is PIN1" /usr/bin/python3 tests/interop/gsm.py simrite 1234
tries=$(simrite card info --reader simrite --json | jq -r 'select(.type == "result") | .pin1_tries')
[ "$tries" = 3 ]
check_report $? "and class 00 tells that all its tries are back"
finish
