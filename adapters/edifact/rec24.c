/* rec24.c - transport status codes to event types.
 *
 * Source  UN/CEFACT Recommendation 24, Trade and Transport Status Codes (revision 5,
 *         codes up to 379), element 4405 and, before D.99, 9011; the event types are our
 *         reading of each code's description */
#include "adapters/edifact/tables.h"

const char gw_edi_rec24_source[] = "UN/CEFACT Recommendation 24";

/* clang-format off */
const struct gw_edi_sts gw_edi_rec24[] = {
    {1, "arrive", "Arrival, completed"},
    {2, "other", "Loading, authorized"},
    {3, "damage", "Arrival, in defective condition"},
    {4, "other", "Defective equipment returned to service"},
    {5, "other", "Process, begun"},
    {6, "booked", "Booking, completed"},
    {7, "document-cancelled", "Booking, cancelled"},
    {8, "customs-release", "Cleared, import restrictions"},
    {9, "customs-release", "Cleared, export restrictions"},
    {10, "customs-release", "Cleared, by agriculture, food or fisheries authorities"},
    {11, "customs-release", "Cleared, by port authority"},
    {12, "customs-release", "Cleared, by customs"},
    {13, "picked-up", "Collection/pick-up, completed"},
    {14, "other", "Process, completed"},
    {15, "stuffed", "Consolidated"},
    {16, "border-cross", "Crossed border"},
    {17, "customs-refused", "Customs clearance, refused"},
    {18, "damage", "Damaged in the course of transportation"},
    {19, "damage", "Equipment, damage quoted for"},
    {20, "delay", "Delayed, in the course of transportation"},
    {21, "delivered", "Delivery, completed"},
    {22, "other", "Delivery, completed as per instruction"},
    {23, "other", "Delivery, not completed"},
    {24, "depart", "Departure, completed"},
    {25, "delay", "Departure, delayed"},
    {26, "discharge", "Deramped"},
    {27, "depart", "Despatch, completed"},
    {28, "stripped", "Stripped"},
    {29, "discharge", "Unloaded"},
    {30, "other", "Empty on inspection"},
    {31, "position", "En route"},
    {32, "other", "Equipment, returned from repair"},
    {33, "damage", "Equipment, sent for repair"},
    {34, "other", "Equipment, repaired"},
    {35, "depart", "Forwarded to destination"},
    {36, "other", "Not found"},
    {37, "other", "Found"},
    {39, "customs-release", "Released from bond"},
    {40, "arrive", "Arrival, at port"},
    {41, "handover", "Handed over under continued responsibility"},
    {45, "arrive", "Arrival, consignee informed"},
    {46, "stored", "Moved, into bond"},
    {47, "stored", "Moved, into packing depot"},
    {48, "load", "Loading, completed onto a means of transport"},
    {51, "discharge", "Onloaded from a means of transport"},
    {57, "other", "Not loaded onto a means of transport"},
    {58, "other", "Equipment, off hire"},
    {60, "other", "Equipment, on hire"},
    {65, "condition", "Equipment, plugged-in"},
    {70, "load", "Ramped equipment"},
    {71, "available", "Ready for transportation"},
    {74, "handover", "Received"},
    {78, "release", "Released"},
    {79, "load", "Reloaded onto a means of transport"},
    {82, "returned-empty", "Returned"},
    {83, "seal-affixed", "Sealed equipment"},
    {88, "other", "Split consignment"},
    {90, "interruption", "Movement stopped"},
    {91, "stored", "Stored"},
    {92, "load", "Stowed"},
    {93, "stuffed", "Stuffed"},
    {94, "stuffed", "Stuffed and sealed"},
    {98, "gate-in", "Transferred in"},
    {99, "gate-out", "Transferred out"},
    {100, "transship", "Transshipment"},
    {101, "delay", "Delayed in transit"},
    {103, "condition", "Equipment, unplugged"},
    {111, "delivered", "Transport terminated"},
    {112, "available", "Held, at consignee's disposal"},
    {126, "customs-declared", "Customs clearance, in progress"},
    {127, "depart", "Departed, completed on a means of transport"},
    {128, "customs-hold", "Awaiting customs import release"},
    {131, "handover", "For transfer, to another carrier"},
    {132, "load", "Loading, in progress"},
    {135, "discharge", "Unloading, in progress"},
    {159, "load", "Loading, alongside"},
    {161, "load", "Loading, at anchor"},
    {162, "discharge", "Unloading, at wharf"},
    {164, "discharge", "Unloading, at anchor"},
    {170, "customs-declared", "Customs formalities operation"},
    {178, "delay", "Waiting, to enter or leave"},
    {208, "seal-replaced", "Seals, replaced"},
    {218, "damage", "Damaged"},
    {222, "interruption", "Derailment"},
    {228, "customs-hold", "Inspection required by authority"},
    {235, "delay", "Industrial dispute"},
    {238, "damage", "Means of transport, damaged"},
    {239, "delay", "Mechanical breakdown"},
    {255, "pass", "Shunted to siding"},
    {266, "delay", "Delivery delayed, adverse weather conditions"},
    {267, "alert", "Free storage time expired"},
    {270, "delay", "Delayed operation, local circumstances"},
    {271, "delay", "Delayed operation, consignee's instructions"},
    {272, "delay", "Delayed operation, consignor's instructions"},
    {273, "delay", "Delayed operation"},
    {300, "alert", "Document, received without goods"},
    {301, "alert", "Goods, received without documentation"},
    {302, "alert", "Overcarried consignment"},
    {312, "other", "Moved, completed"},
    {314, "delay", "Delayed, at origin"},
    {315, "hold", "Held, by logistic service provider"},
    {326, "hold", "Goods, held by third party on instruction from owner"},
    {328, "other", "Moved, internally"},
    {331, "damage", "Destroyed"},
    {334, "document-cancelled", "Document, refused"},
    {335, "seal-broken", "Seals, damaged"},
    {336, "seal-broken", "Seals, broken"},
    {337, "seal-broken", "Seals, tampered"},
    {343, "alert", "Document, incorrect"},
    {346, "discharge", "Unloading, completed from a means of transport"},
    {355, "position", "En route, via local route"},
    {356, "position", "En route, via national route"},
    {357, "position", "En route, via international route"},
    {358, "delivered", "Transport terminated, mail not received"},
    {359, "document-issued", "Bill of Lading issued"},
    {360, "release", "Cleared, by logistics service provider"},
    {362, "weighed", "Measured"},
    {363, "available", "Loading, ready"},
    {364, "arrive", "Arrival, at yard"},
    {365, "depart", "Departure, from yard"},
    {366, "handover", "Accepted at interchange point"},
    {367, "alert", "Alerted, no action taken"},
    {368, "transship", "Transshipment to another wagon"},
    {369, "schedule-update", "Trip plan revised manually"},
    {371, "stripped", "Equipment, emptied"},
    {372, "stuffed", "Equipment, loaded"},
    {373, "hold", "Equipment, held by transport operator"},
    {374, "hold", "Equipment, held by terminal operator"},
    {375, "alert", "Equipment, storage period at terminal exceeded"},
    {376, "hold", "Equipment, held by equipment operator"},
    {377, "hold", "Equipment, not released by equipment operator"},
    {378, "document-issued", "Delivery Order Issued"},
    {379, "customs-release", "Cleared for container release"},
};
/* clang-format on */
const unsigned gw_edi_rec24_count = sizeof gw_edi_rec24 / sizeof *gw_edi_rec24;

