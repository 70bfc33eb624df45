/** Names that the program says on its own connection, beyond the plain TLS hello. */
import { describe, expect, test } from "vitest";
import { edgeId, nodeId } from "../../../../src/core/model/ids.ts";
import { encodeEchConfigs, encodeHello, encodeOuterEch, tlsRecords } from "../../support/encode-hello.ts";
import { onlyHexFixture, readHexFixture } from "../../support/read-hex.ts";
import { dnsQuestion, SERVER, type Story, sec, tellStory } from "../../support/story.ts";

const REMOTE = "198.51.100.7";
const PROXY = "192.0.2.80";

const text = (words: string): Uint8Array => new TextEncoder().encode(words);
const hello = (serverName: string, more: Partial<Parameters<typeof encodeHello>[0]> = {}): Uint8Array =>
  tlsRecords(encodeHello({ serverName, ...more }));

describe("N15: QUIC", () => {
  test.each(["quic/rfc9001-client-initial.hex", "quic/rfc9369-client-initial.hex"])(
    "names the flow from %s",
    (file) => {
      const story = tellStory();
      const app = story.exec(1, 100, "/usr/bin/app");
      story.open({ at: 2, owner: app, cookie: 7, origin: "send", remote: REMOTE, remotePort: 443, protocol: "udp" });
      story.say(2, app, 7, REMOTE, { kind: "datagram", data: onlyHexFixture(file) });
      expect(story.flow(7).naming).toMatchObject({ name: "example.com", source: "server-name" });
    },
  );

  test.each([
    ["in order", [0, 1]],
    ["in the other order", [1, 0]],
  ])("a browser's hello over datagrams %s", (_, order) => {
    const datagrams = readHexFixture("quic/chromium-v1.hex");
    const story = tellStory();
    const app = story.exec(1, 100, "/usr/bin/chromium");
    story.open({ at: 2, owner: app, cookie: 7, origin: "send", remote: REMOTE, remotePort: 443, protocol: "udp" });
    for (const index of order) {
      const data = datagrams[index];
      if (data !== undefined) story.say(2, app, 7, REMOTE, { kind: "datagram", data });
    }
    expect(story.flow(7).naming).toMatchObject({ name: "quic.telltale.test", source: "server-name" });
  });

  test("what cannot be opened is counted and names nothing", () => {
    const story = tellStory();
    const app = story.exec(1, 100, "/usr/bin/app");
    const data = onlyHexFixture("quic/rfc9001-client-initial.hex").slice();
    data[600] = (data[600] ?? 0) ^ 0xff;
    for (let index = 0; index < 8; index += 1) story.say(2, app, 7, REMOTE, { kind: "datagram", data });
    expect(story.flow(7).naming.name).toBe(null);
    expect(story.session.coverage().ignored).toEqual({ "undecryptable-quic": 1 });
  });
});

test("N13: a TLS name behind STARTTLS names the flow", () => {
  const story = tellStory();
  const app = story.exec(1, 100, "/usr/bin/mutt");
  const data = hello("mail.example.org");
  story.connect(2, app, 7, REMOTE, 587);
  story.say(2.1, app, 7, REMOTE, { port: 587, kind: "stream-upgrade", data: data.subarray(0, 50) });
  story.say(2.2, app, 7, REMOTE, { port: 587, kind: "stream-upgrade", data: data.subarray(50), streamOffset: 50 });
  expect(story.flow(7).naming).toMatchObject({ name: "mail.example.org", source: "server-name", hop: null });
});

