/* quarantine_admin.h - `karvan quarantine requeue|drop`: what only the running gateway may do.
 *
 * The verbs' run() functions, for the table in cmd_quarantine.c. */
#ifndef GW_CLI_QUARANTINE_ADMIN_H
#define GW_CLI_QUARANTINE_ADMIN_H

int gw_quarantine_requeue(int argc, char **argv);
int gw_quarantine_drop(int argc, char **argv);
extern const char gw_quarantine_requeue_usage[], gw_quarantine_drop_usage[];
#endif
