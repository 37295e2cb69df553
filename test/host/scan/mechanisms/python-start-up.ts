import type { Pair } from './pair.ts';

export const pair: Pair = {
  tree: {
    '/usr/local/lib/python3.11/dist-packages/zz.pth':
      '/opt/lib\nimport base64; exec(base64.b64decode("cHJpbnQoMSk="))\n',
    '/usr/local/lib/python3.11/dist-packages/_virtualenv.pth': 'import _virtualenv',
    '/home/ann/.local/lib/python3.11/site-packages/usercustomize.py':
      'import subprocess\nsubprocess.Popen("/home/ann/.cache/.x/run &", shell=True)\n',
    '/usr/lib/python3.11/sitecustomize.py': '# nothing here\n',
  },
  blamed: [
    {
      path: '/usr/local/lib/python3.11/dist-packages/zz.pth',
      line: 2,
      verdict: 'malicious',
      code: 'python-decodes',
      attack: 'T1546.018',
    },
    {
      path: '/home/ann/.local/lib/python3.11/site-packages/usercustomize.py',
      line: 2,
      verdict: 'suspicious',
      code: 'python-runs',
      attack: 'T1546.018',
    },
  ],
  passed: ['_virtualenv.pth', '/usr/lib/python3.11/sitecustomize.py'],
};
