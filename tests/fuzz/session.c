#include "fuzz/session.h"

#include <ctype.h>
#include <dirent.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cat/cat.h"

/* ---- values ---- */

struct value {
	const char *name;
	size_t at, length;
};

#define SECRET(name, field)                                                                                  \
	{                                                                                                    \
		name, offsetof(struct rig, secret.field), sizeof(((struct rig *)0)->secret.field)            \
	}
#define PUBLIC(name, field)                                                                                  \
	{                                                                                                    \
		name, offsetof(struct rig, public.field), sizeof(((struct rig *)0)->public.field)            \
	}

static const struct value values[] = {
	SECRET("pin1", pin1),
	SECRET("pin1-new", pin1_new),
	SECRET("puk1", puk1),
	SECRET("adm1", adm1),
	SECRET("custodian-pin", custodian_pin),
	SECRET("custodian-code", custodian_code),
	SECRET("share", share),
	SECRET("adm1-new", adm1_new),
	SECRET("next-k", next_k),
	SECRET("next-opc", next_opc),
	SECRET("next-enc", next_enc),
	SECRET("next-mac", next_mac),
	SECRET("next-dek", next_dek),
	PUBLIC("kcv-next-k", kcv_next_k),
	PUBLIC("kcv-next-opc", kcv_next_opc),
	PUBLIC("kcv-next-enc", kcv_next_enc),
	PUBLIC("kcv-next-mac", kcv_next_mac),
	PUBLIC("kcv-next-dek", kcv_next_dek),
	PUBLIC("wrong", wrong),
	PUBLIC("old-rand", old_rand),
	PUBLIC("old-autn", old_autn),
	PUBLIC("gba-autn", gba_autn),
	{"autn", offsetof(struct rig, vector.autn), AKA_AUTN},
};

struct writer {
	struct rig *rig;
	const char *at;
	uint8_t *out;
	size_t length;
};

static void refuse(const struct writer *w, const char *why)
{
	fprintf(stderr, "session: %s at \"%.30s\"\n", why, w->at);
	abort();
}

static void put(struct writer *w, const uint8_t *bytes, size_t length)
{
	if (w->length + length > RIG_COMMAND)
		refuse(w, "too long");
	memcpy(w->out + w->length, bytes, length);
	w->length += length;
}

static void put_value(struct writer *w)
{
	const char *name = w->at + 1, *end = strchr(name, '}');
	size_t length = end ? (size_t)(end - name) : 0, i;

	w->at = end + 1;
	if (length == 4 && memcmp(name, "rand", 4) == 0) {
		rig_vector(w->rig);
		put(w, w->rig->vector.rand, AKA_RAND);
		return;
	}
	if (length == 4 && memcmp(name, "kept", 4) == 0) {
		put(w, w->rig->kept, w->rig->kept_length);
		return;
	}
	for (i = 0; i < sizeof(values) / sizeof(values[0]); i++)
		if (length == strlen(values[i].name) && memcmp(name, values[i].name, length) == 0) {
			put(w, (const uint8_t *)w->rig + values[i].at, values[i].length);
			return;
		}
	w->at = name;
	refuse(w, "no such value");
}

/* What was put from `mark` on is sealed. */
static void seal(struct writer *w, size_t mark)
{
	uint8_t plain[RIG_COMMAND];
	size_t length = w->length - mark;

	memcpy(plain, w->out + mark, length);
	put(w, (const uint8_t[TUNNEL_TAG]){0}, TUNNEL_TAG);
	rig_tunnel_seal(w->rig, w->out + mark, plain, length);
}

/* Up to `close`, or to the end of the bytes when it is 0. */
static void put_all(struct writer *w, char close)
{
	size_t mark = w->length;
	unsigned byte;

	if (close == ']')
		put(w, (const uint8_t[]){0}, 1);
	for (;;) {
		if (*w->at == close || (close == 0 && (*w->at == '\n' || *w->at == '='))) {
			break;
		} else if (*w->at == ' ') {
			w->at++;
		} else if (*w->at == '[' || *w->at == '(' || *w->at == '<') {
			w->at++;
			put_all(w, w->at[-1] == '[' ? ']' : w->at[-1] == '(' ? ')' : '>');
			w->at++;
		} else if (*w->at == '{') {
			put_value(w);
		} else if (isxdigit((unsigned char)w->at[0]) && isxdigit((unsigned char)w->at[1]) &&
			   sscanf(w->at, "%2x", &byte) == 1) {
			put(w, &(uint8_t){(uint8_t)byte}, 1);
			w->at += 2;
		} else {
			refuse(w, "no bytes");
		}
	}
	if (close == ']')
		w->out[mark] = (uint8_t)(w->length - mark - 1);
	else if (close == ')')
		rig_seal(w->rig, w->out + mark, w->length - mark);
	else if (close == '>')
		seal(w, mark);
}

size_t session_bytes(struct rig *rig, uint8_t out[static RIG_COMMAND], const struct session_line *line)
{
	struct writer w = {rig, line->bytes, out, 0};

	put_all(&w, 0);
	return w.length;
}

