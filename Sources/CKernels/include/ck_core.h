// The C leaf of core. What holds for all of it stands in CKernels.h.
#ifndef CK_CORE_H
#define CK_CORE_H

#include "ck_base.h"

// ---------------------------------------------------------------- core/cpu.c

typedef struct ck_cpuid_registers {
    uint32_t eax, ebx, ecx, edx;
} ck_cpuid_registers;

// CPUID with the given leaf and subleaf; all zero on other architectures.
CK_HIDDEN ck_cpuid_registers ck_cpuid(uint32_t leaf, uint32_t subleaf);
// XCR0, the register state that the operating system saves; 0 where OSXSAVE is off or on other architectures.
CK_HIDDEN uint64_t ck_xcr0(void);
// Asks Linux for permission to use AMX tile data (arch_prctl ARCH_REQ_XCOMP_PERM); 1 granted, 0 not.
CK_HIDDEN int32_t ck_request_amx(void);
// getauxval(AT_HWCAP) and getauxval(AT_HWCAP2); 0 where there is no such thing.
CK_HIDDEN uint64_t ck_hwcap(void);
CK_HIDDEN uint64_t ck_hwcap2(void);
// CPUs in the calling thread's affinity mask (sched_getaffinity); 0 where it cannot be asked.
CK_HIDDEN int32_t ck_affinity(void);

#endif
