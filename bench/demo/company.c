/* company.c - the companies of a corridor day, from China's border to the Black Sea. */
#include "bench/demo/company.h"

#define URUMQI    DEMO_BIT(DEMO_URUMQI_TERMINAL)
#define KTZ       DEMO_BIT(DEMO_KTZ)
#define AKTAU     DEMO_BIT(DEMO_AKTAU_PORT)
#define FERRY     DEMO_BIT(DEMO_CASPIAN_FERRY)
#define BAKU      DEMO_BIT(DEMO_BAKU_PORT)
#define CUSTOMS   DEMO_BIT(DEMO_AZ_CUSTOMS)
#define ADY       DEMO_BIT(DEMO_AZ_RAILWAY)
#define GR        DEMO_BIT(DEMO_GEORGIAN_RAILWAY)
#define POTI      DEMO_BIT(DEMO_POTI_PORT)
#define FORWARDER DEMO_BIT(DEMO_FORWARDER)

/* Each shares with its neighbours along the line and with the forwarder; nobody with
 * everybody.  Some show their neighbours where a box is, but not whose booking it is. */
const struct demo_company demo_companies[DEMO_COMPANIES] = {
    [DEMO_URUMQI_TERMINAL] = {"urumqi-terminal",
                              "Urumqi international land port",
                              "CN",
                              "terminal",
                              DEMO_NATIVE,
                              "port-terminal",
                              480,
                              KTZ | FORWARDER,
                              {"references", "measures"}},
    [DEMO_KTZ] = {"ktz",
                  "Railways of Kazakhstan",
                  "KZ",
                  "railway",
                  DEMO_NATIVE,
                  "railway-1520",
                  300,
                  URUMQI | AKTAU | FERRY | FORWARDER,
                  {"references", "goods"}},
    [DEMO_AKTAU_PORT] = {"aktau-port",
                         "Sea port of Aktau",
                         "KZ",
                         "port",
                         DEMO_EDIFACT,
                         NULL,
                         300,
                         KTZ | FERRY | BAKU | FORWARDER,
                         {"references", "parties"}},
    [DEMO_CASPIAN_FERRY] = {"caspian-ferry",
                            "Caspian ferry and feeder line",
                            "AZ",
                            "ferry",
                            DEMO_NATIVE,
                            "ferry-line",
                            240,
                            AKTAU | BAKU | CUSTOMS | FORWARDER,
                            {"references"}},
    [DEMO_BAKU_PORT] = {"baku-port", "Port of Baku at Alat", "AZ", "port", DEMO_EDIFACT,
                        NULL, 240, FERRY | CUSTOMS | ADY | FORWARDER},
    [DEMO_AZ_CUSTOMS] = {"az-customs", "Customs of Azerbaijan", "AZ", "customs",
                         DEMO_NATIVE, NULL, 240, BAKU | FORWARDER},
    [DEMO_AZ_RAILWAY] = {"ady", "Railways of Azerbaijan", "AZ", "railway", DEMO_NATIVE,
                         "railway-1520", 240, BAKU | GR | FORWARDER},
    [DEMO_GEORGIAN_RAILWAY] = {"georgian-railway", "Georgian Railway", "GE", "railway",
                               DEMO_NATIVE, NULL, 240, ADY | POTI | FORWARDER},
    [DEMO_POTI_PORT] = {"poti-port", "Sea port of Poti", "GE", "port", DEMO_NATIVE, NULL,
                        240, GR | FORWARDER},
    [DEMO_FORWARDER] = {"forwarder", "A forwarder in Almaty", "KZ", "forwarder",
                        DEMO_RECEIVES, NULL, 300, 0},
};

const char *demo_door_name(enum demo_door d)
{
    static const char *const names[] = {
        [DEMO_NATIVE] = "native", [DEMO_EDIFACT] = "edifact", [DEMO_RECEIVES] = "native"};
    return names[d];
}

bool demo_hides_from(enum demo_who owner, enum demo_who receiver)
{
    return demo_companies[owner].hides[0] && receiver != owner &&
           receiver != DEMO_FORWARDER;
}

uint32_t demo_entitled(enum demo_who owner)
{
    return demo_companies[owner].shares | DEMO_BIT(owner);
}
