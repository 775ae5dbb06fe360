/* entities.h - entities of an Open Trip Model document by their id: an association may
 * hold its entity inline, or only its uuid, when the entity stands elsewhere in the
 * document. */
#ifndef GW_ADAPTERS_OTM_ENTITIES_H
#define GW_ADAPTERS_OTM_ENTITIES_H
#include "adapters/kit/xml_doc.h"

struct otm_entities {
    struct otm_entity {
        struct gw_slice id;
        uint32_t node;
    } * at; /* ordered by id */
    size_t count, cap;
};

/* Collect every element "entity" with an id.  Errors GW_NOMEM */
GW_MUST_USE enum gw_error otm_entities_read(struct otm_entities *e,
                                            const struct gw_xml *x);
void otm_entities_deinit(struct otm_entities *e);
/* The entity of an association: inline, or the one its uuid names; GW_XML_NONE. */
uint32_t otm_entity_of(const struct otm_entities *e, const struct gw_xml *x,
                       uint32_t association);
#endif
