/* command.h - the commands of simrite-ceremony; each returns an exit status. */
#ifndef SIMRITE_CEREMONY_COMMAND_H
#define SIMRITE_CEREMONY_COMMAND_H

int cmd_plan(int argc, char **argv);
int cmd_run(int argc, char **argv);
int cmd_script(int argc, char **argv);
int cmd_report(int argc, char **argv);
int cmd_verify(int argc, char **argv);
int cmd_prove(int argc, char **argv);
int cmd_verify_proof(int argc, char **argv);
int cmd_show(int argc, char **argv);
int cmd_recover(int argc, char **argv);
int cmd_exception(int argc, char **argv);
int cmd_loaded(int argc, char **argv);
int cmd_retire(int argc, char **argv);
int cmd_time(int argc, char **argv);
int cmd_paper(int argc, char **argv);
int cmd_words(int argc, char **argv);
int cmd_enrol(int argc, char **argv);
int cmd_card_status(int argc, char **argv);
int cmd_card_pin(int argc, char **argv);
int cmd_destroy_share(int argc, char **argv);

#endif
