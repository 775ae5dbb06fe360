/* operator_json.h - an operator's file as a line of JSON, for `--json`. */
#ifndef GW_CLI_OPERATOR_JSON_H
#define GW_CLI_OPERATOR_JSON_H
#include <stdio.h>
#include "conf/operator_file.h"

/* {"name":...,"title":...,"country":...,"roles":[...],"keys":[...],"profile":...,"enabled":...,
 *  "share":[...]}; absent texts are left out.  Errors  GW_NOMEM */
GW_MUST_USE enum gw_error gw_operator_json(const struct gw_operator_file *f, FILE *out);
#endif
