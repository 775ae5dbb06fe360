/* serial_line.h - a serial device, raw, eight bits, no parity, one stop bit.  Any thread.
 */
#ifndef GW_ADAPTERS_SERIAL_LINE_H
#define GW_ADAPTERS_SERIAL_LINE_H
#include "base/buf.h"

/* Open for reading and writing, without waiting for a carrier, not as our terminal.
 * Owns    *fd is the caller's
 * Errors  GW_IO no such device, or none of these speeds;  GW_RANGE no such speed;  why:
 * words */
GW_MUST_USE enum gw_error gw_serial_open(int *fd, const char *device, uint32_t baud,
                                         struct gw_text *why);
#endif
