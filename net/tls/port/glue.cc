#include "net/tls/port/glue.h"

#include <time.h>

#include <algorithm>
#include <vector>

#include "mbedtls/ctr_drbg.h"
#include "mbedtls/platform_time.h"
#include "mbedtls/platform_util.h"
#include "psa/crypto.h"
#include "src/base/date.h"
#include "src/base/format.h"
#include "src/crypto/digest.h"

namespace hawser::tls {
namespace {

Platform* machine = nullptr;
Status noise = ok_status();  // why the last call of gather_noise() failed
mbedtls_ctr_drbg_context generator;

/// CTR-DRBG's entropy source: noise with a bit in each byte, condensed by SHA-512.
int gather_noise(void*, unsigned char* out, size_t bytes) {
  constexpr size_t kNoiseBytes = 512;
  while (bytes > 0) {
    uint8_t raw[kNoiseBytes];
    noise = machine->entropy(raw);
    if (!noise.ok()) return MBEDTLS_ERR_CTR_DRBG_ENTROPY_SOURCE_FAILED;
    auto condensed = digest_of(DigestKind::Sha512, raw);
    mbedtls_platform_zeroize(raw, sizeof raw);
    size_t part = std::min(bytes, condensed.size());
    out = std::copy_n(condensed.begin(), part, out);
    bytes -= part;
    mbedtls_platform_zeroize(condensed.data(), condensed.size());
  }
  return 0;
}

}  // namespace

Status attach_mbedtls(Platform& platform) {
  static Platform* seeded_by = nullptr;
  if (seeded_by == &platform) return ok_status();
  machine = &platform;
  seeded_by = nullptr;
  mbedtls_ctr_drbg_free(&generator);
  mbedtls_ctr_drbg_init(&generator);
  // Time and time stamps differ even where the noise is poor.
  const uint64_t personal[] = {platform.random(), platform.now_us(),
                               uint64_t(platform.unix_time().value_or(0))};
  int failed =
      mbedtls_ctr_drbg_seed(&generator, gather_noise, nullptr,
                            reinterpret_cast<const unsigned char*>(personal), sizeof personal);
  if (failed && !noise.ok()) return noise;
  if (failed) return Error{Errc::NoMemory, "no memory for random numbers"};
  if (psa_crypto_init() != PSA_SUCCESS) return Error{Errc::NoMemory, "no memory for cryptography"};
  seeded_by = &platform;
  return ok_status();
}

int random_bytes(void*, unsigned char* out, size_t bytes) {
  while (bytes > 0) {
    size_t part = std::min<size_t>(bytes, MBEDTLS_CTR_DRBG_MAX_REQUEST);
    if (int failed = mbedtls_ctr_drbg_random(&generator, out, part)) return failed;
    out += part;
    bytes -= part;
  }
  return 0;
}

}  // namespace hawser::tls

extern "C" {

psa_status_t mbedtls_psa_external_get_random(mbedtls_psa_external_random_context_t*, uint8_t* out,
                                             size_t bytes, size_t* written) {
  if (hawser::tls::random_bytes(nullptr, out, bytes)) return PSA_ERROR_INSUFFICIENT_ENTROPY;
  *written = bytes;
  return PSA_SUCCESS;
}

long long hawser_tls_unix_time(long long* out) {
  long long seconds = hawser::tls::machine->unix_time().value_or(0);
  if (out) *out = seconds;
  return seconds;
}

mbedtls_ms_time_t mbedtls_ms_time(void) { return hawser::tls::machine->now().ms; }

/// Only what X.509 looks at is filled in.
struct tm* mbedtls_platform_gmtime_r(const mbedtls_time_t* seconds, struct tm* out) {
  hawser::Date date = hawser::date_of(*seconds);
  *out = {};
  out->tm_year = int(date.year - 1900);
  out->tm_mon = date.month - 1;
  out->tm_mday = date.day;
  out->tm_hour = date.hour;
  out->tm_min = date.minute;
  out->tm_sec = date.second;
  return out;
}

}  // extern "C"
