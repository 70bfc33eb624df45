/* SPDX-License-Identifier: MIT */
#include "capture.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/vfs.h>
#include <time.h>
#include <unistd.h>

#include "existing.h"
#include "load.h"
#include "ring.h"
#include "socket-cookies.h"

#define KERNEL_BTF "/sys/kernel/btf/vmlinux"
#define TICK_NS 500000000ull /* byte counts a socket: twice a second is as often as a reader looks */
#define EXISTING_FLOWS "existing_flows"
#define MAX_CPUS 512	     /* slots of `counters` in bpf/maps.bpf.h; its size is checked */
#define COUNTER_BYTES (sizeof(struct tt_counter) * MAX_CPUS * TT_RECORD_TYPES)

struct tt_capture {
	struct bpf_object *object;
	struct tt_programs programs;
	struct tt_feature features[TT_PROGRAMS_MAX];
	size_t feature_count;
	struct bpf_link *links[TT_PROGRAMS_MAX]; /* by feature; NULL: not attached */
	struct tt_ring ring;
	const struct tt_counter (*counters)[TT_RECORD_TYPES];
	struct tt_iteration iteration;
	int existing_step;
	uint64_t ticked_ns;
	uint64_t load_ns;
	uint64_t attach_ns;
};

static uint64_t monotonic_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000ull + now.tv_nsec;
}

static int open_cgroup(const char *dir, struct tt_failure *failure)
{
	struct statfs about;
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd >= 0 && !fstatfs(fd, &about) && about.f_type == CGROUP2_SUPER_MAGIC)
		return fd;
	if (fd < 0)
		return tt_fail(failure, "no-cgroup2", -errno, "%s: %s", dir, strerror(errno));
	close(fd);
	return tt_fail(failure, "no-cgroup2", -EINVAL, "%s is not a cgroup v2 hierarchy", dir);
}

static struct bpf_link *attach_iterator(struct tt_capture *capture, struct bpf_program *program, bool is_over_sockets)
{
	DECLARE_LIBBPF_OPTS(bpf_iter_attach_opts, options);
	union bpf_iter_link_info info = {};

	if (is_over_sockets) {
		info.map.map_fd = bpf_object__find_map_fd_by_name(capture->object, "sockets");
		options.link_info = &info;
		options.link_info_len = sizeof(info);
	}
	return bpf_program__attach_iter(program, &options);
}

/* Programs at functions of libraries: another process attaches them (libc-watch). */
static bool is_at_function(const struct bpf_program *program)
{
	const char *section = bpf_program__section_name(program);

	return !strcmp(section, "uprobe") || !strcmp(section, "uretprobe");
}

static struct bpf_link *attach(struct tt_capture *capture, struct bpf_program *program, int cgroup_fd)
{
	const char *section = bpf_program__section_name(program);

	if (!strncmp(section, "iter/", 5))
		return attach_iterator(capture, program, strstr(section, "sk_storage") != NULL);
	if (!strncmp(section, "raw_tp/", 7) || !strncmp(section, "tp_btf/", 7))
		return bpf_program__attach(program);
	return bpf_program__attach_cgroup(program, cgroup_fd);
}

static struct tt_feature *feature_of(struct tt_capture *capture, const struct tt_program *program)
{
	char id[TT_NAME_LEN];
	struct tt_feature *feature;

	tt_feature_id(program, id);
	for (size_t i = 0; i < capture->feature_count; i++)
		if (!strcmp(capture->features[i].id, id))
			return &capture->features[i];
	feature = &capture->features[capture->feature_count++];
	memcpy(feature->id, id, sizeof(id));
	return feature;
}

static void attach_all(struct tt_capture *capture, int cgroup_fd)
{
	libbpf_print_fn_t previous = libbpf_set_print(NULL);

	for (size_t i = 0; i < capture->programs.count; i++) {
		const struct tt_program *entry = &capture->programs.list[i];
		struct bpf_program *program = bpf_object__find_program_by_name(capture->object, entry->name);
		struct tt_feature *feature;
		struct bpf_link **link;

		if (!program || (is_at_function(program) && !entry->is_refused))
			continue;
		feature = feature_of(capture, entry);
		link = &capture->links[feature - capture->features];
		if (entry->is_refused)
			snprintf(feature->reason, sizeof(feature->reason), "%s", entry->reason);
		if (!tt_is_wanted(&capture->programs, entry) || *link)
			continue;
		*link = attach(capture, program, cgroup_fd);
		feature->is_attached = *link != NULL;
		/* Beside a plain program's stays why the better one was refused. */
		feature->is_plain = *link && entry->is_plain;
		if (*link && !entry->is_plain)
			feature->reason[0] = 0;
		else if (!*link)
			snprintf(feature->reason, sizeof(feature->reason), "not attached: %s", strerror(errno));
	}
	libbpf_set_print(previous);
}

