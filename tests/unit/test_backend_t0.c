/* The terminal's side of T=0 against cards that are scripts: what they should
 * hear and what they say. They sit on a Unix socket or behind a pty. */
#include "reader/backend.h"

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "bounds.h"
#include "unit/unit.h"

/* One exchange of a scripted card: hear exactly this, then say that. */
struct step {
	const char *hear;
	size_t hear_length;
	const char *say;
	size_t say_length;
};
#define STEP(hear, say)                                                                                      \
	{                                                                                                    \
		(hear), sizeof(hear) - 1, (say), sizeof(say) - 1                                             \
	}
#define ATR "\x3B\x02\x53\x49"

struct bench {
	char folder[64], path[96], name[128];
	const struct step *steps;
	size_t count;
	int stream;   /* listening socket, or the pty's own side */
	int listens;  /* it is a socket: accept first, hang up at the end */
	size_t heard; /* steps that went as they should */
	pthread_t card;
	void *slot;
};

static int read_exactly(int fd, char *bytes, size_t length)
{
	while (length) {
		struct pollfd in = {.fd = fd, .events = POLLIN};
		const ssize_t n = poll(&in, 1, 5000) == 1 ? read(fd, bytes, length) : -1;

		if (n <= 0)
			return -1;
		bytes += n;
		length -= (size_t)n;
	}
	return 0;
}

static void *play(void *p)
{
	struct bench *bench = p;
	const int fd = bench->listens ? accept(bench->stream, NULL, NULL) : bench->stream;
	size_t i;

	if (!bench->listens)
		usleep(100000); /* the terminal is resetting us and hears nothing yet */
	for (i = 0; fd >= 0 && i < bench->count; i++) {
		const struct step *step = &bench->steps[i];
		char heard[512];

		if (read_exactly(fd, heard, step->hear_length) < 0 ||
		    memcmp(heard, step->hear, step->hear_length) != 0 ||
		    write(fd, step->say, step->say_length) != (ssize_t)step->say_length)
			break;
		bench->heard++;
	}
	if (bench->listens && fd >= 0)
		close(fd);
	return NULL;
}

static void set_up(struct bench *bench, const struct step *steps, size_t count)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};

	*bench = (struct bench){.steps = steps, .count = count, .listens = 1};
	strcpy(bench->folder, "/tmp/simrite-unit.XXXXXX");
	CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(bench->folder));
	snprintf(bench->path, sizeof(bench->path), "%s/uart", bench->folder);
	strcpy(address.sun_path, bench->path);
	bench->stream = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	CU_ASSERT_EQUAL_FATAL(bind(bench->stream, (struct sockaddr *)&address, sizeof(address)), 0);
	CU_ASSERT_EQUAL_FATAL(listen(bench->stream, 1), 0);
	snprintf(bench->name, sizeof(bench->name), "unix:%s", bench->path);
	CU_ASSERT_EQUAL_FATAL(pthread_create(&bench->card, NULL, play, bench), 0);
	CU_ASSERT_EQUAL_FATAL(backend_t0.open(&bench->slot, bench->name), 0);
}

static void set_up_tty(struct bench *bench, const struct step *steps, size_t count)
{
	*bench = (struct bench){.steps = steps, .count = count};
	bench->stream = posix_openpt(O_RDWR | O_NOCTTY);
	CU_ASSERT_FATAL(bench->stream >= 0 && grantpt(bench->stream) == 0 && unlockpt(bench->stream) == 0);
	snprintf(bench->name, sizeof(bench->name), "tty:%s", ptsname(bench->stream));
	CU_ASSERT_EQUAL_FATAL(backend_t0.open(&bench->slot, bench->name), 0);
	CU_ASSERT_EQUAL(backend_t0.present(bench->slot), 1);
	CU_ASSERT_EQUAL_FATAL(pthread_create(&bench->card, NULL, play, bench), 0);
}

/* Take everything down; the card must have played `steps` of its script. */
static void tear_down(struct bench *bench, size_t steps)
{
	backend_t0.close(bench->slot);
	pthread_join(bench->card, NULL);
	CU_ASSERT_EQUAL(bench->heard, steps);
	close(bench->stream);
	if (bench->listens) {
		unlink(bench->path);
		rmdir(bench->folder);
	}
}

