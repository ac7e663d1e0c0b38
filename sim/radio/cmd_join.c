/* simrite radio join: a phone with a real card, and an access point that passes its EAP on in RADIUS. */
#include <argp.h>
#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "eap/radius.h"
#include "lib/options.h"
#include "lib/say.h"
#include "lib/secret.h"
#include "radio/commands.h"
#include "radio/eap_access.h"
#include "radio/eap_options.h"

enum {
	SECRET_MAX = 65,
	PATIENCE_S = 6,
	ROUNDS_MAX = 40,
	MTU = 1400,
	WIRELESS = 19, /* NAS-Port-Type (RFC 2865 5.41) */
};

enum key {
	KEY_PORT = 256,
	KEY_SECRET,
	KEY_NETWORK,
	KEY_POLICY,
	KEY_GROUP,
	KEY_PIN,
};

static const struct argp_option option_table[] = {
	{"port", KEY_PORT, "N", 0, "the server's port at 127.0.0.1 (default 1812)", 0},
	{"secret", KEY_SECRET, "SOURCE", 0, "the secret shared with it: file:PATH, fd:N or prompt", 0},
	{"network-name", KEY_NETWORK, "NAME", 0, "the only network that is believed (default: any)", 0},
	{"fs-policy", KEY_POLICY, "POLICY", 0,
	 "without forward secrecy go on (allow, default) or not (require), or off", 0},
	{"fs-group", KEY_GROUP, "GROUP", 0, "the one group used: x25519 or p256 (default: both)", 0},
	{"pin", KEY_PIN, "SOURCE", 0, "PIN 1, when the card asks: file:PATH, fd:N or prompt", 0},
	{0},
};

struct arguments {
	struct options options;
	unsigned port;
	const char *secret, *network, *pin;
	enum eap_policy policy;
	struct eap_groups groups;
	char code[9];
	char shared[SECRET_MAX];
};

static error_t parse(int key, char *text, struct argp_state *state)
{
	struct arguments *arguments = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &arguments->options;
		return 0;
	case KEY_PORT:
		arguments->port = options_number(state, text, 1, 65535);
		return 0;
	case KEY_SECRET:
		arguments->secret = text;
		return 0;
	case KEY_NETWORK:
		arguments->network = text;
		return 0;
	case KEY_POLICY:
		arguments->policy = eap_options_policy(state, text, true);
		return 0;
	case KEY_GROUP:
		arguments->groups = eap_options_groups(state, text);
		return 0;
	case KEY_PIN:
		arguments->pin = text;
		return 0;
	case ARGP_KEY_END:
		if (!arguments->secret)
			argp_error(state, "--secret is needed");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

/* One conversation with the server. */
struct point {
	int socket;
	struct span secret;
	char identity[EAP_IDENTITY_MAX];
	uint8_t identifier, authenticator[RADIUS_AUTHENTICATOR];
	uint8_t state[RADIUS_STATE_MAX];
	size_t state_length;
	uint8_t answer[RADIUS_MAX];
	bool accepted, rejected, same_keys;
};

static int open_point(struct point *point, unsigned port, struct fault *fault)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
	const struct timeval patience = {.tv_sec = PATIENCE_S};

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	point->socket = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (point->socket >= 0 &&
	    setsockopt(point->socket, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)) == 0 &&
	    connect(point->socket, (struct sockaddr *)&address, sizeof(address)) == 0)
		return 0;
	return fault_set(fault, FAULT_SYSTEM, NULL, "cannot send to 127.0.0.1:%u: %s", port, strerror(errno));
}

static int send_request(struct point *point, const uint8_t *eap, size_t length, struct fault *fault)
{
	const uint8_t mtu[4] = {0, 0, MTU >> 8, MTU & 0xFF}, type[4] = {0, 0, 0, WIRELESS},
		      own[4] = {127, 0, 0, 1};
	struct radius_writer w;
	int n;

	point->identifier++;
	if (getrandom(point->authenticator, sizeof(point->authenticator), 0) != sizeof(point->authenticator))
		return fault_set(fault, FAULT_SYSTEM, NULL, "no random bytes: %s", strerror(errno));
	radius_write_start(&w, RADIUS_ACCESS_REQUEST, point->identifier, point->authenticator);
	radius_write(&w, RADIUS_USER_NAME, point->identity, strlen(point->identity));
	radius_write(&w, RADIUS_NAS_ADDRESS, own, sizeof(own));
	radius_write(&w, RADIUS_FRAMED_MTU, mtu, sizeof(mtu));
	radius_write(&w, RADIUS_PORT_TYPE, type, sizeof(type));
	radius_write(&w, RADIUS_EAP, eap, length);
	if (point->state_length)
		radius_write(&w, RADIUS_STATE, point->state, point->state_length);
	if ((n = radius_write_finish(&w, point->secret)) < 0)
		return fault_set(fault, FAULT_BUG, NULL, "a RADIUS packet does not fit");
	if (send(point->socket, w.bytes, (size_t)n, 0) != n)
		return fault_set(fault, FAULT_SYSTEM, "is it running?",
				 "the RADIUS server does not listen: %s", strerror(errno));
	return 0;
}