/* ---- files ---- */

static int starts(const char **at, const char *word)
{
	size_t length = strlen(word);

	if (strncmp(*at, word, length) != 0)
		return 0;
	*at += length;
	return 1;
}

static void add(struct session *session, const char *at, int number)
{
	struct session_line *line = &session->lines[session->count];
	const char *end = strchr(at, '\n'), *equals = strchr(at, '=');
	unsigned want;

	*line = (struct session_line){.verb = SESSION_COMMAND, .want = -1, .number = number};
	if (*at == '#' || at == end)
		return;
	if (starts(&at, "reset"))
		line->verb = SESSION_RESET;
	else if (starts(&at, "power"))
		line->verb = SESSION_POWER;
	else if (starts(&at, "open"))
		line->verb = SESSION_OPEN;
	else if (starts(&at, "changed"))
		line->verb = SESSION_CHANGED;
	else if (starts(&at, "sms"))
		line->verb = SESSION_MESSAGE;
	else if (starts(&at, "tunnel"))
		line->verb = SESSION_TUNNEL;
	else if (starts(&at, "keep"))
		line->verb = SESSION_KEEP;
	else if (starts(&at, ">"))
		line->verb = SESSION_SECURE;
	else if (starts(&at, "!"))
		line->verb = SESSION_TPDU;
	line->bytes = at;
	if (equals && equals < end && sscanf(equals + 1, "%x", &want) == 1)
		line->want = (int)want;
	session->count++;
}

int session_read(struct session *session, const char *path)
{
	FILE *f = fopen(path, "r");
	const char *at;
	int number = 1;
	size_t size = 0;

	memset(session, 0, sizeof(*session));
	if (!f || getdelim(&session->text, &size, 0, f) <= 0) {
		perror(path);
		if (f)
			fclose(f);
		return -1;
	}
	fclose(f);
	session->name = strdup(path);
	for (at = session->text; strchr(at, '\n') && session->count < SESSION_LINES; number++) {
		add(session, at, number);
		at = strchr(at, '\n') + 1;
	}
	return 0;
}

void session_free(struct session *session)
{
	free(session->name);
	free(session->text);
}

static int is_session(const struct dirent *entry)
{
	const char *dot = strrchr(entry->d_name, '.');

	return dot && strcmp(dot, ".session") == 0;
}

int session_read_all(struct session *sessions, int most, const char *folder)
{
	struct dirent **entries;
	int found = scandir(folder, &entries, is_session, alphasort), i, read = 0;
	char path[512];

	for (i = 0; i < found; i++) {
		snprintf(path, sizeof(path), "%s/%s", folder, entries[i]->d_name);
		free(entries[i]);
		if (read < most && session_read(&sessions[read], path) == 0)
			read++;
	}
	if (found >= 0)
		free(entries);
	return found > 0 && read == found ? read : -1;
}

/* ---- playing ---- */

/* 6700: there were not as many. */
static uint16_t keep(struct rig *rig, size_t from, size_t length)
{
	rig->kept_length = 0;
	if (from + length > rig->length || length > sizeof(rig->kept))
		return SW_WRONG_LENGTH;
	memcpy(rig->kept, rig->response + from, length);
	rig->kept_length = length;
	return SW_OK;
}

uint16_t session_play_line(struct rig *rig, const struct session_line *line)
{
	uint8_t bytes[RIG_COMMAND];
	size_t length = 0;

	if (line->verb != SESSION_RESET && line->verb != SESSION_POWER)
		length = session_bytes(rig, bytes, line);
	switch (line->verb) {
	case SESSION_RESET:
		rig_reset(rig);
		return SW_OK;
	case SESSION_POWER:
		return rig_power(rig) < 0 ? SW_TECHNICAL_PROBLEM : SW_OK;
	case SESSION_OPEN:
		return rig_channel(rig, bytes[0], bytes[1]);
	case SESSION_CHANGED:
		cat_file_changed(&rig->card, (uint16_t)(bytes[0] << 8 | bytes[1]));
		return SW_OK;
	case SESSION_MESSAGE:
		return length < 5 ? SW_WRONG_LENGTH
				  : rig_message(rig, bytes, bytes + 2, bytes + 5, length - 5);
	case SESSION_TUNNEL:
		return rig_tunnel(rig, bytes, length);
	case SESSION_KEEP:
		return keep(rig, bytes[0], bytes[1]);
	case SESSION_SECURE:
		return rig_secure(rig, bytes, length);
	case SESSION_TPDU:
		return rig_tpdu(rig, bytes, length);
	default:
		return rig_apdu(rig, bytes, length);
	}
}

int session_right(const struct session *session, const struct session_line *line, uint16_t sw)
{
	if (line->want < 0 ? sw == SW_OK || sw >> 8 == 0x91 : sw == line->want)
		return 1;
	printf("%s:%d: answered %04X\n", session->name, line->number, sw);
	return 0;
}
