/* PROVES: fs/made.h: files the card is born with are resized, and ADFs are made, as the others are. */
#include "fs/made.h"

#include <string.h>

#include "fs/descriptor.h"
#include "fs/profile.h"
#include "unit/made.h"

#define ISIM   "00A4040C 07 A0000000871004"
#define AID    "A000000559 01020304050607"
#define ADF    "82027821 83027FFF 840C" AID ACTIVE ADM_ALL
#define BY_AID "00A4040C 0C " AID
#define DEL    "00E40000 02 7FFF"
#define FF27   "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF"

/* The objects that are of files, by number: a sum that tells whether any changed. */
static unsigned fingerprint(const struct play *p)
{
	unsigned sum = 0;
	uint8_t bytes[STORE_OBJECT_MAX];

	for (int id = store_next(&p->card.store, STORE_FILE << 8); id >= 0;
	     id = store_next(&p->card.store, (uint16_t)(id + 1))) {
		int n = store_read(&p->card.store, (uint16_t)id, bytes, 0, sizeof(bytes));

		sum = sum * 31 + (unsigned)id;
		for (int i = 0; i < n; i++)
			sum = sum * 31 + bytes[i];
	}
	return sum;
}

/* PROVES: TS 102 222 6.10: a transparent EF keeps what it had, its default too. */
static void test_resize_transparent(void)
{
	struct play p;

	begin(&p);
	PLAY(&p, USIM, 0x9000);
	RESIZE(&p, "83026F05 80020258 A503C10177", 0x9000); /* EF.LI: "en" and two bytes FF */
	for (int i = 0; i < 2; i++) {
		PLAY(&p, USIM, 0x9000);
		PLAY_DATA(&p, "00B0820006", "656EFFFF7777");
		PLAY_DATA(&p, "00B000FE04", "77777777");
		PLAY_DATA(&p, "00B0025602", "7777");
		PLAY(&p, "00B0025801", 0x6B00);
		PLAY_DATA(&p, "00A40004 02 6F05", "6217 82024121 83026F05 8A0105 8B036F0604 80020258 880110");
		play_restart(&p);
	}
	PLAY(&p, USIM, 0x9000);
	PLAY(&p, ADM, 0x9000);
	PLAY(&p, "00D68200 02 6465", 0x9000);
	PLAY(&p, "00D60100 02 1234", 0x9000);
	RESIZE(&p, "83026F05 80020002", 0x9000);
	PLAY_DATA(&p, "00B0000002", "6465");
	PLAY(&p, "00B0000201", 0x6B00);
	RESIZE(&p, "83026F05 80020104", 0x9000); /* what was behind does not come back */
	PLAY_DATA(&p, "00B0000004", "6465FFFF");
	PLAY_DATA(&p, "00B000FE04", "FFFFFFFF");
	RESIZE(&p, "83026F05 80020100", 0x9000); /* to the end of a store object, and from there */
	RESIZE(&p, "83026F05 80020101", 0x9000);
	PLAY_DATA(&p, "00B000FF02", "FFFF");
	PLAY_DATA(&p, "00B0000004", "6465FFFF");
	play_close(&p);
}

/* PROVES: TS 102 222 6.10: records, and those of linked files on both sides. */
static void test_resize_records(void)
{
	struct play p;

	begin(&p);
	PLAY(&p, "00A4000C 02 2F00", 0x9000); /* EF.DIR: room for more applications */
	RESIZE(&p, "83022F00 800200BE", 0x9000);
	PLAY_DATA(&p, "00A40004 02 2F00", "621A 82054221002605 83022F00 8A0105 8B032F060E 800200BE 8801F0");
	PLAY_DATA(&p, "00B2020426",
		  "61184F10A0000000871004FFFFFFFF8907090000 50044953494DFFFFFFFFFFFFFFFFFFFFFFFF");
	PLAY(&p,
	     "00DC0504 26 6109 4F07 A0000005590102 FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF",
	     0x9000);
	play_restart(&p);
	PLAY(&p, USIM, 0x9000);
	PLAY(&p, ADM, 0x9000);
	PLAY(&p, "00A4000C 02 6F3B", 0x9000); /* EF.FDN, which DF.TELECOM has too */
	PLAY(&p, "00200081 08 35363738FFFFFFFF", 0x9000);
	PLAY(&p, "00DC0204 1C 41" FF27, 0x9000);
	PLAY(&p, "00B20A041C", 0x9000);
	RESIZE(&p, "83026F3B 80020150", 0x9000); /* twelve */
	PLAY(&p, "00A4080C 04 7F106F3B", 0x9000);
	PLAY_DATA(&p, "00B202041C", "41" FF27);
	PLAY_DATA(&p, "00B20C041C", "FF" FF27);
	PLAY(&p, "00B20D041C", 0x6A83);
	PLAY(&p, "00DC0C04 1C 42" FF27, 0x9000);
	RESIZE(&p, "83026F3B 80020054", 0x9000); /* three, by the link */
	play_restart(&p);
	PLAY(&p, USIM, 0x9000);
	PLAY(&p, "00A4000C 02 6F3B", 0x9000);
	PLAY_DATA(&p, "00B202041C", "41" FF27);
	PLAY(&p, "00B204041C", 0x6A83);
	play_close(&p);
}

