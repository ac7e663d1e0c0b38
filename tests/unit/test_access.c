/* PROVES: fs/access.h: what a rule grants, in every format and for every state of the PINs. */
#include "fs/access.h"

#include <stdio.h>
#include <string.h>

#include "unit/access_model.h"
#include "unit/made.h"

#define FILE_AT(fid)  BINARY "8302" fid ACTIVE
#define FIVE          "80020005" NO_SFI
#define READ_IT(sw)   PLAY(&p, "00B0000005", sw)
#define UPDATE_IT(sw) PLAY(&p, "00D60000 01 00", sw)
#define SELECT(fid)   PLAY(&p, "00A4000C 02 " fid, 0x9000)

/* CREATE FILE: these data objects, and the rule of this tag (AB, 8C, 8B) whose length is counted. */
#define RULED(p, objects, tag, value, sw) ruled(p, objects, tag, value, sw, __LINE__)
static void ruled(struct play *p, const char *objects, const char *tag, const char *value, uint16_t sw,
		  int line)
{
	char all[512];
	uint8_t bytes[255];

	(void)snprintf(all, sizeof(all), "%s%s%02X %s", objects, tag,
		       (unsigned)play_unhex(bytes, sizeof(bytes), value), value);
	template_is(p, "00E00000", all, sw, line);
}

/* PROVES: TS 102 221 9.2.6, ISO/IEC 7816-4 5.4.3: of several conditions behind an access mode any is enough,
 * and what other cards refused (AB and 8C) is taken. */
static void test_several_conditions(void)
{
	struct play p;

	begin(&p);
	PLAY(&p, ENABLE, 0x9000);
	/* Read PIN1 or ADM1; update never, or else ADM1; the rest a template and one more. */
	RULED(&p, FILE_AT("6F50") FIVE, "AB",
	      "800101" PIN("01") PIN("0A") "800102 9700" PIN("0A") "8401D4 9700 9000", 0x9000);
	/* Never is never, whatever is behind it. */
	RULED(&p, FILE_AT("6F51") FIVE, "AB", "800101 9700 800102 9000", 0x9000);
	/* NOT: as long as PIN1 is not verified. In AND in OR, four deep. */
	RULED(&p, FILE_AT("6F52") FIVE, "AB",
	      "800101 A70A A008 A406 830101 950108 800102 AF06 A704 A002 9700", 0x9000);
	/* Deeper is not understood, and so is no PIN whose key is told twice. */
	RULED(&p, FILE_AT("6F53") FIVE, "AB", "800101 A00A A008 A006 A004 A002 9000", 0x9000);
	play_restart(&p);
	SELECT("6F50");
	READ_IT(0x6982);
	UPDATE_IT(0x6982);
	PLAY(&p, PIN_OK, 0x9000);
	READ_IT(0x9000);
	UPDATE_IT(0x6982);
	play_restart(&p);
	PLAY(&p, ADM, 0x9000);
	SELECT("6F50");
	READ_IT(0x9000);
	UPDATE_IT(0x9000);
	SELECT("6F51");
	READ_IT(0x6982);
	UPDATE_IT(0x9000);
	SELECT("6F52");
	READ_IT(0x9000);
	UPDATE_IT(0x9000);
	PLAY(&p, PIN_OK, 0x9000);
	READ_IT(0x6982);
	UPDATE_IT(0x9000);
	SELECT("6F53");
	READ_IT(0x6982);
	RESIZE(&p, "83026F51 80020006", 0x6982);
	RESIZE(&p, "83026F50 80020006", 0x9000);
	play_close(&p);
}

/* PROVES: TS 102 221 9.2.6: instructions, and several of them in one access mode. */
static void test_instructions(void)
{
	struct play p;

	begin(&p);
	RULED(&p, "820446210003 83026F60" ACTIVE "80020009" NO_SFI, "AB", "800103 9000 840232D4" PIN("0A"),
	      0x9000);
	PLAY(&p, "00DC0003 03 000001", 0x9000);
	PLAY_DATA(&p, "80320000 01 05", "000006 05");
	RULED(&p, FILE_AT("6F62") FIVE, "AB", "840232D4" PIN("0A"), 0x9000);
	RESIZE(&p, "83026F62 80020006", 0x9000);
	play_restart(&p);
	SELECT("6F60");
	PLAY(&p, "80320000 01 05", 0x6982);
	RESIZE(&p, "83026F62 80020007", 0x6982);
	/* Of the header only the instruction is known; READ BINARY is of a mode. */
	PLAY(&p, ADM, 0x9000);
	RULED(&p, FILE_AT("6F61") FIVE, "AB", "8703D40000 9000 8401B0 9000", 0x9000);
	READ_IT(0x6982);
	RESIZE(&p, "83026F61 80020006", 0x6982);
	play_close(&p);
}

