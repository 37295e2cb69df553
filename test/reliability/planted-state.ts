/**
 * State that a host's intruder writes, with one text wherever it may stand: what container runtimes keep on disk and answer
 * when they are asked, and keys that let somebody log in.
 */
type Write = (path: string, text: string) => void;

export function containerId(index: number): string {
  return index.toString(16).padStart(64, 'c');
}

/** Docker's data in /run, and a `docker` that answers with what lies there and notes how it was called. */
export const CONTAINER_STAND_IN = `
mkdir -p /etc/docker /run/docker-data/containers /run/upper /run/work
echo '{"data-root": "/run/docker-data"}' >/etc/docker/daemon.json
mount -t overlay overlay -o lowerdir=/usr/bin,upperdir=/run/upper,workdir=/run/work /usr/bin
cat >/usr/bin/docker <<'END'
#!/bin/sh
printf '%s\\n' "$*" >>/run/docker-calls
case "$1 $2" in
  'update --help') echo '      --restart string   Restart policy' ;;
  'inspect --type') cat "/run/docker-data/$4.json" ;;
esac
END
chmod 755 /usr/bin/docker
`;

export function plantContainers(write: Write, name: string, trap: string, index: number): void {
  const id = containerId(index);
  const docker = `/run/docker-data/containers/${id}`;
  const policy = { Name: trap, MaximumRetryCount: 0 };
  const mount = { Type: 'bind', Source: `/${trap}`, Destination: trap, RW: true };
  write(
    `${docker}/config.v2.json`,
    JSON.stringify({
      ...{ ID: id, Name: `/${trap}`, Path: trap, Args: [trap], Image: trap },
      ...{ Config: { Image: trap, Env: [`X=${trap}`] }, MountPoints: { [trap]: mount } },
      State: { Running: true, Pid: 999_999 },
    }),
  );
  write(
    `${docker}/hostconfig.json`,
    JSON.stringify({
      RestartPolicy: policy,
      Binds: [`/${trap}:${trap}:rw`],
      PidMode: 'host',
      NetworkMode: trap,
    }),
  );
  const state = { Running: false, Status: trap };
  write(
    `/run/docker-data/${id}.json`,
    JSON.stringify([{ Id: id, Name: trap, State: state, HostConfig: { RestartPolicy: policy } }]),
  );
  const store = `/home/${name}/.local/share/containers/storage/overlay-containers`;
  const metadata = JSON.stringify({ name: trap, 'image-name': trap });
  write(`${store}/containers.json`, JSON.stringify([{ id, names: [trap], metadata }]));
  write(
    `${store}/${id}/userdata/config.json`,
    JSON.stringify({
      process: { args: [trap], env: [trap] },
      annotations: { [trap]: trap },
      mounts: [{ type: 'bind', source: '/', destination: trap, options: ['rbind', trap] }],
    }),
  );
  write(
    `/home/${name}/.local/share/lxc/${name}/config`,
    `lxc.init.cmd = ${trap}\nlxc.environment = ${trap}\nlxc.start.auto = 1\nlxc.mount.entry = / ${trap} none bind 0 0\nlxc.mount.entry = / x none bind 0 0\n`,
  );
}

/** Of a type and a length that sshd takes. */
const KEY = Buffer.concat([
  Buffer.from([0, 0, 0, 11]),
  Buffer.from('ssh-ed25519'),
  Buffer.from([0, 0, 0, 32]),
  Buffer.alloc(32, 7),
]).toString('base64');

export function keyLine(trap: string): string {
  return `command="${trap.replaceAll('"', '\\"')}" ssh-ed25519 ${KEY} ${trap}`;
}

export function plantKeys(write: Write, name: string, trap: string): void {
  write(`/home/${name}/.ssh/authorized_keys`, `${keyLine(trap)}\nssh-ed25519 ${KEY} ours\n`);
}
