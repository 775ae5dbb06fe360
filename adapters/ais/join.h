/* join.h - messages in several sentences: their parts put together, whatever order they
 * come in.
 *
 * Parts belong together by the group of their tag block, else by talker, sequence id,
 * channel and number.  A fixed number of messages may be open; the oldest gives way, its
 * parts are lost as they would be on the air.  One thread at a time. */
#ifndef GW_ADAPTERS_AIS_JOIN_H
#define GW_ADAPTERS_AIS_JOIN_H
#include "adapters/ais/sentence.h"

#define AIS_PARTS     9
#define AIS_PART_MOST 104 /* characters of one sentence */
#define AIS_OPEN      64

struct ais_open {
    uint64_t used; /* when it was begun; 0 = free */
    uint32_t key;
    uint16_t have; /* one bit for each part */
    uint8_t total, fill;
    int64_t time_ms;
    struct {
        uint8_t len, payload, payload_len;
        char text[AIS_PART_MOST];
    } parts[AIS_PARTS];
};

struct ais_join {
    struct ais_open open[AIS_OPEN];
    uint64_t count;
    char text[AIS_PARTS * AIS_PART_MOST], payload[AIS_PARTS * AIS_PART_MOST];
};

/* Take a part.  True when its message is whole: `s` is then the whole, its slices last
 * until the next call. */
bool ais_join_add(struct ais_join *j, struct ais_sentence *s);
#endif
