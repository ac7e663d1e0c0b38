/* PROVES: fs/gone.h: what the card is born with can be deleted, and then nothing of it is left; what stays
 * keeps what it had. */
#include "fs/gone.h"

#include <string.h>

#include "fs/descriptor.h"
#include "fs/made.h"
#include "fs/profile.h"
#include "unit/made.h"
#include "unit/ota.h"

#define ISIM      "00A4040C 07 A0000000871004"
#define TELECOM   "00A4000C 02 7F10"
#define DEL(fid)  "00E40000 02 " fid
#define IMSI      "080910101032547698"
#define GSM_IMSI  "00A4080C 04 7F206F07"
#define USIM_IMSI "00A4080C 04 7FFF6F07"

/* Store objects that are of this file number. */
static int objects_of(const struct play *p, uint16_t file)
{
	int n = 0;

	for (int id = store_next(&p->card.store, descriptor_object(file, 0));
	     id >= 0 && descriptor_owner((uint16_t)id) == file;
	     id = store_next(&p->card.store, (uint16_t)(id + 1)))
		n++;
	return n;
}

static uint16_t usim_file(const struct play *p, uint16_t fid)
{
	return file_child(&p->card.store, profile_usim, fid);
}

/* PROVES: TS 102 222 6.4: an EF is deleted, for good, and FID and short identifier are free again. */
static void test_ef(void)
{
	struct play p;
	uint16_t ehplmn;

	begin(&p);
	PLAY(&p, USIM, 0x9000);
	ehplmn = usim_file(&p, 0x6FD9);
	PLAY(&p, "00A4000C 02 6FD9", 0x9000); /* EF.EHPLMN */
	PLAY(&p, "00D60001 03 414243", 0x9000);
	CU_ASSERT(objects_of(&p, ehplmn) > 0);
	PLAY(&p, DEL("6FD9"), 0x9000);
	CU_ASSERT_EQUAL(objects_of(&p, ehplmn), 0);
	PLAY(&p, "00B0000001", 0x6986);
	PLAY(&p, DEL("6FB7"), 0x9000); /* EF.ECC: short identifier 01 */
	for (int i = 0; i < 2; i++) {
		PLAY(&p, USIM, 0x9000);
		PLAY(&p, "00A4000C 02 6FD9", 0x6A82);
		PLAY(&p, "00A4080C 04 7FFF6FD9", 0x6A82);
		PLAY(&p, "00B2010C0B", 0x6A82);
		PLAY(&p, "00A4000C 02 6FAD", 0x9000); /* the others are there */
		PLAY(&p, "00B0860002", 0x9000);
		play_restart(&p);
	}
	PLAY(&p, USIM, 0x9000);
	PLAY(&p, ADM, 0x9000);
	PLAY(&p, DEL("6FD9"), 0x6A82);
	CREATE(&p, BINARY "83026FB7" ACTIVE READ_ALL "80020005 880108", 0x9000);
	PLAY_DATA(&p, "00B0810005", "FFFFFFFFFF");
	CREATE(&p, BINARY "83026FB7" ACTIVE READ_ALL "80020005" NO_SFI, 0x6A89);
	PLAY(&p, DEL("6FB7"), 0x9000); /* and that one again */
	PLAY(&p, "00B0810005", 0x6A82);
	CREATE(&p, "82044221000B 83026FB7" ACTIVE READ_ALL "8002000B 880108", 0x9000);
	play_restart(&p);
	PLAY(&p, USIM, 0x9000);
	PLAY_DATA(&p, "00B2010C0B", "FFFFFFFFFFFFFFFFFFFFFF");
	play_close(&p);
}

