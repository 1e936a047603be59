// The end of the road on the host: the sanitizers' or the debugger's back-trace says more than
// ours.
#include "arch/x86_64/libc/panic.h"

#include <cstdio>
#include <cstdlib>

void hawser_panic(const char* what) {
  std::fprintf(stderr, "hawser: panic: %s\n", what);
  std::abort();
}
