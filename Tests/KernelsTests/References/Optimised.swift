/// Whether the optimiser has seen the tests and what is portable: without it, long messages and large products take minutes, and
/// show nothing that short ones and small ones do not.
#if DEBUG
  let isOptimised = false
#else
  let isOptimised = true
#endif
