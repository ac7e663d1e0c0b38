# The card fits its budget, compiled firmware stays in its layer, what measures
# the stack sees what it must refuse, and the image does not depend on the folder.
. tests/check.sh
. tests/port/boards.sh
arm=arm-none-eabi-

check "the card fits its budget" sh tests/size/size.sh microbit "$image" "$BUILD/microbit/obj"
cat "$scratch/.out"
OBJDUMP=${arm}objdump
export OBJDUMP
check "compiled for the board, firmware needs mem*, strlen and mbedtls_* only, and keeps no variable" \
	sh tests/layers/layers.sh $(find "$BUILD/microbit/obj/firmware" -name '*.o') "$BUILD/microbit/obj/build_digest.o"

# probe NAME: link one small program (its reset() on stdin) and run stack.py over it.
probe() {
	rm -rf "$scratch/obj"
	mkdir -p "$scratch/obj/boards"
	{ echo 'int work(int), other(int); void reset(void);' && cat; } >"$scratch/obj/boards/$1.c"
	echo 'void reset(void); static void idle(void) {} void (*const vectors[])(void) = {reset, idle};' \
		>"$scratch/obj/boards/vectors.c"
	for file in "$1" vectors; do
		"${arm}gcc" -mcpu=cortex-m0 -mthumb -ffreestanding -Os -fno-optimize-sibling-calls -fstack-usage \
			-c "$scratch/obj/boards/$file.c" -o "$scratch/obj/boards/$file.o" || return 1
	done
	"${arm}gcc" -mcpu=cortex-m0 -mthumb -nostdlib -Wl,-e,reset "$scratch/obj/boards/$1.o" "$scratch/obj/boards/vectors.o" \
		-o "$scratch/$1.elf" &&
		python3 tests/size/stack.py --vectors boards/vectors "$scratch/$1.elf" "$scratch/obj" "$scratch/pointers"
}

echo 'deep.c:reset boards/deep' >"$scratch/pointers"
deep() { echo '
	int work(int n) { volatile char big[400]; big[n] = 1; return big[n]; }
	int other(int n) { return n; }
	int (*const volatile table[])(int) = {work, other};
	void reset(void) { table[0](1); }' | probe deep; }
check_match '^stack (4[4-9]|5[0-9])[0-9]$' "a frame behind a pointer counts" deep
: >"$scratch/pointers"
check_fault 1 'call through a pointer.*deep\.c:reset' "a pointer nobody listed is refused" deep

loop() { echo '
	__attribute__((noinline)) int work(int n) { return n < 2 ? n : work(n - 1) + work(n - 2); }
	void reset(void) { volatile int n = 9; n = work(n); }' | probe loop; }
check_fault 1 'recursion: work > work' "recursion is refused" loop

variable() { echo '
	int work(int n) { volatile char big[n]; big[0] = 1; return big[n - 1]; }
	void reset(void) { volatile int n = 9; n = work(n); }' | probe variable; }
check_fault 1 'work .*without a bound' "a frame without a bound is refused" variable

# over FLASH RAM: size.sh with this budget instead.
over() {
	mkdir -p "$scratch/size"
	cp tests/size/size.sh tests/size/stack.py tests/size/pointers.txt "$scratch/size"
	echo "microbit $1 $2" >"$scratch/size/budget.txt"
	sh "$scratch/size/size.sh" microbit "$image" "$BUILD/microbit/obj"
}
check_fault 1 'flash is [0-9]+ bytes over' "too much flash is refused" over 1000 12288
check_fault 1 'RAM is [0-9]+ bytes over' "too much RAM is refused" over 98304 100

# The same tree elsewhere, the same mbedTLS elsewhere.
again() {
	mkdir "$scratch/elsewhere" && cp -R Makefile firmware boards host sim tests "$scratch/elsewhere" &&
		cp -R "${MBEDTLS_SRC:-$BUILD/mbedtls-src}" "$scratch/mbedtls" &&
		make -s -C "$scratch/elsewhere" BOARD=microbit MBEDTLS_SRC="$scratch/mbedtls" BUILD=out &&
		cmp "$scratch/elsewhere/out/microbit/card.elf" "$BUILD/microbit/card.elf" &&
		cmp "$scratch/elsewhere/out/microbit/card.hex" "$BUILD/microbit/card.hex"
}
check "built in another folder, the image is the same to the bit" again
finish
