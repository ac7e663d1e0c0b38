/* apdu_spy - preloaded into a program that speaks PC/SC: writes down what goes
 * over the wire, and can end the program at any moment of it.
 *
 *     APDU_SPY=FILE       every command and every answer is appended there
 *     APDU_SPY_KILL=N     the program ends, without a word, when the card has done command N (from 1) */
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>
#include <winscard.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void note(const void *bytes, size_t length)
{
	const char *path = getenv("APDU_SPY");
	int fd = path ? open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600) : -1;

	if (fd < 0)
		return;
	if (write(fd, bytes, length) != (ssize_t)length)
		abort();
	close(fd);
}

LONG SCardTransmit(SCARDHANDLE card, const SCARD_IO_REQUEST *send, LPCBYTE command, DWORD command_length,
		   SCARD_IO_REQUEST *receive, LPBYTE answer, LPDWORD length)
{
	static long (*next)(SCARDHANDLE, const SCARD_IO_REQUEST *, LPCBYTE, DWORD, SCARD_IO_REQUEST *, LPBYTE,
			    LPDWORD);
	static long count;
	const char *last = getenv("APDU_SPY_KILL");
	LONG result;

	pthread_mutex_lock(&lock);
	if (!next)
		*(void **)&next = dlsym(RTLD_NEXT, "SCardTransmit");
	note(command, command_length);
	pthread_mutex_unlock(&lock);
	result = next(card, send, command, command_length, receive, answer, length);
	pthread_mutex_lock(&lock);
	if (result == SCARD_S_SUCCESS)
		note(answer, *length);
	if (last && ++count == strtol(last, NULL, 10))
		kill(getpid(), SIGKILL);
	pthread_mutex_unlock(&lock);
	return result;
}