static void expect(struct bench *bench, const char *command, size_t length, const char *want, int want_length)
{
	uint8_t response[RESPONSE_MAX];
	const int got = backend_t0.transmit(bench->slot, response, (const uint8_t *)command, length);

	CU_ASSERT_EQUAL(got, want_length);
	if (got == want_length && got > 0)
		ASSERT_BYTES(response, want, (size_t)got);
}
#define EXPECT(bench, command, want)                                                                         \
	expect((bench), (command), sizeof(command) - 1, (want), (int)sizeof(want) - 1)
#define EXPECT_MUTE(bench, command) expect((bench), (command), sizeof(command) - 1, NULL, -1)
#define STEPS(steps)                (steps), sizeof(steps) / sizeof((steps)[0])

static void expect_atr(struct bench *bench, const char *want, int want_length)
{
	uint8_t atr[ATR_MAX];
	const int got = backend_t0.reset(bench->slot, atr);

	CU_ASSERT_EQUAL(got, want_length);
	if (got == want_length && got > 0)
		ASSERT_BYTES(atr, want, (size_t)got);
}

static const struct step commands[] = {
	STEP("", ATR),
	STEP("\x00\xA4\x00\x04\x00", "\x90\x00"),             /* case 1 */
	STEP("\x00\xB0\x00\x00\x02", "\xB0\x11\x22\x90\x00"), /* case 2 */
	STEP("\x00\xB0\x00\x00\x02", "\x6C\x01"),
	STEP("\x00\xD6\x00\x00\x02", "\xD6"), /* case 3 */
	STEP("\x11\x22", "\x90\x00"),
	STEP("\x00\xD6\x00\x00\x02", "\x69\x82"), /* refused before its data */
	STEP("\x00\xA4\x00\x04\x02", "\xA4"),     /* case 4: Le stays here */
	STEP("\x3F\x00", "\x61\x20"),
};

static void say_commands(struct bench *bench)
{
	EXPECT(bench, "\x00\xA4\x00\x04", "\x90\x00");
	EXPECT(bench, "\x00\xB0\x00\x00\x02", "\x11\x22\x90\x00");
	EXPECT(bench, "\x00\xB0\x00\x00\x02", "\x6C\x01");
	EXPECT(bench, "\x00\xD6\x00\x00\x02\x11\x22", "\x90\x00");
	EXPECT(bench, "\x00\xD6\x00\x00\x02\x11\x22", "\x69\x82");
	EXPECT(bench, "\x00\xA4\x00\x04\x02\x3F\x00\x00", "\x61\x20");
	/* What does not fit its P3 gets no further than here. */
	EXPECT(bench, "\x00\xA4\x00", "\x67\x00");
	EXPECT(bench, "", "\x67\x00");
	EXPECT(bench, "\x00\xD6\x00\x00\x03\x11", "\x67\x00");
	EXPECT(bench, "\x00\xD6\x00\x00\x01\x11\x22\x33", "\x67\x00");
}

static void test_cases_on_a_socket(void)
{
	struct bench bench;

	set_up(&bench, STEPS(commands));
	expect_atr(&bench, ATR, 4);
	say_commands(&bench);
	tear_down(&bench, bench.count);
}

static void test_cases_on_a_tty(void)
{
	struct bench bench;

	set_up_tty(&bench, STEPS(commands));
	expect_atr(&bench, ATR, 4);
	CU_ASSERT_EQUAL(backend_t0.present(bench.slot), 1);
	say_commands(&bench);
	usleep(10000);
	close(bench.stream); /* the board is unplugged */
	bench.stream = -1;
	CU_ASSERT_EQUAL(backend_t0.present(bench.slot), 0);
	CU_ASSERT_EQUAL(backend_t0.present(bench.slot), 0);
	tear_down(&bench, bench.count);
}

/* PROVES: (ISO/IEC 7816-3 10.3.3) NULL waits, ACK moves all that is left, its
 * complement one byte. */
