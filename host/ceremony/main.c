#include "ceremony/command.h"
#include "lib/options.h"

int main(int argc, char **argv)
{
	static const struct command_row rows[] = {
		{"plan", cmd_plan, "Check a plan and say what it asks for; touches nothing"},
		{"script", cmd_script, "Write the script of the day from a plan, a page to print"},
		{"run", cmd_run, "Hold the ceremony of a plan, or go on with one"},
		{"exception", cmd_exception, "Record that something did not go as planned"},
		{"time", cmd_time, "Sign the time for the cards of a batch"},
		{"loaded", cmd_loaded, "Check and record the receipts of a batch"},
		{"retire", cmd_retire, "Destroy what the keys of a batch were agreed with"},
		{"verify", cmd_verify, "Check a transcript, offline"},
		{"prove", cmd_prove, "Prove that one card was loaded in a ceremony"},
		{"verify-proof", cmd_verify_proof, "Check such a proof, offline"},
		{"show", cmd_show, "Tell a transcript in plain words"},
		{"report", cmd_report, "Write the report of a transcript, a page for people"},
		{"recover", cmd_recover, "Bring a batch key back from a quorum of shares"},
		{"paper", cmd_paper, "Print one custodian's share as a sheet of paper"},
		{"words", cmd_words, "Check the words of one share"},
		{"enrol", cmd_enrol, "Make a card one party's own: PIN and key"},
		{"card-status", cmd_card_status, "Show a party's card and what it holds"},
		{"card-pin", cmd_card_pin, "Give a party's card a new PIN"},
		{"destroy-share", cmd_destroy_share, "Destroy the share in a custodian's card"},
		{0},
	};

	return options_family(rows, "simrite ceremony", argc, argv);
}
