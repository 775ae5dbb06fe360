/* registry.c - every format there is, one line each. */
#include "adapters/adapter.h"
#include "adapters/csv/csv.h"
#include "adapters/dcsa/dcsa.h"
#include "adapters/edifact/edifact.h"
#include "adapters/epcis/epcis.h"
#include "adapters/port_json/port_json.h"
#include "adapters/telematics/telematics.h"
#include "adapters/x12/x12.h"

extern const struct gw_adapter gw_adapter_ais;
extern const struct gw_adapter gw_adapter_ecmr;
extern const struct gw_adapter gw_adapter_ncts;
extern const struct gw_adapter gw_adapter_otm;
extern const struct gw_adapter gw_adapter_rail_smgs;
extern const struct gw_adapter gw_adapter_taf;

const struct gw_adapter *const gw_adapters[] = {
    &gw_adapter_ais,
    &gw_adapter_csv,
    &gw_adapter_dcsa,
    &gw_adapter_ecmr,
    &gw_adapter_edifact,
    &gw_adapter_epcis,
    &gw_adapter_ncts,
    &gw_adapter_otm,
    &gw_adapter_port_json,
    &gw_adapter_rail_smgs,
    &gw_adapter_taf,
    &gw_adapter_telematics,
    &gw_adapter_x12,
    NULL,
};

const struct gw_adapter *gw_adapter_find(const char *name)
{
    for (const struct gw_adapter *const *a = gw_adapters; *a; a++)
        if (strcmp((*a)->name, name) == 0)
            return *a;
    return NULL;
}