/* PROVES: TS 102 222 6.4.2, TS 102 221 9.2: who may delete what. */
static void test_rights(void)
{
	static const char *const never[] = {DEL("3F00"), DEL("2FE2"), DEL("2F06"), DEL("2F00")};
	struct play p;
	long done;

	play_open(&p);
	done = p.cut.done;
	PLAY(&p, USIM, 0x9000);
	PLAY(&p, DEL("6F46"), 0x6982);
	PLAY(&p, DEL("7FFF"), 0x6982);
	PLAY(&p, DEL("5FC0"), 0x6982);
	RESIZE(&p, "83026F46 80020020", 0x6982);
	CU_ASSERT_EQUAL(p.cut.done, done); /* nothing was written */
	PLAY(&p, ADM, 0x9000);
	done = p.cut.done;
	PLAY(&p, DEL("6F06"), 0x6982); /* EF.ARR of the application */
	PLAY(&p, MF, 0x9000);
	for (size_t i = 0; i < sizeof(never) / sizeof(never[0]); i++)
		PLAY(&p, never[i], 0x6982);
	PLAY(&p, "00A4040C 08 A000000151000000", 0x9000); /* the security domain, and what is made in it */
	PLAY(&p, DEL("7FFF"), 0x6982);
	CREATE(&p, BINARY "83026F50" ACTIVE READ_ALL "80020005" NO_SFI, 0x6982);
	CREATE(&p, DF("5F10"), 0x6982);
	CU_ASSERT_EQUAL(p.cut.done, done);
	play_close(&p);
}

/* PROVES: TS 31.102 4.1: of linked files one can go, and the other stays as it was. */
static void test_links(void)
{
	struct play p;
	uint16_t imsi;

	begin(&p);
	PLAY(&p, USIM, 0x9000);
	imsi = usim_file(&p, 0x6F07);
	PLAY(&p, "00D68700 09 " IMSI, 0x9000);
	PLAY(&p, DEL("6F07"), 0x9000);
	PLAY(&p, USIM_IMSI, 0x6A82);
	CU_ASSERT(objects_of(&p, imsi) > 0);
	play_restart(&p);
	PLAY(&p, USIM, 0x9000);
	PLAY(&p, USIM_IMSI, 0x6A82);
	PLAY(&p, GSM_IMSI, 0x9000);
	PLAY_DATA(&p, "00B0000009", IMSI);
	PLAY(&p, ADM, 0x9000);
	PLAY(&p, "00D60001 01 29", 0x9000);
	RESIZE(&p, "83026F07 8002000B A503C10155", 0x9000);
	PLAY(&p, "00040000", 0x9000);
	/* A new file of that name is another. */
	PLAY(&p, USIM, 0x9000);
	CREATE(&p, BINARY "83026F07" ACTIVE READ_ALL "80020009 880138", 0x9000);
	PLAY_DATA(&p, "00B0000009", "FFFFFFFFFFFFFFFFFF");
	play_restart(&p);
	PLAY(&p, GSM_IMSI, 0x9000);
	PLAY(&p, "00B0000009", 0x6984);
	PLAY(&p, ADM, 0x9000);
	PLAY(&p, "00440000", 0x9000);
	PLAY_DATA(&p, "00B000000B", "082910101032547698 5555");
	PLAY(&p, DEL("6F07"), 0x9000); /* the last of them */
	CU_ASSERT_EQUAL(objects_of(&p, imsi), 0);
	PLAY(&p, GSM_IMSI, 0x6A82);
	PLAY(&p, USIM, 0x9000);
	PLAY(&p, USIM_IMSI, 0x9000);
	/* And the other way round. */
	PLAY(&p, "00D6830003 01 02", 0x6700);
	PLAY(&p, "00D68300 04 00000003", 0x9000);
	PLAY(&p, "00A4080C 02 7F20", 0x9000);
	PLAY(&p, DEL("6FAD"), 0x9000);
	PLAY(&p, "00A4000C 02 6FAD", 0x6A82);
	PLAY(&p, USIM, 0x9000);
	PLAY_DATA(&p, "00B0830004", "00000003");
	play_close(&p);
}

