/** Which answers count: those somebody asked for. */
import { expect, test } from "vitest";
import { CLIENT, dnsAnswer, dnsQuestion, SERVER, tellStory } from "../../support/story.ts";

const ADDRESS = "198.51.100.7";

test("an answer with another id or name than asked is ignored and counted", () => {
  const story = tellStory();
  const app = story.exec(1, 100, "/usr/bin/app");
  story.ask(2, app, 50, 1, "asked.example.org");
  story.answer(app, { at: 2.1, cookie: 50, id: 2, name: "asked.example.org", addresses: [ADDRESS] });
  story.answer(app, { at: 2.2, cookie: 50, id: 1, name: "forged.example.org", addresses: [ADDRESS] });
  story.connect(3, app, 7, ADDRESS);
  expect(story.flow(7).naming.name).toBe(null);
  expect(story.session.coverage().ignored).toEqual({ "unasked-answers": 2 });
});

test("of two answers to one question the first counts", () => {
  const story = tellStory();
  const app = story.exec(1, 100, "/usr/bin/app");
  story.ask(2, app, 50, 1, "asked.example.org");
  story.answer(app, { at: 2.1, cookie: 50, id: 1, name: "asked.example.org", addresses: ["198.51.100.1"] });
  story.answer(app, { at: 2.2, cookie: 50, id: 1, name: "asked.example.org", addresses: [ADDRESS] });
  story.connect(3, app, 7, ADDRESS);
  expect(story.flow(7).naming.name).toBe(null);
});

test("a packet from port 53 that nobody waited for names nothing", () => {
  const story = tellStory();
  const app = story.exec(1, 100, "/usr/bin/app");
  const ends = {
    cookie: 60,
    local: CLIENT,
    localPort: 22_000,
    remote: SERVER,
    remotePort: 53,
    protocol: "udp" as const,
  };
  story.open({ at: 2, owner: app, origin: "packet", direction: "in", ...ends });
  story.payload({
    at: 2,
    owner: app,
    ...ends,
    kind: "dns-datagram",
    direction: "in",
    data: dnsAnswer(1, "forged.example.org", [], [ADDRESS]),
  });
  story.connect(3, app, 7, ADDRESS);
  expect(story.flow(7).naming.name).toBe(null);
  expect(story.session.coverage().ignored).toEqual({ "unasked-answers": 1 });
});

test("an answer counts where the question was before our time", () => {
  const story = tellStory();
  const app = story.exec(1, 100, "/usr/bin/app");
  story.answer(app, { at: 2.1, cookie: 50, id: 1, name: "older.example.org", addresses: [ADDRESS] });
  story.connect(3, app, 7, ADDRESS);
  // Its first record was a packet that came in: nothing shows that the socket had asked.
  expect(story.flow(7).naming.name).toBe(null);
  story.open({
    at: 4,
    owner: app,
    cookie: 51,
    origin: "existing",
    local: CLIENT,
    localPort: 40_051,
    remote: SERVER,
    remotePort: 53,
    protocol: "udp",
  });
  story.answer(app, { at: 4.1, cookie: 51, id: 1, name: "older.example.org", addresses: [ADDRESS] });
  story.connect(5, app, 8, ADDRESS);
  expect(story.flow(8).naming.name).toBe("older.example.org");
});

test("what a DNS server sends is no evidence for the server", () => {
  const story = tellStory();
  const dnsmasq = story.exec(1, 100, "/usr/sbin/dnsmasq");
  const ends = {
    cookie: 60,
    local: SERVER,
    localPort: 53,
    remote: CLIENT,
    remotePort: 40_000,
    protocol: "udp" as const,
  };
  story.open({ at: 2, owner: dnsmasq, origin: "packet", direction: "in", ...ends });
  const payload = { owner: dnsmasq, ...ends, kind: "dns-datagram" as const };
  story.payload({ at: 2, ...payload, direction: "in", data: dnsQuestion(1, "www.example.org") });
  story.payload({ at: 2.1, ...payload, direction: "out", data: dnsAnswer(1, "www.example.org", [], [ADDRESS]) });
  story.connect(3, dnsmasq, 7, ADDRESS);
  expect(story.flow(7).naming.name).toBe(null);
});

test("N25: mDNS answers come unasked and may name .local only", () => {
  const story = tellStory();
  const avahi = story.exec(1, 100, "/usr/sbin/avahi-daemon");
  const payload = {
    owner: avahi,
    cookie: 60,
    local: CLIENT,
    localPort: 5353,
    remote: "192.0.2.77",
    remotePort: 5353,
    protocol: "udp" as const,
    kind: "dns-datagram" as const,
    direction: "in" as const,
  };
  story.payload({ at: 2, ...payload, data: dnsAnswer(0, "printer.local", [], ["192.0.2.77"]) });
  story.payload({ at: 2, ...payload, data: dnsAnswer(0, "api.example.org", [], [ADDRESS]) });
  const app = story.exec(2.5, 200, "/usr/bin/app");
  story.connect(3, app, 7, "192.0.2.77", 631);
  story.connect(3, app, 8, ADDRESS);
  expect(story.flow(7).naming).toMatchObject({ name: "printer.local", source: "host-answer" });
  expect(story.flow(8).naming.name).toBe(null);
});

test("malformed DNS is counted and harms nothing", () => {
  const story = tellStory();
  const app = story.exec(1, 100, "/usr/bin/app");
  story.ask(2, app, 50, 1, "www.example.org");
  story.payload({
    at: 2.1,
    owner: app,
    cookie: 50,
    remote: SERVER,
    remotePort: 53,
    protocol: "udp",
    kind: "dns-datagram",
    direction: "in",
    data: new Uint8Array(7),
  });
  expect(story.session.coverage().ignored).toEqual({ "malformed-dns": 1 });
});
