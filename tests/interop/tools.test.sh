# The tools one reaches for when a card is new: OpenSC's, and those of pcsc-tools.
. tests/check.sh
HOME=$scratch # ATR_analysis would keep a list there, and fetch it
export HOME
if [ "$SIMRITE_TEST_INSIDE" != tools ]; then
	rm -rf "$scratch"
	SIMRITE_TEST_INSIDE=tools exec simrite sim run --cards 1 --profile test -- sh "$0"
fi

# ---- the answer to reset: TS 102 221 6.3, ISO/IEC 7816-3 8, ISO/IEC 7816-4 8.1.1 ----
atr=$(opensc-tool -a 2>/dev/null | tr a-f A-F | tr : ' ')
list=/usr/share/pcsc/smartcard_list.txt
mkdir -p "$HOME/.cache"
printf '%s\n\tthe card under test\n' "$atr" >"$HOME/.cache/smartcard_list.txt" # known: nothing is fetched
analysed() { ATR_analysis "$atr" | sed 's/\x1b\[[0-9;]*m//g'; }
for says in 'Protocol T = 0' 'Protocol T = 15 - Global' 'Class accepted by the card: \(3G\) A 5V B 3V C 1.8V' \
	'Application selection: by partial DF name' 'EF.DIR and EF.ATR access services: by GET RECORD' 'Card with MF' \
	'DF selection by path' 'Short EF identifier supported' 'Record number supported' \
	'EF of TLV structure supported' 'Logical channel number assignment: by the interface device and card' 'Maximum number of logical channels: 8' \
	'TCK = .. \(correct checksum\)' 'the card under test'; do
	check_match "$says" "ATR_analysis: $says" analysed
done
check_match "^$atr *\$" "pcsc_scan shows the same ATR" sh -c \
	"timeout 5 pcsc_scan -c -n | sed -n 's/\x1b\[[0-9;]*m//g; s/.*ATR: //p' | head -n 1"
check_status 1 "no card that pcsc-tools know has it" grep -qi "^$atr\$" $list

# ---- scriptor: bytes as they are sent ----
cat >"$scratch/script" <<-EOF
	reset
	00 A4 00 04 02 2F E2
	00 C0 00 00 FF
	00 C0 00 00 19
	00 B0 00 00 00
	00 B0 00 00 0A
	00 A4 00 0C 02 2F 00
	00 B2 01 04 00
	00 B2 01 04 26
	00 B2 20 04 26
	00 A4 00 0C 02 1F FF
	A0 A4 00 00 02 7F 20
	A0 A4 00 00 02 6F 07
EOF
cat >"$scratch/wanted" <<-EOF
	< 61 19
	< 6C 19
	< 62 17 82 02 41 21 83 02 2F E2
	< 6C 0A
	< 98 88 12 01 00 00 00 00 10 F1 90 00
	< 90 00
	< 6C 26
	< 61 18 4F 10 A0 00 00 00 87 10 02 FF FF FF FF 89
	< 6A 83
	< 6A 82
	< 9F
	< 9F 0F
EOF
scripted() { # every answer begins as wanted
	scriptor -r 'simrite 00 00' "$scratch/script" | sed -n '/^< OK/d; /^</p' >"$scratch/answers"
	cat "$scratch/answers"
	[ "$(wc -l <"$scratch/answers")" = "$(wc -l <"$scratch/wanted")" ] || return 1
	paste -d '\n' "$scratch/wanted" "$scratch/answers" | awk 'NR % 2 { want = $0; next } index($0, want) != 1 { bad = 1; print "wanted " want } END { exit bad }'
}
check "scriptor: SELECT, GET RESPONSE, READ BINARY and READ RECORD as T=0 has them" scripted

# ---- opensc-explorer: files as OpenSC's own reading of ISO/IEC 7816-4 finds them ----
explore() { printf '%s\n' "$@" quit | opensc-explorer -c default 2>&1; }
explore 'info 2FE2' >"$scratch/iccid"
check_match 'Working Elementary File +ID 2FE2' "opensc-explorer finds EF.ICCID" cat "$scratch/iccid"
check_match 'File size: +10 bytes' "and its size" cat "$scratch/iccid"
check_match 'Life cycle: +Operational, activated' "and its life cycle" cat "$scratch/iccid"
check_match '98 88 12 01 00 00 00 00 10 F1' "and reads it" explore 'cat 2FE2'
explore 'info 2F00' >"$scratch/dir"
check_match 'Linear fixed' "EF.DIR has records" cat "$scratch/dir"
check_match 'Number of records: +[0-9]+' "at least one" cat "$scratch/dir"
check_match 'Max. record size: +38 bytes' "of 38 bytes" cat "$scratch/dir"
dir() { explore 'cat 2F00' | sed -n '/^Record [12]:/,/^Record 3/p'; }
check_match '00000000: 61 18 4F 10 A0 00 00 00 87 10 02 FF' "the first names ADF.USIM" dir
check_match '00000000: 61 18 4F 10 A0 00 00 00 87 10 04 FF' "the second ADF.ISIM" dir
check_match '3F00/7F20/6F07' "a file below a directory" explore 'cd 7F20' 'info 6F07'
check_match '08 09 10 10 00 00 00 00 10' "EF.IMSI, by its application's AID" explore 'cd aid:A0000000871002' 'cat 6F07'
check_match '^00000000: ([0-9A-F]{2} ){8}' "GET CHALLENGE" explore 'random 8'
check_match 'File not found' "a file that is not there" explore 'cat 1FFE'
finish