/* PROVES: TS 102 222 6.4.1: a DF goes with all that is in it, made files too. */
static void test_directory(void)
{
	struct play p;
	uint16_t above;

	begin(&p);
	PLAY(&p, "00A4080C 06 7F105F3A4F3A", 0x9000);
	PLAY(&p, "00DC0104 1C 41424344FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF", 0x9000);
	PLAY(&p, MF, 0x9000);
	PLAY(&p, TELECOM, 0x9000);
	CREATE(&p, DF("5F99"), 0x9000);
	CREATE(&p, BINARY "83026F50" ACTIVE READ_ALL "80020005" NO_SFI, 0x9000);
	PLAY(&p, "00A4030C", 0x9000);
	PLAY(&p, DEL("7F10"), 0x9000); /* the current directory itself */
	PLAY(&p, "00A4000C 02 2FE2", 0x9000);
	for (int i = 0; i < 2; i++) {
		PLAY(&p, "00A4000C 02 7F10", 0x6A82);
		PLAY(&p, "00A4080C 04 7F105F3A", 0x6A82);
		PLAY(&p, "00A4080C 04 7F105F99", 0x6A82);
		CU_ASSERT_EQUAL(store_next(&p.card.store, descriptor_object(FILE_MADE, 0)), ERROR_NOT_FOUND);
		play_restart(&p);
	}
	/* What ADF.USIM links to in there is still its. */
	PLAY(&p, USIM, 0x9000);
	PLAY(&p, "00A4080C 06 7FFF5F3A4F3A", 0x9000);
	PLAY_DATA(&p, "00B201041C", "41424344FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF");
	for (uint16_t i = 0; i < file_constants(); i++) {
		CU_ASSERT(i == 0 || profile[i].parent < i); /* gone_add() counts on it */
		for (above = i; above != FILE_MF && profile[above].fid != 0x7F10;
		     above = profile[above].parent)
			;
		CU_ASSERT_EQUAL(gone_is(&p.card.store, i), above != FILE_MF);
	}
	PLAY(&p, ADM, 0x9000);
	PLAY(&p, MF, 0x9000);
	CREATE(&p, DF("7F10"), 0x9000);
	CREATE(&p, BINARY "83026F3A" ACTIVE READ_ALL "80020005" NO_SFI, 0x9000);
	PLAY(&p, "00B0000005", 0x9000);
	play_close(&p);
}

/* PROVES: TS 102 222 6.4, TS 102 221 8.5: an application's directory goes, on every channel; EF.DIR is left.
 */
static void test_application(void)
{
	struct play p;

	begin(&p);
	PLAY_DATA(&p, "00700000 01", "01");
	PLAY(&p, "01A4040C 07 A0000000871002", 0x9000);
	PLAY(&p, "01200081 08 35363738FFFFFFFF", 0x9000); /* PIN2 */
	PLAY(&p, "01A4080C 06 7FFF5FC04F01", 0x9000);
	PLAY(&p, USIM, 0x9000);
	PLAY(&p, DEL("7FFF"), 0x9000);
	PLAY(&p, "00A4000C 02 7FFF", 0x6A82);
	PLAY(&p, "80F2000100", 0x6A88);
	PLAY(&p, "00A4000C 02 2FE2", 0x9000); /* the MF is current */
	PLAY(&p, "01B0000001", 0x6986);
	PLAY(&p, "01A4080C 04 7FFF6F07", 0x6A82);
	PLAY(&p, "01A4000C 02 2FE2", 0x9000);
	CU_ASSERT_EQUAL(p.card.channels[1].pins.verified[1], DENIED);
	for (int i = 0; i < 2; i++) {
		PLAY(&p, USIM, 0x6A82);
		PLAY(&p, "00A4040C 05 A000000087", 0x9000); /* the first there is: ADF.ISIM */
		PLAY_DATA(&p, "80F2000100", "8410 A0000000871004FFFFFFFF8907090000");
		PLAY(&p, "00A4040E 05 A000000087", 0x6A82);
		PLAY(&p, "00A4040F 05 A000000087", 0x6A82);
		PLAY(&p, "00A4000C 02 6F3C", 0x9000); /* EF.SMS, whose contents were ADF.USIM's too */
		PLAY(&p, "00B20104B0", 0x9000);
		PLAY(&p,
		     "00880081 22 10"
		     "00000000000000000000000000000000"
		     "10"
		     "00000000000000000000000000000000",
		     0x6A88); /* no key */
		play_restart(&p);
	}
	PLAY(&p, MF, 0x9000);
	PLAY(&p, "00A4000C 02 2F00", 0x9000);
	PLAY_DATA(&p, "00B2010426",
		  "61184F10A0000000871002FFFFFFFF8907090000 50045553494D"
		  "FFFFFFFFFFFFFFFFFFFFFFFF");
	CU_ASSERT_EQUAL(play_secure(&p), 0x9000);
	CU_ASSERT_EQUAL(play_wrapped(&p, "80F24000 02 4F00"), 0x9000);
	CU_ASSERT_EQUAL(p.length, 1 + 16 + 2 + 1 + 9 + 2); /* and the custodian's */
	ASSERT_BYTES(p.response, "\x10\xA0\0\0\0\x87\x10\x04", 8);
	play_close(&p);
}

