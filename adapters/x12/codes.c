/* codes.c - what X12's codes mean in the shared schema. */
#include "adapters/x12/codes.h"

/* clang-format off */
const struct gw_x12_code gw_x12_ocean_status[] = {
    {"I", "gate-in", "", "315"},          {"OA", "gate-out", "", "315"},
    {"AE", "load", "", "315"},            {"UV", "discharge", "", "315"},
    {"VD", "depart", "", "315"},          {"VA", "arrive", "", "315"},
    {"AL", "load", "", "315"},            {"RL", "depart", "", "315"},
    {"AR", "arrive", "", "315"},          {"UR", "discharge", "", "315"},
    {"AV", "available", "", "315"},       {"EE", "picked-up", "empty", "315"},
    {"RD", "returned-empty", "empty", "315"}, {"D", "delivered", "", "315"},
    {"CT", "customs-release", "", "315"}, {"CU", "customs-release", "", "315"},
    {"CR", "document-issued", "", "315"}, {"A", "arrive", "", "322"},
    {"P", "depart", "", "322"},           {"NF", "available", "", "322"},
    {NULL, NULL, NULL, NULL}};

const struct gw_x12_code gw_x12_road_status[] = {
    {"AF", "depart", "", "214"},          {"CP", "depart", "", "214"},
    {"X1", "arrive", "", "214"},          {"X3", "arrive", "", "214"},
    {"D1", "delivered", "", "214"},       {"SD", "delay", "", "214"},
    {NULL, NULL, NULL, NULL}};

const struct gw_x12_code gw_x12_references[] = {
    {"BM", "bill-of-lading", "", "128"},  {"MB", "bill-of-lading", "", "128"},
    {"HB", "house-bill", "", "128"},      {"BN", "booking", "", "128"},
    {"WY", "waybill", "", "128"},         {"CN", "waybill", "", "128"},
    {"PO", "order", "", "128"},           {"CR", "order", "", "128"},
    {"RE", "release", "", "128"},
    {NULL, NULL, NULL, NULL}};

const struct gw_x12_code gw_x12_entities[] = {
    {"CA", "carrier", "", "98"},          {"CN", "consignee", "", "98"},
    {"SH", "consignor", "", "98"},        {"SF", "consignor", "", "98"},
    {"ST", "consignee", "", "98"},        {"FW", "forwarder", "", "98"},
    {"N1", "notify", "", "98"},           {"UC", "consignee", "", "98"},
    {"RR", "railway-undertaking", "", "98"}, {"TR", "terminal", "", "98"},
    {NULL, NULL, NULL, NULL}};

const struct gw_x12_code gw_x12_ports[] = {
    {"R", "origin", "", "115"},           {"L", "loading", "", "115"},
    {"D", "discharge", "", "115"},        {"E", "delivery", "", "115"},
    {"T", "transshipment", "", "115"},    {"I", "transshipment", "", "115"},
    {"M", "final", "", "115"},
    {NULL, NULL, NULL, NULL}};

const struct gw_x12_code gw_x12_dates[] = {
    {"139", "estimated", "", "374"},      {"140", "actual", "", "374"},
    {"369", "estimated", "", "374"},      {"370", "actual", "", "374"},
    {"371", "estimated", "", "374"},      {"372", "actual", "", "374"},
    {"017", "estimated", "", "374"},
    {NULL, NULL, NULL, NULL}};

/* Those with one offset all the year; ET, CT, MT, PT follow a summer time and LT a place. */
const struct gw_x12_code gw_x12_zones[] = {
    {"UT", "0", "", "623"},               {"GM", "0", "", "623"},
    {"ES", "-300", "", "623"},            {"ED", "-240", "", "623"},
    {"CS", "-360", "", "623"},            {"CD", "-300", "", "623"},
    {"MS", "-420", "", "623"},            {"MD", "-360", "", "623"},
    {"PS", "-480", "", "623"},            {"PD", "-420", "", "623"},
    {NULL, NULL, NULL, NULL}};
/* clang-format on */

const struct gw_x12_code *gw_x12_find(const struct gw_x12_code *table,
                                      struct gw_slice code)
{
    for (; table->code; table++)
        if (gw_slice_is(code, table->code))
            return table;
    return NULL;
}
