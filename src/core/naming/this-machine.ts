/**
 * Names that mean no more than "this machine": localhost and its IPv6 forms
 * (RFC 6761 section 6.3, Debian's /etc/hosts), and single labels, which on a
 * loopback address are the host's own name. A dotted name is one somebody
 * chose for a service.
 */
const LOCAL_DOMAIN = /^localhost\d?\.localdomain\d?$/;

export const isThisMachine = (name: string): boolean => !name.includes(".") || LOCAL_DOMAIN.test(name);
