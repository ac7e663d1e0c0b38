/* A memory whose check values are right and whose objects are not: written by
 * another version, or by somebody. The card starts or refuses to; what it then
 * answers is a status word, and it breaks nothing.
 *
 * The first byte chooses the session that is played; then come objects: owner,
 * number, length, bytes. Length FF deletes it. */
#include <string.h>

#include "fuzz/session.h"
#include "fuzz/target.h"

enum {
	SESSIONS = 64,
	DELETE = 0xFF
};

static void write_objects(struct rig *rig, struct input *input)
{
	uint8_t bytes[STORE_OBJECT_MAX];
	int objects, e;
	uint16_t id;
	size_t n;

	for (objects = 0; input->left >= 3 && objects < 20; objects++) {
		id = (uint16_t)(input_byte(input) << 8);
		id = (uint16_t)(id | input_byte(input));
		n = input_byte(input);
		if (n == DELETE)
			e = store_delete(&rig->card.store, id);
		else
			e = store_write(&rig->card.store, id, bytes, input_take(input, bytes, n));
		if (e < 0 && e != ERROR_NOT_FOUND && e != ERROR_FULL && e != ERROR_RANGE)
			target_fail("the store fails");
	}
}

static struct session sessions[SESSIONS];

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	static int count;
	struct input input = {bytes, length};
	struct rig *rig = target_card(0);
	const struct session *session;
	int i;

	if (count == 0 && (count = session_read_all(sessions, SESSIONS, "tests/fuzz/sessions")) <= 0)
		target_fail("no sessions");
	session = &sessions[input_byte(&input) % count];
	write_objects(rig, &input);
	if (rig_power(rig) < 0)
		return 0;
	for (i = 0; i < session->count; i++) {
		const struct session_line *line = &session->lines[i];
		uint16_t sw = session_play_line(rig, line);

		if (line->verb == SESSION_POWER && sw != SW_OK)
			return 0;
		if (line->verb == SESSION_COMMAND && !oracle_knows(0x00, 0, sw) &&
		    !oracle_knows(0xA0, 0xC0, sw))
			target_fail("no such status word");
	}
	return 0;
}
