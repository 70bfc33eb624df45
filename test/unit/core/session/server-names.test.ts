/** TLS names against lookups, from ClientHellos of flows. */
import { expect, test } from "vitest";
import { onlyHexFixture } from "../../support/read-hex.ts";
import { CLIENT, tellStory } from "../../support/story.ts";

const REMOTE = "198.51.100.7";
const ends = { local: CLIENT, localPort: 50_007, remote: REMOTE, remotePort: 443 };

test("N13: a TLS name beats the answer, in one piece or many", () => {
  const hello = onlyHexFixture("tls/openssl-client-hello.hex");
  for (const pieceBytes of [hello.length, 100, 1]) {
    const story = tellStory();
    const app = story.exec(1, 100, "/usr/bin/app");
    story.lookUp(1.5, app, "api.telltale.test", [REMOTE]);
    story.connect(2, app, 7, REMOTE);
    for (let at = 0; at < hello.length; at += pieceBytes) {
      story.payload({
        at: 2.1,
        owner: app,
        cookie: 7,
        ...ends,
        kind: "stream-start",
        direction: "out",
        data: hello.subarray(at, at + pieceBytes),
        streamOffset: at,
      });
    }
    expect(story.flow(7).naming).toMatchObject({
      name: "api.telltale.test",
      source: "server-name",
      isContradicted: false,
    });
  }
});

test("N14: a TLS name the program never asked for contradicts, and both names are kept", () => {
  const story = tellStory();
  const app = story.exec(1, 100, "/usr/bin/app");
  story.lookUp(1.5, app, "front.example.org", [REMOTE]);
  story.connect(2, app, 7, REMOTE);
  story.payload({
    at: 2.1,
    owner: app,
    cookie: 7,
    ...ends,
    kind: "stream-start",
    direction: "out",
    data: onlyHexFixture("tls/openssl-client-hello.hex"),
  });
  expect(story.flow(7).naming).toMatchObject({
    name: "api.telltale.test",
    source: "server-name",
    isContradicted: true,
  });
  expect([...story.session.graph().edges.values()].find(({ services }) => services[0]?.port === 443)).toMatchObject({
    target: "destination:api.telltale.test",
    isContradicted: true,
    otherNames: [{ name: "front.example.org", source: "own-answer" }],
  });
});

test("a TLS name that others asked for is no contradiction", () => {
  const story = tellStory();
  const app = story.exec(1, 100, "/usr/bin/app");
  const other = story.exec(1, 200, "/usr/bin/other");
  story.lookUp(1.5, other, "other.example.org", [REMOTE]);
  story.connect(2, app, 7, REMOTE);
  story.payload({
    at: 2.1,
    owner: app,
    cookie: 7,
    ...ends,
    kind: "stream-start",
    direction: "out",
    data: onlyHexFixture("tls/openssl-client-hello.hex"),
  });
  expect(story.flow(7).naming).toMatchObject({ name: "api.telltale.test", isContradicted: false });
});

test("a TLS name found at the end of the alias chain is no contradiction", () => {
  const story = tellStory();
  const app = story.exec(1, 100, "/usr/bin/app");
  story.ask(1.5, app, 50, 1, "www.example.org");
  story.answer(app, {
    at: 1.6,
    cookie: 50,
    id: 1,
    name: "www.example.org",
    chain: ["api.telltale.test"],
    addresses: [REMOTE],
  });
  story.connect(2, app, 7, REMOTE);
  story.payload({
    at: 2.1,
    owner: app,
    cookie: 7,
    ...ends,
    kind: "stream-start",
    direction: "out",
    data: onlyHexFixture("tls/openssl-client-hello.hex"),
  });
  expect(story.flow(7).naming.isContradicted).toBe(false);
});

test("a server's flows take no name from their callers' ClientHello", () => {
  const story = tellStory();
  const server = story.exec(1, 100, "/usr/sbin/nginx");
  const inbound = { local: CLIENT, localPort: 443, remote: REMOTE, remotePort: 51_000 };
  story.open({ at: 2, owner: server, cookie: 7, origin: "accept", ...inbound });
  story.payload({
    at: 2.1,
    owner: server,
    cookie: 7,
    ...inbound,
    kind: "stream-start",
    direction: "in",
    data: onlyHexFixture("tls/openssl-client-hello.hex"),
  });
  expect(story.flow(7).naming.name).toBe(null);
});
