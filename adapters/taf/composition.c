/* composition.c - 3003: a train and its wagons.  One event for the train of each journey
 * section, then one for each of its wagons, so that loads and goods stay with their
 * wagon. */
#include "adapters/taf/taf.h"

static void begin(struct taf *t, uint32_t section, const char *subject)
{
    const struct gw_xml *x = &t->xml;
    struct gw_maker *m = &t->maker;
    uint32_t journey = gw_xml_child(x, section, "JourneySection");
    taf_begin(t, "composition", "actual", subject);
    taf_station(t, m->root, "place", gw_xml_child(x, journey, "JourneySectionOrigin"));
    taf_station(t, m->root, "place_from",
                gw_xml_child(x, journey, "JourneySectionOrigin"));
    taf_station(t, m->root, "place_to",
                gw_xml_child(x, journey, "JourneySectionDestination"));
    taf_train(t);
}

static void put_responsible(struct taf *t, uint32_t section)
{
    const struct gw_xml *x = &t->xml;
    uint32_t now = gw_xml_at(x, section, "JourneySection/ResponsibilityActualSection");
    uint32_t next = gw_xml_at(x, section, "JourneySection/ResponsibilityNextSection");
    struct gw_slice ru = gw_xml_text(x, now, "ResponsibleRU");
    if (!gw_tree_str(&t->maker.tree, t->maker.root, "transport.carrier").len) {
        gw_event_str(&t->maker, t->maker.root, "transport.carrier", ru);
        taf_party(t, "railway-undertaking", ru);
    }
    if (!gw_slice_eq(ru, gw_xml_text(x, next, "ResponsibleRU")))
        taf_party(t, "railway-undertaking", gw_xml_text(x, next, "ResponsibleRU"));
    taf_party(t, "infrastructure-manager", gw_xml_text(x, now, "ResponsibleIM"));
}

static enum gw_error train_event(struct taf *t, uint32_t section)
{
    const struct gw_xml *x = &t->xml;
    struct gw_maker *m = &t->maker;
    uint32_t tech = gw_xml_at(x, section, "TrainRunningData/TrainRunningTechData");
    begin(t, section, "transport");
    put_responsible(t, section);
    taf_weight(t, tech, "TrainWeight", "gross", "TNE");
    taf_weight(t, tech, "TrainLength", "length", "MTR");
    taf_weight(t, tech, "TrainMaxSpeed", "speed-max", "KMH");
    taf_weight(t, tech, "NumberOfVehicles", "vehicles", "C62");
    taf_weight(t, tech, "NumberOfAxles", "axles", "C62");
    gw_event_str(m, m->root, "ext.taf.loco",
                 gw_xml_text(x, section, "LocoIdent/LocoNumber"));
    gw_event_str(m, m->root, "ext.taf.dangerous_goods",
                 gw_xml_text(x, section, "TrainRunningData/DangerousGoodsIndicator"));
    taf_time(t, NULL, false);
    return taf_end(t);
}

static void put_goods(struct taf *t, uint32_t operational)
{
    const struct gw_xml *x = &t->xml;
    for (uint32_t d = gw_xml_child(x, operational, "DangerousGoodsDetails"); d;
         d = gw_xml_next(x, d, "DangerousGoodsDetails")) {
        uint32_t indication = gw_xml_child(x, d, "DangerousGoodsIndication");
        if (!indication)
            continue;
        taf_dangerous(t, gw_event_item(&t->maker, "goods"), indication);
        taf_weight(t, indication, "DangerousGoodsWeight", "dangerous-goods", "KGM");
    }
}

static enum gw_error wagon_event(struct taf *t, uint32_t section, uint32_t data)
{
    const struct gw_xml *x = &t->xml;
    struct gw_maker *m = &t->maker;
    uint32_t operational = gw_xml_child(x, data, "WagonOperationalData");
    uint32_t tech = gw_xml_child(x, data, "WagonTechData");
    struct gw_slice number = gw_xml_text(x, data, "WagonNumberFreight");
    double load;
    if (!number.len)
        return gw_xml_refuse(x, data, GW_MISSING, "WagonNumberFreight is required",
                             gw_slice(NULL, 0), t->report);
    begin(t, section, "equipment");
    uint32_t wagon = taf_wagon(t, number);
    gw_event_str(m, wagon, "on", gw_tree_str(&m->tree, m->root, "transport.means.train"));
    gw_event_str(m, wagon, "position", gw_xml_text(x, data, "WagonTrainPosition"));
    taf_weight(t, operational, "TotalLoadWeight", "net", "KGM");
    taf_weight(t, tech, "WagonWeightEmpty", "tare", "KGM");
    if (gw_xml_number(x, operational, "TotalLoadWeight", &load, t->report))
        gw_event_word(m, wagon, "load", load > 0 ? "laden" : "empty");
    put_goods(t, operational);
    gw_event_str(m, m->root, "ext.taf.brake", gw_xml_text(x, operational, "BrakeType"));
    taf_time(t, NULL, false);
    return taf_end(t);
}

enum gw_error taf_composition(struct taf *t)
{
    const struct gw_xml *x = &t->xml;
    static const char name[] = "TrainCompositionJourneySection";
    uint32_t section = gw_xml_child(x, t->message, name);
    enum gw_error e = GW_OK;
    if (!section)
        return gw_xml_refuse(x, t->message, GW_MISSING,
                             "TrainCompositionJourneySection is required",
                             gw_slice(NULL, 0), t->report);
    for (; section && !e; section = gw_xml_next(x, section, name)) {
        e = train_event(t, section);
        for (uint32_t w = gw_xml_child(x, section, "WagonData"); w && !e;
             w = gw_xml_next(x, w, "WagonData"))
            e = wagon_event(t, section, w);
    }
    return e;
}
