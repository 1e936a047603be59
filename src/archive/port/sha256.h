// SHA-256 for liblzma, which calls it as BSD's C library has it, by mbedTLS.
#pragma once

#include "mbedtls/sha256.h"

typedef mbedtls_sha256_context SHA256_CTX;

static inline void SHA256_Init(SHA256_CTX* context) {
  mbedtls_sha256_init(context);
  mbedtls_sha256_starts(context, 0);
}
static inline void SHA256_Update(SHA256_CTX* context, const void* bytes, size_t count) {
  mbedtls_sha256_update(context, (const unsigned char*)bytes, count);
}
static inline void SHA256_Final(unsigned char* digest, SHA256_CTX* context) {
  mbedtls_sha256_finish(context, digest);
}