/* PROVES: TS 102 222 6.10: BER-TLV files keep their objects; and what is refused changes nothing. */
static void test_resize_others(void)
{
	struct play p;
	unsigned before;

	begin(&p);
	PLAY(&p, USIM, 0x9000);
	PLAY(&p, "00A4000C 02 6FF8", 0x9000); /* EF.IMSConfigData */
	PLAY(&p, "80DB0080 05 8003010203", 0x9000);
	RESIZE(&p, "83026FF8 80020800", 0x9000);
	PLAY_DATA(&p, "80CB0080 01 80", "8003010203");
	RESIZE(&p, "83026FF8 80020005", 0x9000);
	PLAY(&p, "80DB0080 03 810101", 0x6A84);
	play_restart(&p);
	PLAY(&p, USIM, 0x9000);
	PLAY(&p, ADM, 0x9000);
	PLAY(&p, "00A4000C 02 6FF8", 0x9000);
	PLAY_DATA(&p, "80CB0080 01 80", "8003010203");
	before = fingerprint(&p);
	RESIZE(&p, "83026FF8 80020004", 0x6A80); /* less than it holds */
	RESIZE(&p, "83026F39 8002000F", 0x6981); /* cyclic: EF.ACM */
	RESIZE(&p, "83026F06 80020031", 0x6982); /* EF.ARR */
	RESIZE(&p, "83026F05 80027F00", 0x6A84); /* there is no such room */
	RESIZE(&p, "83027FFF 80020031", 0x6981); /* directories have no size of their own */
	RESIZE(&p, "83027FFF 81020031", 0x6A81);
	CU_ASSERT_EQUAL(fingerprint(&p), before);
	PLAY(&p, "00040000 02 6F46", 0x9000);
	RESIZE(&p, "83026F46 80020020", 0x6984);
	play_close(&p);
}

