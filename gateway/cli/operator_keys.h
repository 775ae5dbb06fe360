/* operator_keys.h - karvan operator rotate and revoke. */
#ifndef GW_CLI_OPERATOR_KEYS_H
#define GW_CLI_OPERATOR_KEYS_H

extern const char gw_operator_rotate_usage[], gw_operator_revoke_usage[];
int gw_operator_rotate_run(int argc, char **argv);
int gw_operator_revoke_run(int argc, char **argv);
#endif
