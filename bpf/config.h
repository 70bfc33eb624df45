/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* What the loader tells the programs; lives in the section ".rodata.config". */
#ifndef TELLTALE_CONFIG_H
#define TELLTALE_CONFIG_H

#ifndef __bpf__
#include <linux/types.h>
#endif

#define TT_CONFIG_SECTION ".rodata.config"

struct tt_config {
	/*
	 * 1: the kernel refused socket storage to the release hook, so a
	 * datagram socket's last numbers cannot be sent there: send early ones often.
	 */
	__u32 release_is_plain;
	/* 1: the kernel refused the packet hooks: leave out all that is not TCP or UDP, and who uses a socket. */
	__u32 packets_are_plain;
};

#endif
