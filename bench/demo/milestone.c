/* milestone.c - the day's responsibilities: data. */
#include "bench/demo/milestone.h"

/* clang-format off */
const struct demo_milestone demo_milestones[] = {
    {"cn-urumqi",      DEMO_URUMQI_TERMINAL,  DEMO_GATE_IN,          DEMO_PER_BOX,   0.00, 0.50, false},
    {"cn-urumqi",      DEMO_URUMQI_TERMINAL,  DEMO_LOAD,             DEMO_PER_BOX,   0.60, 0.95, false},
    {"cn-urumqi",      DEMO_URUMQI_TERMINAL,  DEMO_DEPART,           DEMO_PER_BLOCK, 1.00, 1.00, false},
    {"cn-khorgos",     DEMO_URUMQI_TERMINAL,  DEMO_BORDER_CROSS,     DEMO_PER_BLOCK, 1.00, 1.00, false},
    {"cn-alashankou",  DEMO_URUMQI_TERMINAL,  DEMO_BORDER_CROSS,     DEMO_PER_BLOCK, 1.00, 1.00, false},

    {"kz-altynkol",    DEMO_KTZ,              DEMO_ARRIVE,           DEMO_PER_WAGON, 0.00, 0.02, false},
    {"kz-altynkol",    DEMO_KTZ,              DEMO_TRANSSHIP,        DEMO_PER_BOX,   0.30, 0.90, false},
    {"kz-altynkol",    DEMO_KTZ,              DEMO_DEPART,           DEMO_PER_WAGON, 1.00, 1.00, false},
    {"kz-dostyk",      DEMO_KTZ,              DEMO_ARRIVE,           DEMO_PER_WAGON, 0.00, 0.02, false},
    {"kz-dostyk",      DEMO_KTZ,              DEMO_TRANSSHIP,        DEMO_PER_BOX,   0.30, 0.90, false},
    {"kz-dostyk",      DEMO_KTZ,              DEMO_DEPART,           DEMO_PER_WAGON, 1.00, 1.00, false},
    {"kz-almaty",      DEMO_KTZ,              DEMO_ARRIVE,           DEMO_PER_WAGON, 0.00, 0.05, false},
    {"kz-almaty",      DEMO_KTZ,              DEMO_DEPART,           DEMO_PER_WAGON, 1.00, 1.00, false},
    {"kz-aktogay",     DEMO_KTZ,              DEMO_ARRIVE,           DEMO_PER_WAGON, 0.00, 0.05, false},
    {"kz-zhezkazgan",  DEMO_KTZ,              DEMO_ARRIVE,           DEMO_PER_WAGON, 0.00, 0.05, false},
    {"kz-zhezkazgan",  DEMO_KTZ,              DEMO_DEPART,           DEMO_PER_WAGON, 1.00, 1.00, false},
    {"kz-beyneu",      DEMO_KTZ,              DEMO_ARRIVE,           DEMO_PER_WAGON, 0.00, 0.05, false},
    {"kz-beyneu",      DEMO_KTZ,              DEMO_DEPART,           DEMO_PER_WAGON, 1.00, 1.00, false},
    {"kz-mangystau",   DEMO_KTZ,              DEMO_HANDOVER,         DEMO_PER_WAGON, 0.80, 1.00, false},

    {"kz-aktau-port",  DEMO_AKTAU_PORT,       DEMO_GATE_IN,          DEMO_PER_BOX,   0.00, 0.08, false},
    {"kz-aktau-port",  DEMO_AKTAU_PORT,       DEMO_LOAD,             DEMO_PER_BOX,   0.80, 0.98, true},
    {"kz-aktau-port",  DEMO_CASPIAN_FERRY,    DEMO_DEPART,           DEMO_PER_BLOCK, 1.00, 1.00, true},
    {"kz-kuryk",       DEMO_KTZ,              DEMO_ARRIVE,           DEMO_PER_WAGON, 0.00, 0.02, false},
    {"kz-kuryk",       DEMO_CASPIAN_FERRY,    DEMO_LOAD,             DEMO_PER_WAGON, 0.85, 0.98, true},
    {"kz-kuryk",       DEMO_CASPIAN_FERRY,    DEMO_DEPART,           DEMO_PER_BLOCK, 1.00, 1.00, true},

    {"az-alat",        DEMO_CASPIAN_FERRY,    DEMO_ARRIVE,           DEMO_PER_BLOCK, 0.00, 0.00, true},
    {"az-alat",        DEMO_BAKU_PORT,        DEMO_DISCHARGE,        DEMO_PER_BOX,   0.05, 0.30, true},
    {"az-alat",        DEMO_AZ_CUSTOMS,       DEMO_CUSTOMS_DECLARED, DEMO_PER_BOX,   0.20, 0.50, false},
    {"az-alat",        DEMO_AZ_CUSTOMS,       DEMO_CUSTOMS_RELEASE,  DEMO_PER_BOX,   0.55, 0.80, false},
    {"az-alat",        DEMO_BAKU_PORT,        DEMO_GATE_OUT,         DEMO_PER_BOX,   0.85, 0.98, false},
    {"az-alat",        DEMO_AZ_RAILWAY,       DEMO_DEPART,           DEMO_PER_WAGON, 1.00, 1.00, false},
    {"az-ganja",       DEMO_AZ_RAILWAY,       DEMO_ARRIVE,           DEMO_PER_WAGON, 0.00, 0.05, false},
    {"az-boyuk-kesik", DEMO_AZ_RAILWAY,       DEMO_ARRIVE,           DEMO_PER_WAGON, 0.00, 0.05, false},
    {"az-boyuk-kesik", DEMO_AZ_RAILWAY,       DEMO_HANDOVER,         DEMO_PER_WAGON, 0.90, 1.00, false},

    {"ge-gardabani",   DEMO_GEORGIAN_RAILWAY, DEMO_BORDER_CROSS,     DEMO_PER_WAGON, 0.00, 0.05, false},
    {"ge-gardabani",   DEMO_GEORGIAN_RAILWAY, DEMO_DEPART,           DEMO_PER_WAGON, 1.00, 1.00, false},
    {"ge-poti",        DEMO_GEORGIAN_RAILWAY, DEMO_ARRIVE,           DEMO_PER_WAGON, 0.00, 0.01, false},
    {"ge-poti",        DEMO_POTI_PORT,        DEMO_DISCHARGE,        DEMO_PER_BOX,   0.02, 0.10, false},
    {"ge-poti",        DEMO_POTI_PORT,        DEMO_LOAD,             DEMO_PER_BOX,   0.90, 1.00, true},
    {0},
};

