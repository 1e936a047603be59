// What compiled C++ asks of its runtime library: operator new and delete on our heap, and the
// places where libstdc++'s headers would throw.
#include <bits/functexcept.h>

#include <cstdlib>
#include <new>
#include <typeinfo>

#include "arch/x86_64/libc/panic.h"

const std::nothrow_t std::nothrow{};

static void* allocate(size_t bytes) {
  void* block = malloc(bytes);
  if (!block) hawser_panic("out of memory: the heap is full");
  return block;
}

static void* allocate(size_t bytes, std::align_val_t align) {
  void* block = aligned_alloc(size_t(align), bytes);
  if (!block) hawser_panic("out of memory: the heap is full");
  return block;
}

void* operator new(size_t bytes) { return allocate(bytes); }
void* operator new[](size_t bytes) { return allocate(bytes); }
void* operator new(size_t bytes, std::align_val_t align) { return allocate(bytes, align); }
void* operator new[](size_t bytes, std::align_val_t align) { return allocate(bytes, align); }
void* operator new(size_t bytes, const std::nothrow_t&) noexcept { return malloc(bytes); }
void* operator new[](size_t bytes, const std::nothrow_t&) noexcept { return malloc(bytes); }
void operator delete(void* block) noexcept { free(block); }
void operator delete[](void* block) noexcept { free(block); }
void operator delete(void* block, size_t) noexcept { free(block); }
void operator delete[](void* block, size_t) noexcept { free(block); }
void operator delete(void* block, const std::nothrow_t&) noexcept { free(block); }
void operator delete[](void* block, const std::nothrow_t&) noexcept { free(block); }
void operator delete(void* block, std::align_val_t) noexcept { free(block); }
void operator delete[](void* block, std::align_val_t) noexcept { free(block); }
void operator delete(void* block, size_t, std::align_val_t) noexcept { free(block); }
void operator delete[](void* block, size_t, std::align_val_t) noexcept { free(block); }

extern "C" void __cxa_pure_virtual() { hawser_panic("a pure virtual function was called"); }

namespace std {

void __throw_bad_alloc() { hawser_panic("out of memory: std::bad_alloc"); }
void __throw_bad_array_new_length() { hawser_panic("std::bad_array_new_length"); }
void __throw_bad_function_call() { hawser_panic("an empty std::function was called"); }
void __throw_bad_optional_access() { hawser_panic("std::bad_optional_access"); }
void __throw_logic_error(const char* what) { hawser_panic(what); }
void __throw_length_error(const char* what) { hawser_panic(what); }
void __throw_out_of_range(const char* what) { hawser_panic(what); }
void __throw_out_of_range_fmt(const char* what, ...) { hawser_panic(what); }
void __throw_invalid_argument(const char* what) { hawser_panic(what); }

}  // namespace std
