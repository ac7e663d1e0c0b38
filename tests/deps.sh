#!/bin/sh
# deps.sh PACKAGE... - name the Debian packages that are missing, and install
# them (with sudo when not root). Touches the network only if some are.
missing=
for package in "$@"; do
	dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q '^install ok installed$' || missing="$missing $package"
done
[ -n "$missing" ] || exit 0
echo "missing Debian packages:$missing"
command -v apt-get >/dev/null || { echo "not a Debian system: install their equivalents, then go on"; exit 1; }
sudo=
[ "$(id -u)" = 0 ] || sudo=sudo
[ -z "$sudo" ] || command -v sudo >/dev/null || { echo "run as root: apt-get install$missing"; exit 1; }
# A service that a package brings (the system's pcscd) is not needed: ours are private.
$sudo apt-get update -qq && $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
