/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * Registers at a probe in a user's program. What a program of type kprobe is
 * given is the machine's own layout (uapi asm/ptrace.h): part of the kernel's
 * ABI, so nothing needs to be relocated. libbpf's macros know no sixth
 * argument in the versions we build with.
 */
#ifndef TELLTALE_REGISTERS_BPF_H
#define TELLTALE_REGISTERS_BPF_H

#include <linux/types.h>

#if defined(__TARGET_ARCH_x86)

struct tt_registers {
	__u64 r15, r14, r13, r12, rbp, rbx, r11, r10, r9, r8, rax, rcx, rdx, rsi, rdi;
	__u64 orig_rax, rip, cs, eflags, rsp, ss;
};

#define FIRST_ARGUMENT(registers) ((registers)->rdi)
#define FOURTH_ARGUMENT(registers) ((registers)->rcx)
#define FIFTH_ARGUMENT(registers) ((registers)->r8)
#define SIXTH_ARGUMENT(registers) ((registers)->r9)
#define RETURN_VALUE(registers) ((registers)->rax)
#define STACK_POINTER(registers) ((registers)->rsp)
/* The return takes the return address off the stack. */
#define STACK_GROWN_BY_RETURN 8
/* At a call's first instruction the stack pointer shows where its return address is. */
#define IS_RETURN_ADDRESS_ON_STACK 1

#elif defined(__TARGET_ARCH_arm64)

struct tt_registers {
	__u64 regs[31];
	__u64 sp, pc, pstate;
};

#define FIRST_ARGUMENT(registers) ((registers)->regs[0])
#define FOURTH_ARGUMENT(registers) ((registers)->regs[3])
#define FIFTH_ARGUMENT(registers) ((registers)->regs[4])
#define SIXTH_ARGUMENT(registers) ((registers)->regs[5])
#define RETURN_VALUE(registers) ((registers)->regs[0])
#define STACK_POINTER(registers) ((registers)->sp)
#define STACK_GROWN_BY_RETURN 0
#define IS_RETURN_ADDRESS_ON_STACK 0

#else
#error "say which machine: -D__TARGET_ARCH_x86 or -D__TARGET_ARCH_arm64"
#endif

#endif