/* PROVES: TS 102 221 9.2.5, ISO/IEC 7816-4 5.4.3.1: the examples of the clause, and those of cards people
 * have: the low half of a condition byte is a security environment. */
static void test_condition_bytes(void)
{
	struct play p;

	begin(&p);
	PLAY(&p, ENABLE, 0x9000);
	RULED(&p, FILE_AT("6F50") FIVE, "8C", "0100", 0x9000);          /* read always */
	RULED(&p, FILE_AT("6F51") FIVE, "8C", "031000", 0x9000);        /* EF.DIR's: and update ADM */
	RULED(&p, FILE_AT("6F52") FIVE, "8C", "5B1A1A1A1A1A", 0x9000);  /* sysmoISIM-SJA5 */
	RULED(&p, FILE_AT("6F53") FIVE, "8C", "031A1A", 0x9000);        /* sysmoISIM-SJA2 */
	RULED(&p, FILE_AT("6F54") FIVE, "8C", "021A", 0x9000);          /* its CHVs */
	RULED(&p, FILE_AT("6F55") FIVE, "8C", "00", 0x9000);            /* and its ADM1: nothing */
	RULED(&p, FILE_AT("6F56") FIVE, "8C", "0311FF 021A00", 0x9000); /* update PIN1 or ADM1, read never */
	RULED(&p, FILE_AT("6F57") FIVE, "8C", "033111", 0x9000); /* 31: external authentication or PIN1 */
	RULED(&p, FILE_AT("6F58") FIVE, "8C", "03B191", 0x9000); /* B1: and, 91: all there is, PIN1 */
	RULED(&p, FILE_AT("6F59") FIVE, "8C", "031512", 0x9000); /* environments that are not there */
	RULED(&p, FILE_AT("6F5A") FIVE, "8C", "83FF00", 0x9000); /* bit 8: bits 3 to 1 are as ever */
	play_restart(&p);
	for (int pass = 0; pass < 3; pass++) {
		static const char expected[][11][2] = {
			/* read and update: nothing verified, PIN1, PIN1 and ADM1 */
			{"R", "R", "", "", "", "", "", "", "", "", "R"},
			{"R", "R", "", "", "", "", "U", "B", "R", "", "R"},
			{"R", "B", "B", "B", "U", "", "U", "B", "R", "", "R"}};

		if (pass)
			PLAY(&p, pass == 1 ? PIN_OK : ADM, 0x9000);
		for (int i = 0; i < 11; i++) {
			char select[32], want = expected[pass][i][0];

			(void)snprintf(select, sizeof(select), "00A4000C 02 6F%02X", 0x50 + i);
			PLAY(&p, select, 0x9000);
			READ_IT(want == 'R' || want == 'B' ? 0x9000 : 0x6982);
			UPDATE_IT(want == 'U' || want == 'B' ? 0x9000 : 0x6982);
		}
	}
	/* Delete has a bit of its own; what no rule says the directory still may. */
	RESIZE(&p, "83026F52 80020006", 0x6982);
	PLAY(&p, "00E40000 02 6F52", 0x9000);
	play_close(&p);
}

/* PROVES: TS 102 221 9.2.7, 9.3: a reference with security environments: SE 01 while PIN1 counts, SE 00 while
 * the universal PIN is in its place or neither does. */
