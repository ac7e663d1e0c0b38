#!/bin/sh
# PROVES: the programs that hold and verify a ceremony come out byte for byte
# the same wherever they are built: in folders of other names and depths,
# another time zone, language and umask, and with another number of jobs. So
# the hash in a plan's `software` can be had by whoever has the sources.
. tests/check.sh
programs="build/bin/simrite-ceremony build/bin/simrite-batch build/bin/simrite"
copy() { mkdir -p "$1" && cp -r Makefile firmware boards host sim tests "$1"; }
one=$scratch/a two=$scratch/another/folder/with-a-long-name
copy "$one" && copy "$two"
unset MAKEFLAGS MFLAGS
build() { # folder jobs, as CCACHE_DISABLE: what another build left is no build
	(cd "$1" && CCACHE_DISABLE=1 make -j"$2" $programs)
}
first() { TZ=UTC LC_ALL=C build "$one" 2; }
second() { umask 077; TZ=Asia/Tokyo LC_ALL=C.UTF-8 USER=another HOME=$scratch build "$two" 1; }
check "built once" first
check "built in another place and environment" second
for program in $programs; do
	check "$(basename "$program") is the same, byte for byte" cmp "$one/$program" "$two/$program"
	check_status 1 "  and tells neither folder" grep -qF -e "$scratch" "$one/$program"
done
told() { sha256sum "$one/build/bin/simrite-ceremony" && "$one/build/bin/simrite-ceremony" --version; }
check "it runs" told
# it can fail: one byte of a source
echo 'const char reproducible_test_byte[] = "x"; ' >>"$two/host/ceremony/main.c"
check "built of another source" build "$two" 2
check_status 1 "it is another program" cmp "$one/build/bin/simrite-ceremony" "$two/build/bin/simrite-ceremony"
finish
