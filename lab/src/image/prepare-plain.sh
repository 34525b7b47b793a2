#!/bin/sh
# Runs inside the new root file system of a plain server, after prepare-guest.sh. The packages of its archive lie in
# /srv/archive.
set -eu

# What is installed later comes whole, with its documentation; only what was there before had to be small.
rm -f /etc/dpkg/dpkg.cfg.d/99mmdebstrap
echo force-unsafe-io >/etc/dpkg/dpkg.cfg.d/lab

# The initrd comes from outside; making another for each package that asks for it takes minutes under emulation.
echo update_initramfs=no >/etc/initramfs-tools/update-initramfs.conf

rm -f /etc/apt/sources.list /etc/apt/sources.list.d/*
echo 'deb [trusted=yes] file:/srv/archive ./' >/etc/apt/sources.list

# Why this line: prepare-host.sh. dpkg does not know the file, so multipath-tools finds it when it is installed.
if ls /srv/archive/multipath-tools_0.15.1-* >/dev/null 2>&1; then
	printf 'defaults {\n\tforce_sync yes\n}\n' >/etc/multipath.conf
fi
