#!/bin/sh
# PROVES: a transcript or share that was altered, in any of the ways of make
# hunt, is refused by simrite-ceremony and by the second verifier, and what is
# honest accepted by both. Here a part of the alterations; make hunt has all.
. tests/check.sh
umask 077
PYTHON=${PYTHON:-/usr/bin/python3}

# ---- the second verifier, as a program ----
verifier() { "$PYTHON" tests/verifier/verify.py "$@"; }
cat >"$scratch/plan" <<'END'
{"schema": 1, "id": "rehearsal-second", "mode": "rehearsal", "title": "T", "operator": "O", "threshold": 2,
 "custodians": [{"name": "Zo\u00eb", "role": "r", "jurisdiction": "NL"}, {"name": "Bob", "role": "r", "jurisdiction": "FR"}],
 "batches": [{"id": "rehearsal-b1", "count": 8}]}
END
check "a ceremony is held" simrite-ceremony run "$scratch/plan" --out "$scratch/out"
t=$scratch/out/transcript.jsonl
fingerprint=$(sed -n '$p' "$t" | sha256sum | cut -d ' ' -f 1)
key=$(head -n 1 "$t" | jq -r .data.key | base64 -d | sha256sum | cut -d ' ' -f 1)
check_match '^self-consistent, signer unknown: ' "the second verifier reads it" verifier transcript "$t"
check_match '^sound: ' "and calls it sound when told the key" verifier transcript --key "$key" --plan "$scratch/plan" "$t"
check_match '^sound: ' "or the fingerprint" verifier transcript --fingerprint "$fingerprint" "$t"
check_match '^sound: share 2 of Bob' "and a share" verifier share "$scratch/out/shares/share-2.json" --transcript "$t"
share=$scratch/out/shares/share-2.json
sheet() { # of share 2, as the hunt writes it; $1: the salt
	python3 -c "import json, sys; sys.path.insert(0, 'tests/hunt'); import sheets
sys.stdout.buffer.write(sheets.Words(json.load(open('$share'))).text())" >"$scratch/words"
	verifier words "$scratch/words" --salt "$1" --transcript "$t"
}
check_match '^sound: the sheet of Bob' "and the words of a sheet" sheet "$(jq -r .salt "$share")"
check_fault 1 'refused: the commitment' "with another salt no more" sheet "$(jq -r .salt "$scratch/out/shares/share-1.json")"
sed '4s/"index":1/"index":2/' "$t" >"$scratch/bent"
check_fault 1 '^refused: line 4: ' "what was bent it refuses, with the line" verifier transcript "$scratch/bent"
check_fault 1 'another key' "another key" verifier transcript --key "$fingerprint" "$t"
check_fault 1 'another fingerprint' "another fingerprint" verifier transcript --fingerprint "$key" "$t"
sed 's/"T"/"U"/' "$scratch/plan" >"$scratch/plan2"
check_fault 1 'another plan' "another plan" verifier transcript --plan "$scratch/plan2" "$t"
check_status 5 "what cannot be read is no answer" verifier transcript "$scratch/none"
check_status 2 "nor is misuse" verifier transcript

# ---- the hunt ----
mkdir "$scratch/house"
hunt() {
	simrite-sim run --cards 2 --profile blank -- "$PYTHON" tests/hunt/hunt.py --cards --every 16 --list "$scratch/list" \
		"$BIN/simrite-ceremony" "$scratch/house"
}
check_match '^[0-9]{3,} alterations, [0-9]+ refused by both, 0 accepted, [0-9]+ honest, ' "the hunt" hunt
tail -n 1 "$scratch/.out"
# it can fail: a program that accepts all it is shown
printf '#!/bin/sh\nexit 0\n' >"$scratch/credulous"
chmod 700 "$scratch/credulous"
mkdir "$scratch/house2"
blind() { "$PYTHON" tests/hunt/hunt.py --only "plain: line 3 " --list "$scratch/list2" --verifier "$scratch/credulous" \
	"$BIN/simrite-ceremony" "$scratch/house2"; }
check_fault 1 '[1-9][0-9]* alterations, 0 refused by both, [1-9][0-9]* accepted' "a verifier that accepts everything is found out" blind
finish
