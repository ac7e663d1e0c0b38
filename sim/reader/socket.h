/* socket.h - what a reader and a card process say to each other.
 *
 * A Unix SEQPACKET socket, the reader listening (mode 0600), the card
 * connecting: to connect is to enter the slot, to close is to leave it. One
 * packet is one message: a type byte, then its bytes.
 *
 *     reader to card                       card to reader
 *     'R'               cold reset         'A' ATR
 *     'C' command       a command TPDU     'D' data and status word
 *     'O'               power off          (nothing)
 */
#ifndef SIMRITE_SOCKET_H
#define SIMRITE_SOCKET_H

enum socket_message {
	SOCKET_RESET = 'R',
	SOCKET_COMMAND = 'C',
	SOCKET_OFF = 'O',
	SOCKET_ATR = 'A',
	SOCKET_DATA = 'D',

	SOCKET_MESSAGE_MAX = 1 + 1024, /* longer commands are cut: no T=0 command is */
};

#endif
