/**
 * The message of a failed system call, with the names that libuv does not know (uv_strerror(3)): errno 122 on Linux, which
 * Node calls “Unknown system error -122”, is EDQUOT (errno(3)).
 */
export function systemErrorText(message: string): string {
  return message
    .replaceAll(`${UNNAMED}: ${UNNAMED}`, 'EDQUOT: disk quota exceeded')
    .replaceAll(UNNAMED, 'EDQUOT');
}

const UNNAMED = 'Unknown system error -122';