/* PROVES: TS 31.102 4.2.8, 7.1: a service whose files are deleted is not there. */
static void test_services(void)
{
	struct play p;

	begin(&p);
	PLAY(&p, USIM, 0x9000);
	PLAY(&p, "00880080 11 10 00000000000000000000000000000000", 0x6A88); /* no key yet */
	PLAY(&p,
	     "00880084 23 DD10"
	     "00000000000000000000000000000000"
	     "10"
	     "00000000000000000000000000000000",
	     0x6A88);
	PLAY(&p, DEL("6FD6"), 0x9000); /* EF.GBABP */
	PLAY(&p,
	     "00880084 23 DD10"
	     "00000000000000000000000000000000"
	     "10"
	     "00000000000000000000000000000000",
	     0x9864);
	PLAY(&p, DEL("6F38"), 0x9000); /* EF.UST */
	PLAY(&p, "00880080 11 10 00000000000000000000000000000000", 0x9864);
	PLAY(&p, "8078000100", 0x6A81); /* GET IDENTITY */
	play_close(&p);
}

/* The status and the answer of a message. */
static void send(struct play *p, struct ota *o, const char *script, uint8_t status, const char *answer)
{
	uint8_t want[32];
	size_t n = play_unhex(want, sizeof(want), answer);

	CU_ASSERT_EQUAL(ota_send(p, o, script), status ? 0x6200 : 0x9000);
	ota_open(o, p->response, p->length, status != 0);
	CU_ASSERT_EQUAL(o->status, status);
	CU_ASSERT_EQUAL(o->answered, n);
	ASSERT_BYTES(o->answer, want, n);
	o->counter++;
}

/* PROVES: TS 102 226 7, TS 102 222 6.4: files go over the air, too, and the directory that the commands stand
 * in: then there is no such application. */
static void test_over_the_air(void)
{
	struct ota o = ota_aes();
	struct play p;

	play_open(&p);
	CU_ASSERT_EQUAL_FATAL(ota_put_keys(&p, &o), 0x9000);
	play_restart(&p);
	send(&p, &o, "00E40000 02 6FD9 00A4000C 02 6FD9", 0x00, "02 6A82");
	send(&p, &o, "00E40000 02 7FFF 00A4000C 02 2FE2 00B0000000", 0x00, "03 9000 FFFFFFFFFFFFFFFFFFFF");
	send(&p, &o, "00A4000C 02 2FE2", 0x09, "");
	o.tar[2] = 0x00; /* the files of the UICC: they are there */
	send(&p, &o, "00A4000C 02 2FE2", 0x00, "01 9000");
	PLAY(&p, USIM, 0x6A82);
	play_close(&p);
}

/* What the memory says is not trusted: the MF is there whatever it says, and where it says nothing that is
 * damage, by which nothing is deleted. */
static void test_damaged(void)
{
	struct play p;
	uint16_t imsi;

	begin(&p);
	PLAY(&p, USIM, 0x9000);
	imsi = usim_file(&p, 0x6F07);
	PLAY(&p, "00D68700 09 " IMSI, 0x9000);
	CU_ASSERT_EQUAL(store_write(&p.card.store, STORE_GONE << 8, "\x01", 1), OK);
	PLAY(&p, MF, 0x9000);
	CU_ASSERT_EQUAL(gone_is(&p.card.store, FILE_MF), 0);
	CU_ASSERT_EQUAL(gone_is(&p.card.store, imsi), ERROR_MEMORY);
	PLAY(&p, "00A4000C 02 2FE2", 0x6A82);
	CU_ASSERT_EQUAL(made_sweep(&p.card.store), OK);
	CU_ASSERT(objects_of(&p, imsi) > 0);
	CU_ASSERT_EQUAL(store_delete(&p.card.store, STORE_GONE << 8), OK);
	PLAY(&p, USIM, 0x9000);
	play_close(&p);
}

UNIT_SUITE("gone", UNIT(test_ef), UNIT(test_rights), UNIT(test_links), UNIT(test_directory),
	   UNIT(test_application), UNIT(test_services), UNIT(test_over_the_air), UNIT(test_damaged))
