/* journal_verify.h - karvan journal verify: the whole journal computed anew, receipts
 * held against it. */
#ifndef GW_CLI_JOURNAL_VERIFY_H
#define GW_CLI_JOURNAL_VERIFY_H

extern const char gw_journal_verify_usage[];
int gw_journal_verify_run(int argc, char **argv);
#endif
