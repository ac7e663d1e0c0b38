# A month of invented mail, and what two searches find in it: measured against the planted truth.
. tests/check.sh
make_corpus() { # NAME SEED MAILS ITEMS
	mkdir -p "$scratch/$1/captured" "$scratch/$1/loot"
	simrite-old-bureau corpus --seed "$2" --mails "$3" --items "$4" --out "$scratch/$1/captured" --truth "$scratch/$1/truth.jsonl" >"$scratch/.out"
}
harvest() { simrite-thief-harvester "$scratch/$1/captured" "$scratch/$1/loot"; }
score() { simrite-old-bureau score --json --truth "$scratch/$1/truth.jsonl" "$scratch/$1/loot/harvest.jsonl"; }
is() { # NAME METHOD JQ: is it true of the method's result?
	score "$1" | jq -se ".[] | select(.method==\"$2\") | $3" >"$scratch/.out"
}

for seed in one two; do
	check "seed $seed: a corpus of 600 mails, 48 items with keys" make_corpus $seed $seed 600 48
	check "seed $seed: a harvester goes through it" harvest $seed
	check "seed $seed: everything planted is in the truth" is $seed columns '.items == 48'
	check "seed $seed: the published search finds no pasted table (no word IMSI in it)" is $seed proximity '.forms.pasted.items > 0 and .forms.pasted.found == 0'
	check "seed $seed: nor what is in a zip file" is $seed proximity '.forms.zip.items > 0 and .forms.zip.found == 0'
	check "seed $seed: and takes much for keys that is none" is $seed proximity '.true_hits < .hits / 2 and .right < .claimed'
	check "seed $seed: the better one finds pasted tables" is $seed columns '.forms.pasted.found == .forms.pasted.items'
	check "seed $seed: and every form that is not encrypted" is $seed columns '.found == .items - .forms.pgp.items'
	check "seed $seed: and claims no key that is none" is $seed columns '.claimed == .right and .hits == .true_hits'
	check "seed $seed: neither opens PGP" is $seed proximity '.forms.pgp.items > 0 and .forms.pgp.found == 0'
	check "seed $seed: nor does the other" is $seed columns '.forms.pgp.found == 0'
done
check "the figures are told beside the published ones, which are called so" sh -c "simrite-old-bureau score --truth '$scratch/one/truth.jsonl' '$scratch/one/loot/harvest.jsonl' | grep -q 'published, 2010 trial: 3 of 14'"
make_corpus again one 600 48
check "the same seed makes the same corpus, byte by byte" diff -r "$scratch/one/captured" "$scratch/again/captured"
check "and the same truth" cmp "$scratch/one/truth.jsonl" "$scratch/again/truth.jsonl"
shared() { cut -d'"' -f14- "$scratch/one/truth.jsonl" | grep -oE '[0-9a-f]{32}' | sort >"$scratch/a"; grep -oE '[0-9a-f]{32}' "$scratch/two/truth.jsonl" | sort | comm -12 "$scratch/a" - | wc -l; }
check_match '^0$' "another seed has no key in common with it" shared
others() { grep -rhoE '[A-Za-z0-9.-]+@[A-Za-z0-9.-]+' "$scratch/one/captured" | grep -vE '\.example$'; }
check_status 1 "every address is of a reserved domain" others
foreign() { grep -oE '"imsi":"[0-9]*' "$scratch/one/truth.jsonl" | grep -v '"00101'; }
check_status 1 "every subscriber is of the test network" foreign
rm -rf "$scratch/one/captured/mail" "$scratch/one/captured/ftp" "$scratch/one/loot/harvest.jsonl"
check "with nothing captured" harvest one
check "nothing is found" is one columns '.found == 0 and .claimed == 0'
check_status 7 "a folder that is not empty is not written into" make_corpus two one 10 1
finish
