import { decodeHostBytes } from '../../../text/host-bytes.ts';
import { listFolder, readBytes } from '../look.ts';
import { parseProgram, type StartReader, type StartText } from './start-reader.ts';

const FOLDER = '/var/lib/dpkg/info';
/** There are a thousand and more; only one that holds a word of this is looked at line by line. */
const WORTH_A_LOOK = /\b(curl|wget|nohup|base64|xmrig|stratum)\b|\/dev\/(tcp|shm)\/|\/var\/tmp\/|\/tmp\/\./;

/** Scripts that dpkg runs as root when a package comes and goes; perfctl calls its own from cron (deb-postinst(5)). */
export const packageScripts: StartReader = {
  mechanism: 'package-script',
  *list(look, scope) {
    const parse = (text: StartText) => ({ ...parseProgram(text), isInert: false });
    for (const name of listFolder(look, scope, FOLDER)) {
      if (!/\.(preinst|postinst|prerm|postrm)$/.test(name)) continue;
      const file = readBytes(look, scope, `${FOLDER}/${name}`, 128 * 1024);
      if (file !== null && WORTH_A_LOOK.test(decodeHostBytes(file.bytes)))
        yield { path: `${FOLDER}/${name}`, account: null, as: 'file', parse };
    }
  },
};