static void test_environments(void)
{
	struct play p;

	begin(&p);
	CREATE(&p, DF("5F10"), 0x9000);
	CREATE(&p, "820442210016 83026F06" ACTIVE ADM_ALL "80020042" NO_SFI, 0x9000);
	PLAY(&p, "00DC0104 16 800101" PIN("01") "800102" PIN("0A"), 0x9000);
	PLAY(&p, "00DC0204 16 800101" PIN("11") "800102" PIN("0A"), 0x9000);
	PLAY(&p, "00DC0304 16 800103 9000 FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF", 0x9000);
	RULED(&p, FILE_AT("6F50") FIVE, "8B", "6F06 0101 0002", 0x9000);
	RULED(&p, FILE_AT("6F51") FIVE, "8B", "6F06 0003", 0x9000);
	RULED(&p, FILE_AT("6F52") FIVE, "8B", "6F06 0203", 0x9000);
	PLAY_DATA(&p, "00A40004 02 6F50", "6219 82024121 83026F50 8A0105 8B066F0601010002 80020005 8800");
	/* PIN1 is off, the universal PIN on and not used: SE 01, and PIN1 asks for nothing. */
	READ_IT(0x9000);
	SELECT("6F51");
	READ_IT(0x6982);
	/* On: SE 01. */
	PLAY(&p, ENABLE, 0x9000);
	play_restart(&p);
	PLAY(&p, "00A4080C 04 5F106F50", 0x9000);
	READ_IT(0x6982);
	PLAY(&p, "00200011 08 30303030FFFFFFFF", 0x9000);
	READ_IT(0x6982);
	PLAY(&p, PIN_OK, 0x9000);
	READ_IT(0x9000);
	SELECT("6F51");
	READ_IT(0x6982);
	/* Replaced: SE 00. */
	PLAY(&p, "00269101 08 31323334FFFFFFFF", 0x9000);
	play_restart(&p);
	PLAY(&p, "00A4080C 04 5F106F50", 0x9000);
	READ_IT(0x6982);
	SELECT("6F51");
	READ_IT(0x9000);
	SELECT("6F52");
	READ_IT(0x6982); /* an environment that is never */
	SELECT("6F50");
	PLAY(&p, "00200011 08 30303030FFFFFFFF", 0x9000);
	READ_IT(0x9000);
	/* Nor does the universal PIN count: SE 00. */
	PLAY(&p, "00260011 08 30303030FFFFFFFF", 0x9000);
	play_restart(&p);
	PLAY(&p, "00A4080C 04 5F106F51", 0x9000);
	READ_IT(0x9000);
	SELECT("6F50");
	READ_IT(0x9000);
	UPDATE_IT(0x6982);
	play_close(&p);
}

/* PROVES: TS 102 222 6.3, TS 102 221 9.2.4: what is no rule is refused, and in an EF.ARR it grants nothing.
 */
static void test_malformed(void)
{
	static const char *const no_rules[][2] = {{"8B", ""},
						  {"8B", "01"},
						  {"8B", "2F06"},
						  {"8B", "2F0600"},
						  {"8B", "2F060100"},
						  {"8B", "2F06010101"},
						  {"8B", "2F0601010000"},
						  {"8C", ""},
						  {"8C", "03"},
						  {"8C", "0311"},
						  {"8C", "01110111 7F"},
						  {"8C", "81"},
						  {"8C", "FF000000000000"},
						  {"AB", ""},
						  {"AB", "FFFF"},
						  {"AB", "9000"},
						  {"AB", "800101"},
						  {"AB", "800101 9000 800102"},
						  {"AB", "800101 800102 9000"},
						  {"AB", "9000 800101"},
						  {"AB", "800101 A000"},
						  {"AB", "800101 9000 A000"},
						  {"AB", "800101 A002 A000"},
						  {"AB", "800101 A004 A002 AF00"},
						  {"AB", "800101 A002 9001"},
						  {"AB", "800101 A001 90"},
						  {"AB", "A0029000 800101 9000"},
						  {"AB", "800101 90"},
						  {"AB", "800101 9000 9F"},
						  {"AB", "800201"}};
	struct play p;
	long done;

	begin(&p);
	CREATE(&p, "820442210010 83026F07" ACTIVE ADM_ALL "80020010" NO_SFI, 0x9000);
	RULED(&p, FILE_AT("6F50") FIVE, "8B", "6F0701", 0x9000);
	done = p.cut.done;
	for (size_t i = 0; i < sizeof(no_rules) / sizeof(no_rules[0]); i++)
		RULED(&p, FILE_AT("6F60") FIVE, no_rules[i][0], no_rules[i][1], 0x6A80);
	CU_ASSERT_EQUAL(p.cut.done, done);
	/* A good part before does not help a bad one. */
	PLAY(&p, "00A4000C 02 6F07", 0x9000);
	PLAY(&p, "00DC0104 10 800103 9000 FFFFFFFFFFFFFFFFFFFFFF", 0x9000);
	SELECT("6F50");
	READ_IT(0x9000);
	UPDATE_IT(0x9000);
	PLAY(&p, "00A4000C 02 6F07", 0x9000);
	PLAY(&p, "00DC0104 10 800103 9000 840132 FFFFFFFFFFFFFFFF", 0x9000);
	SELECT("6F50");
	READ_IT(0x6982);
	PLAY(&p, "00A4000C 02 6F07", 0x9000);
	PLAY(&p, "00DC0104 10 800103 9000 800101 A000 FFFFFFFFFFFF", 0x9000);
	SELECT("6F50");
	READ_IT(0x6982);
	UPDATE_IT(0x6982);
	play_close(&p);
}

