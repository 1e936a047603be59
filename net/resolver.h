// Host names to addresses: literals, then lwIP's DNS resolver with the search domain.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "lwip/ip_addr.h"
#include "src/base/result.h"
#include "src/platform.h"

namespace hawser::stack {

std::string to_string(const ip_addr_t& address);

/// One question at a time. Destroying it drops the question.
class Resolver {
 public:
  using Answer = std::function<void(Result<ip_addr_t>)>;

  /// Borrows the platform.
  explicit Resolver(Platform& platform) : platform_(platform) {}
  ~Resolver() { cancel(); }
  Resolver(const Resolver&) = delete;
  Resolver& operator=(const Resolver&) = delete;

  /// The address, if it is known at once; else nothing, and `answer` is called later, from the
  /// loop. Errors, here or there ("resolve boot.example: ..."): AddressNotAvailable (no DNS server
  /// is configured), NotFound (unknown host), TimedOut (no server answered), Unsupported (IPv6),
  /// NoMemory.
  Result<std::optional<ip_addr_t>> start(std::string_view host, Answer answer);
  void cancel();

 private:
  /// lwIP can't take a question back: it outlives a Resolver that is gone.
  struct Question {
    Resolver* asker;
  };
  static void on_found(const char* name, const ip_addr_t* address, void* question);

  Platform& platform_;
  Question* question_ = nullptr;  ///< owned by lwIP's callback
  std::string host_;
  Answer answer_;
  Millis asked_at_{0};
};

}  // namespace hawser::stack
