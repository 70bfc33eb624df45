import fc from "fast-check";
import { expect, test } from "vitest";
import { parseHostsFile } from "../../../../../src/core/protocol/hosts/parse-hosts-file.ts";

const parse = (text: string): ReturnType<typeof parseHostsFile> => parseHostsFile(new TextEncoder().encode(text));

/** The example of hosts(5). */
const EXAMPLE = `# The following lines are desirable for IPv4 capable hosts
127.0.0.1       localhost

# 127.0.1.1 is often used for the FQDN of the machine
127.0.1.1       thishost.example.org   thishost
192.168.1.10    foo.example.org        foo
192.168.1.13    bar.example.org        bar
146.82.138.7    master.debian.org      master
209.237.226.90  www.opensource.org

# The following lines are desirable for IPv6 capable hosts
::1             localhost ip6-localhost ip6-loopback
ff02::1         ip6-allnodes
ff02::2         ip6-allrouters
`;

test("the example of hosts(5) is read", () => {
  expect(parse(EXAMPLE)).toEqual([
    { address: "127.0.0.1", names: ["localhost"] },
    { address: "127.0.1.1", names: ["thishost.example.org", "thishost"] },
    { address: "192.168.1.10", names: ["foo.example.org", "foo"] },
    { address: "192.168.1.13", names: ["bar.example.org", "bar"] },
    { address: "146.82.138.7", names: ["master.debian.org", "master"] },
    { address: "209.237.226.90", names: ["www.opensource.org"] },
    { address: "::1", names: ["localhost", "ip6-localhost", "ip6-loopback"] },
    { address: "ff02::1", names: ["ip6-allnodes"] },
    { address: "ff02::2", names: ["ip6-allrouters"] },
  ]);
});

test("tabs, carriage returns, comments behind, spaces in front and a missing last line end do not matter", () => {
  expect(parse("\t 192.0.2.1\tA.Example.\tb\t# c\r\n192.0.2.2 d#e\r\n2001:DB8:0::1 f")).toEqual([
    { address: "192.0.2.1", names: ["a.example", "b"] },
    { address: "192.0.2.2", names: ["d"] },
    { address: "2001:db8::1", names: ["f"] },
  ]);
});

test("addresses are canonical, zones are dropped", () => {
  expect(parse("fe80::1%lo0 link\n::ffff:192.0.2.7 mapped")).toEqual([
    { address: "fe80::1", names: ["link"] },
    { address: "192.0.2.7", names: ["mapped"] },
  ]);
});

test("lines without an address, or without a name, are passed over", () => {
  expect(
    parse("localhost 127.0.0.1\n127.0.0.1\n\n256.0.0.1 a\n127.1 b\n192.0.2.1 192.0.2.2\n192.0.2.3 a..b ok"),
  ).toEqual([{ address: "192.0.2.3", names: ["ok"] }]);
});

test("names that could trick a reader are escaped, those of other scripts are A-labels", () => {
  expect(parse("192.0.2.1 a\u001b[2J bücher.example\n")).toEqual([
    { address: "192.0.2.1", names: ["a\\027\\0912j", "xn--bcher-kva.example"] },
  ]);
  expect(parseHostsFile(Uint8Array.from([...new TextEncoder().encode("192.0.2.1 a"), 0xff, 0x0a]))).toEqual([
    { address: "192.0.2.1", names: ["a\\239\\191\\189"] },
  ]);
});

test("lines and names have a cap", () => {
  const lines = parse("192.0.2.1 a\n".repeat(70_000));
  expect(lines.length).toBe(65_536);
  expect(parse(`192.0.2.1 ${"a ".repeat(100)}`)[0]?.names.length).toBe(64);
});

test("a file cut at any byte never throws, and gives no more than the whole", () => {
  const bytes = new TextEncoder().encode(EXAMPLE);
  for (let length = 0; length < bytes.length; length += 1) {
    expect(parseHostsFile(bytes.subarray(0, length)).length).toBeLessThanOrEqual(9);
  }
});

test("random bytes never throw", () => {
  const front = new TextEncoder().encode("192.0.2.1 ");
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      for (const { names } of parseHostsFile(Uint8Array.from([...front, ...bytes]))) {
        for (const name of names) expect(name).toMatch(/^[a-z0-9_.\\-]+$/);
      }
    }),
    { numRuns: 2000 },
  );
});
