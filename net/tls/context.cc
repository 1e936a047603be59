#include "net/tls/context.h"

#include <algorithm>

#include "mbedtls/chachapoly.h"
#include "mbedtls/gcm.h"
#include "mbedtls/ssl_ciphersuites.h"
#include "net/tls/port/glue.h"
#include "net/tls/verify.h"
#include "src/base/format.h"

namespace hawser::tls {
namespace {

// With forward secrecy and authenticated encryption only. What the processor is faster at comes first.
constexpr int kAesFirst[] = {
    MBEDTLS_TLS1_3_AES_128_GCM_SHA256,
    MBEDTLS_TLS1_3_AES_256_GCM_SHA384,
    MBEDTLS_TLS1_3_CHACHA20_POLY1305_SHA256,
    MBEDTLS_TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
    MBEDTLS_TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
    MBEDTLS_TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
    MBEDTLS_TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
    MBEDTLS_TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
    MBEDTLS_TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
    0,
};
constexpr int kChachaFirst[] = {
    MBEDTLS_TLS1_3_CHACHA20_POLY1305_SHA256,
    MBEDTLS_TLS1_3_AES_128_GCM_SHA256,
    MBEDTLS_TLS1_3_AES_256_GCM_SHA384,
    MBEDTLS_TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
    MBEDTLS_TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
    MBEDTLS_TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
    MBEDTLS_TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
    MBEDTLS_TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
    MBEDTLS_TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
    0,
};
constexpr uint16_t kGroups[] = {
    MBEDTLS_SSL_IANA_TLS_GROUP_X25519,
    MBEDTLS_SSL_IANA_TLS_GROUP_SECP256R1,
    MBEDTLS_SSL_IANA_TLS_GROUP_SECP384R1,
    MBEDTLS_SSL_IANA_TLS_GROUP_NONE,
};
// PKCS #1 before PSS: with TLS 1.2 mbedTLS knows only the former, with TLS 1.3 servers may use only
// the latter for the handshake.
constexpr uint16_t kSignatures[] = {
    MBEDTLS_TLS1_3_SIG_ECDSA_SECP256R1_SHA256,
    MBEDTLS_TLS1_3_SIG_ECDSA_SECP384R1_SHA384,
    MBEDTLS_TLS1_3_SIG_RSA_PKCS1_SHA256,
    MBEDTLS_TLS1_3_SIG_RSA_PKCS1_SHA384,
    MBEDTLS_TLS1_3_SIG_RSA_PKCS1_SHA512,
    MBEDTLS_TLS1_3_SIG_RSA_PSS_RSAE_SHA256,
    MBEDTLS_TLS1_3_SIG_RSA_PSS_RSAE_SHA384,
    MBEDTLS_TLS1_3_SIG_RSA_PSS_RSAE_SHA512,
    MBEDTLS_TLS1_3_SIG_NONE,
};

/// Intel SDM volume 2, CPUID leaf 1: AES-NI and PCLMULQDQ, which make GCM fast.
bool has_aes_instructions(Platform& platform) {
  constexpr uint32_t kAes = 1u << 25, kPclmulqdq = 1u << 1;
  auto features = platform.cpuid(1);
  return features && (features->ecx & kAes) && (features->ecx & kPclmulqdq);
}

/// Whether AES-GCM is at least as fast as ChaCha20-Poly1305, tried on a record's worth. Never without
/// its instructions; but where they are emulated (QEMU without KVM), ChaCha20 is several times faster.
bool is_fast_at_aes(Platform& platform) {
  if (!has_aes_instructions(platform)) return false;
  constexpr size_t kTried = 8192;
  const uint8_t key[32] = {}, nonce[12] = {};
  uint8_t tag[16];
  std::vector<uint8_t> data(kTried);
  mbedtls_gcm_context gcm;
  mbedtls_chachapoly_context chacha;
  mbedtls_gcm_init(&gcm);
  mbedtls_chachapoly_init(&chacha);
  bool is_faster = mbedtls_gcm_setkey(&gcm, MBEDTLS_CIPHER_ID_AES, key, 128) == 0 &&
                   mbedtls_chachapoly_setkey(&chacha, key) == 0;
  for (int round = 0; is_faster && round < 2; ++round) {  // the first one fills caches
    uint64_t start = platform.now_us();
    mbedtls_gcm_crypt_and_tag(&gcm, MBEDTLS_GCM_ENCRYPT, kTried, nonce, sizeof nonce, nullptr, 0,
                              data.data(), data.data(), sizeof tag, tag);
    uint64_t middle = platform.now_us();
    mbedtls_chachapoly_encrypt_and_tag(&chacha, kTried, nonce, nullptr, 0, data.data(), data.data(),
                                       tag);
    uint64_t end = platform.now_us();
    if (round > 0) is_faster = middle - start <= end - middle;
  }
  mbedtls_gcm_free(&gcm);
  mbedtls_chachapoly_free(&chacha);
  return is_faster;
}

}  // namespace

struct Context::Saved {
  std::string server;
  mbedtls_ssl_session session;

