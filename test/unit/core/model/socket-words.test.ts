import { expect, it } from "vitest";
import { openedByText, spokenText } from "../../../../src/core/model/socket-words.ts";

it.each([
  [{ transport: "tcp", ipProtocol: null, etherType: null }, "TCP"],
  [{ transport: "raw", ipProtocol: 89, etherType: null }, "raw IP (OSPF)"],
  [{ transport: "raw", ipProtocol: 253, etherType: null }, "raw IP (protocol 253)"],
  [{ transport: "packet", ipProtocol: 17, etherType: null }, "packet socket (UDP)"],
  [{ transport: "packet", ipProtocol: null, etherType: 0x0806 }, "packet socket (ARP)"],
  [{ transport: "packet", ipProtocol: null, etherType: 0x88 }, "packet socket (type 0x0088)"],
] as const)("says what a socket speaks: %o", (flow, text) => {
  expect(spokenText(flow)).toBe(text);
});

it("names who opened a socket, without what could drive a terminal", () => {
  const opener = { pid: 812, startTimeNs: 1, comm: "sshd" };
  expect(openedByText({ ...opener, exe: "/usr/sbin/ssh\u001b[2Jd" })).not.toContain("\u001b");
  expect(openedByText({ ...opener, exe: null })).toBe("opened by sshd[812]");
});
