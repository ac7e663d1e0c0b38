#!/bin/sh
# PROVES: simrite vet card finds each backdoor of sim/backdoors that can be found from outside, raises no alarm over
# an honest card, leaves PIN tries full, and finds none of those that README.md says nobody can find so.
. tests/check.sh
vet() { # PROGRAM ARGUMENT...: examine a card that is this program, beside an honest one
	program=$1
	shift
	simrite-sim run --cards 2 --profile blank --program 0="$program" --program 1="$BIN/simrite-vcard" -- \
		simrite-vet card --reader "simrite 00" --reference "simrite 01" --seed 1 "$@"
}
found() { # NAME CHECK[,CHECK] ARGUMENT...
	name=$1 only=$2
	shift 2
	check_fault 1 "^found +${only%%,*} " "$name is found by \"$only\"" vet "$BUILD/backdoors/simrite-vcard-$name" --only "$only" "$@"
}
missed() {
	name=$1 only=$2
	shift 2
	check_match "^nothing was found, which does not prove" "$name is not found by \"$only\"" \
		vet "$BUILD/backdoors/simrite-vcard-$name" --only "$only" "$@"
}

found rng_iccid power-ups --power-ups 3
found rng_16bit power-ups --power-ups 1500
found rng_lcg random --challenges 256
missed rng_dual_ec power-ups,random --power-ups 50 --challenges 64
missed challenge_has_key random,leaks
found apdu_open instructions,leaks
missed apdu_magic instructions,answers,sequence,leaks
found record_has_key files,leaks
found sqn_ignored sequence
found sqn_ignored_late long-run --authentications 1600
missed sqn_ignored_late sequence,long-run --authentications 1400
found pin_master codes
missed pin_secret codes
found agree_fixed agreements
missed agree_vendor agreements
found sign_repeats signatures
missed sign_vendor signatures
found channel_static channel
found ota_replayed messages

# ---- an honest card, by every check ----
honest() {
	simrite-sim run --cards 3 --profile blank -- sh -c 'simrite-vet card --all --reference "simrite 02" --json >"$1" && simrite card info --reader "simrite 00" --json >"$1.info"' sh "$scratch/honest"
}
check_status 0 "two honest cards, and what they have in common: no alarm" honest
judged() { jq -es 'map(select(.checks)) | length == 2 and all(.found == 0 and .reference and (.checks | length == 13) and (.checks | all(.verdict == "clean" and .shows and .blind)))' "$scratch/honest"; }
check "by all thirteen checks, each with what it can and cannot see" judged
across() { jq -es 'map(select(.across))[0].across.verdict == "clean"' "$scratch/honest"; }
check "and across the cards" across
whole() { jq -e '.adm1_tries == 3 and .pin1_tries == 3' "$scratch/honest.info"; }
check "no try of a PIN is lost" whole

# ---- what it refuses, and what it can do alone ----
held() { simrite-sim run --profile test -- simrite-vet card "$@"; }
check_fault 6 'is personalised' "a card that holds something is not written over" held --only codes
check_match 'clean +codes' "but when it may be" held --only codes --overwrite
alone() { simrite-sim run --profile blank -- simrite-vet card --only instructions,files; }
check_match '^clean +instructions .*no reference' "without a reference, by the specification" alone
open() { simrite-sim run --profile blank --program "$BUILD/backdoors/simrite-vcard-apdu_open" -- simrite-vet card --only instructions; }
check_fault 1 '^found +instructions +80 5E 00 00 answers 9000' "which is enough for a hidden instruction" open
check_fault 2 'no check "nonesuch"' "an unknown check is misuse" simrite vet card --only nonesuch
check_match 'does not see any cipher' "--help says what no check sees" simrite vet card --help
finish
