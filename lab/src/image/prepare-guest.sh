#!/bin/sh
# Runs inside the new root file system of every guest: makes it boot fast under emulation and reachable by ssh, and
# leaves everything else as Debian ships it.
set -eu

echo guest >/etc/hostname
printf '127.0.0.1 localhost\n127.0.1.1 guest\n' >/etc/hosts
echo '/dev/vda / ext4 rw,noatime 0 0' >/etc/fstab
systemd-machine-id-setup >/dev/null 2>&1
rm -f /etc/apt/apt.conf.d/99mmdebstrap

chmod 700 /root/.ssh
chmod 600 /root/.ssh/authorized_keys
rm -f /etc/ssh/ssh_host_*
ssh-keygen -q -t ed25519 -N '' -f /etc/ssh/ssh_host_ed25519_key
cat >/etc/ssh/sshd_config.d/lab.conf <<'TEXT'
HostKey /etc/ssh/ssh_host_ed25519_key
PermitRootLogin prohibit-password
PasswordAuthentication no
UseDNS no
UsePAM no
MaxSessions 100
MaxStartups 100
TEXT

# The user-mode network of QEMU always gives this address; asking for it would only take time.
cat >/etc/systemd/system/lab-network.service <<'TEXT'
[Unit]
Description=Address on QEMU's user-mode network
DefaultDependencies=no
Wants=sys-subsystem-net-devices-eth0.device network.target
After=sys-subsystem-net-devices-eth0.device
Before=network.target network-online.target
[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/usr/sbin/ip link set lo up
ExecStart=/usr/sbin/ip link set eth0 up
ExecStart=/usr/sbin/ip address add 10.0.2.15/24 dev eth0
ExecStart=/usr/sbin/ip route add default via 10.0.2.2
[Install]
WantedBy=multi-user.target
TEXT
systemctl --quiet enable lab-network.service

# Work on a timer would disturb what a test measures, and the rest serves nobody in a guest.
systemctl --quiet mask \
	apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer e2scrub_all.timer fstrim.timer \
	e2scrub_reap.service getty@tty1.service getty-static.service serial-getty@ttyS0.service \
	ldconfig.service systemd-hwdb-update.service systemd-journal-catalog-update.service \
	systemd-update-done.service systemd-pstore.service systemd-binfmt.service \
	proc-sys-fs-binfmt_misc.automount systemd-firstboot.service systemd-timesyncd.service \
	modprobe@drm.service modprobe@fuse.service modprobe@efi_pstore.service
cd /usr/lib/systemd/system-generators
rm -f systemd-ssh-generator systemd-gpt-auto-generator systemd-tpm2-generator systemd-hibernate-resume-generator \
	systemd-bless-boot-generator systemd-factory-reset-generator systemd-import-generator

# Coldplug would load drivers for hardware that a lab has no use for, each through a slow decompression. What stays:
# SCSI, NVMe and iSCSI with both of its ends, device-mapper, virtio, the usual file systems, and all they depend on.
cd /usr/lib/modules/*
awk -F: '
	{ needs[$1] = $2 }
	function keep(module,   parts, count, i) {
		if (module in kept) return
		kept[module] = 1
		count = split(needs[module], parts, " ")
		for (i = 1; i <= count; i++) keep(parts[i])
	}
	END {
		wanted = "/drivers/(md|target|virtio|nvme)/|/drivers/block/(virtio_blk|loop|brd|null_blk)\\.|" \
			"/drivers/scsi/(device_handler/|scsi_|sd_mod|sg\\.|virtio_scsi|iscsi_tcp|libiscsi)|" \
			"/drivers/net/(virtio_net|dummy|veth)\\.|/drivers/char/hw_random/virtio|/drivers/firmware/qemu_fw_cfg|" \
			"/fs/(ext4|xfs|configfs|autofs|fuse|overlayfs)/|/crypto/crc|/net/(ipv6|packet|unix)/"
		for (module in needs) if (module ~ wanted) keep(module)
		for (module in needs) if (!(module in kept)) print module
	}
' modules.dep | xargs rm -f
find . -name '*.ko.xz' -exec xz --decompress {} +
depmod "$(basename "$PWD")"
