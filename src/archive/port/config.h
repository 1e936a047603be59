// What liblzma's configure would find out, and what we want of it: the decoder of xz files, small.
#pragma once

#define HAVE_SMALL 1
#define HAVE_DECODERS 1
#define HAVE_DECODER_LZMA2 1
#define HAVE_DECODER_X86 1
#define HAVE_CHECK_CRC32 1
#define HAVE_CHECK_CRC64 1
#define HAVE_CHECK_SHA256 1
// SHA-256 is mbedTLS's: see sha256.h beside this file.
#define HAVE_SHA256_H 1
#define HAVE_SHA256_CTX 1
#define HAVE_SHA256_INIT 1

#define HAVE_STDBOOL_H 1
#define HAVE__BOOL 1
#define HAVE_STDINT_H 1
#define HAVE_INTTYPES_H 1
#define SIZEOF_SIZE_T 8
#define TUKLIB_SYMBOL_PREFIX lzma_
