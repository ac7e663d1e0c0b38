# A sealed output file, from the bureau's desk to the operator's: one that was moved, changed or sent by
# another is refused, a second implementation opens it, and nobody else does.
. tests/check.sh
umask 077
db=$scratch/auc.db
auc() {
	command=$1
	shift
	simrite-auc "$command" --database "$db" "$@"
}
pair() { # NAME: NAME.pem, NAME.der, and the text others are told
	openssl ecparam -name prime256v1 -genkey -noout -out "$scratch/$1.pem" 2>/dev/null
	openssl pkey -in "$scratch/$1.pem" -pubout -outform DER -out "$scratch/$1.der" 2>/dev/null
	base64 -w0 "$scratch/$1.der"
}
operator=$(pair operator) bureau=$(pair bureau) other=$(pair other)
k() { printf "%s%s" "$1" "$1" | sha256sum | cut -c1-32; }
{
	echo "Action;OrderId;ServiceId;ObjectId;Priority;IMSI;MSISDN;Opcode(Short);ICCID;Ki;PIN;PIN2;PUK;PUK2;reserved(Boolean);OPc;ADM1"
	echo "ADD;demo-1;SIM;1;5;001010000000001;;CRE;8988211000000000011;$(k 1);1234;;12345678;;0;$(k 2);87654321"
	echo "ADD;demo-1;SIM;2;5;001010000000002;;CRE;8988211000000000029;$(k 3);2345;;23456789;;0;$(k 4);98765432"
	echo "ADD;demo-1;SIM;3;5;001010000000003;;CRE;8988211000000000037;$(k 5);3456;;34567890;;0;$(k 6);09876543"
} >"$scratch/demo-1.csv"
seal() { simrite-batch seal "$scratch/demo-1.csv" --operator "$operator" --bureau-key "file:$scratch/bureau.pem" --out "$scratch/sealed" "$@"; }
import() { auc import --envelope-key "file:$scratch/operator.pem" --bureau-key "$bureau" "$@"; }

auc init >/dev/null
check_match "3 cards, sealed" "a file is sealed" seal
check_status 6 "not over another" seal
chmod 644 "$scratch/sealed"
secret() { grep -qE "$(k 1)|$(k 2)|$(k 5)|12345678|98765432|;2345;" "$scratch/sealed"; }
check_status 1 "no key, PIN, PUK or ADM of it is in it" secret
check_status 2 "the operator's keys are asked for" auc import "$scratch/sealed"
check_status 2 "one key alone is misuse" auc import --envelope-key "file:$scratch/operator.pem" "$scratch/sealed"
check_status 1 "another operator's key opens nothing" auc import --envelope-key "file:$scratch/other.pem" --bureau-key "$bureau" "$scratch/sealed"
check_status 1 "from another bureau it is not taken" auc import --envelope-key "file:$scratch/operator.pem" --bureau-key "$other" "$scratch/sealed"
check_status 6 "a file in the clear is not taken in its place" import "$scratch/demo-1.csv"

# ---- S3: records moved between subscribers ----
for column in Ki OPc PUK; do
	python3 tests/cli/envelope.py move "$scratch/sealed" $column 2 3 >"$scratch/moved"
	check_fault 1 "line 3: sealed for another place" "S3: $column of one card beside another's IMSI is refused" import "$scratch/moved"
done
python3 tests/cli/envelope.py move "$scratch/sealed" IMSI 2 3 >"$scratch/moved"
check_status 1 "S3: so are two IMSIs that change places" import "$scratch/moved"
sed 's/;;CRE;/;4670001;CRE;/' "$scratch/sealed" >"$scratch/moved"
check_fault 1 "its end does not belong" "a field in the clear that was changed is refused" import "$scratch/moved"
sed 4d "$scratch/sealed" >"$scratch/moved"
check_status 1 "a card less is refused" import "$scratch/moved"
[ -z "$(auc list --json)" ]
check_report $? "and nobody was added by any of them"

# ---- the right one ----
check_match "3 added" "the operator imports it" import "$scratch/sealed"
shown() { auc list --json | jq -r 'select(.imsi=="001010000000002")|.kcv_k'; }
check_match "^$(printf '\1%.0s' $(seq 16) | openssl enc -aes-128-ecb -nopad -K "$(k 3)" | od -An -tx1 | tr -d ' \n' | cut -c1-6)$" "with its own key" shown
check_match "3 already there" "twice is once" import "$scratch/sealed"
read_by_others() { python3 tests/cli/envelope.py open "$scratch/sealed" "$scratch/operator.pem" "$scratch/bureau.der" | cmp - "$scratch/demo-1.csv"; }
check "a second implementation, of the RFC and the manual page alone, opens it" read_by_others

# ---- the operator's key in a token ----
mkdir -p "$scratch/token/tokens"
printf 'directories.tokendir = %s\nobjectstore.backend = file\nlog.level = ERROR\n' "$scratch/token/tokens" >"$scratch/token/softhsm2.conf"
SOFTHSM2_CONF=$scratch/token/softhsm2.conf
export SOFTHSM2_CONF
module=$(ls /usr/lib/softhsm/libsofthsm2.so /usr/lib/*/softhsm/libsofthsm2.so 2>/dev/null | head -1)
softhsm2-util --init-token --free --label operator --so-pin 31415926 --pin 27182818 >/dev/null
TOKEN_PIN=27182818 pkcs11-tool --module "$module" --token-label operator --login --pin env:TOKEN_PIN --keypairgen \
	--key-type EC:prime256v1 --usage-derive --label "envelope demo-1" --id 01 >/dev/null 2>&1
TOKEN_PIN=27182818 pkcs11-tool --module "$module" --token-label operator --login --pin env:TOKEN_PIN --read-object \
	--type pubkey --label "envelope demo-1" --output-file "$scratch/token.der" >/dev/null 2>&1
printf 27182818 >"$scratch/pin"
uri="pkcs11:token=operator?module-path=$module&pin-source=file:$scratch/pin"
check "a file is sealed to a key in a token" simrite-batch seal "$scratch/demo-1.csv" --operator "$(base64 -w0 "$scratch/token.der")" \
	--bureau-key "file:$scratch/bureau.pem" --out "$scratch/to-token"
check_match "3 already there" "which opens it, and never shows the key" auc import --hsm "$uri" --envelope-key "envelope demo-1" \
	--bureau-key "$bureau" "$scratch/to-token"

# ---- somebody's file with a transport key ----
sed '1s/$/;Transport_key/;2,$s/$/;1/' "$scratch/demo-1.csv" >"$scratch/k4.csv"
check_fault 5 "encrypted under a transport key" "encrypted keys are not taken for clear ones" auc import "$scratch/k4.csv"
sed 's/;1$/;0/' "$scratch/k4.csv" >"$scratch/k0.csv"
check_match "3 already there" "a transport key of 0 means none" auc import "$scratch/k0.csv"
finish
