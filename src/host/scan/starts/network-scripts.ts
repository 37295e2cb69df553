import { listFolder } from '../look.ts';
import { parseProgram, placesIn, type StartReader } from './start-reader.ts';

/** Folders of scripts; those with `*` have one for each state of the network. */
const FOLDERS = [
  '/etc/NetworkManager/dispatcher.d',
  '/usr/lib/NetworkManager/dispatcher.d',
  '/etc/network/if-pre-up.d',
  '/etc/network/if-up.d',
  '/etc/network/if-down.d',
  '/etc/network/if-post-down.d',
  '/etc/network/if-post-up.d',
  '/etc/network/if-pre-down.d',
  '/etc/ppp/ip-up.d',
  '/etc/ppp/ip-down.d',
  '/etc/dhcp/dhclient-enter-hooks.d',
  '/etc/dhcp/dhclient-exit-hooks.d',
  '/etc/dhcpcd.exit-hook.d',
  '/etc/ifplugd/action.d',
  '/etc/wpa_supplicant',
];
/** Of BusyBox's udhcpc: its script, and what that reads. */
const LEASES = ['/usr/share/udhcpc/default.script', '/etc/udhcpc/default.script', '/etc/udhcpc/udhcpc.conf'];
const PARENTS = [
  '/etc/networkd-dispatcher',
  '/usr/lib/networkd-dispatcher',
  '/etc/NetworkManager/dispatcher.d',
  '/usr/lib/NetworkManager/dispatcher.d',
];

/** Scripts that run as root when a connection comes or goes. */
export const networkScripts: StartReader = {
  mechanism: 'network-script',
  *list(look, scope) {
    const states = PARENTS.flatMap((parent) =>
      listFolder(look, scope, parent)
        .filter((name) => name.endsWith('.d'))
        .map((name) => `${parent}/${name}`),
    );
    const leases = listFolder(look, scope, '/etc/udhcpc')
      .filter((name) => /^(pre|post)-/.test(name))
      .map((name) => `/etc/udhcpc/${name}`);
    for (const path of LEASES)
      yield {
        path,
        account: null,
        as: 'lines',
        parse: (text) => ({ ...parseProgram(text), isInert: false }),
      };
    for (const folder of [...FOLDERS, ...states, ...leases])
      yield* placesIn(look, scope, folder, {
        as: 'file',
        ...(folder === '/etc/wpa_supplicant' ? { name: /\.sh$/ } : {}),
        // The hooks of dhclient are read, not run: they need not be executable.
        parse: (text) => ({
          ...parseProgram(text),
          ...(/dhcli|dhcpcd/.test(folder) ? { isInert: false } : {}),
        }),
      });
  },
};
