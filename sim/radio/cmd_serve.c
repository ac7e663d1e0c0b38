/* simrite radio serve: an EAP server behind RADIUS, on the loopback address, for phones and access points of
 * others. */
#include <argp.h>
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/socket.h>
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
	STATE = 8,
	RUNS = 32, /* at a time; the oldest makes room */
	LOOK_MS = 200,
};

enum key {
	KEY_AUC = 256,
	KEY_PORT,
	KEY_SECRET,
	KEY_NETWORK,
	KEY_POLICY,
	KEY_GROUP,
	KEY_PARENT,
};

static const struct argp_option option_table[] = {
	{"auc", KEY_AUC, "SOCKET", 0, "the authentication centre's datagram socket", 0},
	{"port", KEY_PORT, "N", 0, "at 127.0.0.1 (default: any that is free, and it is told)", 0},
	{"secret", KEY_SECRET, "SOURCE", 0, "the secret shared with access points: file:PATH, fd:N or prompt",
	 0},
	{"network-name", KEY_NETWORK, "NAME", 0, "the network's name (default WLAN)", 0},
	{"fs-policy", KEY_POLICY, "POLICY", 0,
	 "phones without forward secrecy: allow (default), require; off: not offered", 0},
	{"fs-group", KEY_GROUP, "GROUP", 0,
	 "the one group offered: x25519 or p256 (default: both, x25519 first)", 0},
	{"until-parent-dies", KEY_PARENT, NULL, 0, "end with the process that started this one", 0},
	{0},
};

struct arguments {
	struct options options;
	const char *centre, *secret, *network;
	unsigned port;
	enum eap_policy policy;
	struct eap_groups groups;
	bool with_parent;
	char shared[SECRET_MAX];
};

static error_t parse(int key, char *text, struct argp_state *state)
{
	struct arguments *arguments = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &arguments->options;
		return 0;
	case KEY_AUC:
		arguments->centre = text;
		return 0;
	case KEY_PORT:
		arguments->port = options_number(state, text, 1, 65535);
		return 0;
	case KEY_SECRET:
		arguments->secret = text;
		return 0;
	case KEY_NETWORK:
		if (strlen(text) >= EAP_NAME_MAX || !*text)
			argp_error(state, "a network's name has 1 to %d characters", EAP_NAME_MAX - 1);
		arguments->network = text;
		return 0;
	case KEY_POLICY:
		arguments->policy = eap_options_policy(state, text, true);
		return 0;
	case KEY_GROUP:
		arguments->groups = eap_options_groups(state, text);
		return 0;
	case KEY_PARENT:
		arguments->with_parent = true;
		return 0;
	case ARGP_KEY_END:
		if (!arguments->centre || !arguments->secret)
			argp_error(state, "--auc and --secret are needed");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

/* One phone's run. */
struct run {
	uint8_t state[STATE];
	struct eap_server server;
	uint8_t request[RADIUS_AUTHENTICATOR]; /* answered last, and how: a request that comes again */
	uint8_t answer[RADIUS_MAX];
	int answer_length;
	bool used;
};

struct front {
	int socket;
	struct span secret;
	struct eap_server_setup setup;
	struct run runs[RUNS];
	unsigned next, accepted, rejected, refused;
};

static int listen_at(struct front *front, unsigned port, struct fault *fault)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
	socklen_t length = sizeof(address);

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	front->socket = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (front->socket < 0 || bind(front->socket, (struct sockaddr *)&address, sizeof(address)) < 0 ||
	    getsockname(front->socket, (struct sockaddr *)&address, &length) < 0)
		return fault_set(fault, FAULT_SYSTEM, "choose another port",
				 "cannot listen at 127.0.0.1:%u: %s", port, strerror(errno));
	say("listening at 127.0.0.1:%u", ntohs(address.sin_port));
	say_result(json_pack("{s:i}", "port", (int)ntohs(address.sin_port)));
	(void)fflush(stdout);
	return 0;
}

/* The run this request belongs to: by its State, or a new one. */
static struct run *run_of(struct front *front, const struct radius_packet *p)
{
	struct eap_writer unused;
	struct run *run;
	int i;

	for (i = 0; p->state.length == STATE && i < RUNS; i++)
		if (front->runs[i].used && !memcmp(front->runs[i].state, p->state.at, STATE))
			return &front->runs[i];
	for (i = 0; !p->state.length && i < RUNS; i++) /* the first request of a run, once more */
		if (front->runs[i].used &&
		    !memcmp(front->runs[i].request, p->authenticator, RADIUS_AUTHENTICATOR))
			return &front->runs[i];
	if (p->state.length || p->eap_length < 2)
		return NULL;
	run = &front->runs[front->next++ % RUNS];
	eap_server_stop(&run->server);
	memset(run, 0, sizeof(*run));
	if (getrandom(run->state, STATE, 0) != STATE ||
	    eap_server_start(&run->server, &front->setup, &unused) < 0)
		return NULL;
	run->server.identifier = p->eap[1]; /* the access point asked for the identity itself */
	run->used = true;
	return run;
}

static void report(struct front *front, const struct eap_server *server)
{
	const struct eap_trace *trace = &server->trace;

	*(trace->end == EAP_DONE ? &front->accepted : &front->rejected) += 1;
	if (trace->end == EAP_DONE)
		say("%s: accepted; forward secrecy: %s", server->imsi, eap_options_group(trace->group));
	else
		say("%s: rejected: %s", server->imsi[0] ? server->imsi : "nobody", trace->why);
	(void)fflush(stdout);
}

