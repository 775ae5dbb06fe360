/* serial_line.c - a serial device, raw. */
#include "adapters/serial_line.h"
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

static const struct {
    uint32_t baud;
    speed_t speed;
} speeds[] = {{300, B300},         {1200, B1200},       {2400, B2400},
              {4800, B4800},       {9600, B9600},       {19200, B19200},
              {38400, B38400},     {57600, B57600},     {115200, B115200},
              {230400, B230400},   {460800, B460800},   {921600, B921600},
              {1000000, B1000000}, {2000000, B2000000}, {4000000, B4000000}};

static bool speed_of(uint32_t baud, speed_t *out)
{
    for (size_t i = 0; i < sizeof speeds / sizeof *speeds; i++)
        if (speeds[i].baud == baud) {
            *out = speeds[i].speed;
            return true;
        }
    return false;
}

static bool make_raw(int fd, speed_t speed)
{
    struct termios t;
    if (tcgetattr(fd, &t))
        return false;
    cfmakeraw(&t);
    t.c_cflag |= CLOCAL | CREAD;
    t.c_cflag &= ~(tcflag_t)(CSTOPB | CRTSCTS);
    t.c_cc[VMIN] = 1;
    t.c_cc[VTIME] = 0;
    return cfsetispeed(&t, speed) == 0 && cfsetospeed(&t, speed) == 0 &&
           tcsetattr(fd, TCSANOW, &t) == 0;
}

enum gw_error gw_serial_open(int *fd, const char *device, uint32_t baud,
                             struct gw_text *why)
{
    speed_t speed;
    *fd = -1;
    if (!speed_of(baud, &speed)) {
        gw_text_set(why, "baud: no speed of serial lines: %u", (unsigned)baud);
        return GW_RANGE;
    }
    *fd = open(device, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    if (*fd >= 0 && make_raw(*fd, speed))
        return GW_OK;
    gw_text_set(why, "%s: %s", device, strerror(errno));
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
    return GW_IO;
}

static void on_closed(uv_handle_t *h)
{
    free(h);
}

void gw_serial_close(int fd, uv_poll_t *poll)
{
    if (poll) {
        poll->data = NULL;
        (void)uv_poll_stop(poll); /* before its descriptor is closed */
        uv_close((uv_handle_t *)poll, on_closed);
    }
    if (fd >= 0)
        close(fd);
}
