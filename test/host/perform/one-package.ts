/** A dpkg and an apt of their own, with one package from a repository on disk: a program, a library, a set-id one. */
export const DPKG = `
for folder in /var/lib/dpkg /var/lib/apt /var/cache/apt /var/log; do mount -t tmpfs tmpfs $folder; done
mkdir -p /var/lib/dpkg/info /var/lib/dpkg/updates /var/lib/dpkg/triggers /var/lib/apt/lists/partial /var/cache/apt/archives/partial /var/log/apt
: >/var/lib/dpkg/status
mkdir -p /etc/apt/apt.conf.d /etc/apt/preferences.d /etc/apt/trusted.gpg.d /etc/dpkg/dpkg.cfg.d /run/repo
echo 'deb [trusted=yes] file:/run/repo ./' >/etc/apt/sources.list
echo 'APT::Sandbox::User "root"; Dir::Etc::sourceparts "-";' >/etc/apt/apt.conf
root=/run/build
mkdir -p $root/DEBIAN $root/run/tq/bin
chmod 755 $root/DEBIAN
echo 'the real ps' >$root/run/tq/bin/tq-ps; chmod 755 $root/run/tq/bin/tq-ps
echo 'the real top' >$root/run/tq/bin/tq-top; chmod 4755 $root/run/tq/bin/tq-top
touch -d @1500000000.25 $root/run/tq/bin/tq-ps
printf 'Package: tq-procps\\nVersion: 1:1.0-2\\nArchitecture: all\\nMaintainer: nobody <nobody@example.org>\\nDescription: a test\\n' >$root/DEBIAN/control
printf '#!/bin/sh\\n: >/run/script-was-run\\n' >$root/DEBIAN/postinst
chmod 755 $root/DEBIAN/postinst
dpkg-deb --root-owner-group -b $root /run/repo/tq-procps.deb >/dev/null
{ cat $root/DEBIAN/control
  echo 'Filename: ./tq-procps.deb'
  echo "Size: $(stat -c %s /run/repo/tq-procps.deb)"
  echo "SHA256: $(sha256sum /run/repo/tq-procps.deb | cut -d' ' -f1)"
  echo; } >/run/repo/Packages
dpkg -i /run/repo/tq-procps.deb >/dev/null 2>&1
rm /run/script-was-run
apt-get -qq update
`;