/* PROVES: TS 102 222 6.3, TS 102 221 8.3, 8.5: an ADF is made, found by its AID, and holds files. */
static void test_application(void)
{
	struct play p;

	begin(&p);
	CREATE(&p, ADF, 0x9000);
	PLAY_DATA(&p, "80F2000100", "840C" AID);
	PLAY_DATA(&p, "80F2000000",
		  "6230 82027821 840C" AID
		  "A503800171 8A0105 8B032F0609 C60F 900160 830101 950100830111 83010A");
	CREATE(&p, BINARY "83026F07" ACTIVE READ_ALL "80020009 880138", 0x9000);
	PLAY(&p, "00D68700 09 080910101032547698", 0x9000);
	CREATE(&p, DF("5FC0"), 0x9000);
	CREATE(&p, BINARY "83024F01" ACTIVE READ_ALL "80020002" NO_SFI, 0x9000);
	for (int i = 0; i < 2; i++) {
		PLAY(&p, MF, 0x9000);
		PLAY(&p, BY_AID, 0x9000);
		PLAY(&p, "00A4080C 06 7FFF5FC04F01", 0x9000);
		PLAY(&p, "00A4000C 02 7FFF", 0x9000);
		PLAY_DATA(&p, "00B0870003", "080910");
		play_restart(&p);
	}
	PLAY(&p, "00A4040C 05 A000000559", 0x9000); /* by the beginning, and in the order of all */
	PLAY_DATA(&p, "80F2000100", "840C" AID);
	PLAY(&p, "00A4040C 02 A000", 0x9000);
	PLAY(&p, "00A4040E 02 A000", 0x9000);
	PLAY(&p, "00A4040E 02 A000", 0x9000);
	PLAY(&p, "00A4040E 02 A000", 0x9000);
	PLAY_DATA(&p, "80F2000100", "840C" AID);
	PLAY(&p, "00A4040E 02 A000", 0x6A82);
	PLAY(&p, "00A4040D 02 A000", 0x9000);
	PLAY_DATA(&p, "80F2000100", "840C" AID);
	PLAY(&p, "00A4044C 05 A000000559", 0x9000); /* its session ends */
	PLAY(&p, "00A4000C 02 7FFF", 0x6A82);
	/* No application runs in it. */
	PLAY(&p, BY_AID, 0x9000);
	PLAY(&p,
	     "00880081 22 10"
	     "00000000000000000000000000000000"
	     "10"
	     "00000000000000000000000000000000",
	     0x6985);
	PLAY(&p, "8078000100", 0x6985);
	PLAY(&p, DEL, 0x6982);
	PLAY(&p, ADM, 0x9000);
	PLAY(&p, "00E60000 02 7FFF", 0x9000); /* ended, with what is in it; only DELETE FILE is left to do */
	PLAY(&p, "00B0870003", 0x6985);
	PLAY(&p, DEL, 0x9000);
	PLAY(&p, BY_AID, 0x6A82);
	CU_ASSERT_EQUAL(store_next(&p.card.store, descriptor_object(FILE_MADE, 0)), ERROR_NOT_FOUND);
	play_close(&p);
}

/* PROVES: TS 102 222 6.3.2.2: what an ADF must be; 6A89 and 6A8A. */
static void test_application_refusals(void)
{
	char objects[128];
	struct play p;
	int i;

	begin(&p);
	CREATE(&p, ADF, 0x9000);
	CREATE(&p, ADF, 0x6985); /* in the MF only */
	PLAY(&p, MF, 0x9000);
	CREATE(&p, ADF, 0x6A8A);
	CREATE(&p, DF("7FFF") "8410 A0000000871002FFFFFFFF8907090000", 0x6A8A);
	CREATE(&p, DF("7FFF") "8408 A000000151000000", 0x6A8A);
	CREATE(&p, DF("7F10") "8405 A000000600", 0x6A89);
	CREATE(&p, DF("3F00") "8405 A000000600", 0x6A80);
	/* A FID of its own: selected and deleted by that, too. Total size and PINs as TS 102 222 has them. */
	CREATE(&p, DF("7F50") "8405 A000000600 81020000 C60C 900180 830101 83010A 830181", 0x9000);
	PLAY_DATA(&p, "00A40004 02 7F50",
		  "6230 82027821 83027F50 8405A000000600 A503800171 8A0105 8B032F0609"
		  "C612 900170 830101 830181 950100830111 83010A");
	PLAY(&p, MF, 0x9000);
	PLAY(&p, "00E40000 02 7F50", 0x9000);
	for (i = 0; i < 4; i++) {
		(void)snprintf(objects, sizeof(objects), "82027821 83027FFF 8405 A0000007%02X" ACTIVE ADM_ALL,
			       i);
		PLAY(&p, MF, 0x9000);
		CREATE(&p, objects, 0x9000);
	}
	PLAY(&p, MF, 0x9000);
	CREATE(&p, DF("7FFF") "8405 A000000799", 0x6A84); /* as many as a GET STATUS can tell of */
	CU_ASSERT_EQUAL(play_secure(&p), 0x9000);
	CU_ASSERT_EQUAL(play_wrapped(&p, "80F24002 02 4F00"), 0x9000);
	CU_ASSERT_EQUAL(play_wrapped(&p, "80F24002 09 4F07A0000005590102"), 0x9000);
	CU_ASSERT_EQUAL(p.length, 2 + 14 + 4 + 5);
	play_close(&p);
}

