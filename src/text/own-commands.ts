/** The verbs that look into the folder of incidents: what is typed has to name it where it is not the usual one. */
const VERBS = 'resume|show|transcript|verify|undo|incidents|sign|watch|report|bundle|import';
const COMMAND = new RegExp(`\`tourniquet ((?:${VERBS})\\b[^\`]*)\``, 'g');
/** Those that are about one incident. */
const WITHOUT_NAME = /^(resume|show|transcript|verify|undo)$/;

/**
 * A message with every command of ours that it names in backticks put as it has to be typed here, so that it can be pasted.
 * @param toType from words (`resume x`) to a whole command line.
 * @param incidentId put where a command names no incident, or `INCIDENT`.
 */
export function spellCommands(
  text: string,
  toType: (words: string) => string,
  incidentId: string | null = null,
): string {
  return text.replace(COMMAND, (_, words: string) => {
    const named =
      incidentId === null
        ? words
        : words.replace(WITHOUT_NAME, `$1 ${incidentId}`).replace(/\bINCIDENT\b/, incidentId);
    return `\`${toType(named)}\``;
  });
}