static const struct bpf_link *link_of(const struct tt_capture *capture, const char *id)
{
	for (size_t i = 0; i < capture->feature_count; i++)
		if (!strcmp(capture->features[i].id, id))
			return capture->links[i];
	return NULL;
}

/* libbpf keeps only the initial image of .bss; what the programs write is in the kernel's map. */
static int map_counters(struct tt_capture *capture)
{
	struct bpf_map *map;

	bpf_object__for_each_map(map, capture->object) {
		void *memory;

		if (!strstr(bpf_map__name(map), ".bss"))
			continue;
		if (bpf_map__value_size(map) != COUNTER_BYTES)
			return -EINVAL;
		memory = mmap(NULL, COUNTER_BYTES, PROT_READ, MAP_SHARED, bpf_map__fd(map), 0);
		if (memory == MAP_FAILED)
			return -errno;
		capture->counters = memory;
		return 0;
	}
	return -ENOENT;
}

static int map_memory(struct tt_capture *capture, uint32_t ring_bytes, struct tt_failure *failure)
{
	int ring_fd = bpf_object__find_map_fd_by_name(capture->object, "records");
	int error = tt_ring_open(&capture->ring, ring_fd, ring_bytes);

	if (error)
		return tt_fail(failure, "load-failed", error, "mapping the ring buffer: %s", strerror(-error));
	error = map_counters(capture);
	if (error)
		return tt_fail(failure, "load-failed", error, "mapping the counters: %s", strerror(-error));
	return 0;
}

/* Whether the object must be loaded once more, with fallbacks for programs that load here and cannot be attached. */
static bool wants_fallbacks(struct tt_capture *capture)
{
	bool wants = false;

	for (size_t i = 0; i < capture->feature_count; i++) {
		const struct tt_feature *feature = &capture->features[i];

		if (!feature->is_attached && tt_refuse_unattached(&capture->programs, feature->id, feature->reason))
			wants = true;
	}
	return wants;
}

static int load_and_attach(struct tt_capture *capture, const struct tt_options *options, int cgroup_fd,
			   struct tt_failure *failure)
{
	uint64_t begun_ns = monotonic_ns();
	int error = tt_load_object(options, &capture->object, &capture->programs, failure);

	capture->load_ns += monotonic_ns() - begun_ns;
	if (!error)
		error = map_memory(capture, options->ring_bytes, failure);
	if (error)
		return error;
	begun_ns = monotonic_ns();
	attach_all(capture, cgroup_fd);
	capture->attach_ns += monotonic_ns() - begun_ns;
	return 0;
}

static void unload(struct tt_capture *capture)
{
	for (size_t i = 0; i < capture->feature_count; i++)
		bpf_link__destroy(capture->links[i]);
	memset(capture->links, 0, sizeof(capture->links));
	memset(capture->features, 0, sizeof(capture->features));
	capture->feature_count = 0;
	tt_ring_close(&capture->ring);
	if (capture->counters)
		munmap((void *)capture->counters, COUNTER_BYTES);
	capture->counters = NULL;
	bpf_object__close(capture->object);
	capture->object = NULL;
}

static int start(struct tt_capture *capture, const struct tt_options *options, int cgroup_fd,
		 struct tt_failure *failure)
{
	int error = load_and_attach(capture, options, cgroup_fd, failure);

	if (!error && wants_fallbacks(capture)) {
		unload(capture);
		error = load_and_attach(capture, options, cgroup_fd, failure);
	}
	if (error)
		return error;
	/* Without an owner at connect() there is nothing to tell. */
	if (!link_of(capture, "connect4") && !link_of(capture, "connect6"))
		return tt_fail(failure, "load-failed", -ENOTSUP, "no connect hook: %.600s",
			       capture->feature_count ? capture->features[0].reason : "no programs");
	return 0;
}

int tt_capture_open(const struct tt_options *options, struct tt_capture **result, struct tt_failure *failure)
{
	struct tt_capture *capture;
	int cgroup_fd, error;

	if (access(KERNEL_BTF, R_OK))
		return tt_fail(failure, "no-btf", -errno, "%s: %s", KERNEL_BTF, strerror(errno));
	cgroup_fd = open_cgroup(options->cgroup_dir, failure);
	if (cgroup_fd < 0)
		return cgroup_fd;
	capture = calloc(1, sizeof(*capture));
	if (!capture) {
		close(cgroup_fd);
		return tt_fail(failure, "load-failed", -ENOMEM, "out of memory");
	}
	tt_iteration_init(&capture->iteration);
	error = start(capture, options, cgroup_fd, failure);
	close(cgroup_fd);
	if (error) {
		tt_capture_close(capture);
		return error;
	}
	*result = capture;
	return 0;
}

