/* PROVES: a harvester reads attachments however they are packed, and survives bad mail. */
#include "theft/mail.h"

#include <string.h>

#include "unit/unit.h"

static void parse(struct mail *mail, const char *text)
{
	struct fault fault;

	CU_ASSERT_EQUAL_FATAL(mail_parse(mail, text, strlen(text), &fault), 0);
}

static void test_plain(void)
{
	struct mail mail;

	parse(&mail, "From: a@example.org\r\nTo: b@example.org\r\nSubject: one\r\n two\r\n\r\nhello\r\n");
	CU_ASSERT_STRING_EQUAL(mail.from, "a@example.org");
	CU_ASSERT_STRING_EQUAL(mail.to, "b@example.org");
	CU_ASSERT_STRING_EQUAL(mail.subject, "one two");
	CU_ASSERT_EQUAL_FATAL(mail.count, 1);
	CU_ASSERT_STRING_EQUAL(mail.parts[0].text, "hello\r\n");
	mail_free(&mail);
}

static void test_attachment(void)
{
	struct mail mail;

	parse(&mail,
	      "Subject: file\nContent-Type: multipart/mixed;\n boundary=\"xyz\"\n\npreamble\n--xyz\n"
	      "Content-Type: text/plain\n\nsee attached\n--xyz\nContent-Type: text/csv\n"
	      "Content-Transfer-Encoding: base64\nContent-Disposition: attachment; filename=\"keys.txt\"\n\n"
	      "SU1TSTtL\naQo=\n--xyz--\nepilogue\n");
	CU_ASSERT_EQUAL_FATAL(mail.count, 2);
	CU_ASSERT_STRING_EQUAL(mail.parts[0].text, "see attached\n");
	CU_ASSERT_STRING_EQUAL(mail.parts[1].name, "keys.txt");
	CU_ASSERT_STRING_EQUAL(mail.parts[1].text, "IMSI;Ki\n");
	mail_free(&mail);
}

static void test_nested(void)
{
	struct mail mail;

	parse(&mail,
	      "Content-Type: multipart/mixed; boundary=a\n\n--a\nContent-Type: multipart/alternative; boundary=bb\n\n"
	      "--bb\n\none\n--bb\nContent-Transfer-Encoding: quoted-printable\n\nt=\nw=6F\n--bb--\n--a\n\nthree\n--a--\n");
	CU_ASSERT_EQUAL_FATAL(mail.count, 3);
	CU_ASSERT_STRING_EQUAL(mail.parts[0].text, "three\n");
	CU_ASSERT_STRING_EQUAL(mail.parts[1].text, "one\n");
	CU_ASSERT_STRING_EQUAL(mail.parts[2].text, "two\n");
	mail_free(&mail);
}

static void test_bad(void)
{
	static const char *const bad[] = {"",
					  "\n",
					  ":",
					  "no header at all",
					  "Content-Type: multipart/mixed; boundary=\"",
					  "Content-Type: multipart/mixed; boundary=x\n\n--x\n--x\n--x\n--x--",
					  "Content-Transfer-Encoding: base64\n\n====\xff\xfe",
					  "Subject: x\n y",
					  "Content-Transfer-Encoding: quoted-printable\n\n=\n==4"};
	struct mail mail;
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		parse(&mail, bad[i]);
		mail_free(&mail);
	}
}

UNIT_SUITE("mail", UNIT(test_plain), UNIT(test_attachment), UNIT(test_nested), UNIT(test_bad))
