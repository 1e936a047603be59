// lwIP's view of the compiler and of the rest of Hawser. Read by lwIP's C files and by net/.
#pragma once

#include <limits.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/types.h>

#ifndef SSIZE_MAX /* newlib: else lwIP defines ssize_t a second time */
#define SSIZE_MAX LONG_MAX
#endif
#define LWIP_NO_UNISTD_H 1
#ifndef BYTE_ORDER
#define BYTE_ORDER LITTLE_ENDIAN
#endif

#ifdef __cplusplus
extern "C" {
#endif

/// Ends the program with a message: an assertion of lwIP's does not hold.
__attribute__((noreturn)) void hawser_panic(const char* what);

// net/stack/port/glue.cc
/// Unpredictable bits from Platform::random().
uint32_t hawser_lwip_random(void);
/// Internet checksum sum (RFC 1071) of `length` bytes, not inverted, in memory order.
uint16_t hawser_lwip_checksum(const void* data, int length);
/// Most receive buffers that one TCP connection may hold out of order, so that the pool never
/// runs dry.
uint16_t hawser_lwip_reorder_limit(void);

#ifdef __cplusplus
}
#endif

#define LWIP_PLATFORM_DIAG(message) \
  do {                              \
  } while (0)
#define LWIP_PLATFORM_ASSERT(message) hawser_panic("lwIP: " message)
#define LWIP_RAND() hawser_lwip_random()
