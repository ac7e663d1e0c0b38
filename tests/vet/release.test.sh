#!/bin/sh
# PROVES: nothing that is released has a line of sim/backdoors.
. tests/check.sh

knows() { # PROGRAM: prints what of a backdoor is in it, and exits 0 then
	nm "$1" | grep ' __wrap_'
}
wrapped() { for name in "$BUILD"/backdoors/*; do knows "$name" || return 1; done; }
check "the backdoored cards show their seams" wrapped
for program in "$BIN"/* "$BUILD"/lib/libifdsimrite.so "$BUILD"/lib/libfirmware.a; do
	check_status 1 "$(basename "$program") has none" knows "$program"
done
all() { make -n --no-print-directory BUILD="$scratch/nothing" all | grep backdoors; }
check_status 1 "\"make all\" builds none" all

# The card built where the folder never was is the card built here, byte for byte.
without() {
	mkdir "$scratch/tree" && cp -r Makefile firmware boards host sim tests "$scratch/tree" && cd "$scratch/tree" &&
		rm -r sim/backdoors && sed -i '/sim\/backdoors/d' sim/sim.mk &&
		make -j2 build/bin/simrite-vcard && cmp build/bin/simrite-vcard "$BIN/simrite-vcard"
}
if [ "$BUILD" = build ]; then
	check "the card does not depend on the folder being there" without
else
	skip "the card without the folder" "this build has flags of its own"
fi
finish
