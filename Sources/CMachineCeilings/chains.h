// The multiply-add loop for a vector type, written once. Chains have different values, so that none can be merged, and
// tend to ADDEND / (1 - FACTOR), so that none becomes infinite or subnormal.
#ifndef MACHINE_CEILINGS_CHAINS_H
#define MACHINE_CEILINGS_CHAINS_H

// NAME: the function. V: vector type. CHAINS: a divisor of CM_FMA_PER_STEP; latency times units, or more, and few enough
// for the register file. MULTIPLY_ADD(a, x, y): a * x + y.
#define CM_DEFINE_FMA(NAME, V, LANES, CHAINS, TARGET, MULTIPLY_ADD)                                      \
    TARGET double NAME(uint64_t steps) {                                                                 \
        volatile float unknown = 0.999f;                                                                 \
        V chain[CHAINS], factor = (V){0} + unknown, addend = (V){0} + 0.001f;                            \
        for (int i = 0; i < CHAINS; i++) chain[i] = (V){0} + (1 + i) * 0.5f;                             \
        for (uint64_t step = 0; step < steps; step++) {                                                  \
            _Pragma("clang loop unroll(full)") for (int r = 0; r < CM_FMA_PER_STEP / CHAINS; r++)        \
                _Pragma("clang loop unroll(full)") for (int i = 0; i < CHAINS; i++)                      \
                    chain[i] = MULTIPLY_ADD(chain[i], factor, addend);                                   \
        }                                                                                                \
        double sum = 0;                                                                                  \
        for (int i = 0; i < CHAINS; i++)                                                                 \
            for (int lane = 0; lane < LANES; lane++) sum += (double)chain[i][lane];                      \
        return sum;                                                                                      \
    }

#endif