static void test_procedure_bytes(void)
{
	static const struct step steps[] = {
		STEP("", ATR),
		STEP("\x00\xB0\x00\x00\x03", "\x60\x60\x4F\x11\x60\x4F\x22\xB0\x33\x60\x90\x00"),
		STEP("\x00\xD6\x00\x00\x03", "\x29"),
		STEP("\x11", "\x60\x29"),
		STEP("\x22", "\xD6"),
		STEP("\x33", "\x60\x60\x90\x00"),
		STEP("\x00\xB0\x00\x00\x03",
		     "\xB0\x60\x60\x90\x6B\x00"), /* data that reads as procedure bytes */
	};
	struct bench bench;

	set_up(&bench, STEPS(steps));
	expect_atr(&bench, ATR, 4);
	EXPECT(&bench, "\x00\xB0\x00\x00\x03", "\x11\x22\x33\x90\x00");
	EXPECT(&bench, "\x00\xD6\x00\x00\x03\x11\x22\x33", "\x90\x00");
	EXPECT(&bench, "\x00\xB0\x00\x00\x03", "\x60\x60\x90\x6B\x00");
	tear_down(&bench, bench.count);
}

enum {
	HALF = 150 /* of the NULLs that are waited for: two and a half minutes, at two a second */
};

/* PROVES: ISO/IEC 7816-3 10.3.3: as many NULLs as anything takes, before and after the data; but a card that
 * says nothing else is mute, and its next command begins anew. */
static void test_many_nulls(void)
{
	static char before[HALF + 1], after[HALF + 2], forever[2 * HALF + 5];
	static const struct step steps[] = {STEP("", ATR),
					    {"\x00\xD6\x00\x00\x02", 5, before, sizeof(before)},
					    {"\x11\x22", 2, after, sizeof(after)},
					    {"\x00\xD6\x00\x00\x02", 5, forever, sizeof(forever)},
					    STEP("\x00\xB0\x00\x00\x01", "\x60\xB0\x22\x90\x00")};
	struct bench bench;

	memset(before, 0x60, HALF);
	before[HALF] = '\xD6';
	memset(after, 0x60, HALF);
	after[HALF] = '\x90';
	memset(forever, 0x60, sizeof(forever));
	set_up(&bench, STEPS(steps));
	expect_atr(&bench, ATR, 4);
	EXPECT(&bench, "\x00\xD6\x00\x00\x02\x11\x22", "\x90\x00");
	EXPECT_MUTE(&bench, "\x00\xD6\x00\x00\x02\x11\x22");
	EXPECT(&bench, "\x00\xB0\x00\x00\x01", "\x22\x90\x00");
	tear_down(&bench, bench.count);
}

/* Le = 0 asks for 256, and a byte that is no procedure byte ends the exchange. */
static void test_256_and_nonsense(void)
{
	static char all[1 + 256 + 2] = "\xB0";
	static struct step steps[] = {STEP("", ATR),
				      {"\x00\xB0\x00\x00\x00", 5, all, sizeof(all)},
				      STEP("\x00\xB0\x00\x00\x02", "\x42\x42\x42"),
				      STEP("\x00\xB0\x00\x00\x02", "\x6B\x00")};
	struct bench bench;

	memset(all + 1, 0x77, 256);
	all[257] = '\x90';
	set_up(&bench, STEPS(steps));
	expect_atr(&bench, ATR, 4);
	expect(&bench, "\x00\xB0\x00\x00\x00", 5, all + 1, 258);
	EXPECT_MUTE(&bench, "\x00\xB0\x00\x00\x02");
	EXPECT(&bench, "\x00\xB0\x00\x00\x02",
	       "\x6B\x00"); /* what was left over is not taken for an answer */
	tear_down(&bench, bench.count);
}

/* A header that promises data, and no data: the card asks for them and hears
 * nothing. That is 6700, and the card is asked for the next thing only when it
 * has forgotten this one. */