describe("N18: HTTP", () => {
  test.each([
    ["in one piece", [0]],
    ["cut in the Host", [0, 25]],
  ])("Host names the flow, %s", (_, cuts) => {
    const request = text("GET /status HTTP/1.1\r\nHost: www.Example.org:8080\r\n\r\n");
    const story = tellStory();
    const app = story.exec(1, 100, "/usr/bin/app");
    story.connect(2, app, 7, REMOTE, 8080);
    for (const [index, at] of cuts.entries()) {
      story.say(2.1, app, 7, REMOTE, { port: 8080, data: request.subarray(at, cuts[index + 1]), streamOffset: at });
    }
    expect(story.flow(7).naming).toMatchObject({ name: "www.example.org", source: "http-host", isContradicted: false });
  });

  test("a Host the program never asked for contradicts", () => {
    const story = tellStory();
    const app = story.exec(1, 100, "/usr/bin/app");
    story.lookUp(1.5, app, "front.example.org", [REMOTE]);
    story.connect(2, app, 7, REMOTE, 80);
    story.say(2.1, app, 7, REMOTE, { port: 80, data: text("GET / HTTP/1.1\r\nHost: hidden.example.org\r\n\r\n") });
    expect(story.flow(7).naming).toMatchObject({
      name: "hidden.example.org",
      isContradicted: true,
      evidence: [{ source: "http-host" }, { name: "front.example.org", source: "own-answer" }],
    });
  });

  test("a Host that is an address names nothing", () => {
    const story = tellStory();
    const app = story.exec(1, 100, "/usr/bin/app");
    story.connect(2, app, 7, REMOTE, 80);
    story.say(2.1, app, 7, REMOTE, { port: 80, data: text(`GET / HTTP/1.1\r\nHost: ${REMOTE}\r\n\r\n`) });
    expect(story.flow(7).naming).toMatchObject({ name: null, evidence: [] });
  });

  test("what is no HTTP is silent, a broken head is counted", () => {
    const story = tellStory();
    const app = story.exec(1, 100, "/usr/bin/app");
    for (const [index, words] of ["SSH-2.0-OpenSSH\r\n", "GET / HTTP/1.1\r\nHost: a b\r\n\r\n"].entries()) {
      story.connect(2, app, 7 + index, REMOTE, 80);
      story.say(2.1, app, 7 + index, REMOTE, { port: 80, data: text(words) });
    }
    expect(story.session.coverage().ignored).toEqual({ "malformed-requests": 1 });
  });
});

describe("N27: proxies", () => {
  function connectByProxy(words: string): Story {
    const story = tellStory();
    const app = story.exec(1, 100, "/usr/bin/app");
    story.lookUp(1.5, app, "proxy.corp.example", [PROXY]);
    story.connect(2, app, 7, PROXY, 3128);
    story.say(2.1, app, 7, PROXY, { port: 3128, data: text(words) });
    return story;
  }
  const hop = { kind: "http-proxy", name: "proxy.corp.example" };

  test("CONNECT names the flow, and the proxy is the hop", () => {
    const story = connectByProxy("CONNECT api.example.org:443 HTTP/1.1\r\nHost: api.example.org:443\r\n\r\n");
    expect(story.flow(7).naming).toEqual({
      name: "api.example.org",
      source: "connect-target",
      evidence: [{ name: "api.example.org", source: "connect-target", observedAtNs: sec(2.1) }],
      candidates: [],
      isContradicted: false,
      ech: null,
      hop,
    });
    const edge = edgeId(nodeId("program:/usr/bin/app"), nodeId("destination:api.example.org"));
    expect(story.session.graph().edges.get(edge)).toMatchObject({
      hops: ["proxy.corp.example"],
      nameSource: "connect-target",
    });
  });

  test("the TLS name inside the tunnel is stronger, and a different one contradicts", () => {
    const story = connectByProxy("CONNECT api.example.org:443 HTTP/1.1\r\n\r\n");
    const app = { pid: 100, startNs: sec(1) };
    story.say(2.5, app, 7, PROXY, { port: 3128, kind: "stream-upgrade", data: hello("api.example.org") });
    expect(story.flow(7).naming).toMatchObject({
      name: "api.example.org",
      source: "server-name",
      isContradicted: false,
      hop,
    });
    const other = connectByProxy("CONNECT api.example.org:443 HTTP/1.1\r\n\r\n");
    other.say(2.5, app, 7, PROXY, { port: 3128, kind: "stream-upgrade", data: hello("other.example.org") });
    expect(other.flow(7).naming).toMatchObject({ name: "other.example.org", isContradicted: true, hop });
  });

  test("a request in absolute form is one to a proxy", () => {
    const story = connectByProxy("GET http://www.example.org/x HTTP/1.1\r\nHost: www.example.org\r\n\r\n");
    expect(story.flow(7).naming).toMatchObject({ name: "www.example.org", source: "connect-target", hop });
  });

  test("a proxy without a name is told by its address and port", () => {
    const story = tellStory();
    const app = story.exec(1, 100, "/usr/bin/app");
    story.call(1.5, app, "localhost", ["127.0.0.1"]);
    story.connect(2, app, 7, "127.0.0.1", 3128);
    story.say(2.1, app, 7, "127.0.0.1", { port: 3128, data: text("CONNECT api.example.org:443 HTTP/1.1\r\n\r\n") });
    expect(story.flow(7).naming.hop).toEqual({ kind: "http-proxy", name: null });
    story.session.tick(sec(3));
    const edge = edgeId(nodeId("program:/usr/bin/app"), nodeId("destination:api.example.org"));
    expect(story.session.graph().edges.get(edge)?.hops).toEqual(["127.0.0.1:3128"]);
  });
});

