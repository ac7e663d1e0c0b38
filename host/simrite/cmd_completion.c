/* Completion scripts that ask the programs themselves: commands with
 * --list-commands, options with --help. So nothing here can fall behind. */
#include <stdio.h>
#include <string.h>

#include "lib/fault.h"

static const char bash_script[] =
	"# simrite completion for bash: eval \"$(simrite completion bash)\"\n"
	"_simrite()\n"
	"{\n"
	"	local word=${COMP_WORDS[COMP_CWORD]} family=${COMP_WORDS[1]} command=${COMP_WORDS[2]}\n"
	"	if [ \"$COMP_CWORD\" -eq 1 ]; then\n"
	"		COMPREPLY=($(compgen -W \"$(simrite --list-commands) --help --version\" -- \"$word\"))\n"
	"	elif [ \"$COMP_CWORD\" -eq 2 ]; then\n"
	"		COMPREPLY=($(compgen -W \"$(simrite \"$family\" --list-commands 2>/dev/null) --help\" -- "
	"\"$word\"))\n"
	"	elif [ \"${word#-}\" != \"$word\" ]; then\n"
	"		COMPREPLY=($(compgen -W \"$(simrite \"$family\" \"$command\" --help 2>/dev/null | grep -oE -- "
	"'--[a-z][a-z-]*' | sort -u)\" -- \"$word\"))\n"
	"	fi\n"
	"}\n"
	"complete -o default -F _simrite simrite\n";

static const char zsh_script[] =
	"#compdef simrite\n"
	"# simrite completion for zsh: eval \"$(simrite completion zsh)\"\n"
	"_simrite()\n"
	"{\n"
	"	if (( CURRENT == 2 )); then\n"
	"		compadd -- $(simrite --list-commands) --help --version\n"
	"	elif (( CURRENT == 3 )); then\n"
	"		compadd -- $(simrite $words[2] --list-commands 2>/dev/null) --help\n"
	"	elif [[ $PREFIX == -* ]]; then\n"
	"		compadd -- $(simrite $words[2] $words[3] --help 2>/dev/null | grep -oE -- "
	"'--[a-z][a-z-]*' | sort -u)\n"
	"	else\n"
	"		_files\n"
	"	fi\n"
	"}\n"
	"compdef _simrite simrite\n";

static const char fish_script[] =
	"# simrite completion for fish: simrite completion fish | source\n"
	"function __simrite\n"
	"	set -l words (commandline -opc)\n"
	"	switch (count $words)\n"
	"		case 1\n"
	"			simrite --list-commands\n"
	"		case 2\n"
	"			simrite $words[2] --list-commands 2>/dev/null\n"
	"		case '*'\n"
	"			simrite $words[2] $words[3] --help 2>/dev/null | grep -oE -- '--[a-z][a-z-]*' | sort -u\n"
	"	end\n"
	"end\n"
	"complete -c simrite -a '(__simrite)'\n";

int cmd_completion(int argc, char **argv);

int cmd_completion(int argc, char **argv)
{
	const char *shell = argc == 2 ? argv[1] : "";

	if (strcmp(shell, "bash") == 0)
		fputs(bash_script, stdout);
	else if (strcmp(shell, "zsh") == 0)
		fputs(zsh_script, stdout);
	else if (strcmp(shell, "fish") == 0)
		fputs(fish_script, stdout);
	else {
		fprintf(strcmp(shell, "--help") == 0 ? stdout : stderr,
			"Usage: simrite completion bash|zsh|fish\n");
		return strcmp(shell, "--help") == 0 ? FAULT_NONE : FAULT_USAGE;
	}
	return FAULT_NONE;
}
