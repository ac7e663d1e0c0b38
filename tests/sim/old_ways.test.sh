# S2, S3, S4, S19: the bad ways of 2010 and what became of them, each a scenario; and the thieves kept honest.
. tests/check.sh
for file in sim/scenarios/S02-*.ini sim/scenarios/S03-*.ini sim/scenarios/S04-*.ini sim/scenarios/S19-*.ini; do
	name=$(basename "$file" .ini)
	check_match 'As expected' "$name" simrite heist run "$file" --out "$scratch/$name"
done

# ---- what each thief says of its search ----
said() { # SCENARIO JQ
	tail -n 1 "$scratch/$1"/worlds/*/thieves/*/result.jsonl | jq -e "$2"
}
check "the DES key was searched for, and its full cost is extrapolated, and called so" said S02-des-key-searched-for \
	'.found and .space_bits==28 and .searched>0 and .keys_per_second>0 and .full_des_core_years_extrapolated>0'
check "one leaked key was enough for the vendor key" said S04-keys-of-the-imsi '.scheme=="des-imsi" and .leaked==2 and .needed==1 and .predicted==8'
check "one for the state of 32 bits" said S04-a-generator-of-32-bits '.scheme=="lcg" and .needed==1 and .predicted==3 and .searched>0'
check "one for the seed" said S04-a-seeded-cipher '.scheme=="aes-seed" and .needed==1 and .predicted==3'
check "none for a hash" said S04-a-hash-without-a-secret '.scheme=="hash-iccid" and .needed==0 and .predicted>=8'
check "random keys have no scheme" said S04-random-keys '.scheme=="unknown" and .predicted==0'
check "without a clear key in the mail it is searched for on the radio record" said S19-and-the-radio-instead '.found and .engine=="on the radio record"'
check "no mail of the check values has a clear key" sh -c "
	grep -oE '\b[0-9a-f]{32}\b' '$scratch'/S19-check-values-instead-of-keys/worlds/*/sealed/bureau-*/*.csv | cut -d: -f2 | sort -u >'$scratch/keys'
	[ -s '$scratch/keys' ] && ! grep -rqFf '$scratch/keys' '$scratch'/S19-check-values-instead-of-keys/worlds/*/mail"

# ---- honest thieves: nothing in, nothing out; one bit wrong, nothing opened ----
again() { # PROGRAM FOLDER: as the laboratory runs it
	rm -rf "$scratch/loot" && mkdir "$scratch/loot" && simrite heist confine "$BIN/simrite-thief-$1" "$2" "$scratch/loot" | tail -n 1
}
copy() { # SCENARIO
	rm -rf "$scratch/captured" && cp -r "$scratch/$1"/worlds/*/thieves/*/captured "$scratch/captured"
}
mkdir "$scratch/empty"
for thief in transport generator; do
	check_match '"keys":0,"sessions":0' "$thief: with nothing captured it has nothing" again $thief "$scratch/empty"
done
flip() { python3 -c "
import sys
path = sys.argv[1]
text = open(path).read()
i = int(sys.argv[2])
open(path, 'w').write(text[:i] + '%x' % (int(text[i], 16) ^ 2) + text[i + 1:])" "$1" "$2"; }
copy S02-transport-key-stolen
check_match '"keys":4,' "transport: with the key it has all" again transport "$scratch/captured"
flip "$scratch/captured/transport-key.hex" 3
check_match '"keys":0,"sessions":0' "transport: with a bit of the key wrong it has nothing" again transport "$scratch/captured"
copy S03-sealed-and-the-key-kept
check_match '"keys":4,' "transport: sealed files open with the operator's key" again transport "$scratch/captured"
flip "$scratch/captured/envelope-key.hex" 30
check_match '"unsealed":0,.*"keys":0,"sessions":0' "transport: and not with a bit of it wrong" again transport "$scratch/captured"
copy S04-a-seeded-cipher
python3 - "$scratch/captured/leaked.csv" <<'END'
import sys
lines = open(sys.argv[1]).read().split("\n")
at = lines[0].split(";").index("Ki")
for i in range(1, len(lines)):
    field = lines[i].split(";")
    if len(field) > at:
        field[at] = "%032x" % (int(field[at], 16) ^ 1)
        lines[i] = ";".join(field)
open(sys.argv[1], "w").write("\n".join(lines))
END
check_match '"scheme":"unknown".*"keys":0,"sessions":0' "generator: with a bit of each leaked key wrong it predicts nothing" again generator "$scratch/captured"
finish