/* ---- against the model ---- */

enum {
	BATCHES = 100,
	EACH = 7, /* rules of each of the three kinds in a batch */
	BATCH = 3 * EACH,
	RECORD = 46
};

static const unsigned modes[] = {0x01, 0x02, 0x04, 0x08, 0x10, 0x20, 0x40, ACCESS_INCREASE, ACCESS_RESIZE};

/* A file and the rule it has; a reference has one for each security environment. */
struct sample {
	struct rule rule[2];
	int references;
	uint16_t file;
};

/* Security environment 00 or 01, as the table of TS 102 221 9.3 has it. */
static unsigned environment_of(const struct world *world)
{
	if (world->pin1 == PIN_ON)
		return 1;
	return world->pin1 == PIN_OFF && world->universal_on;
}

/* CREATE FILE with these bytes for a rule. */
static void create(struct play *p, unsigned fid, const char *tag, const uint8_t *value, size_t length,
		   uint16_t sw)
{
	char objects[64], hex[2 * 255 + 1] = "";

	for (size_t i = 0; i < length; i++)
		(void)snprintf(hex + 2 * i, 3, "%02X", value[i]);
	(void)snprintf(objects, sizeof(objects), BINARY "8302%04X" ACTIVE FIVE, fid);
	RULED(p, objects, tag, hex, sw);
}

static void make_own(struct play *p, struct sample *sample, uint32_t *seed, unsigned fid)
{
	enum model_format format = fid & 1 ? FORMAT_COMPACT : FORMAT_EXPANDED;
	uint8_t value[1024] = {0};

	sample->rule[0] = model_draw(seed, format);
	create(p, fid, format == FORMAT_COMPACT ? "8C" : "AB", value, model_write(value, &sample->rule[0]),
	       0x9000);
}

/* A good rule that is cut short, begins with a condition, or has an access mode or a template too much. */
static void make_broken(struct play *p, uint32_t *seed)
{
	static const uint8_t more[][3] = {{0x80, 1, 1}, {0x90, 0, 0xAF}};
	uint8_t value[1024] = {0};
	struct rule rule = model_draw(seed, FORMAT_EXPANDED);
	size_t n = model_write(value, &rule), how = model_random(seed, 4),
	       from = how == 1 ? 2u + value[1] : 0;

	if (how == 0)
		n--;
	if (how > 1 && n > MODEL_BYTES - 3)
		return;
	if (how > 1) {
		memcpy(value + n, more[how - 2], 3);
		n += 3;
	}
	create(p, 0x6E00, "AB", value + from, n - from, 0x6A80);
}

static void make_reference(struct play *p, struct sample *sample, uint32_t *seed, unsigned fid,
			   unsigned record)
{
	uint8_t update[5 + 1024] = {0x00, 0xDC, 0x00, 0x04, RECORD};
	char objects[96];

	sample->references = 1;
	PLAY(p, "00A4000C 02 6F06", 0x9000);
	for (unsigned i = 0; i < 2; i++) {
		sample->rule[i] = model_draw(seed, FORMAT_EXPANDED);
		memset(update + 5, 0xFF, RECORD);
		(void)model_write(update + 5, &sample->rule[i]);
		update[2] = (uint8_t)(record + i);
		CU_ASSERT_EQUAL(play_bytes(p, update, 5 + RECORD), 0x9000);
	}
	(void)snprintf(objects, sizeof(objects), BINARY "8302%04X" ACTIVE "8B066F0600%02X01%02X" FIVE, fid,
		       record, record + 1);
	CREATE(p, objects, 0x9000);
}

static void make_batch(struct play *p, struct sample *samples, uint32_t *seed)
{
	char arr[64];

	PLAY(p, MF, 0x9000);
	PLAY(p, ADM, 0x9000);
	CREATE(p, DF("5F10"), 0x9000);
	(void)snprintf(arr, sizeof(arr), "8204422100%02X 83026F06" ACTIVE ADM_ALL "8002%04X" NO_SFI, RECORD,
		       RECORD * 2 * EACH);
	CREATE(p, arr, 0x9000);
	memset(samples, 0, BATCH * sizeof(*samples));
	for (unsigned i = 0; i < BATCH; i++) {
		make_broken(p, seed);
		if (i < 2 * EACH)
			make_own(p, &samples[i], seed, 0x6E10 + i);
		else
			make_reference(p, &samples[i], seed, 0x6E10 + i, 2 * (i - 2 * EACH) + 1);
		samples[i].file = p->card.channels[0].selection.ef;
	}
}

