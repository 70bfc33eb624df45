import { expect, test } from "vitest";
import { contextOf } from "../../../../src/core/identity/process-context.ts";

const ID = "3f4e8a1b".repeat(8);
const POD = "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0";
const POD_SLICE = POD.replaceAll("-", "_");
const USER = "/user.slice/user-1000.slice/user@1000.service";

const container = (cgroup: string) => contextOf(cgroup, "/usr/bin/postgres").container;

test.each([
  // Docker: systemd driver (Debian, Ubuntu, Fedora, Arch), cgroupfs driver, rootless
  [`/system.slice/docker-${ID}.scope`, "docker", null, null],
  [`/docker/${ID}`, "docker", null, null],
  [`/docker/${ID}/init`, "docker", null, null],
  [`${USER}/user.slice/docker-${ID}.scope`, "docker", null, 1000],
  // Podman: systemd and cgroupfs driver, rootless, in a pod, in a service (Quadlet)
  [`/machine.slice/libpod-${ID}.scope`, "podman", null, null],
  [`/machine.slice/libpod-${ID}.scope/container`, "podman", null, null],
  [`/libpod_parent/libpod-${ID}`, "podman", null, null],
  [`${USER}/user.slice/libpod-${ID}.scope/container`, "podman", null, 1000],
  [`/machine.slice/machine-libpod_pod_${ID}.slice/libpod-${ID}.scope`, "podman", ID, null],
  [`/system.slice/web.service/libpod-payload-${ID}`, "podman", null, null],
  // containerd and CRI-O under Kubernetes, systemd and cgroupfs driver; nerdctl
  [
    `/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod${POD_SLICE}.slice/cri-containerd-${ID}.scope`,
    "containerd",
    POD,
    null,
  ],
  [
    `/system.slice/containerd.service/kubepods-besteffort-pod${POD_SLICE}.slice:cri-containerd:${ID}`,
    "containerd",
    POD,
    null,
  ],
  [`/kubepods.slice/kubepods-pod${POD_SLICE}.slice/crio-${ID}.scope`, "cri-o", POD, null],
  [`/kubepods/besteffort/pod${POD}/${ID}`, null, POD, null],
  [`/kubepods/burstable/pod${POD}/crio-${ID}`, "cri-o", POD, null],
  [`/system.slice/nerdctl-${ID}.scope`, "containerd", null, null],
])("%s is a container of %s", (cgroup, runtime, podId, ownerUid) => {
  expect(container(cgroup)).toEqual({ runtime, id: ID, podId, ownerUid });
});

test.each([
  ["/lxc.payload.web", "lxc", "web"],
  ["/lxc/101/ns/system.slice/nginx.service", "lxc", "101"],
  ["/machine.slice/systemd-nspawn@debian\\x2dtest.service/payload", "systemd-nspawn", "debian-test"],
  ["/machine.slice/machine-fedora.scope", "systemd-nspawn", "fedora"],
])("%s is the container of %s called %s", (cgroup, runtime, id) => {
  expect(container(cgroup)).toEqual({ runtime, id, podId: null, ownerUid: null });
});

test.each([
  "/system.slice/docker.service",
  "/system.slice/containerd.service",
  `/machine.slice/libpod-conmon-${ID}.scope`,
  `/kubepods.slice/crio-conmon-${ID}.scope`,
  "/lxc.monitor.web",
  "/machine.slice/systemd-nspawn@web.service/supervisor",
  "/machine.slice/machine-qemu\\x2d1\\x2dvm.scope",
  "/system.slice/docker-0123456789ab.scope",
  `/system.slice/docker-${ID.toUpperCase()}.scope`,
  `/user.slice/${ID}`,
  "/",
])("%s is no container", (cgroup) => {
  expect(container(cgroup)).toBe(null);
});

test("inside a container with a service manager, the unit is that one's", () => {
  const { unit, container: place } = contextOf("/lxc.payload.web/system.slice/nginx.service", "/usr/sbin/nginx");
  expect([unit?.name, place?.id]).toEqual(["nginx.service", "web"]);
});

test("a container in a container belongs to the outer one", () => {
  expect(container(`/lxc.payload.outer/system.slice/docker-${ID}.scope`)?.id).toBe("outer");
});

test("a user's cgroup with a name of the system's is that user's container", () => {
  expect(container(`${USER}/app.slice/docker-${ID}.scope`)?.ownerUid).toBe(1000);
  expect(container(`${USER}/app.slice/user@0.service/docker-${ID}.scope`)?.ownerUid).toBe(1000);
});