static const struct {
    const char *type, *words;
} whats[DEMO_WHATS] = {
    [DEMO_GATE_IN]          = {"gate-in", "gated in at"},
    [DEMO_GATE_OUT]         = {"gate-out", "gated out of"},
    [DEMO_LOAD]             = {"load", "loaded at"},
    [DEMO_DISCHARGE]        = {"discharge", "discharged at"},
    [DEMO_TRANSSHIP]        = {"transship", "changed gauge at"},
    [DEMO_ARRIVE]           = {"arrive", "arrived at"},
    [DEMO_DEPART]           = {"depart", "left"},
    [DEMO_BORDER_CROSS]     = {"border-cross", "over the border,"},
    [DEMO_HANDOVER]         = {"handover", "handed over at"},
    [DEMO_CUSTOMS_DECLARED] = {"customs-declared", "declared at"},
    [DEMO_CUSTOMS_HOLD]     = {"customs-hold", "held by customs at"},
    [DEMO_CUSTOMS_RELEASE]  = {"customs-release", "cleared at"},
    [DEMO_POSITION]         = {"position", "under way to"},
};
/* clang-format on */

const char *demo_what_type(enum demo_what w)
{
    return whats[w].type;
}

const char *demo_what_words(enum demo_what w)
{
    return whats[w].words;
}

enum demo_what demo_what_of(struct gw_slice type)
{
    int w = 0;
    while (w < DEMO_WHATS && !gw_slice_is(type, whats[w].type))
        w++;
    return (enum demo_what)w;
}
