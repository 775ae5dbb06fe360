/* operator_add.h - the verb `karvan operator add`; part of cmd_operator.c's table. */
#ifndef GW_CLI_OPERATOR_ADD_H
#define GW_CLI_OPERATOR_ADD_H

/* argv[0] is "add".  Returns enum gw_exit. */
int gw_operator_add_run(int argc, char **argv);
#endif
