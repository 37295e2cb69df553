/**
 * The shell text that every command of a playbook is started by. It is constant: folder and argv reach it as "$@".
 *
 * It writes down who it is before the command starts, and the exit code after, each in one rename, so that at any
 * moment a runner can tell: not started, at it, ended with N, or vanished. No `started` file means that the command
 * was never begun. The folder `claim` is made by one only, whoever comes first: this text, which then begins, or a
 * runner that has waited long enough for it (command-session.ts), and then it does not.
 *
 * It catches SIGTERM, SIGHUP and SIGINT instead of ignoring them: an ignored signal would be ignored by the command
 * too, a caught one is not inherited (POSIX, sh, trap).
 */
export const COMMAND_WRAPPER = `
folder=$1
shift
umask 022
trap : TERM HUP INT
read -r stat </proc/self/stat || exit 125
mkdir "$folder/claim" 2>/dev/null || exit 125
printf '%s\\n' "$stat" >"$folder/started.new" && mv -f "$folder/started.new" "$folder/started" || exit 125
"$@"
code=$?
printf '%s\\n' "$code" >"$folder/exit.new" && mv -f "$folder/exit.new" "$folder/exit"
`;
