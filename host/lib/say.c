/* Everything a program says goes through here, so that the choice of form
 * (text or JSON lines) and of stream is made once. A mutex keeps lines whole
 * when several readers are worked on by several threads. */
#include "lib/say.h"

#include <errno.h>
#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

enum {
	BAR_WIDTH = 24,
	BAR_FIRST_MS = 1000,
	BAR_EVERY_MS = 1000 / 6
};

static struct {
	char program[64];
	bool guarded, json, progress;
	int lost; /* errno of the first write to stdout that failed */
} voice = {.program = "simrite"};

static struct {
	char title[64];
	unsigned total;
	long long started, shown; /* ms; shown 0: not yet */
	bool active;
} bar;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* Send on what was printed since errno was set to 0. The reason of a failure
 * is kept: by the end of the program errno tells of something else. */
static void flush_stdout(void)
{
	if ((fflush(stdout) != 0 || ferror(stdout)) && voice.lost == 0)
		voice.lost = errno ? errno : EIO;
}

/* A result that did not reach its file is a failure like any other. */
static void close_stdout(void)
{
	errno = 0;
	flush_stdout();
	if (voice.lost == EBADF) /* closed by who started us: nothing was wanted */
		return;
	if (voice.lost != 0) {
		fprintf(stderr, "%s: cannot write the result: %s\n", voice.program, strerror(voice.lost));
		_exit(FAULT_SYSTEM);
	}
}

void say_guard(const char *program)
{
	(void)snprintf(voice.program, sizeof(voice.program), "%s", program);
	if (!voice.guarded)
		(void)atexit(close_stdout);
	voice.guarded = true;
}

/* A limit of 1 stops dumps to files (no image is that small) and to a pipe
 * (where the kernel ignores 0 and takes 1 as "never"). */
static void forbid_core_dumps(void)
{
	struct rlimit limit = {1, 1};

	if (setrlimit(RLIMIT_CORE, &limit) != 0) {
		limit.rlim_cur = limit.rlim_max = 0;
		(void)setrlimit(RLIMIT_CORE, &limit);
	}
}

/* Profiles and key sets pass through jansson: what it frees is wiped first. */
static void wipe_and_free(void *at)
{
	if (at)
		explicit_bzero(at, malloc_usable_size(at));
	free(at);
}

void say_start(const char *program, bool json, bool progress)
{
	say_guard(program);
	voice.json = json;
	voice.progress = progress;
	forbid_core_dumps();
	json_set_alloc_funcs(malloc, wipe_and_free);
	(void)signal(SIGPIPE, SIG_IGN);
}

bool say_json(void)
{
	return voice.json;
}

/* ---- the bar; `lock` is held ---- */

