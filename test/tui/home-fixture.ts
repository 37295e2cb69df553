import type { HomeModel } from '../../src/tui/home/home-model.ts';

export const HOME: HomeModel = {
  version: '0.1.0',
  hostLine: 'web-07 · Debian 12 · 4 cores · up 41 d · load 4.02',
  responderLine: 'you: ana (root) ← 10.8.0.4',
  incidents: [
    {
      id: 'web-07-20261123-0412',
      playbook: 'cryptominer-linux',
      state: '4 of 10 done · stopped at Block C2 · 11 min ago',
      how: 'resume',
      whyNot: null,
    },
    {
      id: 'web-07-20261101-1200',
      playbook: 'cryptominer-linux',
      state: '9 of 10 done · bob is at it · 1 min ago',
      how: 'follow',
      whyNot: null,
    },
    {
      id: 'web-07-20261001-0900',
      playbook: 'cryptominer-linux',
      state: '10 of 10 done · closed · 53 d ago',
      how: 'read',
      whyNot: null,
    },
  ],
  starts: [
    {
      id: 'here',
      title: 'Respond on this host',
      detail: 'choose a playbook…',
      choosesPlaybook: true,
      whyNot: null,
    },
    {
      id: 'remote',
      title: 'Respond on another host',
      detail: 'over ssh…',
      choosesPlaybook: true,
      asksAddress: true,
      whyNot: null,
    },
    {
      id: 'drill',
      title: 'Practise',
      detail: 'a harmless infection in a sandbox on this machine…',
      choosesPlaybook: false,
      choosesScenario: true,
      whyNot: null,
    },
    { id: 'look', title: 'Look only', detail: 'scan, change nothing', choosesPlaybook: false, whyNot: null },
  ],
  scenarios: [
    { name: 'noisy', detail: 'a loud miner: begin here' },
    { name: 'hides', detail: 'a rootkit’s ways' },
  ],
  loadPlaybooks: async () => [
    {
      path: '/p/cryptominer-linux.yaml',
      name: 'cryptominer-linux',
      title: 'Cryptominer on a Linux server',
      summary: 'Stop a miner',
      whyNot: null,
    },
    {
      path: '/p/broken.yaml',
      name: 'broken',
      title: '',
      summary: '',
      whyNot: '3 problems: tourniquet playbook check /p/broken.yaml',
    },
  ],
};