/** An HTTPS answer (type 65, RFC 9460) with an ECH configuration and no addresses. */
function httpsAnswer(id: number, name: string, publicName: string): Uint8Array {
  const question = dnsQuestion(id, name).slice();
  const nameEnd = 12 + name.length + 2;
  const ech = encodeEchConfigs([publicName]);
  const data = [0, 1, 0, 0, 5, ech.length >> 8, ech.length & 255, ...ech];
  const record = [0xc0, 12, 0, 65, 0, 1, 0, 0, 0, 60, data.length >> 8, data.length & 255, ...data];
  question.set([0x81, 0x80], 2);
  question.set([0, 1], 6);
  question.set([0, 65], nameEnd);
  return new Uint8Array([...question, ...record]);
}

describe("N16: encrypted ClientHello", () => {
  const outer = hello("public.cdn.example", { ech: encodeOuterEch() });

  function askForEch(story: Story, owner: { pid: number; startNs: number }): void {
    const ends = {
      cookie: 60,
      local: "192.0.2.10",
      localPort: 4000,
      remote: SERVER,
      remotePort: 53,
      protocol: "udp" as const,
    };
    const payload = { owner, ...ends, kind: "dns-datagram" as const };
    story.open({ at: 1.4, owner, origin: "connect", ...ends });
    const answer = httpsAnswer(9, "secret.example", "public.cdn.example");
    const question = answer.slice(0, 12 + "secret.example".length + 2 + 4);
    question.set([1, 0], 2);
    question.set([0, 0], 6);
    story.payload({ at: 1.4, ...payload, direction: "out", data: question });
    story.payload({ at: 1.5, ...payload, direction: "in", data: answer });
  }

  test("the public name of another name's configuration is an outer name, and no contradiction", () => {
    const story = tellStory();
    const app = story.exec(1, 100, "/usr/bin/app");
    askForEch(story, app);
    story.lookUp(1.6, app, "secret.example", [REMOTE]);
    story.connect(2, app, 7, REMOTE);
    story.say(2.1, app, 7, REMOTE, { data: outer });
    expect(story.flow(7).naming).toMatchObject({
      name: "public.cdn.example",
      source: "server-name",
      ech: "outer-name",
      isContradicted: false,
      candidates: [],
      evidence: [{ name: "public.cdn.example" }, { name: "secret.example", source: "own-answer" }],
    });
    const edge = edgeId(nodeId("program:/usr/bin/app"), nodeId("destination:public.cdn.example"));
    expect(story.session.graph().edges.get(edge)?.ech).toBe("outer-name");
  });

  test("an outer name is known where only the configuration was asked for openly", () => {
    const story = tellStory();
    const app = story.exec(1, 100, "/usr/bin/app");
    askForEch(story, app);
    story.connect(2, app, 7, REMOTE);
    story.say(2.1, app, 7, REMOTE, { data: outer });
    expect(story.flow(7).naming.ech).toBe("outer-name");
  });

  test("a hidden name shows by lookups of other names only", () => {
    const story = tellStory();
    const app = story.exec(1, 100, "/usr/bin/app");
    story.lookUp(1.6, app, "secret.example", [REMOTE]);
    story.connect(2, app, 7, REMOTE);
    story.say(2.1, app, 7, REMOTE, { data: outer });
    expect(story.flow(7).naming).toMatchObject({ ech: "outer-name", isContradicted: false });
  });

  test("what browsers send as a decoy is merely offered", () => {
    const story = tellStory();
    const app = story.exec(1, 100, "/usr/bin/app");
    story.lookUp(1.6, app, "public.cdn.example", [REMOTE]);
    story.connect(2, app, 7, REMOTE);
    story.say(2.1, app, 7, REMOTE, { data: outer });
    story.connect(3, app, 8, "198.51.100.8");
    story.say(3.1, app, 8, "198.51.100.8", { data: outer });
    expect(story.flow(7).naming).toMatchObject({ name: "public.cdn.example", ech: "offered" });
    expect(story.flow(8).naming).toMatchObject({ name: "public.cdn.example", ech: "offered" });
  });

  test("another process's configuration says nothing of this one", () => {
    const story = tellStory();
    const other = story.exec(1, 200, "/usr/bin/other");
    const app = story.exec(1, 100, "/usr/bin/app");
    askForEch(story, other);
    story.connect(2, app, 7, REMOTE);
    story.say(2.1, app, 7, REMOTE, { data: outer });
    expect(story.flow(7).naming.ech).toBe("offered");
  });
});

