#if defined(__linux__)
#define _GNU_SOURCE
#endif
#include "performance_events.h"

#include <errno.h>

void pe_loop(uint64_t iterations) {
    if (iterations == 0) return;
#if defined(__x86_64__)
    __asm__ volatile("1: subq $1, %0\n\tjnz 1b" : "+r"(iterations)::"cc");
#elif defined(__aarch64__)
    __asm__ volatile("1: subs %0, %0, #1\n\tb.ne 1b" : "+r"(iterations)::"cc");
#else
#error "pe_loop: a subtraction and a branch for this architecture"
#endif
}

#if defined(__linux__)

#include <linux/perf_event.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static pe_event hardware(uint64_t config) { return (pe_event){PERF_TYPE_HARDWARE, config}; }
static pe_event software(uint64_t config) { return (pe_event){PERF_TYPE_SOFTWARE, config}; }
static pe_event load_misses(uint64_t cache) {
    return (pe_event){PERF_TYPE_HW_CACHE,
                      cache | PERF_COUNT_HW_CACHE_OP_READ << 8 | PERF_COUNT_HW_CACHE_RESULT_MISS << 16};
}

pe_event pe_cycles(void) { return hardware(PERF_COUNT_HW_CPU_CYCLES); }
pe_event pe_instructions(void) { return hardware(PERF_COUNT_HW_INSTRUCTIONS); }
pe_event pe_branch_misses(void) { return hardware(PERF_COUNT_HW_BRANCH_MISSES); }
pe_event pe_l1d_load_misses(void) { return load_misses(PERF_COUNT_HW_CACHE_L1D); }
pe_event pe_llc_misses(void) { return hardware(PERF_COUNT_HW_CACHE_MISSES); }
pe_event pe_dtlb_load_misses(void) { return load_misses(PERF_COUNT_HW_CACHE_DTLB); }
pe_event pe_task_clock(void) { return software(PERF_COUNT_SW_TASK_CLOCK); }
pe_event pe_page_faults(void) { return software(PERF_COUNT_SW_PAGE_FAULTS); }

int pe_open(pe_event event, int leader) {
    struct perf_event_attr attributes;
    memset(&attributes, 0, sizeof attributes);
    attributes.size = sizeof attributes;
    attributes.type = event.type;
    attributes.config = event.config;
    attributes.disabled = leader < 0;
    attributes.pinned = leader < 0;
    attributes.exclude_kernel = 1;
    attributes.exclude_hv = 1;
    attributes.read_format = PERF_FORMAT_GROUP | PERF_FORMAT_TOTAL_TIME_ENABLED | PERF_FORMAT_TOTAL_TIME_RUNNING;
    long file = syscall(SYS_perf_event_open, &attributes, 0, -1, leader, PERF_FLAG_FD_CLOEXEC);
    return file < 0 ? -errno : (int)file;
}

int pe_start(int leader) {
    if (ioctl(leader, PERF_EVENT_IOC_RESET, PERF_IOC_FLAG_GROUP) != 0) return errno;
    return ioctl(leader, PERF_EVENT_IOC_ENABLE, PERF_IOC_FLAG_GROUP) != 0 ? errno : 0;
}

int pe_stop(int leader) { return ioctl(leader, PERF_EVENT_IOC_DISABLE, PERF_IOC_FLAG_GROUP) != 0 ? errno : 0; }

int pe_read(int leader, size_t count, pe_times *times, uint64_t *values) {
    uint64_t data[3 + PE_GROUP_LIMIT];  // number of events, time enabled, time running, values
    if (count > PE_GROUP_LIMIT) return EINVAL;
    ssize_t bytes = read(leader, data, (3 + count) * sizeof(uint64_t));
    if (bytes < 0) return errno;
    if (bytes == 0) return -1;  // perf_event_open(2): a pinned group in error reads as the end of a file
    if ((size_t)bytes != (3 + count) * sizeof(uint64_t) || data[0] != count) return EIO;
    *times = (pe_times){data[1], data[2]};
    memcpy(values, data + 3, count * sizeof(uint64_t));
    return 0;
}

void pe_close(int event) { close(event); }

#else

static pe_event none(void) { return (pe_event){0, 0}; }
pe_event pe_cycles(void) { return none(); }
pe_event pe_instructions(void) { return none(); }
pe_event pe_branch_misses(void) { return none(); }
pe_event pe_l1d_load_misses(void) { return none(); }
pe_event pe_llc_misses(void) { return none(); }
pe_event pe_dtlb_load_misses(void) { return none(); }
pe_event pe_task_clock(void) { return none(); }
pe_event pe_page_faults(void) { return none(); }

int pe_open(pe_event event, int leader) { return (void)event, (void)leader, -ENOSYS; }
int pe_start(int leader) { return (void)leader, ENOSYS; }
int pe_stop(int leader) { return (void)leader, ENOSYS; }
int pe_read(int leader, size_t count, pe_times *times, uint64_t *values) {
    return (void)leader, (void)count, (void)times, (void)values, ENOSYS;
}
void pe_close(int event) { (void)event; }

#endif
