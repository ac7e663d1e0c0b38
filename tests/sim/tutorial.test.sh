#!/bin/sh
# Does every command of the tutorial do what the text says? Its blocks are run
# in order, in a folder of their own, on a small demonstration.
. tests/check.sh
mkdir "$scratch/run" "$scratch/run/build"
ln -s "$BIN" "$scratch/run/build/bin"
awk -v to="$scratch/block" '/^```sh$/{n++;inside=1;next} /^```$/{inside=0} inside{print > (to n ".sh")}' docs/tutorial/01-the-heist.md

in_run() { (cd "$scratch/run" && sh -e "$1"); }
i=0
while i=$((i + 1)) && [ -s "$scratch/block$i.sh" ]; do
	if grep -q '^make demo$' "$scratch/block$i.sh"; then
		echo 'simrite heist demo --cards 2 --out build/demo' >"$scratch/block$i.sh"
	fi
	case $(cat "$scratch/block$i.sh") in
	*bent.jsonl*) match='refused, as it should be' ;;
	*forgotten*) match='^found$' ;;
	*'search --out'*) match='none found' ;;
	*009.eml*base64*) match=';Ki;' ;;
	*020.eml*) match='KCV_K' ;;
	*batch-key.hex*) match='"keys":0,"sessions":0' ;;
	*thief-courier*) match='"keys":0,"sessions":0' ;;
	*messages.txt*) match='says' ;;
	*'-T fields'*) match='00101000000' ;;
	*tshark*) match='Authentication request' ;;
	*Subject*) match='OUTPUT FILE' ;;
	*--version*) match='[0-9]\.[0-9]' ;;
	*) match='derived +master +4 of 4' ;;
	esac
	check_match "$match" "block $i: $(head -n 1 "$scratch/block$i.sh" | cut -c1-60)" in_run "$scratch/block$i.sh"
	case $(cat "$scratch/block$i.sh") in
	*batch-key.hex*)
		cp "$scratch/.out" "$scratch/both"
		check_match '"keys":2,"sessions":4' "  and with the right key it had opened everything" cat "$scratch/both"
		;;
	esac
done
check "the tutorial has a dozen blocks" [ "$i" -ge 13 ]
finish
