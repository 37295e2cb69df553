import { readDaemonJson, readDockerUnit } from './docker.ts';
import { readJenkins } from './jenkins.ts';
import { readKubelet } from './kubelet.ts';
import { readPgHba } from './postgresql.ts';
import type { EntryPlace } from './reading.ts';
import { readRedis } from './redis.ts';

/** Configurations that are read, each in the places of Debian, RHEL, Alpine and by hand. */
export const ENTRY_PLACES: readonly EntryPlace[] = [
  ...[
    '/etc/redis/redis.conf',
    '/etc/redis.conf',
    '/etc/redis/redis-server.conf',
    '/usr/local/etc/redis.conf',
    '/etc/valkey/valkey.conf',
  ].map((path): EntryPlace => ({ path, read: readRedis, reload: ['redis'] })),
  { path: '/etc/docker/daemon.json', read: readDaemonJson, reload: ['docker'] },
  ...[
    '/etc/systemd/system/docker.service',
    '/etc/systemd/system/docker.service.d/*',
    '/usr/lib/systemd/system/docker.service',
    '/etc/default/docker',
    '/etc/sysconfig/docker',
  ].map(
    (path): EntryPlace => ({
      path,
      read: readDockerUnit,
      reload: path.includes('/systemd/') ? ['systemd', 'docker'] : ['docker'],
    }),
  ),
  { path: '/var/lib/kubelet/config.yaml', read: readKubelet, reload: ['kubelet'] },
  { path: '/etc/kubernetes/kubelet.conf.d/*', read: readKubelet, reload: ['kubelet'] },
  ...[
    '/etc/postgresql/*/*/pg_hba.conf',
    '/var/lib/pgsql/data/pg_hba.conf',
    '/var/lib/pgsql/*/data/pg_hba.conf',
    '/var/lib/postgresql/data/pg_hba.conf',
    '/var/lib/postgresql/*/data/pg_hba.conf',
  ].map((path): EntryPlace => ({ path, read: readPgHba, reload: ['postgresql'] })),
  ...['/var/lib/jenkins/config.xml', '/var/jenkins_home/config.xml', '/root/.jenkins/config.xml'].map(
    (path): EntryPlace => ({ path, read: readJenkins, reload: ['jenkins'] }),
  ),
];

/** Services that intruders look for all over the internet, by the port that they listen on. */
export const KNOWN_PORTS: Readonly<Record<number, string>> = {
  2375: 'Docker without TLS',
  2376: 'Docker',
  3000: 'Metabase, Grafana or a Node.js application',
  4444: 'Selenium Grid',
  5432: 'PostgreSQL',
  5555: 'Android debug bridge',
  6379: 'Redis',
  7001: 'WebLogic',
  8080: 'Jenkins, Tomcat or another application',
  8088: 'Hadoop YARN',
  8090: 'Confluence',
  8161: 'ActiveMQ',
  8848: 'Nacos',
  8888: 'Jupyter',
  9000: 'Portainer or PHP-FPM',
  9001: 'Portainer agent',
  9200: 'Elasticsearch',
  9876: 'RocketMQ',
  9999: 'XXL-Job',
  10250: 'kubelet',
  10255: 'kubelet, read only',
  11211: 'memcached',
  27017: 'MongoDB',
  61616: 'ActiveMQ',
};
