// perf_event_open(2), which has no function in the C library, and what its header says in macros and bit fields.
#ifndef PERFORMANCE_EVENTS_H
#define PERFORMANCE_EVENTS_H
#include <stddef.h>
#include <stdint.h>

// What is counted: `type` and `config` of struct perf_event_attr.
typedef struct {
    uint32_t type;
    uint64_t config;
} pe_event;

pe_event pe_cycles(void);
pe_event pe_instructions(void);
pe_event pe_branch_misses(void);
pe_event pe_l1d_load_misses(void);
pe_event pe_llc_misses(void);  // of the last level of cache: the CPU's generic cache misses
pe_event pe_dtlb_load_misses(void);
// Counted by the kernel, on every machine.
pe_event pe_task_clock(void);
pe_event pe_page_faults(void);

// Opens an event of the calling thread, in user space alone, on whichever CPU it runs. With `leader` -1 it leads a group,
// which is pinned (on the counters whenever the thread runs, or in error) and stopped; else it joins that leader's.
// Returns a file descriptor, or an error number negated; -ENOSYS where there is no such call.
int pe_open(pe_event event, int leader);

// Sets the group to zero and starts it; stops it. Return 0, or an error number.
int pe_start(int leader);
int pe_stop(int leader);

// What a group counted: nanoseconds during which it was to count and did, and the `count` values in the order of opening.
// Returns 0; an error number; or -1 where the group could not be put onto the counters.
typedef struct {
    uint64_t enabled;
    uint64_t running;
} pe_times;
int pe_read(int leader, size_t count, pe_times *_Nonnull times, uint64_t *_Nonnull values);
enum { PE_GROUP_LIMIT = 16 };  // events in a group that pe_read can read

void pe_close(int event);

// A loop of known length: PE_LOOP_INSTRUCTIONS each time around, one of them a branch that is taken but the last time.
enum { PE_LOOP_INSTRUCTIONS = 2 };
void pe_loop(uint64_t iterations);

#endif
