#!/bin/sh
# mbedtls-source.sh DIR - unpack the source of this Debian's mbedTLS into DIR.
#
# Debian's library packages are for this machine, a board needs the source.
# "deb-src" is usually off, and switching it on is not ours to do: apt-get is
# given a private copy of the system's own sources with the type changed, and
# private lists and cache, all below DIR.tmp. Nothing of the system changes
# and no root is needed. Signatures are checked as always.
set -e
to=${1:?usage: mbedtls-source.sh DIR}
tmp=$to.tmp
trap 'rm -rf "$tmp"' EXIT
trap 'exit 130' INT TERM
rm -rf "$tmp"
mkdir -p "$tmp/sources" "$tmp/lists/partial" "$tmp/cache/archives/partial"
tmp=$(cd "$tmp" && pwd)

for file in /etc/apt/sources.list.d/*.sources; do
	[ -e "$file" ] || continue
	sed 's/^Types:.*/Types: deb-src/' "$file" >"$tmp/sources/$(basename "$file")"
done
for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
	[ -e "$file" ] || continue
	sed -n 's/^deb /deb-src /p' "$file" >"$tmp/sources/$(basename "$file" .list).list"
done
apt() {
	apt-get -q -o Dir::Etc::SourceList=/dev/null -o Dir::Etc::SourceParts="$tmp/sources" \
		-o Dir::State::Lists="$tmp/lists" -o Dir::Cache="$tmp/cache" -o APT::Sandbox::User="$(id -un)" "$@"
}
echo "  GET   mbedtls source"
{ apt update && cd "$tmp" && apt source --only-source mbedtls; } >"$tmp/log" 2>&1 || {
	cat "$tmp/log"
	echo "mbedtls-source: no source package from the system's package sources;"
	echo "unpack mbedTLS 2.28 or 3.6 yourself and name it: make BOARD=... MBEDTLS_SRC=DIR"
	exit 1
}
cd "$OLDPWD"
set -- "$tmp"/mbedtls-*/library/aes.c
[ -e "$1" ] || { echo "mbedtls-source: the package has no library/aes.c"; exit 1; }
rm -rf "$to"
mv "$(dirname "$(dirname "$1")")" "$to"
