/** What numbers of the DNS are called (RFC 6895 and the registry of DNS parameters). */

const RESPONSE_CODES: ReadonlyMap<number, string> = new Map([
  [0, "NOERROR"],
  [1, "FORMERR"],
  [2, "SERVFAIL"],
  [3, "NXDOMAIN"],
  [4, "NOTIMP"],
  [5, "REFUSED"],
  [6, "YXDOMAIN"],
  [7, "YXRRSET"],
  [8, "NXRRSET"],
  [9, "NOTAUTH"],
  [10, "NOTZONE"],
  [11, "DSOTYPENI"],
  // From 16 on only with EDNS, which carries the upper bits.
  [16, "BADVERS"],
  [17, "BADKEY"],
  [18, "BADTIME"],
  [19, "BADMODE"],
  [20, "BADNAME"],
  [21, "BADALG"],
  [22, "BADTRUNC"],
  [23, "BADCOOKIE"],
]);

/** "NXDOMAIN"; a code without a name is "RCODE12". */
export const responseCodeName = (code: number): string => RESPONSE_CODES.get(code) ?? `RCODE${code}`;

/** What programs that connect ask for; everything else reads as RFC 3597 section 5 writes it. */
const TYPES: ReadonlyMap<number, string> = new Map([
  [1, "A"],
  [2, "NS"],
  [5, "CNAME"],
  [6, "SOA"],
  [12, "PTR"],
  [15, "MX"],
  [16, "TXT"],
  [28, "AAAA"],
  [33, "SRV"],
  [35, "NAPTR"],
  [39, "DNAME"],
  [43, "DS"],
  [46, "RRSIG"],
  [48, "DNSKEY"],
  [52, "TLSA"],
  [64, "SVCB"],
  [65, "HTTPS"],
  [255, "ANY"],
]);

/** "A", "HTTPS"; a type without a name here is "TYPE257". */
export const typeName = (type: number): string => TYPES.get(type) ?? `TYPE${type}`;
