/* version.h - of the program, the wire protocol and the event schema. */
#ifndef KARVAN_VERSION_H
#define KARVAN_VERSION_H
#define KARVAN_VERSION        "0.1.0"
#define KARVAN_PROTOCOL       1
#define KARVAN_EVENT_SCHEMA   1
#endif