/* The code each event type is written with, where the first row is not the plainest. */
static const struct {
    const char *type;
    uint16_t code;
} preferred[] = {
    {"arrive", 1},         {"depart", 24},       {"load", 48},
    {"discharge", 346},    {"delay", 20},        {"customs-release", 12},
    {"stuffed", 93},       {"damage", 18},       {"document-cancelled", 7},
    {"customs-hold", 128}, {"stored", 91},       {"handover", 41},
    {"position", 31},      {"hold", 315},        {"release", 78},
    {"available", 112},    {"seal-broken", 336}, {"interruption", 90},
    {"transship", 100},    {"delivered", 21},    {"alert", 367},
    {"condition", 65},     {"pass", 255},        {"gate-in", 98},
    {"gate-out", 99},
};

const struct gw_edi_sts *gw_edi_sts_of(struct gw_slice code)
{
    uint64_t n;
    if (!gw_slice_uint(code, &n))
        return NULL;
    unsigned low = 0, high = gw_edi_rec24_count;
    while (low < high) {
        unsigned mid = (low + high) / 2;
        if (gw_edi_rec24[mid].code < n)
            low = mid + 1;
        else
            high = mid;
    }
    bool found = low < gw_edi_rec24_count && gw_edi_rec24[low].code == n;
    return found ? &gw_edi_rec24[low] : NULL;
}

uint16_t gw_edi_sts_for(struct gw_slice type)
{
    for (size_t i = 0; i < sizeof preferred / sizeof *preferred; i++)
        if (gw_slice_is(type, preferred[i].type))
            return preferred[i].code;
    for (unsigned i = 0; i < gw_edi_rec24_count; i++)
        if (gw_slice_is(type, gw_edi_rec24[i].type))
            return gw_edi_rec24[i].code;
    return 0;
}
