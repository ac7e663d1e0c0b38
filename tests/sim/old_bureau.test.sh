# The bureau as of 2010: transport keys that bind nothing (S2, S3), and cards whose keys can be guessed.
. tests/check.sh
umask 077
ob=simrite-old-bureau
db=$scratch/auc.db
auc() {
	command=$1
	shift
	simrite-auc "$command" --database "$db" "$@"
}
k() { printf "%s%s" "$1" "$1" | sha256sum | cut -c1-32; }
{
	echo "Action;OrderId;ServiceId;ObjectId;Priority;IMSI;MSISDN;Opcode(Short);ICCID;Ki;PIN;PIN2;PUK;PUK2;reserved(Boolean);OPc;ADM1"
	echo "ADD;demo-1;SIM;1;5;001010000000001;;CRE;8988211000000000011;$(k 1);1234;;12345678;;0;$(k 2);87654321"
	echo "ADD;demo-1;SIM;2;5;001010000000002;;CRE;8988211000000000029;$(k 3);2345;;23456789;;0;$(k 4);98765432"
} >"$scratch/demo-1.csv"

check_match "first=[0-9a-f]{14} bits=24" "a DES key of a space of 2^24" $ob key --kind des --bits 24 --seed one --out "$scratch/k4"
check "an AES key" $ob key --kind aes --seed one --out "$scratch/k4-aes"
check_status 7 "no key is written over another" $ob key --kind aes --seed one --out "$scratch/k4-aes"
$ob key --kind des --bits 24 --seed one --out "$scratch/k4b" >/dev/null
check "the same seed makes the same key" cmp "$scratch/k4" "$scratch/k4b"
check_match '^600$' "which only we may read" stat -c %a "$scratch/k4"
check_status 2 "a cipher there is not" $ob pack --cipher rot13 --transport-key "file:$scratch/k4" --out "$scratch/x" "$scratch/demo-1.csv"
check_status 5 "a key of another cipher's length" $ob pack --cipher aes-ecb --transport-key "file:$scratch/k4" --out "$scratch/x" "$scratch/demo-1.csv"

unhex() { python3 -c 'import sys; sys.stdout.buffer.write(bytes.fromhex(sys.stdin.read()))'; }
hex() { od -An -tx1 | tr -d ' \n'; }
des() { # single DES is triple DES with one key three times
	openssl enc "-des-ede3$1" -nopad -K "$(cat "$scratch/k4")$(cat "$scratch/k4")$(cat "$scratch/k4")" ${2:+-iv $2}
}
auc init >/dev/null
for cipher in des-cbc des-ecb aes-ecb; do
	key=$scratch/k4
	[ $cipher = aes-ecb ] && key=$scratch/k4-aes
	packed=$scratch/$cipher
	check_match "2 cards" "$cipher: the file is packed" $ob pack --cipher $cipher --transport-key "file:$key" --out "$packed" "$scratch/demo-1.csv"
	check_status 1 "$cipher: no key is in it" grep -qE "$(k 1)|$(k 2)|$(k 3)|$(k 4)" "$packed"
	check_fault 5 "encrypted under a transport key" "$cipher: nobody loads it as it is" auc import "$packed"
	check "$cipher: and unpacked" $ob unpack --cipher $cipher --transport-key "file:$key" --out "$packed.csv" "$packed"
	check "$cipher: it is what it was" cmp "$packed.csv" "$scratch/demo-1.csv"
	case $cipher in
	des-cbc) want=$(printf %s "$(k 1)" | unhex | des -cbc 0000000000000000 | hex) ;;
	des-ecb) want=$(printf %s "$(k 1)" | unhex | des "" | hex) ;;
	aes-ecb) want=$(printf %s "$(k 1)" | unhex | openssl enc -aes-128-ecb -nopad -K "$(cat "$key")" | hex) ;;
	esac
	check_match "^$want\$" "$cipher: openssl encrypts the same" sh -c "sed -n 2p '$packed' | cut -d';' -f10"
done

# ---- S3: a record moved between subscribers, and the operator's centre takes it ----
kcv() { auc list --json | jq -r "select(.imsi==\"$1\")|.kcv_k + .kcv_opc"; }
auc import "$scratch/demo-1.csv" >/dev/null
one=$(kcv 001010000000001) two=$(kcv 001010000000002)
for cipher in des-cbc aes-ecb; do
	key=$scratch/k4
	[ $cipher = aes-ecb ] && key=$scratch/k4-aes
	python3 tests/cli/envelope.py move "$scratch/$cipher" Ki 1 2 >"$scratch/m1"
	python3 tests/cli/envelope.py move "$scratch/m1" OPc 1 2 >"$scratch/moved"
	check "S3 $cipher: moved records unpack" $ob unpack --cipher $cipher --transport-key "file:$key" --out "$scratch/moved.$cipher" "$scratch/moved"
	check_match "2 replaced" "S3 $cipher: the centre accepts them (the mitigation fails)" auc import --replace "$scratch/moved.$cipher"
	[ "$(kcv 001010000000001) $(kcv 001010000000002)" = "$two $one" ]
	check_report $? "S3 $cipher: each subscriber now has the other's keys"
	auc import --replace "$scratch/demo-1.csv" >/dev/null
done

# ---- weak generators: real cards get such keys, and prove them ----
n=0
for generator in des-imsi lcg aes-seed hash-iccid; do
	n=$((n + 1))
	case $generator in
	des-imsi) $ob key --kind des --bits 24 --seed $generator --out "$scratch/s.$generator" >/dev/null ;;
	hash-iccid) ;;
	*) $ob key --kind seed --bits 24 --seed $generator --out "$scratch/s.$generator" >/dev/null ;;
	esac
	secret=
	[ -e "$scratch/s.$generator" ] && secret="--secret file:$scratch/s.$generator"
	simrite-batch order --batch weak-$n --design bulk-plain --count 2 --first-imsi 00101000000${n}001 --first-iccid "$(python3 -c "
d='898821100000000${n}00'
s=sum(sum(divmod(int(c)*(2-i%2),10)) for i,c in enumerate(reversed(d)))
print(d+str(-s%10))")" --out "$scratch/order-$n.json" >/dev/null
	check_match "2 cards made" "$generator: cards are made, and each proves its keys" \
		simrite-sim run --cards 2 -- $ob personalise --readers simrite --generator $generator $secret --out "$scratch/made-$n" "$scratch/order-$n.json"
	check_match "2 added" "$generator: the operator loads them" auc import "$scratch/made-$n/weak-$n.csv"
done
want=$(printf %s "$(sed -n 2p "$scratch/made-4/weak-4.csv" | cut -d';' -f9)" | sha256sum | cut -c1-32)
check_match "^$want\$" "hash-iccid: sha256sum of what is printed on the card is its key" sh -c "sed -n 2p '$scratch/made-4/weak-4.csv' | cut -d';' -f10"
check_status 2 "a generator without its secret is misuse" $ob personalise --readers simrite --generator lcg --out "$scratch/x" "$scratch/order-1.json"
check_status 2 "and one there is not" $ob personalise --readers simrite --generator random --out "$scratch/x" "$scratch/order-1.json"
finish
