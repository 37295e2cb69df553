/**
 * Setup text for a namespace: an /etc of its own with made-up accounts. The machine's own is not seen from inside.
 * Hashes are of no password that anybody has.
 */
export const HASH = '$6$salt$2kBqq9Xo1Yq3vV0T0u1m9QbY6n1w8sXxJv6y5m3m1Qm0C0o4i3hWcE9b7v8d5f6g7h8j9k0l1';

export const PRIVATE_ETC = `
mkdir /run/etc
for name in login.defs nsswitch.conf pam.d security ld.so.cache ld.so.conf ld.so.conf.d alternatives default; do
  if [ -e "/etc/$name" ]; then cp -R "/etc/$name" /run/etc/ 2>/dev/null || :; fi
done
cat >/run/etc/passwd <<'END'
root:x:0:0:root:/root:/bin/bash
daemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin
alice:x:1000:1000:Alice:/home/alice:/bin/bash
bob:x:1001:1001:Bob:/home/bob:/bin/bash
carol:x:1002:1002:Carol:/home/carol:/bin/bash
dave:x:1003:1003::/home/dave:/bin/sh
open:x:1004:1004::/home/open:/bin/sh
toor:x:0:0::/tmp:/bin/sh
ldap:x:2000:2000::/home/ldap:/bin/sh
END
cat >/run/etc/group <<'END'
root:x:0:
sudo:x:27:alice
alice:x:1000:
bob:x:1001:
carol:x:1002:
dave:x:1003:
open:x:1004:
END
cat >/run/etc/shadow <<'END'
root:*:19000:0:99999:7:::
daemon:*:19000:0:99999:7:::
alice:${HASH}:19700:0:99999:7:::
bob:${HASH}:19800:0:99999:7::21000:
carol:!${HASH}:19900:0:99999:7:::
dave:*:19950:0:99999:7:::
open::19960:0:99999:7:::
toor:${HASH}::0:99999:7:::
END
: >/run/etc/gshadow
chmod 640 /run/etc/shadow /run/etc/gshadow
mount --bind /run/etc /etc
`;