/* The answer to the request that is out. */
static int receive(struct point *point, struct radius_packet *packet, struct fault *fault)
{
	ssize_t n = recv(point->socket, point->answer, sizeof(point->answer), 0);

	if (n < 0)
		return fault_set(fault, FAULT_SYSTEM, "is it running?",
				 "the RADIUS server does not answer: %s", strerror(errno));
	if (radius_read(packet, point->answer, (size_t)n) < 0 || packet->identifier != point->identifier)
		return fault_set(fault, FAULT_INPUT, NULL, "the RADIUS server answered something else");
	if (radius_check(packet, point->answer, (size_t)n, point->authenticator, point->secret) != GRANTED)
		return fault_set(fault, FAULT_NO, "do both sides have the same secret?",
				 "the RADIUS server's answer is not signed with the shared secret");
	if (packet->state.length && packet->state.length <= sizeof(point->state)) {
		memcpy(point->state, packet->state.at, packet->state.length);
		point->state_length = packet->state.length;
	}
	point->accepted = packet->code == RADIUS_ACCESS_ACCEPT;
	point->rejected = packet->code == RADIUS_ACCESS_REJECT;
	return 0;
}

/* MSK, as the server sends it to an access point (RFC 2548 2.4, RFC 3580 3.16). */
static bool same_keys(const struct point *point, const struct radius_packet *packet,
		      const uint8_t msk[static EAP_MSK])
{
	uint8_t sent[EAP_MSK];
	bool same = radius_take_key(sent, packet->recv_key, point->authenticator, point->secret) == OK &&
		    radius_take_key(sent + RADIUS_KEY, packet->send_key, point->authenticator,
				    point->secret) == OK &&
		    !memcmp(sent, msk, sizeof(sent));

	secret_wipe(sent, sizeof(sent));
	return same;
}

static int converse(struct point *point, struct eap_peer *peer, struct fault *fault)
{
	static const uint8_t who[] = {EAP_REQUEST, 0, 0, 5, EAP_IDENTITY};
	struct radius_packet packet = {.eap_length = 0};
	struct eap_writer answer;
	int n = eap_peer_hear(peer, &answer, who, sizeof(who), fault), rounds;

	for (rounds = 0; n > 0 && rounds < ROUNDS_MAX; rounds++) {
		if (send_request(point, answer.bytes, (size_t)n, fault) < 0 ||
		    receive(point, &packet, fault) < 0)
			return -1;
		n = eap_peer_hear(peer, &answer, packet.eap, packet.eap_length, fault);
		if (point->accepted || point->rejected)
			break;
	}
	if (n < 0)
		return -1;
	point->same_keys =
		point->accepted && peer->trace.end == EAP_DONE && same_keys(point, &packet, peer->keys.msk);
	return 0;
}

static int join(struct arguments *arguments, struct point *point, struct eap_peer *peer, struct phone *phone,
		struct fault *fault)
{
	const struct eap_peer_setup setup = {point->identity,
					     arguments->network,
					     arguments->policy,
					     arguments->groups,
					     &ecdhe_kernel,
					     eap_access_card,
					     phone};
	int e;

	eap_access_identity(point->identity, phone);
	point->secret = (struct span){(const uint8_t *)arguments->shared, strlen(arguments->shared)};
	eap_peer_start(peer, &setup);
	e = open_point(point, arguments->port, fault) < 0 ? -1 : converse(point, peer, fault);
	if (point->socket >= 0)
		close(point->socket);
	return e;
}

static int tell(const struct point *point, const struct eap_peer *peer, const char *imsi, struct fault *fault)
{
	const struct eap_trace *trace = &peer->trace;

	if (trace->end != EAP_DONE || !point->accepted)
		return fault_set(fault, FAULT_NO, NULL, "%s: %s", imsi,
				 trace->why[0] ? trace->why : "the server does not accept it");
	if (!point->same_keys)
		return fault_set(fault, FAULT_NO, NULL, "%s: the server's MSK is another than the phone's",
				 imsi);
	say("%s: accepted, both ends have the same keys; forward secrecy: %s", imsi,
	    eap_options_group(trace->group));
	say_result(json_pack("{s:s,s:s,s:b,s:b}", "imsi", imsi, "forward", eap_options_group(trace->group),
			     "offered", (int)trace->offered, "same_keys", (int)point->same_keys));
	return 0;
}

int cmd_join(int argc, char **argv)
{
	static const struct argp_child children[] = {{&options_reader_argp, 0, NULL, 0}, {0}};
	static const struct argp argp = {
		option_table, parse, NULL, "Authenticate a phone by EAP-AKA' with an EAP server over RADIUS.",
		children,     NULL,  NULL};
	struct arguments arguments = {.port = 1812, .policy = EAP_FS_ALLOW, .groups = eap_options_both()};
	struct point point = {.socket = -1};
	struct eap_peer peer = {.authenticated = false};
	struct fault fault = {0};
	struct phone phone;
	int e;

	options_parse(&argp, "simrite radio join", argc, argv, &arguments, &arguments.options);
	e = secret_line(arguments.shared, sizeof(arguments.shared), arguments.secret, "the RADIUS secret",
			&fault);
	if (e == 0 && arguments.pin)
		e = secret_line(arguments.code, sizeof(arguments.code), arguments.pin, "PIN 1", &fault);
	if (e == 0)
		e = phone_start(&phone, arguments.options.reader, arguments.pin ? arguments.code : NULL,
				&fault);
	if (e == 0) {
		e = join(&arguments, &point, &peer, &phone, &fault);
		if (e == 0)
			e = tell(&point, &peer, phone.imsi, &fault);
		phone_stop(&phone);
	}
	eap_peer_stop(&peer);
	secret_wipe(&arguments, sizeof(arguments));
	return e < 0 ? say_fault(&fault) : 0;
}
