// Errors as values: Error, Result<T>, Status, TRY. No exceptions anywhere in Hawser.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace hawser {

/// Classes of errors that code branches on. The value is the POSIX-like number that scripts see in
/// the top byte of `${errno}` (table in docs/errors.md); it is stable and never renumbered.
enum class Errc : uint8_t {
  Access = 0x02,          ///< permission denied
  AddressNotAvailable = 0x04,
  Cancelled = 0x0b,       ///< the user pressed Ctrl-C
  Refused = 0x0e,         ///< connection refused
  Reset = 0x0f,           ///< connection reset or closed early
  Invalid = 0x1c,         ///< malformed input: a script argument, a file, a setting
  Io = 0x1d,              ///< server-side or device failure
  Unreachable = 0x28,     ///< no route, no answer to ARP
  NoBuffers = 0x2a,       ///< a bounded pool ran out
  NoDevice = 0x2c,
  NotFound = 0x2d,
  Format = 0x2e,          ///< unknown command or file that is no image ("exec format error")
  NoMemory = 0x31,
  NoSpace = 0x34,         ///< memory for images is too small
  NotConnected = 0x38,
  Unsupported = 0x3c,
  NotInScript = 0x3d,
  NotPermitted = 0x41,
  Protocol = 0x43,        ///< the peer broke its protocol
  Range = 0x46,           ///< a value or operand count out of range; "not equal" for iseq
  TimedOut = 0x4c,
  Device = 0x7f,          ///< hardware or firmware did not do as its specification says
};

/// A failure: a class to branch on and a sentence that tells what failed and why.
struct Error {
  Errc code;
  std::string text;

  /// Puts `what` in front: "kernel http://h/k" + ": " + text.
  Error in(std::string_view what) && {
    text.insert(0, ": ");
    text.insert(0, what);
    return std::move(*this);
  }
};

struct Unit {};

/// Either a value or an Error. Holding neither is impossible.
template <class T>
class [[nodiscard]] Result {
 public:
  using Value = T;
  Result(T value) : v_(std::in_place_index<0>, std::move(value)) {}
  Result(const Error& error) : v_(std::in_place_index<1>, error) {}
  Result(Error&& error) : v_(std::in_place_index<1>, std::move(error)) {}

  bool ok() const { return v_.index() == 0; }
  explicit operator bool() const { return ok(); }
  /// Only when ok().
  T& value() & { return held<0>(v_); }
  const T& value() const& { return held<0>(v_); }
  T&& value() && { return std::move(held<0>(v_)); }
  T* operator->() { return &value(); }
  T& operator*() { return value(); }
  /// Only when !ok().
  Error& error() & { return held<1>(v_); }
  const Error& error() const& { return held<1>(v_); }
  Error&& error() && { return std::move(held<1>(v_)); }

 private:
  template <size_t kIndex, class Variant>
  static auto& held(Variant& v) {
    if (v.index() != kIndex) __builtin_unreachable();  // and so std::get_if need not ask
    return *std::get_if<kIndex>(&v);
  }

  std::variant<T, Error> v_;
};

using Status = Result<Unit>;
inline Status ok_status() { return Unit{}; }

/// Yields the value of a Result or returns its error from the calling function.
#define TRY(expression)                                              \
  ({                                                                 \
    auto try_result_ = (expression);                                 \
    if (!try_result_.ok()) return std::move(try_result_).error();    \
    std::move(try_result_).value();                                  \
  })

}  // namespace hawser
