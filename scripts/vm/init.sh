#!/bin/busybox sh
# The first program in a virtual machine: the host's files, read-only, with a
# layer in memory over them, become its root; then the job runs there.
# TELLTALE_GUEST, TELLTALE_VARIANT and the like come from the kernel's command line.
export PATH=/bin
/bin/busybox --install -s /bin
mkdir -p /proc /sys /dev /lower /layers /new /tmp
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs dev /dev
for module in /modules/*.ko; do insmod "$module" || echo "no module $module"; done
mount -t tmpfs -o size=75% layers /layers

# /shares: a line "TAG PATH" each
while read -r tag path; do
  mkdir -p "/lower/$tag" "/layers/$tag/upper" "/layers/$tag/work" "/new$path"
  mount -t 9p -o ro,trans=virtio,version=9p2000.L,cache=loose,msize=512000 "$tag" "/lower/$tag"
  mount -t overlay -o "lowerdir=/lower/$tag,upperdir=/layers/$tag/upper,workdir=/layers/$tag/work" "$tag" "/new$path"
done </shares

for place in proc sys dev run mnt out; do mkdir -p "/new/$place"; done
mount -t proc proc /new/proc
mount -t sysfs sysfs /new/sys
mount -t devtmpfs dev /new/dev
mkdir -p /new/dev/shm /new/dev/pts
mount -t tmpfs shm /new/dev/shm
mount -t devpts devpts /new/dev/pts
mount -t tmpfs run /new/run
mount -t tmpfs mnt /new/mnt
mount -t securityfs securityfs /new/sys/kernel/security
mount -t 9p -o trans=virtio,version=9p2000.L,cache=none,msize=512000 out /new/out
ip link set lo up

groups=/new/sys/fs/cgroup
old_groups() {
  mount -t tmpfs cgroups $groups
  for controller in cpu memory pids; do
    mkdir -p $groups/$controller
    mount -t cgroup -o $controller cgroup $groups/$controller
  done
}
case $TELLTALE_VARIANT in
  cgroup-v1) old_groups ;;
  cgroup-v1-mended)
    old_groups
    mkdir -p /new/run/cgroup2
    mount -t cgroup2 none /new/run/cgroup2
    ;;
  hybrid-cgroups)
    old_groups
    mkdir $groups/unified
    mount -t cgroup2 cgroup2 $groups/unified
    ;;
  *) mount -t cgroup2 cgroup2 $groups ;;
esac
case $TELLTALE_VARIANT in
  no-tracefs) ;;
  *) mount -t tracefs tracefs /new/sys/kernel/tracing ;;
esac
case $TELLTALE_VARIANT in
  no-btf) mount -t tmpfs hidden /new/sys/kernel/btf ;;
  no-unprivileged-bpf) echo 2 >/new/proc/sys/kernel/unprivileged_bpf_disabled ;;
esac

# The lower layers stay mounted in sight: which file system a library is on is looked up there.
while read -r tag path; do
  mkdir -p "/new/vm/$tag"
  mount --move "/lower/$tag" "/new/vm/$tag"
done </shares

# No chroot: whoever asks the kernel for a path is told it from the real root on.
mkdir -p /new/run/vm
cp /bin/busybox /new/run/vm/busybox
cat >/new/run/vm/job.sh <<'END'
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root TMPDIR=/mnt
"$TELLTALE_NODE" "$TELLTALE_GUEST" </dev/null >/dev/console 2>&1
/run/vm/busybox umount /out
/run/vm/busybox poweroff -f
END
exec switch_root /new /run/vm/busybox sh /run/vm/job.sh
