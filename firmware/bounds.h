/* bounds.h - every size and table bound of the card, in one place. */
#ifndef SIMRITE_BOUNDS_H
#define SIMRITE_BOUNDS_H

enum {
	COMMAND_MAX = 5 + 255,  /* T=0 header and data */
	RESPONSE_MAX = 256 + 2, /* data and status word */
	ATR_MAX = 33,           /* ISO/IEC 7816-3 8.1 */

	STORE_OBJECT_MAX = 256,  /* bytes of one stored object */
	STORE_OBJECTS_MAX = 480, /* live objects */

	PIN_LENGTH = 8,            /* TS 102 221 9.5: padded with FF */
	SQN_SLOTS = 32,            /* TS 33.102 C.1.1.2: IND of 5 bits */
	CHANNELS = 20,             /* TS 102 221 8.7: the basic channel and 19 more */
	CHANNEL_REMOTE = CHANNELS, /* one more, for what comes over the air: apdu/remote.h */
	CHANNELS_ALL,
	KEY_SLOTS = 4,           /* subscriber keys: K and OPc pairs */
	SCP_KEY_SETS = 4,        /* secure channel key versions */
	SMS_PARTS_MAX = 3,       /* of a message that comes in parts, ... */
	SMS_PART_MAX = 134,      /* ... and bytes in each: TS 23.040 9.2.3.24.1 */
	REMOTE_ANSWER_MAX = 101, /* of what an answer over the air has room for in 140 bytes */
	CAT_FILES_MAX = 8,       /* changed files a REFRESH names */
};

/* Who owns a store object: the high byte of its id. */
enum store_owner {
	STORE_CARD = 0x01,       /* life cycle, device secrets */
	STORE_PIN = 0x02,        /* one object per PIN reference */
	STORE_SLOT = 0x03,       /* one object per subscriber key slot */
	STORE_SQN = 0x04,        /* one object per four INDs of a slot */
	STORE_SQN_POLICY = 0x06, /* one object per subscriber key slot */
	STORE_SCP = 0x05,        /* one object per key set, and the sequence counter */
	STORE_GBA = 0x07,        /* of ADF.USIM and ADF.ISIM: Ks, and the inner keys of NAFs */
	STORE_GONE = 0x08,       /* which files of the constant table were deleted */
	STORE_CUSTODIAN = 0x09,  /* a custodian's share, contribution and counter: custodian/held.h */
	STORE_FILE = 0x10,       /* 0x10..0xFF: EF contents, numbered by fs/ */
};

#endif
