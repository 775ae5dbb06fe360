/* unit.c - numbers of containers, wagons and ships, made so that their check digits are
 * right. */
#include "bench/demo/unit.h"
#include "bench/demo/corridor.h"
#include "model/check_digit.h"
#include <stdio.h>

/* Prefixes and names are invented for the demo; no owner, ship or booking is meant. */
static const char *const owners[] = {"KRVU", "TCTU", "XZRU", "SILU"};
static const struct {
    const char *name;
    unsigned imo; /* first six digits */
} feeders[] = {
    {"XAZAR ULDUZU", 970011}, {"AKTAU EXPRESS", 970012}, {"ALAT STAR", 970013}};
static const struct {
    const char *name;
    unsigned imo;
} ferries[] = {{"KARVAN 1", 960031}, {"KARVAN 2", 960032}};

/* Append the digit that makes the number check; 0 when none does. */
static void complete(char *text, enum gw_check (*check)(struct gw_slice s))
{
    size_t n = strlen(text);
    text[n + 1] = 0;
    for (text[n] = '9'; text[n] > '0'; text[n]--)
        if (check(gw_slice(text, n + 1)) == GW_CHECK_OK)
            return;
}

static void make_vessel(struct demo_unit *u, uint32_t block)
{
    bool ferry = demo_route_of(block) == 1;
    uint32_t turn = block / 3;
    const char *name = ferry ? ferries[turn % 2].name : feeders[turn % 3].name;
    unsigned imo = ferry ? ferries[turn % 2].imo : feeders[turn % 3].imo;

    (void)snprintf(u->vessel, sizeof u->vessel, "%s", name);
    (void)snprintf(u->imo, sizeof u->imo, "%06u", imo % 1000000);
    complete(u->imo, gw_check_imo);
    (void)snprintf(u->voyage, sizeof u->voyage, "%03uW", turn % 1000);
}

void demo_unit_make(struct demo_unit *u, uint32_t block, uint32_t box)
{
    uint32_t serial = block * DEMO_BLOCK_BOXES + box;

    *u = (struct demo_unit){0};
    (void)snprintf(u->container, sizeof u->container, "%s%06u", owners[serial % 4],
                   100000 + serial * 7 % 900000);
    complete(u->container, gw_check_iso6346);
    (void)snprintf(u->wagon, sizeof u->wagon, "94%05u", 10000 + serial / 2 * 3 % 90000);
    complete(u->wagon, gw_check_cis8);
    (void)snprintf(u->booking, sizeof u->booking, "BKG%07u", 4000000 + serial % 1000000);
    (void)snprintf(u->waybill, sizeof u->waybill, "%08u", 31000000 + block % 1000000);
    (void)snprintf(u->train, sizeof u->train, "%u", 2400 + block % 100);
    make_vessel(u, block);
}

void demo_unit_spoil(struct demo_unit *u)
{
    char *last = &u->container[10];
    *last = *last == '9' ? '0' : (char)(*last + 1);
}
