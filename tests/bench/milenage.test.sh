# One computation of Milenage stays within its instructions, by callgrind.
. tests/check.sh
case $BUILD in
*san*) skip "Milenage's instructions" "sanitizers add their own" ;;
*) check "Milenage, f1 to f5 with key schedule: at most 1,000 instructions" sh tests/bench/milenage.sh "$BUILD/tests/milenage" ;;
esac
cat "$scratch/.out" 2>/dev/null
finish
