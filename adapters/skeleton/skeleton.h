/* skeleton.h - a format to begin a new one from: it compiles, is tested, and is in no
 * registry.
 *
 * It reads lines "2026-11-24T14:05+05:00;LOADED;CSQU3054383;KZAAU": time, what happened,
 * container, place.  Copy the folder, rename, and follow "a new format in an hour" in
 * adapters/README.md. */
#ifndef GW_ADAPTERS_SKELETON_SKELETON_H
#define GW_ADAPTERS_SKELETON_SKELETON_H
#include "adapters/adapter.h"

extern const struct gw_adapter gw_adapter_skeleton;
#endif
