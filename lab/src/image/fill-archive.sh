#!/bin/sh
# usage: fill-archive.sh ROOT PACKAGE...
# A hook of mmdebstrap, on this machine: puts the packages, and what the new root lacks for them, into the root's
# archive, as the suite has them now, and makes its index.
set -eu
archive=$1/srv/archive
shift
export APT_CONFIG="$MMDEBSTRAP_APT_CONFIG"

# The packages of the root itself lie there still.
apt-get clean
apt-get install --download-only --yes -qq "$@"
mkdir -p "$archive"
mv "$archive"/../../var/cache/apt/archives/*.deb "$archive"

cd "$archive"
for package in *.deb; do
	dpkg-deb --field "$package"
	echo "Filename: ./$package"
	echo "Size: $(stat --format=%s "$package")"
	echo "SHA256: $(sha256sum "$package" | cut -d' ' -f1)"
	echo
done >Packages
