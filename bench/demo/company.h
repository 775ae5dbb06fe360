/* company.h - who takes part in the demo: data. */
#ifndef GW_BENCH_DEMO_COMPANY_H
#define GW_BENCH_DEMO_COMPANY_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum demo_who {
    DEMO_URUMQI_TERMINAL,
    DEMO_KTZ,
    DEMO_AKTAU_PORT,
    DEMO_CASPIAN_FERRY,
    DEMO_BAKU_PORT,
    DEMO_AZ_CUSTOMS,
    DEMO_AZ_RAILWAY,
    DEMO_GEORGIAN_RAILWAY,
    DEMO_POTI_PORT,
    DEMO_FORWARDER,
    DEMO_COMPANIES
};
#define DEMO_BIT(who) (1u << (who))

/* How a company's events enter the gateway. */
enum demo_door {
    DEMO_NATIVE,   /* libkarvan */
    DEMO_EDIFACT,  /* files in a folder, karvan-adapter */
    DEMO_RECEIVES, /* sends nothing */
};

struct demo_company {
    const char *name;    /* operator */
    const char *title;   /* for people */
    const char *country; /* ISO 3166-1 alpha-2 */
    const char *role;
    enum demo_door door;
    const char
        *profile;    /* config/profiles/<profile>.yaml; NULL: speaks the shared schema */
    int clock_min;   /* its local time, minutes east of UTC */
    uint32_t shares; /* DEMO_BIT() of those who receive its events */
    const char
        *hides[4]; /* fields that only the forwarder among them sees; ends with NULL */
};

extern const struct demo_company demo_companies[DEMO_COMPANIES];

const char *demo_door_name(enum demo_door d); /* "native" "edifact" */
/* The owner does not show this receiver its `hides`. */
bool demo_hides_from(enum demo_who owner, enum demo_who receiver);
/* All who are to receive an event of `owner`: those it shares with, and itself. */
uint32_t demo_entitled(enum demo_who owner);
#endif
