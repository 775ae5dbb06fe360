/* unit.h - what moves: containers, wagons, trains, ships, each with a number that checks.
 */
#ifndef GW_BENCH_DEMO_UNIT_H
#define GW_BENCH_DEMO_UNIT_H
#include <stdbool.h>
#include <stdint.h>

struct demo_unit {
    char container[12]; /* ISO 6346 */
    char wagon[9];      /* eight digits, CIS numbering */
    char booking[12];
    char waybill[12]; /* SMGS */
    char train[8];    /* "2417" */
    char vessel[24], imo[8], voyage[8];
};

/* Of box `box` (0 .. DEMO_BLOCK_BOXES-1) of a block. */
void demo_unit_make(struct demo_unit *u, uint32_t block, uint32_t box);
/* The same container with a check digit that is wrong. */
void demo_unit_spoil(struct demo_unit *u);
#endif