static void test_no_data(void)
{
	static const struct step steps[] = {STEP("", ATR), STEP("\x00\xA4\x00\x04\x02", "\xA4"),
					    STEP("\x00\xB0\x00\x00\x01", "\xB0\x11\x90\x00"),
					    STEP("\x00\xB0\x00\x00\x03", "\xB0\x11"),
					    STEP("\x00\xB0\x00\x00\x01", "\xB0\x22\x90\x00")};
	struct timespec before, after;
	struct bench bench;

	set_up(&bench, STEPS(steps));
	expect_atr(&bench, ATR, 4);
	clock_gettime(CLOCK_MONOTONIC, &before);
	EXPECT(&bench, "\x00\xA4\x00\x04\x02", "\x67\x00");
	clock_gettime(CLOCK_MONOTONIC, &after);
	CU_ASSERT(after.tv_sec - before.tv_sec >= 2); /* a card gives up after one second */
	EXPECT(&bench, "\x00\xB0\x00\x00\x01", "\x11\x90\x00");
	EXPECT_MUTE(&bench, "\x00\xB0\x00\x00\x03"); /* data that stop half way are another matter */
	EXPECT(&bench, "\x00\xB0\x00\x00\x01", "\x22\x90\x00");
	tear_down(&bench, bench.count);
}

static void test_atr(const char *sent, size_t length, int want)
{
	const struct step steps[] = {{"", 0, sent, length}};
	struct bench bench;

	set_up(&bench, STEPS(steps));
	expect_atr(&bench, sent, want);
	tear_down(&bench, bench.count);
}

/* PROVES: atr_length() by ISO/IEC 7816-3 8.2. */
static void test_atrs(void)
{
	test_atr("\x3B\x00", 2, 2);
	test_atr("\x3F\x12\x11\x41\x42", 5, 5);
	test_atr("\x3B\x80\x00", 3, 3);      /* TD1: T=0 only, no TCK */
	test_atr("\x3B\x80\x01\x81", 4, 4);  /* T=1: TCK */
	test_atr("\x3B\x80\x01\x80", 4, -1); /* wrong TCK */
	test_atr("\x3B\x9F\x96\x80\x1F\xC7\x80\x31\xE0\x73\xFE\x21\x13\x57\x4A\x33\x05\x30\x32\x34\x00\xA2",
		 22, 22);
	test_atr("\x55\x00", 2, -1);         /* not a TS */
	test_atr("\x3B\x05\x41\x42", 4, -1); /* ends too early */
	test_atr(
		"\x3B\xF0\x11\x11\x11\xF0\x11\x11\x11\xF0\x11\x11\x11\xF0\x11\x11\x11\xF0\x11\x11\x11\xF0\x11"
		"\x11\x11\xF0\x11\x11\x11\xF0\x11\x11\x11\xF0",
		34, -1); /* never ends */
}

static void test_insertion_and_removal(void)
{
	static const struct step steps[] = {STEP("", ATR), STEP("\x00\xB0\x00\x00\x02", "\xB0\x11")};
	struct bench bench;
	void *slot;

	CU_ASSERT_EQUAL_FATAL(backend_t0.open(&slot, "unix:/nonexistent/uart"), 0);
	CU_ASSERT_EQUAL(backend_t0.present(slot), 0);
	backend_t0.wake(slot);
	backend_t0.wait(slot, 60000); /* or this test takes a minute */
	backend_t0.close(slot);
	CU_ASSERT_EQUAL(backend_t0.open(&slot, "carrier pigeon"), -1);

	set_up(&bench, STEPS(steps));
	CU_ASSERT_EQUAL(backend_t0.present(bench.slot), 1);
	expect_atr(&bench, ATR, 4);
	tear_down(&bench, 1); /* hangs up */

	set_up(&bench, STEPS(steps));
	expect_atr(&bench, ATR, 4);
	CU_ASSERT_EQUAL(backend_t0.present(bench.slot), 1);
	EXPECT_MUTE(&bench, "\x00\xB0\x00\x00\x02"); /* pulled out in the middle */
	backend_t0.wait(bench.slot, 60000);
	CU_ASSERT_EQUAL(backend_t0.present(bench.slot), 0);
	tear_down(&bench, bench.count);
}

UNIT_SUITE("backend_t0", UNIT(test_cases_on_a_socket), UNIT(test_cases_on_a_tty), UNIT(test_procedure_bytes),
	   UNIT(test_many_nulls), UNIT(test_256_and_nonsense), UNIT(test_no_data), UNIT(test_atrs),
	   UNIT(test_insertion_and_removal))