static long long now_ms(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (long long)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static bool bar_on_terminal(void)
{
	return bar.active && bar.shown != 0 && !voice.json;
}

static void bar_erase(void)
{
	if (bar_on_terminal())
		fputs("\r\033[K", stderr);
}

static void print_object(json_t *object)
{
	char *text = json_dumps(object, JSON_COMPACT);

	errno = 0;
	if (text)
		puts(text);
	free(text);
	flush_stdout();
	json_decref(object);
}

static void bar_draw(unsigned done, const char *detail)
{
	unsigned i, filled = bar.total ? done * BAR_WIDTH / bar.total : 0;

	if (voice.json) {
		print_object(json_pack("{s:s, s:i, s:s, s:i, s:i, s:s}", "type", "progress", "schema", 1,
				       "title", bar.title, "done", (int)done, "total", (int)bar.total,
				       "detail", detail ? detail : ""));
		return;
	}
	fprintf(stderr, "\r\033[K%s [", bar.title);
	for (i = 0; i < BAR_WIDTH; i++)
		fputc(i < filled ? '#' : '.', stderr);
	fprintf(stderr, "] %u/%u %.40s", done, bar.total, detail ? detail : "");
	(void)fflush(stderr);
}

void progress_start(const char *title, unsigned total)
{
	pthread_mutex_lock(&lock);
	(void)snprintf(bar.title, sizeof(bar.title), "%s", title);
	bar.total = total;
	bar.started = now_ms();
	bar.shown = 0;
	bar.active = voice.progress && (voice.json || isatty(STDERR_FILENO));
	pthread_mutex_unlock(&lock);
}

void progress_at(unsigned done, const char *detail)
{
	long long now;

	pthread_mutex_lock(&lock);
	now = now_ms();
	if (bar.active && now - bar.started >= BAR_FIRST_MS && now - bar.shown >= BAR_EVERY_MS) {
		bar_draw(done > bar.total ? bar.total : done, detail);
		bar.shown = now;
	}
	pthread_mutex_unlock(&lock);
}

void progress_end(void)
{
	pthread_mutex_lock(&lock);
	bar_erase();
	bar.active = false;
	pthread_mutex_unlock(&lock);
}

/* ---- lines ---- */

void say(const char *format, ...)
{
	va_list arguments;

	if (voice.json)
		return;
	pthread_mutex_lock(&lock);
	bar_erase();
	errno = 0;
	va_start(arguments, format);
	(void)vprintf(format, arguments);
	va_end(arguments);
	putchar('\n');
	flush_stdout();
	pthread_mutex_unlock(&lock);
}

void say_note(const char *format, ...)
{
	va_list arguments;

	if (voice.json)
		return;
	pthread_mutex_lock(&lock);
	bar_erase();
	fprintf(stderr, "%s: ", voice.program);
	va_start(arguments, format);
	(void)vfprintf(stderr, format, arguments);
	va_end(arguments);
	fputc('\n', stderr);
	pthread_mutex_unlock(&lock);
}

void say_result(json_t *object)
{
	json_t *line;

	static const struct fault unsayable = {FAULT_BUG, "the result cannot be put into JSON", ""};

	if (!voice.json) {
		json_decref(object);
		return;
	}
	if (!object) {
		(void)say_fault(&unsayable);
		return;
	}
	/* type and schema first, whatever else the object holds */
	line = json_pack("{s:s, s:i}", "type", "result", "schema", 1);
	if (line)
		(void)json_object_update_missing(line, object);
	json_decref(object);
	pthread_mutex_lock(&lock);
	print_object(line);
	pthread_mutex_unlock(&lock);
}

/* Text of any origin as a JSON string: what is not UTF-8 becomes '?'. */
static json_t *any_text(const char *text)
{
	json_t *string = json_string(text);
	char copy[sizeof(((struct fault *)0)->text)];
	size_t i;

	if (string)
		return string;
	(void)snprintf(copy, sizeof(copy), "%s", text);
	for (i = 0; copy[i]; i++)
		if ((unsigned char)copy[i] >= 0x80)
			copy[i] = '?';
	return json_string(copy);
}

int say_fault(const struct fault *fault)
{
	pthread_mutex_lock(&lock);
	bar_erase();
	if (voice.json) {
		print_object(json_pack("{s:s, s:i, s:i, s:o, s:o}", "type", "fault", "schema", 1, "code",
				       (int)fault->code, "text", any_text(fault->text), "hint",
				       any_text(fault->hint)));
	} else {
		fprintf(stderr, "%s: %s\n", voice.program, fault->text);
		if (fault->hint[0])
			fprintf(stderr, "%*s  %s\n", (int)strlen(voice.program), "", fault->hint);
	}
	pthread_mutex_unlock(&lock);
	return fault->code ? (int)fault->code : (int)FAULT_BUG;
}

/* ---- asked to stop ---- */

static atomic_int stop; /* set by the handler, read by any thread */

static void on_stop(int signal_number)
{
	(void)signal_number;
	stop = 1;
}

static void catch_with(int flags)
{
	struct sigaction action = {.sa_handler = on_stop, .sa_flags = flags};

	(void)sigaction(SIGINT, &action, NULL);
	(void)sigaction(SIGTERM, &action, NULL);
}

void stop_catch(void)
{
	/* A second Ctrl-C finds the default action again and ends at once. */
	catch_with((int)SA_RESETHAND);
}

void stop_catch_every(void)
{
	catch_with(0);
}

bool stop_asked(void)
{
	return stop != 0;
}
