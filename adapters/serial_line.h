/* serial_line.h - a serial device, raw, eight bits, no parity, one stop bit.
 */
#ifndef GW_ADAPTERS_SERIAL_LINE_H
#define GW_ADAPTERS_SERIAL_LINE_H
#include "base/buf.h"
#include <uv.h>

/* Open for reading and writing, without waiting for a carrier, not as our terminal.
 * Owns    *fd is the caller's
 * Errors  GW_IO no such device, or none of these speeds;  GW_RANGE no such speed;  why:
 * words */
GW_MUST_USE enum gw_error gw_serial_open(int *fd, const char *device, uint32_t baud,
                                         struct gw_text *why);
/* Close the device (-1: it is not open) and its handle (on the heap, or NULL), which
 * stops watching first and is freed by the loop's next turn.  Thread  that of the loop.
 */
void gw_serial_close(int fd, uv_poll_t *poll);
#endif
