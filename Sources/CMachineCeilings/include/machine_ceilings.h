// Loops that do nothing but what their names say: the limits that a kernel on this machine cannot pass.
//
// Every function needs the instruction set of its name, which the caller checks. They return a value that depends on all
// that they computed, so that no optimiser may drop it.
#ifndef MACHINE_CEILINGS_H
#define MACHINE_CEILINGS_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// ---------------------------------------------------------------- floating point, in registers
//
// A step is CM_FMA_PER_STEP vector multiply-adds in independent chains: 2 * lanes * CM_FMA_PER_STEP operations.
enum { CM_FMA_PER_STEP = 96 };

#if defined(__x86_64__)
// Separate multiplications and additions: SSE2 has no fused ones. 4 and 2 lanes.
double cm_f32_fma_sse2(uint64_t steps);
double cm_f64_fma_sse2(uint64_t steps);
double cm_f32_fma_avx2(uint64_t steps);  // 8 lanes
double cm_f64_fma_avx2(uint64_t steps);  // 4 lanes
double cm_f32_fma_avx512f(uint64_t steps);  // 16 lanes
double cm_f64_fma_avx512f(uint64_t steps);  // 8 lanes

// A step is four TDPBF16PS into 2 x 2 accumulator tiles: CM_AMX_OPERATIONS_PER_STEP operations.
// Needs amx-tile and amx-bf16, with the operating system's permission. Leaves the tile state released.
enum { CM_AMX_OPERATIONS_PER_STEP = 4 * 2 * 16 * 16 * 32 };
double cm_bf16_amx(uint64_t steps);
#elif defined(__aarch64__)
double cm_f32_fma_neon(uint64_t steps);  // 4 lanes
double cm_f64_fma_neon(uint64_t steps);  // 2 lanes
#endif

// ---------------------------------------------------------------- SHA-256, in registers
//
// What no implementation with these instructions passes. `chain`: the rounds of 64-byte blocks, each of which waits for the
// one before, as in one stream. `chains`: the rounds and the message schedule of four streams that wait for nothing else.
#if defined(__x86_64__)
uint32_t cm_sha256_chain_shani(uint64_t blocks);
uint32_t cm_sha256_chains_shani(uint64_t blocks);  // blocks is a multiple of 4
#elif defined(__aarch64__)
uint32_t cm_sha256_chain_sha2(uint64_t blocks);
uint32_t cm_sha256_chains_sha2(uint64_t blocks);
#endif

// ---------------------------------------------------------------- memory
//
// Reads `bytes` bytes from `memory`, `passes` times over. `bytes` is a multiple of 1024, `memory` is aligned to 64.
#if defined(__x86_64__)
uint64_t cm_read_sse2(const void *_Nonnull memory, size_t bytes, uint64_t passes);
uint64_t cm_read_avx2(const void *_Nonnull memory, size_t bytes, uint64_t passes);
uint64_t cm_read_avx512f(const void *_Nonnull memory, size_t bytes, uint64_t passes);
#elif defined(__aarch64__)
uint64_t cm_read_neon(const void *_Nonnull memory, size_t bytes, uint64_t passes);
#endif

// Copies `bytes` bytes, `passes` times over. `bytes` is a multiple of 1024, both are aligned to 64 and do not overlap.
#if defined(__x86_64__)
void cm_copy_sse2(void *_Nonnull to, const void *_Nonnull from, size_t bytes, uint64_t passes);
void cm_copy_avx2(void *_Nonnull to, const void *_Nonnull from, size_t bytes, uint64_t passes);
void cm_copy_avx512f(void *_Nonnull to, const void *_Nonnull from, size_t bytes, uint64_t passes);
#elif defined(__aarch64__)
void cm_copy_neon(void *_Nonnull to, const void *_Nonnull from, size_t bytes, uint64_t passes);
#endif

// Follows `steps` pointers: each word at the current address is the next address. The chain must be a cycle.
const void *_Nonnull cm_chase(const void *_Nonnull start, uint64_t steps);

// ---------------------------------------------------------------- the harness

// The compiler of this target, for the report.
const char *_Nonnull cm_compiler(void);

// Bytes that the C library's allocator has handed out and not taken back, of all arenas and of blocks mapped on their own.
// false where it does not tell: no glibc, one older than 2.33, or an allocator that a sanitizer has put in its place.
bool cm_heap_in_use(uint64_t *_Nonnull bytes);

// The counter that the dynamic loader of glibc measures itself with: the time stamp counter, or Arm's virtual counter.
// 0 on other architectures.
uint64_t cm_ticks(void);

// A flag that a signal handler may set: the only thing that it may do. Never taken back.
void cm_interrupt(void);
bool cm_interrupted(void);

// Calls `body`: out of line and by this name, so that a simulator can be told to count what happens inside, and nothing else.
__attribute__((noinline)) void cm_counted(void (*_Nonnull body)(void *_Nonnull context, uint64_t calls),
                                          void *_Nonnull context, uint64_t calls);

// The CPU that the calling thread runs on, or -1; and holds the thread to one, 1 where that is allowed.
// Functions of Linux that Swift does not see; elsewhere -1 and 0.
int32_t cm_current_cpu(void);
int32_t cm_pin_to_cpu(int32_t cpu);

// Whatever memory may be read or written here, as far as the optimiser knows: no call before it is dropped, merged with
// one behind it, or moved across. Costs no instruction.
static inline void cm_barrier(void) { __asm__ volatile("" ::: "memory"); }

// The value is needed here, in a register, as far as the optimiser knows: what computes it stays. Touches no memory.
static inline void cm_keep_integer(uint64_t value) { __asm__ volatile("" ::"r"(value)); }
#if defined(__x86_64__)
static inline void cm_keep_double(double value) { __asm__ volatile("" ::"x"(value)); }
static inline void cm_keep_float(float value) { __asm__ volatile("" ::"x"(value)); }
#elif defined(__aarch64__)
static inline void cm_keep_double(double value) { __asm__ volatile("" ::"w"(value)); }
static inline void cm_keep_float(float value) { __asm__ volatile("" ::"w"(value)); }
#endif
// The bytes at `value` are needed here.
static inline void cm_keep_memory(const void *_Nonnull value) { __asm__ volatile("" ::"r"(value) : "memory"); }

#endif
