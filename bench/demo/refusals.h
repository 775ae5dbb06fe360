/* refusals.h - what was refused, by code, with one example each. */
#ifndef GW_BENCH_DEMO_REFUSALS_H
#define GW_BENCH_DEMO_REFUSALS_H
#include <stdint.h>
#include <karvan/error.h>
#include "bench/demo/company.h"

#define DEMO_REFUSAL_KINDS 16

struct demo_refusal_kind {
    enum gw_error code;
    uint64_t count;
    enum demo_who who; /* of the example */
    char example[160]; /* "ktz-000417: op_code: \"77\" is not in the profile's map" */
};

struct demo_refusals {
    struct demo_refusal_kind kinds[DEMO_REFUSAL_KINDS];
    uint32_t count;
    char latest[200]; /* "ktz: 408 ..."; empty = none yet */
    uint64_t files;   /* EDIFACT files refused by the adapter */
};

/* words: of the example, copied; NULL: none */
void demo_refusals_add(struct demo_refusals *r, enum gw_error code, enum demo_who who,
                       const char *words);
#endif