size_t tt_capture_features(const struct tt_capture *capture, const struct tt_feature **features)
{
	*features = capture->features;
	return capture->feature_count;
}

int tt_capture_function_program(const struct tt_capture *capture, size_t index, const char **name)
{
	struct bpf_program *program;

	bpf_object__for_each_program(program, capture->object) {
		if (!is_at_function(program) || bpf_program__fd(program) < 0 || index--)
			continue;
		*name = bpf_program__name(program);
		return bpf_program__fd(program);
	}
	return -ENOENT;
}

int tt_capture_program_size(const struct tt_capture *capture, size_t index, struct tt_program_size *size)
{
	struct bpf_program *program;

	bpf_object__for_each_program(program, capture->object) {
		struct bpf_prog_info info = {};
		__u32 length = sizeof(info);

		if (bpf_program__fd(program) < 0 || index--)
			continue;
		size->name = bpf_program__name(program);
		/* A kernel that knows less of itself leaves the rest 0. */
		if (bpf_obj_get_info_by_fd(bpf_program__fd(program), &info, &length))
			return -errno;
		size->instructions = info.xlated_prog_len / sizeof(struct bpf_insn);
		size->verified_instructions = info.verified_insns;
		return 0;
	}
	return -ENOENT;
}

void tt_capture_times(const struct tt_capture *capture, uint64_t *load_ns, uint64_t *attach_ns)
{
	*load_ns = capture->load_ns;
	*attach_ns = capture->attach_ns;
}

static void tick_if_due(struct tt_capture *capture)
{
	const struct bpf_link *link = link_of(capture, "byte_counts");
	uint64_t now_ns = monotonic_ns();

	if (!link || now_ns - capture->ticked_ns < TICK_NS)
		return;
	capture->ticked_ns = now_ns;
	/* A failed tick loses nothing: the next one and the close report totals. */
	tt_iteration_run(link);
}

ssize_t tt_capture_read(struct tt_capture *capture, uint8_t *target, size_t room)
{
	tick_if_due(capture);
	return tt_ring_read(&capture->ring, target, room);
}

static bool is_refused(const struct tt_capture *capture, const char *name)
{
	for (size_t i = 0; i < capture->programs.count; i++)
		if (!strcmp(capture->programs.list[i].name, name))
			return capture->programs.list[i].is_refused;
	return true;
}

/* Its fallback reads cookies and cannot ask for them. */
static void prepare_existing_flows(const struct tt_capture *capture)
{
	if (is_refused(capture, EXISTING_FLOWS))
		tt_give_socket_cookies();
}

ssize_t tt_capture_read_existing(struct tt_capture *capture, uint8_t *target, size_t room)
{
	static const char *const steps[] = { "existing_processes", EXISTING_FLOWS };

	while (capture->existing_step < (int)(sizeof(steps) / sizeof(steps[0]))) {
		const struct bpf_link *link = link_of(capture, steps[capture->existing_step]);
		ssize_t length = link ? tt_iteration_read(&capture->iteration, link, target, room) : 0;

		if (length)
			return length;
		tt_iteration_end(&capture->iteration);
		capture->existing_step++;
		if (capture->existing_step == 1)
			prepare_existing_flows(capture);
	}
	return 0;
}

void tt_capture_stats(const struct tt_capture *capture, uint64_t sent[TT_RECORD_TYPES],
		      uint64_t lost[TT_RECORD_TYPES])
{
	memset(sent, 0, sizeof(uint64_t) * TT_RECORD_TYPES);
	memset(lost, 0, sizeof(uint64_t) * TT_RECORD_TYPES);
	for (int cpu = 0; cpu < MAX_CPUS; cpu++)
		for (int type = 0; type < TT_RECORD_TYPES; type++) {
			const struct tt_counter *counter = &capture->counters[cpu][type];

			sent[type] += __atomic_load_n(&counter->sent, __ATOMIC_RELAXED);
			lost[type] += __atomic_load_n(&counter->lost, __ATOMIC_RELAXED);
		}
}

void tt_capture_close(struct tt_capture *capture)
{
	if (!capture)
		return;
	tt_iteration_end(&capture->iteration);
	unload(capture);
	free(capture);
}
