/* sentence.h - one line of an AIS feed: an NMEA 0183 VDM or VDO sentence with what stands
 * around it, or a line that only tells the time.  Pure functions, any thread.
 *
 * Source  IEC 61162-1 (NMEA 0183) encapsulation sentences; NMEA 0183 4.10 tag blocks;
 * variants of real receivers: epoch before the sentence, fields behind the checksum,
 * $PGHP times */
#ifndef GW_ADAPTERS_AIS_SENTENCE_H
#define GW_ADAPTERS_AIS_SENTENCE_H
#include "base/slice.h"

struct ais_sentence {
    struct gw_slice text;    /* from '!' to the end of the checksum */
    struct gw_slice payload; /* armoured six-bit characters */
    uint8_t total, part;     /* 1 .. 9 */
    uint8_t fill;            /* bits of the last character that do not count, 0 .. 5 */
    uint32_t key;    /* talker, sequence id, channel, total: one message's parts agree */
    int64_t time_ms; /* of the tag block or the epoch before it; 0 = none */
    uint32_t group;  /* id of the tag block's group; 0 = none */
};

enum ais_line {
    AIS_LINE_NONE,     /* empty, a comment, another NMEA sentence */
    AIS_LINE_TIME,     /* $PGHP: the time of what follows, in time_ms */
    AIS_LINE_SENTENCE, /* out is filled */
    AIS_LINE_BAD       /* *rule says what is wrong */
};
/* line: without its end. */
enum ais_line ais_sentence_read(struct gw_slice line, struct ais_sentence *out,
                                const char **rule);
#endif