  explicit Saved(std::string_view name) : server(name) { mbedtls_ssl_session_init(&session); }
  ~Saved() { mbedtls_ssl_session_free(&session); }
  Saved(const Saved&) = delete;
};

Context::Context(Platform& platform) : platform_(platform) { mbedtls_ssl_config_init(&config_); }

Context::~Context() { mbedtls_ssl_config_free(&config_); }

Result<std::unique_ptr<Context>> Context::create(Platform& platform) {
  Status random = attach_mbedtls(platform);
  if (!random.ok()) return std::move(random).error().in("HTTPS needs random numbers");
  std::unique_ptr<Context> context(new Context(platform));
  TRY(context->configure());
  return context;
}

Status Context::configure() {
  static const char* kProtocols[] = {"http/1.1", nullptr};
  int failed = mbedtls_ssl_config_defaults(&config_, MBEDTLS_SSL_IS_CLIENT,
                                           MBEDTLS_SSL_TRANSPORT_STREAM, MBEDTLS_SSL_PRESET_DEFAULT);
  if (!failed) failed = mbedtls_ssl_conf_alpn_protocols(&config_, kProtocols);
  if (failed) return Error{Errc::NoMemory, "no memory for TLS"};
  mbedtls_ssl_conf_rng(&config_, random_bytes, nullptr);
  mbedtls_ssl_conf_authmode(&config_, MBEDTLS_SSL_VERIFY_REQUIRED);
  mbedtls_ssl_conf_ca_cb(&config_, Trust::find_issuers, &trust_);
  mbedtls_ssl_conf_cert_profile(&config_, &kProfile);
  mbedtls_ssl_conf_min_tls_version(&config_, MBEDTLS_SSL_VERSION_TLS1_2);
  mbedtls_ssl_conf_max_tls_version(&config_, MBEDTLS_SSL_VERSION_TLS1_3);
  mbedtls_ssl_conf_ciphersuites(&config_, is_fast_at_aes(platform_) ? kAesFirst : kChachaFirst);
  mbedtls_ssl_conf_groups(&config_, kGroups);
  mbedtls_ssl_conf_sig_algs(&config_, kSignatures);
  mbedtls_ssl_conf_session_tickets(&config_, MBEDTLS_SSL_SESSION_TICKETS_ENABLED);
  mbedtls_ssl_conf_tls13_enable_signal_new_session_tickets(
      &config_, MBEDTLS_SSL_TLS1_3_SIGNAL_NEW_SESSION_TICKETS_ENABLED);
  return ok_status();
}

void Context::set_trust(Bytes fingerprints) {
  trust_.set_fingerprints(fingerprints);
  saved_.clear();
}

Status Context::set_identity(Bytes certificates, Bytes key) {
  auto made = std::make_unique<Identity>();
  bool given = !certificates.empty() || !key.empty();
  for (size_t count = 0; !certificates.empty(); ++count) {
    auto der = take_whole_der(certificates, MBEDTLS_ASN1_CONSTRUCTED | MBEDTLS_ASN1_SEQUENCE);
    if (!der || add_certificate(made->chain.crt, *der) != 0)
      return Error{Errc::Invalid, cat("client certificate ", count + 1, " cannot be read; it has to be "
                                      "DER, in hexadecimal if it is the setting \"cert\"")};
  }
  if (given && mbedtls_pk_parse_key(&made->key, key.data(), key.size(), nullptr, 0, random_bytes,
                                    nullptr) != 0)
    return Error{Errc::Invalid, "the key of the client certificate cannot be read; it has to be RSA or "
                                "ECDSA (P-256, P-384), DER, without a password"};
  if (given && mbedtls_pk_check_pair(&made->chain.crt.pk, &made->key, random_bytes, nullptr) != 0)
    return Error{Errc::Invalid, "the client certificate is for another key than the one given"};
  mbedtls_ssl_conf_own_cert(&config_, nullptr, nullptr);
  if (given && mbedtls_ssl_conf_own_cert(&config_, &made->chain.crt, &made->key) != 0)
    return Error{Errc::NoMemory, "no memory for the client certificate"};
  identity_ = std::move(made);
  saved_.clear();
  return ok_status();
}

void Context::forget_sessions() { saved_.clear(); }

void Context::save_session(std::string_view server, const mbedtls_ssl_context& ssl) {
  auto saved = std::make_unique<Saved>(server);
  if (mbedtls_ssl_get_session(&ssl, &saved->session) != 0) return;  // the next handshake is a long one
  forget_session(server);
  if (saved_.size() >= kMostSessions) saved_.erase(saved_.begin());
  saved_.push_back(std::move(saved));
}

void Context::forget_session(std::string_view server) {
  std::erase_if(saved_, [&](const auto& saved) { return saved->server == server; });
}

void Context::offer_session(std::string_view server, mbedtls_ssl_context& ssl) const {
  for (const auto& saved : saved_)
    if (saved->server == server) mbedtls_ssl_set_session(&ssl, &saved->session);
}

}  // namespace hawser::tls
