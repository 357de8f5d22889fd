// What the CPU and the operating system say of themselves. Deciding what it means is CPUFeatures.swift's.
#if defined(__linux__)
#define _GNU_SOURCE
#include <sched.h>
#include <sys/auxv.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif
#if defined(__x86_64__)
#include <cpuid.h>
#endif
#include "CKernels.h"

ck_cpuid_registers ck_cpuid(uint32_t leaf, uint32_t subleaf) {
    ck_cpuid_registers r = {0, 0, 0, 0};
#if defined(__x86_64__)
    // __get_cpuid_count answers 0 for a leaf past the highest one and leaves the registers alone.
    if (!__get_cpuid_count(leaf, subleaf, &r.eax, &r.ebx, &r.ecx, &r.edx)) r = (ck_cpuid_registers){0, 0, 0, 0};
#else
    (void)leaf, (void)subleaf;
#endif
    return r;
}

uint64_t ck_xcr0(void) {
#if defined(__x86_64__)
    enum { osxsave = 1 << 27 };
    if ((ck_cpuid(1, 0).ecx & osxsave) == 0) return 0;
    uint32_t low, high;
    __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
    return (uint64_t)high << 32 | low;
#else
    return 0;
#endif
}

int32_t ck_request_amx(void) {
#if defined(__x86_64__) && defined(__linux__)
    // Linux Documentation/arch/x86/xstate.rst: tile data (feature 18) is off until a process asks for it.
    enum { arch_get_xcomp_perm = 0x1022, arch_req_xcomp_perm = 0x1023, xfeature_xtiledata = 18 };
    uint64_t granted = 0;
    if (syscall(SYS_arch_prctl, arch_req_xcomp_perm, (unsigned long)xfeature_xtiledata) != 0) return 0;
    if (syscall(SYS_arch_prctl, arch_get_xcomp_perm, &granted) != 0) return 0;
    return (granted >> xfeature_xtiledata) & 1;
#else
    return 0;
#endif
}

uint64_t ck_hwcap(void) {
#if defined(__linux__)
    return getauxval(AT_HWCAP);
#else
    return 0;
#endif
}

uint64_t ck_hwcap2(void) {
#if defined(__linux__)
    return getauxval(AT_HWCAP2);
#else
    return 0;
#endif
}

int32_t ck_affinity(void) {
#if defined(__linux__)
    cpu_set_t set;
    return sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 0;
#else
    return 0;
#endif
}
