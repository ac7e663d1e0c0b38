# suci.sh - for suci.test.sh and suci.board.sh: a card makes SUCIs and OpenSSL
# undoes them. Source it after check.sh.
#
#     suci_all [ARGUMENT...]   with these arguments of simrite sim run
numbers=tests/vectors/suci_ts33501_annexC4.txt

# number SECTION NAME: a value of the published set of keys
number() { awk -v s="[$1" -v n="$2" 'index($0, "[") == 1 { on = index($0, s) == 1 } on && $1 == n { print $3; exit }' "$numbers"; }
private_a=$(number "profile A" hn_priv) private_b=$(number "profile B" hn_priv)
# Both public keys, numbered 1B and 1E
keys=A14B80011B8120$(number "profile A" hn_pub)80011E8121$(number "profile B" hn_pub_compressed)

# transmit ARGUMENTS... -- APDU...: what opensc-tool says to these, in hex
transmit() {
	while [ "$1" != -- ]; do run="$run $1" && shift; done
	shift
	for apdu in "$@"; do
		shift
		set -- "$@" -s "$(echo "$apdu" | tr -d ' ' | sed 's/../&:/g; s/:$//')"
	done
	timeout 120 simrite sim run $run --profile blank -- opensc-tool -c default "$@"
}

# subscriber SCHEMES: what makes a card one with IMSI 999700000000123, routing indicator 71 and these schemes
subscriber() {
	printf '%s\n' 00A4040C07A0000000871002 0020000A083132333435363738 00D6870009089999070000001032 \
		00A4080C067FFF5FC04F0A 00D600000217FF 00A4080C047FFF6F38 00D6000F013C \
		00A4080C067FFF5FD04F01 "00D6000053A004$1$keys"
}

# identity SCHEMES LE ARGUMENT...: the answer of GET IDENTITY of such a card
identity() {
	schemes=$1 le=$2 run=
	shift 2
	transmit "$@" -- $(subscriber $schemes) "80780001$le" |
		python3 tests/interop/suci_home.py "$private_a" "$private_b"
}

suci_all() {
	check_match '^null 99f907 17ff 00 0000001032$' "the null scheme" identity 00000101 0F "$@"
	check_match '^A 99f907 17ff 1b 0000001032$' "profile A: OpenSSL finds the number" identity 01010000 37 "$@"
	check_match '^B 99f907 17ff 1e 0000001032$' "profile B: OpenSSL finds the number" identity 02020101 38 "$@"
}
