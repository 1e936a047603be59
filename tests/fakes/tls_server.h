// A TLS server without a socket, of mbedTLS's other half, and the certificates that it shows.
#pragma once

#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "mbedtls/ssl.h"
#include "mbedtls/ssl_ticket.h"
#include "mbedtls/x509_crt.h"
#include "net/tls/certificate.h"
#include "net/tls/port/glue.h"

namespace hawser::fakes {

/// Those that tests/data/certificates.sh makes, once in a run.
class Certificates {
 public:
  static const Certificates& get() {
    static Certificates made;
    return made;
  }
  const std::filesystem::path& folder() const { return folder_; }
  /// File `name`, with the NUL at its end that mbedTLS expects of PEM.
  std::string pem(const std::string& name) const {
    std::ifstream file(folder_ / name, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(file), {}) + '\0';
  }
  std::vector<uint8_t> der(const std::string& name) const {
    std::string text = pem(name);
    mbedtls_x509_crt certificate;
    mbedtls_x509_crt_init(&certificate);
    EXPECT_EQ(mbedtls_x509_crt_parse(&certificate, bytes_of(text).data(), text.size()), 0) << name;
    std::vector<uint8_t> bytes(certificate.raw.p, certificate.raw.p + certificate.raw.len);
    mbedtls_x509_crt_free(&certificate);
    return bytes;
  }

 private:
  Certificates() {
    std::string folder = std::filesystem::temp_directory_path() / "hawser-certificates-XXXXXX";
    EXPECT_TRUE(mkdtemp(folder.data())) << folder;
    folder_ = folder;
    std::string command = "tests/data/certificates.sh " + folder_.string();
    EXPECT_EQ(system(command.c_str()), 0) << command << ": is openssl installed?";
  }
  ~Certificates() { std::filesystem::remove_all(folder_); }
  std::filesystem::path folder_;
};

/// What servers of one kind share: certificate, versions, ticket key. attach_mbedtls() came before.
class TlsServerConfig {
 public:
  TlsServerConfig(const std::string& name, mbedtls_ssl_protocol_version version) {
    mbedtls_ssl_config_init(&config);
    mbedtls_x509_crt_init(&chain_);
    mbedtls_x509_crt_init(&clients_);
    mbedtls_pk_init(&key_);
    mbedtls_ssl_ticket_init(&tickets_);
    std::string chain = Certificates::get().pem(name + ".pem");
    std::string key = Certificates::get().pem(name + ".key");
    auto ders = tls::split_certificates(bytes_of(chain));
    for (const auto& der : *ders) EXPECT_EQ(tls::add_certificate(chain_, der), 0) << name;
    EXPECT_EQ(mbedtls_pk_parse_key(&key_, bytes_of(key).data(), key.size(), nullptr, 0,
                                   tls::random_bytes, nullptr),
              0);
    mbedtls_ssl_config_defaults(&config, MBEDTLS_SSL_IS_SERVER, MBEDTLS_SSL_TRANSPORT_STREAM,
                                MBEDTLS_SSL_PRESET_DEFAULT);
    mbedtls_ssl_conf_rng(&config, tls::random_bytes, nullptr);
    mbedtls_ssl_conf_min_tls_version(&config, version);
    mbedtls_ssl_conf_max_tls_version(&config, version);
    EXPECT_EQ(mbedtls_ssl_conf_own_cert(&config, &chain_, &key_), 0);
    EXPECT_EQ(mbedtls_ssl_ticket_setup(&tickets_, tls::random_bytes, nullptr,
                                       MBEDTLS_CIPHER_AES_256_GCM, 86400),
              0);
    mbedtls_ssl_conf_session_tickets_cb(&config, mbedtls_ssl_ticket_write, mbedtls_ssl_ticket_parse,
                                        &tickets_);
  }
  ~TlsServerConfig() {
    mbedtls_ssl_config_free(&config);
    mbedtls_x509_crt_free(&chain_);
    mbedtls_pk_free(&key_);
    mbedtls_x509_crt_free(&clients_);
    mbedtls_ssl_ticket_free(&tickets_);
  }
  TlsServerConfig(const TlsServerConfig&) = delete;

  /// Only for clients that this authority vouches for.
  void ask_for_client(const std::string& authority) {
    std::string pem = Certificates::get().pem(authority);
    EXPECT_EQ(mbedtls_x509_crt_parse(&clients_, bytes_of(pem).data(), pem.size()), 0);
    mbedtls_ssl_conf_ca_chain(&config, &clients_, nullptr);
    mbedtls_ssl_conf_authmode(&config, MBEDTLS_SSL_VERIFY_REQUIRED);
  }

  mbedtls_ssl_config config;

 private:
  mbedtls_x509_crt chain_, clients_;
  mbedtls_pk_context key_;
  mbedtls_ssl_ticket_context tickets_;
};

/// One connection: answers the first plain bytes with `answer`, then says goodbye.
class TlsServer {
 public:
  TlsServer(const TlsServerConfig& config, std::string answer) : answer_(std::move(answer)) {
    mbedtls_ssl_init(&ssl_);
    EXPECT_EQ(mbedtls_ssl_setup(&ssl_, &config.config), 0);
    mbedtls_ssl_set_bio(
        &ssl_, this,
        [](void* self, const unsigned char* data, size_t bytes) {
          static_cast<TlsServer*>(self)->out.append(reinterpret_cast<const char*>(data), bytes);
          return int(bytes);
        },
        [](void* self, unsigned char* to, size_t bytes) {
          std::string& in = static_cast<TlsServer*>(self)->in;
          if (in.empty()) return int{MBEDTLS_ERR_SSL_WANT_READ};
          bytes = std::min(bytes, in.size());
          in.copy(reinterpret_cast<char*>(to), bytes);
          in.erase(0, bytes);
          return int(bytes);
        },
        nullptr);
  }
  ~TlsServer() { mbedtls_ssl_free(&ssl_); }
  TlsServer(const TlsServer&) = delete;

  void work() {
    if (!open_) open_ = mbedtls_ssl_handshake(&ssl_) == 0;
    if (!open_ || answered_) return;
    unsigned char request[4096];
    int got = mbedtls_ssl_read(&ssl_, request, sizeof request);
    if (got <= 0) return;
    request_.append(reinterpret_cast<char*>(request), size_t(got));
    answered_ = true;
    for (size_t at = 0; at < answer_.size();) {
      int sent = mbedtls_ssl_write(&ssl_, bytes_of(answer_).data() + at, answer_.size() - at);
      if (sent <= 0) return;
      at += size_t(sent);
    }
    if (says_goodbye) mbedtls_ssl_close_notify(&ssl_);
  }
  bool is_open() const { return open_; }
  const std::string& request() const { return request_; }
  /// The common name that the client has shown.
  std::string client_name() const {
    const mbedtls_x509_crt* client = mbedtls_ssl_get_peer_cert(&ssl_);
    return client ? tls::common_name(client->subject) : "";
  }

  std::string in, out;  ///< bytes of the wire
  bool says_goodbye = true;

 private:
  mbedtls_ssl_context ssl_;
  std::string answer_, request_;
  bool open_ = false, answered_ = false;
};

}  // namespace hawser::fakes
