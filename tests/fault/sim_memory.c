/* sim_memory.c - memory that runs out, inside the gateway's calls only.
 *
 * The allocator's entry points are taken over in this program; the simulation's own
 * allocations never fail.  Left out where a sanitizer has taken them over already. */
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include "fault/sim.h"

static int inside;
static uint32_t left; /* allocations until the next one fails; 0: none will */
static uint64_t failed;

void sim_enter(void)
{
    inside++;
}

void sim_leave(void)
{
    inside--;
}

int sim_outside(void)
{
    int was = inside;
    inside = 0;
    return was;
}

void sim_back_inside(int was)
{
    inside = was;
}

void sim_fail_allocation(uint32_t nth)
{
    left = nth;
}

uint64_t sim_failed_allocations(void)
{
    return failed;
}

#ifdef SIM_OWN_MALLOC
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t n, size_t size);
extern void *__libc_realloc(void *at, size_t size);

static bool fails(void)
{
    if (!inside || !left || --left)
        return false;
    failed++;
    errno = ENOMEM;
    return true;
}

void *malloc(size_t size)
{
    return fails() ? NULL : __libc_malloc(size);
}

void *calloc(size_t n, size_t size)
{
    return fails() ? NULL : __libc_calloc(n, size);
}

void *realloc(void *at, size_t size)
{
    return fails() ? NULL : __libc_realloc(at, size);
}
#endif
