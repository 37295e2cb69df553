/** Kinds of secrets that lie about on servers: what each is called, and where it is replaced. */
export const SECRET_KINDS = {
  'aws-access-key': {
    label: 'AWS access key',
    advice:
      'In IAM make it inactive, make a new one for what needs it, then delete it; look through CloudTrail for its id.',
  },
  'gcloud-credentials': {
    label: 'Google Cloud login',
    advice: 'gcloud auth revoke for that account, from another machine; then look through the audit log.',
  },
  'gcp-service-account': {
    label: 'Google service account key',
    advice: 'Disable that key of the service account, make a new one where it is needed, then delete it.',
  },
  'azure-credentials': {
    label: 'Azure login',
    advice: 'Revoke the account’s sessions and reset the service principal’s secret.',
  },
  'alibaba-access-key': {
    label: 'Alibaba Cloud AccessKey',
    advice:
      'In RAM make it inactive, make a new one for what needs it, then delete it; look through ActionTrail.',
  },
  kubeconfig: {
    label: 'Kubernetes login',
    advice:
      'Withdraw the user’s certificate or token in the cluster; certificates hold until they expire, so take away the role too.',
  },
  'kubernetes-key': {
    label: 'Kubernetes cluster key',
    advice: 'Renew the cluster’s or node’s certificates (kubeadm certs renew, or join the node anew).',
  },
  'service-account-token': {
    label: 'Kubernetes service account token',
    advice: 'Delete the token’s secret or the pod, and look what the service account may do.',
  },
  'registry-login': {
    label: 'Container registry login',
    advice:
      'Withdraw the token or change the password at the registry; check that no image was pushed with it.',
  },
  'package-token': {
    label: 'Package registry token',
    advice: 'Withdraw the token at the registry; check that no version was published with it.',
  },
  'git-token': {
    label: 'Git login',
    advice: 'Withdraw the token at the forge; check its audit log for clones, pushes and new deploy keys.',
  },
  'login-file': { label: 'Stored login', advice: 'Change the password at the other end.' },
  'environment-file': {
    label: 'Secrets of an application',
    advice: 'Replace each of the variables named, where it was issued, then in the application.',
  },
  'application-config': {
    label: 'Secrets of an application',
    advice: 'Replace the passwords and keys in it, where they were issued, then in the application.',
  },
  'database-password': {
    label: 'Database password',
    advice: 'Change it in the database, then in what uses it; look for new database users and functions.',
  },
  'ssh-private-key': {
    label: 'SSH private key',
    advice: 'Take its public key out of every authorized_keys and forge that accepts it, and make a new one.',
  },
  'private-key': {
    label: 'Private key',
    advice: 'Have the certificate revoked, and make a new key and certificate.',
  },
  'pgp-private-key': {
    label: 'PGP private key',
    advice: 'Revoke the key if nothing but its passphrase guards it, and say so to those who rely on it.',
  },
  keystore: {
    label: 'Keystore',
    advice: 'Replace the keys in it; its password is in some configuration nearby.',
  },
  'vault-token': { label: 'Vault token', advice: 'vault token revoke, and look through the audit log.' },
  'infrastructure-token': {
    label: 'Infrastructure token',
    advice: 'Withdraw it where it was issued; state files hold further secrets.',
  },
  'vpn-key': {
    label: 'VPN key',
    advice: 'Withdraw the peer or certificate at the other end, and make a new key.',
  },
  'ci-secrets': {
    label: 'Secrets of a build server',
    advice: 'Everything stored in it can be decrypted with what lies here: replace each credential it holds.',
  },
  keytab: { label: 'Kerberos keytab', advice: 'Change the key of each principal in it.' },
} as const;

export type SecretKind = keyof typeof SECRET_KINDS;

/** Where a secret lies that whoever got in could read. Never the secret itself, nor a hash of it. */
export interface SecretSubject {
  readonly kind: 'secret';
  readonly secret: SecretKind;
  readonly path: string;
  readonly line: number | null;
  /** Key id, fingerprint, user and host: by what it is told from others where it is replaced. null: nothing that is not secret. */
  readonly keyId: string | null;
  /** Whether a passphrase guards it; null where that cannot be told. */
  readonly isEncrypted: boolean | null;
  /** Where and how it is replaced. */
  readonly advice: string;
}

/** A secret's place as it was seen. Never with the secret. */
export interface ObservedSecret {
  readonly secret: SecretKind;
  readonly path: string;
  readonly line: number | null;
  readonly keyId: string | null;
  readonly isEncrypted: boolean | null;
  readonly times: { readonly mtimeNs: string; readonly ctimeNs: string };
  readonly owner: string;
  /** Permission bits: whether everybody could read it, not only root. */
  readonly mode: number;
}
