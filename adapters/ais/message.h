/* message.h - the bits of an AIS message to its fields.  Pure functions, any thread.
 *
 * Source  ITU-R M.1371-5, messages 1 to 5, 9, 18, 19, 21, 24, 27 */
#ifndef GW_ADAPTERS_AIS_MESSAGE_H
#define GW_ADAPTERS_AIS_MESSAGE_H
#include "base/slice.h"

struct ais_message {
    uint8_t type;
    uint32_t mmsi;
    bool has_position; /* lat, lon in degrees, within bounds */
    double lat, lon;
    int status;      /* navigational, 0 .. 15; -1 = the message has none */
    double speed_kn; /* -1 = not available, in these four */
    double course, heading;
    double draught_m;
    /* static data; texts without padding, empty when not given */
    uint32_t imo; /* 0 = none */
    char name[21], callsign[8], destination[21];
    uint8_t ship_type;                                /* 0 = not available */
    uint8_t eta_month, eta_day, eta_hour, eta_minute; /* month 0 = no ETA */
    int64_t utc_ms;                                   /* message 4: its clock; 0 = none */
};

/* False when the type is not one of these, or the message is too short for what must be
 * in it: *rule then says so, or is NULL for a type that is not carried. */
bool ais_message_read(struct gw_slice payload, uint8_t fill, struct ais_message *out,
                      const char **rule);
/* Text of a navigational status; NULL when it means nothing. */
const char *ais_status_text(int status);
/* Unix milliseconds of a UTC date and time; 0 when there is no such date. */
int64_t ais_utc(int year, int month, int day, int hour, int minute, int second);
#endif