static enum radius_code code_of(const struct eap_server *server)
{
	return server->trace.end == EAP_DONE     ? RADIUS_ACCESS_ACCEPT
	       : server->trace.end == EAP_FAILED ? RADIUS_ACCESS_REJECT
						 : RADIUS_ACCESS_CHALLENGE;
}

/* What the run answers to this request: the length, or 0 for nothing. */
static int answer(struct front *front, struct run *run, const struct radius_packet *p)
{
	struct eap_server *server = &run->server;
	struct radius_writer w;
	struct eap_writer out;
	int n;

	if (run->answer_length && !memcmp(run->request, p->authenticator, RADIUS_AUTHENTICATOR))
		return run->answer_length;
	if (server->trace.end != EAP_RUNNING ||
	    (n = eap_server_hear(server, &out, p->eap, p->eap_length)) <= 0)
		return 0;
	memcpy(run->request, p->authenticator, RADIUS_AUTHENTICATOR);
	radius_write_start(&w, code_of(server), p->identifier, p->authenticator);
	radius_write(&w, RADIUS_EAP, out.bytes, (size_t)n);
	if (server->trace.end == EAP_RUNNING)
		radius_write(&w, RADIUS_STATE, run->state, STATE);
	if (server->trace.end == EAP_DONE) {
		radius_write_key(&w, RADIUS_RECV_KEY, server->keys.msk, 1, front->secret);
		radius_write_key(&w, RADIUS_SEND_KEY, server->keys.msk + RADIUS_KEY, 2, front->secret);
	}
	if (server->trace.end != EAP_RUNNING)
		report(front, server);
	run->answer_length = radius_write_finish(&w, front->secret);
	if (run->answer_length > 0)
		memcpy(run->answer, w.bytes, (size_t)run->answer_length);
	return run->answer_length > 0 ? run->answer_length : 0;
}

static void hear(struct front *front)
{
	uint8_t bytes[RADIUS_MAX];
	struct sockaddr_in from;
	socklen_t length = sizeof(from);
	struct radius_packet p;
	struct run *run;
	ssize_t n = recvfrom(front->socket, bytes, sizeof(bytes), 0, (struct sockaddr *)&from, &length);

	/* RFC 2865 3, RFC 3579 3.2: what is not signed is discarded */
	if (n <= 0 || radius_read(&p, bytes, (size_t)n) < 0 || p.code != RADIUS_ACCESS_REQUEST ||
	    !p.eap_length || radius_check(&p, bytes, (size_t)n, NULL, front->secret) != GRANTED) {
		front->refused++;
		return;
	}
	run = run_of(front, &p);
	if (run && (n = answer(front, run, &p)) > 0)
		(void)sendto(front->socket, run->answer, (size_t)n, 0, (struct sockaddr *)&from, length);
}

static int serve(const struct arguments *arguments, struct fault *fault)
{
	static struct front front;
	struct auc_client auc = {.socket = -1};
	struct pollfd waiting = {.events = POLLIN};
	int e;

	front.socket = -1;
	front.secret = (struct span){(const uint8_t *)arguments->shared, strlen(arguments->shared)};
	front.setup = (struct eap_server_setup){arguments->network,
						arguments->policy,
						arguments->groups,
						&ecdhe_kernel,
						eap_access_vector,
						eap_access_resynchronise,
						&auc};
	e = auc_client_start(&auc, arguments->centre, fault);
	if (e == 0)
		e = listen_at(&front, arguments->port, fault);
	waiting.fd = front.socket;
	while (e == 0 && !stop_asked())
		if (poll(&waiting, 1, LOOK_MS) > 0)
			hear(&front);
	if (e == 0)
		say("%u accepted, %u rejected, %u packets discarded", front.accepted, front.rejected,
		    front.refused);
	if (front.socket >= 0)
		close(front.socket);
	auc_client_stop(&auc);
	secret_wipe(&front, sizeof(front));
	return e;
}

int cmd_serve(int argc, char **argv)
{
	static const struct argp_child children[] = {{&options_argp, 0, NULL, 0}, {0}};
	static const struct argp argp = {
		option_table, parse, NULL, "Serve EAP-AKA' over RADIUS at the loopback address.",
		children,     NULL,  NULL};
	struct arguments arguments = {
		.network = "WLAN", .policy = EAP_FS_ALLOW, .groups = eap_options_both()};
	const pid_t parent = getppid();
	struct fault fault = {0};
	int e;

	options_parse(&argp, "simrite radio serve", argc, argv, &arguments, &arguments.options);
	stop_catch();
	if (arguments.with_parent && (prctl(PR_SET_PDEATHSIG, SIGTERM) < 0 || getppid() != parent))
		return say_fault(
			&(struct fault){FAULT_STOPPED, "the program that started this one has ended", ""});
	e = secret_line(arguments.shared, sizeof(arguments.shared), arguments.secret, "the RADIUS secret",
			&fault);
	if (e == 0)
		e = serve(&arguments, &fault);
	secret_wipe(&arguments, sizeof(arguments));
	return e < 0 ? say_fault(&fault) : 0;
}
