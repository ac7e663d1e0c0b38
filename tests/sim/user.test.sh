# Readers for an ordinary user, for root, with and without namespaces.
. tests/check.sh
show="opensc-tool -l"

# What nobody may run: a copy, because the build may be in a private folder.
chmod 755 "$scratch"
mkdir -m 755 "$scratch/bin" "$scratch/lib"
install -m 755 "$BIN/simrite-sim" "$BIN/simrite-vcard" "$scratch/bin"
install -m 755 "$BUILD/lib/libifdsimrite.so" "$scratch/lib"
sim=$scratch/bin/simrite-sim

if [ "$(id -u)" -ne 0 ]; then
	check_match 'simrite 01 00' "an ordinary user has readers" "$sim" run --cards 2 -- $show
	skip "root has readers" "not root here"
	finish
fi
nobody="setpriv --reuid 65534 --regid 65534 --clear-groups"
check_match 'simrite 01 00' "root has readers" "$sim" run --cards 2 -- $show

if $nobody unshare --user --mount true 2>"$scratch/why"; then
	check_match 'simrite 01 00' "an ordinary user has readers" $nobody "$sim" run --cards 2 -- $show
	check_match 'simrite 01 00' "an ordinary user has cards as processes" $nobody "$sim" run --process --cards 2 -- $show
	check_match '^65534$' "and stays who they are" $nobody "$sim" run -- id -u
elif [ -e /run/pcscd ]; then
	check_match 'simrite 01 00' "an ordinary user without namespaces has readers" $nobody "$sim" run --cards 2 -- $show
else
	check_status 7 "an ordinary user without namespaces is told so" $nobody "$sim" run -- true
	check_fault 7 'user namespace' "and what to do" $nobody "$sim" run -- true
fi

# Without namespaces: chroots refuse them to ordinary users.
inside() { # PREPARATION COMMAND...
	unshare --mount sh -c 'mount --make-rprivate / && mkdir "$1/root" && mount --rbind / "$1/root" &&
		mount -t tmpfs none "$1/root/run" && eval "$2" && shift 2 && exec chroot "$scratch/root" "$@"' sh "$scratch" "$@"
	status=$?
	rmdir "$scratch/root"
	return $status
}
export scratch
if unshare --mount true 2>"$scratch/why"; then
	check_match 'simrite 01 00' "without namespaces /run/pcscd is enough" \
		inside 'mkdir $scratch/root/run/pcscd' $nobody "$sim" run --cards 2 -- $show
	check_status 7 "without that it is refused" inside : $nobody "$sim" run -- true
	check_fault 7 '/run/pcscd' "and it is said what to do" inside : $nobody "$sim" run -- true
	check_match 'simrite 01 00' "root without the right to mount has readers" \
		unshare --mount sh -c 'mount -t tmpfs none /run && exec setpriv --bounding-set -sys_admin "$@"' sh "$sim" run --cards 2 -- $show
else
	skip "no namespaces" "this root may not make them: $(cat "$scratch/why")"
fi
finish