/* PROVES: TS 102 221 9.4.2, 9.5.2: PIN2 is local to an application, and an ADF has it when its C6 says so. */
static void test_application_pins(void)
{
	struct play p;

	begin(&p);
	CREATE(&p, ADF, 0x9000);
	PLAY(&p, "00200081 08 35363738FFFFFFFF", 0x6A88);
	PLAY(&p, "0020000100", 0x63C3);
	PLAY(&p, MF, 0x9000);
	CREATE(&p, DF("7FFF") "8405 A000000600 C606 900180 830181", 0x9000);
	CREATE(&p, BINARY "83026F07" ACTIVE "AB08 800103" PIN("81") "80020009" NO_SFI, 0x6A80);
	CREATE(&p, BINARY "83026F07" ACTIVE "AB0B 800103" PIN("81") "80020009" NO_SFI, 0x9000);
	PLAY(&p, "00B0000001", 0x6982);
	PLAY(&p, "00200081 08 35363738FFFFFFFF", 0x9000);
	PLAY(&p, "00B0000001", 0x9000);
	PLAY(&p, USIM, 0x9000); /* and is forgotten when another application is selected */
	PLAY(&p, "00A4040C 05 A000000600", 0x9000);
	PLAY(&p, "00A4000C 02 6F07", 0x9000);
	PLAY(&p, "00B0000001", 0x6982);
	play_close(&p);
}

/* PROVES: TS 102 222 6.4.1, TS 102 221 8.7: what another channel has for itself keeps all that is above it.
 */
static void test_taken_below(void)
{
	struct play p;

	begin(&p);
	CREATE(&p, DF("5F10"), 0x9000);
	CREATE(&p, DF("5F11"), 0x9000);
	CREATE(&p, "82020121 83026F51" ACTIVE ADM_ALL "80020010" NO_SFI, 0x9000);
	PLAY(&p, MF, 0x9000);
	PLAY(&p, "0070000001", 0x9000);
	PLAY(&p, "01A4080C 06 5F105F116F51", 0x9000);
	PLAY(&p, "00E40000 02 5F10", 0x6985);
	PLAY(&p, "00E60000 02 5F10", 0x6985);
	PLAY(&p, "01A4000C 02 3F00", 0x9000);
	PLAY(&p, "00E40000 02 5F10", 0x9000);
	/* A directory that is not shareable, too. */
	CREATE(&p, DF("5F10"), 0x9000);
	CREATE(&p, "82023821 83025F11" ACTIVE ADM_ALL, 0x9000);
	PLAY(&p, MF, 0x9000);
	PLAY(&p, "01A4080C 04 5F105F11", 0x9000);
	PLAY(&p, "00E40000 02 5F10", 0x6985);
	PLAY(&p, "00708001", 0x9000);
	PLAY(&p, "00E40000 02 5F10", 0x9000);
	play_close(&p);
}

/* What a descriptor says of the size of a file of the table is not trusted. */
static void test_damaged(void)
{
	static const uint8_t good[] = {0x05, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0x26};
	static const struct {
		uint8_t at, value;
	} bad[] = {{4, 0}, {10, 1}, {11, 0}};
	uint8_t bytes[sizeof(good)];
	struct play p;
	uint16_t id;

	play_open(&p);
	id = descriptor_object(file_child(&p.card.store, FILE_MF, 0x2F00), DESCRIPTOR_PART);
	CU_ASSERT_EQUAL(store_write(&p.card.store, id, good, sizeof(good)), OK);
	PLAY(&p, "00A4000C 02 2F00", 0x9000);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		memcpy(bytes, good, sizeof(good));
		bytes[bad[i].at] = bad[i].value;
		CU_ASSERT_EQUAL(store_write(&p.card.store, id, bytes, sizeof(bytes)), OK);
		play_restart(&p);
		PLAY(&p, "00A4000C 02 2F00", 0x6A82);
		PLAY(&p, "00A4000C 02 2FE2", 0x9000);
	}
	play_close(&p);
}

UNIT_SUITE("made", UNIT(test_resize_transparent), UNIT(test_resize_records), UNIT(test_resize_others),
	   UNIT(test_application), UNIT(test_application_refusals), UNIT(test_application_pins),
	   UNIT(test_taken_below), UNIT(test_damaged))
