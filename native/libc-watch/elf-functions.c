/* SPDX-License-Identifier: MIT */
#include "elf-functions.h"

#include <elf.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* glibc has 70 sections, 12 segments, 3,000 symbols and 33 kB of names. */
#define SECTIONS_MAX 256
#define SEGMENTS_MAX 64
#define SYMBOLS_MAX 32768
#define NAMES_MAX (256 * 1024)
#define SYMBOLS_A_READ 128

#if defined(__x86_64__)
#define OUR_MACHINE EM_X86_64
#elif defined(__aarch64__)
#define OUR_MACHINE EM_AARCH64
#else
#error "no probes for this machine yet"
#endif

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define OUR_BYTE_ORDER ELFDATA2LSB
#else
#define OUR_BYTE_ORDER ELFDATA2MSB
#endif

static const char *const function_names[TT_FUNCTIONS] = {
	[TT_GETADDRINFO] = "getaddrinfo",
	[TT_GETHOSTBYNAME_R] = "gethostbyname_r",
	[TT_GETHOSTBYNAME2_R] = "gethostbyname2_r",
};

struct elf_file {
	int fd;
	uint64_t size;
	Elf64_Ehdr header;
	Elf64_Phdr segments[SEGMENTS_MAX];
	uint64_t symbols_at, symbol_count;
	uint64_t names_length;
	char names[NAMES_MAX];
};

/* Not on the stack: it is large. The pages of `names` that are not used take no memory. */
static struct elf_file file;

static bool read_at(uint64_t offset, void *target, uint64_t length)
{
	if (offset > file.size || length > file.size - offset)
		return false;
	while (length > 0) {
		ssize_t got = pread(file.fd, target, length, (off_t)offset);

		if (got <= 0)
			return false;
		target = (char *)target + got;
		offset += (uint64_t)got;
		length -= (uint64_t)got;
	}
	return true;
}

static const char *read_header(void)
{
	const unsigned char *ident = file.header.e_ident;

	if (!read_at(0, &file.header, sizeof(file.header)) || memcmp(ident, ELFMAG, SELFMAG) != 0)
		return "not an ELF file";
	if (ident[EI_CLASS] != ELFCLASS64)
		return "a 32-bit library: its structures are laid out in another way";
	if (ident[EI_DATA] != OUR_BYTE_ORDER || file.header.e_machine != OUR_MACHINE)
		return "a library for another kind of machine";
	if (file.header.e_type != ET_DYN)
		return "not a shared library";
	return NULL;
}

static const char *read_segments(void)
{
	uint64_t count = file.header.e_phnum;

	if (count == 0 || count > SEGMENTS_MAX || file.header.e_phentsize != sizeof(Elf64_Phdr))
		return "its table of segments is not as expected";
	if (!read_at(file.header.e_phoff, file.segments, count * sizeof(Elf64_Phdr)))
		return "its table of segments is cut off";
	return NULL;
}

static bool read_section(uint64_t index, Elf64_Shdr *section)
{
	uint64_t at = index * sizeof(*section);

	return index < file.header.e_shnum && file.header.e_shoff <= file.size &&
	       read_at(file.header.e_shoff + at, section, sizeof(*section));
}

static const char *read_names(uint64_t section_index)
{
	Elf64_Shdr section;

	if (!read_section(section_index, &section) || section.sh_type != SHT_STRTAB)
		return "its symbols have no names";
	if (section.sh_size == 0 || section.sh_size > sizeof(file.names))
		return "its table of names is too large";
	if (!read_at(section.sh_offset, file.names, section.sh_size))
		return "its table of names is cut off";
	file.names_length = section.sh_size;
	return NULL;
}

static const char *find_symbols(void)
{
	Elf64_Shdr section;

	if (file.header.e_shnum == 0 || file.header.e_shnum > SECTIONS_MAX ||
	    file.header.e_shentsize != sizeof(Elf64_Shdr))
		return "its table of sections is not as expected";
	for (uint64_t i = 0; i < file.header.e_shnum; i++) {
		if (!read_section(i, &section))
			return "its table of sections is cut off";
		if (section.sh_type != SHT_DYNSYM)
			continue;
		if (section.sh_entsize != sizeof(Elf64_Sym) || section.sh_size / sizeof(Elf64_Sym) > SYMBOLS_MAX)
			return "its table of symbols is not as expected";
		file.symbols_at = section.sh_offset;
		file.symbol_count = section.sh_size / sizeof(Elf64_Sym);
		return read_names(section.sh_link);
	}
	return "it has no table of symbols";
}

/* 0: not in a part of the file that is code. */
static uint64_t offset_of(uint64_t address)
{
	for (uint64_t i = 0; i < file.header.e_phnum; i++) {
		const Elf64_Phdr *segment = &file.segments[i];
		uint64_t within = address - segment->p_vaddr;

		if (segment->p_type != PT_LOAD || !(segment->p_flags & PF_X) || address < segment->p_vaddr ||
		    within >= segment->p_filesz)
			continue;
		if (segment->p_offset > file.size || within >= file.size - segment->p_offset)
			return 0;
		return segment->p_offset + within;
	}
	return 0;
}

static bool is_named(const Elf64_Sym *symbol, const char *name)
{
	uint64_t length = strlen(name) + 1;

	return symbol->st_name < file.names_length && length <= file.names_length - symbol->st_name &&
	       memcmp(file.names + symbol->st_name, name, length) == 0;
}

/* Two names of one function would make two records of each call. */
static bool is_taken(const struct tt_functions *functions, uint64_t offset)
{
	for (int i = 0; i < TT_FUNCTIONS; i++)
		if (functions->offsets[i] == offset)
			return true;
	return false;
}

static void match_symbol(const Elf64_Sym *symbol, struct tt_functions *functions)
{
	uint64_t offset;

	if (ELF64_ST_TYPE(symbol->st_info) != STT_FUNC || symbol->st_shndx == SHN_UNDEF)
		return;
	for (int i = 0; i < TT_FUNCTIONS; i++) {
		if (functions->offsets[i] || !is_named(symbol, function_names[i]))
			continue;
		offset = offset_of(symbol->st_value);
		if (!offset || is_taken(functions, offset))
			return;
		functions->offsets[i] = offset;
		functions->count++;
	}
}

static const char *match_symbols(struct tt_functions *functions)
{
	Elf64_Sym symbols[SYMBOLS_A_READ];

	for (uint64_t i = 0; i < file.symbol_count; i += SYMBOLS_A_READ) {
		uint64_t count = file.symbol_count - i < SYMBOLS_A_READ ? file.symbol_count - i : SYMBOLS_A_READ;

		if (file.symbols_at > file.size ||
		    !read_at(file.symbols_at + i * sizeof(Elf64_Sym), symbols, count * sizeof(Elf64_Sym)))
			return "its table of symbols is cut off";
		for (uint64_t j = 0; j < count; j++)
			match_symbol(&symbols[j], functions);
	}
	return NULL;
}

const char *tt_find_functions(int fd, struct tt_functions *functions)
{
	struct stat about;
	const char *why;

	memset(functions, 0, sizeof(*functions));
	if (fstat(fd, &about) || !S_ISREG(about.st_mode) || about.st_size < 0)
		return "not a file";
	file.fd = fd;
	file.size = (uint64_t)about.st_size;
	why = read_header();
	if (!why)
		why = read_segments();
	if (!why)
		why = find_symbols();
	if (!why)
		why = match_symbols(functions);
	return why;
}
