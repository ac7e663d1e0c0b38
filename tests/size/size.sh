#!/bin/sh
# size.sh BOARD IMAGE OBJECTS - flash, static RAM and deepest stack of a board's
# image beside its budget; fails when it is over. TOOLS is the tools' prefix.
board=$1 image=$2 objects=$3 tools=${TOOLS-arm-none-eabi-}
here=$(dirname "$0")
set -- $(awk -v board="$board" '$1 == board { print $2, $3 }' "$here/budget.txt")
[ $# -eq 2 ] || { echo "size: no budget for $board in $here/budget.txt"; exit 1; }
flash_max=$1 ram_max=$2
set -- $("${tools}size" "$image" | tail -n 1)
flash=$(($1 + $2)) static=$(($2 + $3))
deepest=$(python3 "$here/stack.py" --tools "$tools" "$image" "$objects" "$here/pointers.txt") || exit 1
stack=$(echo "$deepest" | sed -n 's/^stack //p')
ram=$((static + stack))
echo "$board: flash $flash of $flash_max bytes"
echo "$board: RAM $ram of $ram_max bytes (static $static, deepest stack $stack)"
echo "$deepest" | tail -n +2
[ "$flash" -le "$flash_max" ] || { echo "size: flash is $((flash - flash_max)) bytes over budget"; exit 1; }
[ "$ram" -le "$ram_max" ] || { echo "size: RAM is $((ram - ram_max)) bytes over budget"; exit 1; }
