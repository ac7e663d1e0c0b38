/* PROVES: what is written is read back; damaged files are refused; frames keep their meaning. */
#include "radio/capture.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "radio/air.h"
#include "unit/unit.h"

static char path[] = "/tmp/simrite-test-capture.XXXXXX";

static void fill(struct frame *frame, unsigned n)
{
	memset(frame, 0, sizeof(*frame));
	frame->microseconds = 1700000000000000ULL + n;
	frame->rnti = (uint16_t)(0x0100 + n);
	frame->direction = n % 2 ? DOWNLINK : UPLINK;
	frame->kind = n % 3 == 0 ? AIR_NAS : n % 3 == 1 ? AIR_PDCP : AIR_EAP;
	frame->length = 1 + n * 17;
	memset(frame->data, (int)n + 1, frame->length);
}

static void write_frames(bool append, unsigned from, unsigned to)
{
	struct capture capture;
	struct datagram datagram;
	struct frame frame;
	struct fault fault;

	CU_ASSERT_EQUAL_FATAL(capture_create(&capture, path, append, "test", &fault), 0);
	for (; from < to; from++) {
		fill(&frame, from);
		air_pack(&datagram, &frame);
		CU_ASSERT_EQUAL(capture_write(&capture, &datagram, &fault), 0);
	}
	CU_ASSERT_EQUAL(capture_close(&capture, &fault), 0);
}

/* How many frames can be read; -1 when the file is refused. */
static int read_frames(void)
{
	struct capture capture;
	struct datagram datagram;
	struct frame frame, want;
	struct fault fault;
	int n = 0, more;

	CU_ASSERT_EQUAL_FATAL(capture_open(&capture, path, &fault), 0);
	while ((more = capture_read(&capture, &datagram, &fault)) == 1) {
		CU_ASSERT_EQUAL(air_unpack(&frame, &datagram), 1);
		fill(&want, (unsigned)n++);
		CU_ASSERT_EQUAL(frame.microseconds, want.microseconds);
		CU_ASSERT_EQUAL(frame.rnti, want.rnti);
		CU_ASSERT_EQUAL(frame.direction, want.direction);
		CU_ASSERT_EQUAL(frame.kind, want.kind);
		CU_ASSERT_EQUAL_FATAL(frame.length, want.length);
		ASSERT_BYTES(frame.data, want.data, want.length);
	}
	capture_end(&capture);
	return more < 0 ? -1 : n;
}

static void test_round_trip(void)
{
	write_frames(false, 0, 10);
	CU_ASSERT_EQUAL(read_frames(), 10);
	write_frames(true, 10, 20);
	CU_ASSERT_EQUAL(read_frames(), 20);
}

static void test_cut_anywhere(void)
{
	FILE *file;
	long size, cut;

	write_frames(false, 0, 3);
	file = fopen(path, "rb");
	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	fseek(file, 0, SEEK_END);
	size = ftell(file);
	fclose(file);
	for (cut = size - 1; cut > 0; cut--) {
		CU_ASSERT_EQUAL_FATAL(truncate(path, cut), 0);
		CU_ASSERT(read_frames() < 3); /* fewer, or refused; never more, never a crash */
	}
}

static void test_not_a_capture(void)
{
	FILE *file = fopen(path, "wb");

	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	fputs("\n\r\r\nthis is not a capture at all, only text", file);
	fclose(file);
	CU_ASSERT_EQUAL(read_frames(), -1);
}

static void test_no_disk(void)
{
	struct capture capture;
	struct datagram datagram = {.length = 100};
	struct fault fault;

	CU_ASSERT_EQUAL(capture_create(&capture, "/nowhere/at/all", false, "", &fault), -1);
	CU_ASSERT_EQUAL(fault.code, FAULT_SYSTEM);
	if (capture_create(&capture, "/dev/full", true, "", &fault) == 0) {
		(void)capture_write(&capture, &datagram, &fault);
		CU_ASSERT_EQUAL(capture_close(&capture, &fault), -1);
	}
}

static void test_clean_up(void)
{
	CU_ASSERT_EQUAL(unlink(path), 0);
}

int main(void)
{
	static const struct unit_test tests[] = {UNIT(test_round_trip), UNIT(test_cut_anywhere),
						 UNIT(test_not_a_capture), UNIT(test_no_disk),
						 UNIT(test_clean_up)};
	int fd = mkstemp(path);

	if (fd < 0)
		return 1;
	close(fd);
	return unit_run("capture", tests, sizeof(tests) / sizeof(tests[0]));
}
