/* settings_at.h - the gateway's settings, for commands that work on its files.
 *
 * Default file: config/gateway.yaml where that exists, else /etc/karvan/gateway.yaml. */
#ifndef GW_CLI_SETTINGS_AT_H
#define GW_CLI_SETTINGS_AT_H
#include "conf/settings.h"

/* Load `config`, or the default when NULL; says on stderr what is wrong.
 * Returns  enum gw_exit
 * Owns     *out is the caller's: free(); NULL unless GW_EXIT_OK */
int gw_settings_at(const char *config, struct gw_settings **out);
/* Print "karvan: file:line: what - remedy" on stderr; returns GW_EXIT_FAILED. */
int gw_command_complain(const struct gw_complaint *c);
#endif