static void complain(const struct rule *rule, unsigned mode, const struct world *world)
{
	uint8_t value[1024] = {0};
	size_t n = model_write(value, rule);

	printf("\n    mode %03X, PIN1 %u, universal %d, verified %02X:", mode, world->pin1,
	       world->universal_on, world->verified);
	for (size_t i = 0; i < n; i++)
		printf(" %02X", value[i]);
	printf("\n");
}

static int granted(const struct play *p, uint16_t file, enum access_mode mode, const struct world *world)
{
	if (world->alone)
		return access_would(&p->card, file, mode, world->alone < 0 ? 0 : (uint8_t)world->alone) ==
		       GRANTED;
	return access_granted(&p->card, file, mode) == GRANTED;
}

/* Each rule and each access mode, as the PINs are. How many are granted. */
static unsigned long compare(const struct play *p, const struct sample *samples, const struct world *world)
{
	unsigned long yes = 0, wrong = 0;

	for (const struct sample *sample = samples; sample < samples + BATCH; sample++) {
		const struct rule *rule = &sample->rule[sample->references ? environment_of(world) : 0];

		for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
			int want = model_grants(rule, modes[i], world),
			    got = granted(p, sample->file, (enum access_mode)modes[i], world);

			yes += (unsigned long)want;
			if (want != got && ++wrong == 1)
				complain(rule, modes[i], world);
		}
	}
	CU_ASSERT_EQUAL(wrong, 0);
	return yes;
}

/* Whatever of the PINs is verified, and whatever access_would() is asked of. */
static unsigned long compare_all(struct play *p, const struct sample *samples, struct world *world)
{
	struct pin_session *session = &p->card.channels[0].pins;
	unsigned long yes = 0;
	size_t i;

	for (; world->verified < 1u << MODEL_PINS; world->verified++) {
		pin_session_reset(session);
		for (i = 0; i < MODEL_PINS; i++)
			if (world->verified >> i & 1)
				pin_session_grant(session, model_pins[i]);
		yes += compare(p, samples, world);
	}
	for (i = 0; i <= MODEL_PINS; i++) {
		world->alone = i < MODEL_PINS ? model_pins[i] : -1;
		yes += compare(p, samples, world);
	}
	return yes;
}

/* PROVES: TS 102 221 9.2.4, 9.2.5, 9.2.6, 9.2.7, 9.3: thousands of rules, every state of the PINs, every
 * access mode: what is granted is what the model says. */
static void test_model(void)
{
	/* From one to the next: what PIN1 and the universal PIN are, and how they become it. */
	static const struct {
		const char *command[2];
		enum pin_enabled pin1;
		int universal_on;
	} steps[] = {{{NULL}, PIN_OFF, 1},
		     {{ENABLE}, PIN_ON, 1},
		     {{"00269101 08 31323334FFFFFFFF"}, PIN_REPLACED, 1},
		     {{"00260011 08 30303030FFFFFFFF"}, PIN_REPLACED, 0},
		     {{ENABLE}, PIN_ON, 0},
		     {{"00260001 08 31323334FFFFFFFF"}, PIN_OFF, 0},
		     {{"00280011 08 30303030FFFFFFFF"}, PIN_OFF, 1}};
	static struct sample samples[BATCH];
	uint32_t seed = 0x5EED;
	unsigned long yes = 0;
	struct play p;

	begin(&p);
	CU_ASSERT_EQUAL(store_begin(&p.card.store), OK);
	CU_ASSERT_EQUAL(pin_install(&p.card, PIN_ADM2, 1, 3, (const uint8_t *)"22222222", 0,
				    (const uint8_t *)"\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF"),
			OK);
	CU_ASSERT_EQUAL(store_commit(&p.card.store), OK);
	for (int batch = 0; batch < BATCHES; batch++) {
		make_batch(&p, samples, &seed);
		for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
			struct world world = {.pin1 = steps[i].pin1, .universal_on = steps[i].universal_on};

			if (steps[i].command[0])
				PLAY(&p, steps[i].command[0], 0x9000);
			yes += compare_all(&p, samples, &world);
		}
		PLAY(&p, MF, 0x9000);
		PLAY(&p, ADM, 0x9000);
		PLAY(&p, "00E40000 02 5F10", 0x9000);
	}
	CU_ASSERT(yes > 100000);
	play_close(&p);
}

UNIT_SUITE("access", UNIT(test_several_conditions), UNIT(test_instructions), UNIT(test_condition_bytes),
	   UNIT(test_environments), UNIT(test_malformed), UNIT(test_model))
