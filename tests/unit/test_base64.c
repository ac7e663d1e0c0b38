/* PROVES: host/lib/base64.h: RFC 4648 section 10, and that one run of bytes has one text. */
#include "lib/base64.h"

#include <string.h>

#include "unit/unit.h"

static const struct {
	const char *bytes, *text;
} published[] = {{"", ""},
		 {"f", "Zg=="},
		 {"fo", "Zm8="},
		 {"foo", "Zm9v"},
		 {"foob", "Zm9vYg=="},
		 {"fooba", "Zm9vYmE="},
		 {"foobar", "Zm9vYmFy"}};

/* PROVES: RFC 4648 10 */
static void test_published(void)
{
	for (size_t i = 0; i < sizeof(published) / sizeof(published[0]); i++) {
		char text[BASE64_TEXT(6)];
		uint8_t bytes[6];
		size_t length = strlen(published[i].bytes);

		base64_write(text, (const uint8_t *)published[i].bytes, length);
		CU_ASSERT_STRING_EQUAL(text, published[i].text);
		CU_ASSERT_EQUAL(base64_read(bytes, sizeof(bytes), published[i].text), (int)length);
		CU_ASSERT_EQUAL(memcmp(bytes, published[i].bytes, length), 0);
	}
}

static void test_refused(void)
{
	static const char *const texts[] = {"Z",     "Zg",    "Zg=",    "Zg===", "Zh==", "Zm9=", "Zm8",
					    "Zm9v=", "Zm 8=", "Zm8=Zg", "Zm9vY", "=",    "-w==", "Zm9v\n"};
	uint8_t bytes[8];

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		CU_ASSERT_EQUAL(base64_read(bytes, sizeof(bytes), texts[i]), -1);
	CU_ASSERT_EQUAL(base64_read(bytes, 5, "Zm9vYmFy"), -1);
	CU_ASSERT_EQUAL(base64_read(bytes, 6, "Zm9vYmFy"), 6);
}

UNIT_SUITE("base64", UNIT(test_published), UNIT(test_refused))