describe("N17: encrypted lookups", () => {
  test.each([
    ["TCP port 853", 853, null, "dot", REMOTE],
    ["TCP port 853 with a TLS name", 853, hello("dns.example.org"), "dot", "dns.example.org"],
    ["the protocol name dot elsewhere", 8853, hello("dns.example.org", { alpn: ["dot"] }), "dot", "dns.example.org"],
    ["a known resolver's TLS name", 443, hello("doh.example.org"), "doh", "doh.example.org"],
  ] as const)("%s", (_, port, data, protocol, resolver) => {
    const story = tellStory();
    const app = story.exec(1, 100, "/usr/bin/app");
    story.connect(2, app, 7, REMOTE, port);
    if (data !== null) story.say(2.1, app, 7, REMOTE, { port, data });
    expect(story.flow(7).encryptedDns).toEqual({ protocol, resolver });
    const [program] = [...story.session.graph().nodes.values()].filter(({ kind }) => kind === "program");
    expect(program).toMatchObject({ encryptedDns: [{ protocol, resolver }] });
  });

  test("UDP port 853 is DNS over QUIC", () => {
    const story = tellStory();
    const app = story.exec(1, 100, "/usr/bin/app");
    story.open({ at: 2, owner: app, cookie: 7, origin: "send", remote: REMOTE, remotePort: 853, protocol: "udp" });
    expect(story.flow(7).encryptedDns).toEqual({ protocol: "doq", resolver: REMOTE });
  });

  test("a known resolver's address counts while nothing else is said, and not for the callers of a server", () => {
    const story = tellStory();
    const app = story.exec(1, 100, "/usr/bin/app");
    story.connect(2, app, 7, "192.0.2.253");
    expect(story.flow(7).encryptedDns).toEqual({ protocol: "doh", resolver: "doh.example.net" });
    story.say(2.1, app, 7, "192.0.2.253", { data: hello("www.example.net") });
    expect(story.flow(7).encryptedDns).toBe(null);
    const inbound = { origin: "accept" as const, local: "192.0.2.10", localPort: 853, remote: REMOTE, remotePort: 853 };
    story.open({ at: 3, owner: app, cookie: 8, ...inbound });
    expect(story.flow(8).encryptedDns).toBe(null);
  });
});
