// The C names of the heap: malloc() and family, and the re-entrant ones that newlib calls itself.
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "arch/x86_64/libc/heap.h"

namespace {

// Constant-initialised: usable before any constructor has run.
constinit hawser::Heap the_heap;

}  // namespace

extern "C" {

void hawser_heap_init(void* base, size_t bytes) { the_heap.init(base, bytes); }
size_t hawser_heap_total(void) { return the_heap.total(); }
size_t hawser_heap_used(void) { return the_heap.used(); }
size_t hawser_heap_high_water(void) { return the_heap.high_water(); }

void* malloc(size_t bytes) {
  void* block = the_heap.allocate(bytes);
  if (!block) errno = ENOMEM;
  return block;
}

void free(void* block) { the_heap.release(block); }

void* calloc(size_t count, size_t bytes) {
  size_t all;
  void* block = __builtin_mul_overflow(count, bytes, &all) ? nullptr : malloc(all);
  return block ? memset(block, 0, all) : nullptr;
}

void* realloc(void* block, size_t bytes) {
  void* moved = the_heap.resize(block, bytes);
  if (!moved) errno = ENOMEM;
  return moved;
}

void* aligned_alloc(size_t align, size_t bytes) { return the_heap.allocate(bytes, align); }

void* _malloc_r(struct _reent*, size_t bytes) { return malloc(bytes); }
void _free_r(struct _reent*, void* block) { free(block); }
void* _calloc_r(struct _reent*, size_t count, size_t bytes) { return calloc(count, bytes); }
void* _realloc_r(struct _reent*, void* block, size_t bytes) { return realloc(block, bytes); }

}  // extern "C"
