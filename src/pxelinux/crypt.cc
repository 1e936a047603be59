#include "src/pxelinux/crypt.h"

#include <algorithm>
#include <string>

#include "src/base/format.h"
#include "src/crypto/digest.h"

namespace hawser::pxelinux {
namespace {

using Hash = std::vector<uint8_t>;

struct Kind {
  std::string_view prefix;
  DigestKind digest;
  size_t most_salt;
  uint64_t rounds;  ///< unless "rounds=" says otherwise, which MD5 crypt does not know
};
constexpr Kind kMd5{"$1$", DigestKind::Md5, 8, 1000};
constexpr Kind kKinds[] = {kMd5,
                           {"$5$", DigestKind::Sha256, 16, 5000},
                           {"$6$", DigestKind::Sha512, 16, 5000}};
constexpr uint64_t kLeastRounds = 1000, kMostRounds = 1'000'000;

const Kind* kind_of(std::string_view stored) {
  auto found = std::ranges::find_if(
      kKinds, [&](const Kind& kind) { return stored.starts_with(kind.prefix); });
  return found == std::end(kKinds) ? nullptr : found;
}

Hash hash_of(DigestKind kind, std::initializer_list<std::string_view> parts) {
  Digest digest(kind);
  for (std::string_view part : parts) digest.update(bytes_of(part));
  return digest.finish();
}

/// `hash` again and again, `bytes` in all.
std::string stretched(const Hash& hash, size_t bytes) {
  std::string text;
  while (text.size() < bytes)
    text.append(text_of(hash).substr(0, std::min(hash.size(), bytes - text.size())));
  return text;
}

std::string repeated(std::string_view text, size_t times) {
  std::string result;
  while (times-- > 0) result += text;
  return result;
}

/// The hash that the rounds begin with. Each bit of the password's length adds something to it.
Hash first_hash(const Kind& kind, std::string_view password, std::string_view salt) {
  bool md5 = kind.digest == DigestKind::Md5;
  Hash inner = hash_of(kind.digest, {password, salt, password});
  std::string text = cat(password, md5 ? kind.prefix : "", salt, stretched(inner, password.size()));
  for (size_t left = password.size(); left > 0; left >>= 1) {
    if (md5) text += left & 1 ? '\0' : password[0];
    else text += left & 1 ? text_of(inner) : password;
  }
  return hash_of(kind.digest, {text});
}

Hash crypt(const Kind& kind, uint64_t rounds, std::string_view typed, std::string_view given_salt) {
  Hash hash = first_hash(kind, typed, given_salt);
  std::string password(typed), salt(given_salt);
  if (kind.digest != DigestKind::Md5) {
    constexpr size_t kLeastRepeats = 16;
    password = stretched(hash_of(kind.digest, {repeated(typed, typed.size())}), typed.size());
    salt = stretched(hash_of(kind.digest, {repeated(given_salt, kLeastRepeats + hash[0])}),
                     given_salt.size());
  }
  for (uint64_t i = 0; i < rounds; ++i) {
    bool odd = i & 1;
    Hash last = std::move(hash);
    hash = hash_of(kind.digest, {odd ? password : text_of(last), i % 3 ? salt : "",
                                 i % 7 ? password : "", odd ? text_of(last) : password});
  }
  return hash;
}

/// Six bits a character, lowest first, of three bytes at a time: in an order of each form's own.
std::string encoded(const Kind& kind, const Hash& hash) {
  constexpr std::string_view kDigits =
      "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  std::string text;
  auto put = [&](uint32_t bits, int characters) {
    for (; characters > 0; --characters, bits >>= 6) text += kDigits[bits & 63];
  };
  size_t third = hash.size() / 3, a = 0, b = third + (kind.digest == DigestKind::Md5), c = 2 * b;
  for (size_t i = 0; i < third; ++i) {
    if (c == hash.size()) c = 5;  // of MD5's 16 bytes, the one that is left but for the last
    put(uint32_t{hash[a]} << 16 | uint32_t{hash[b]} << 8 | hash[c], 4);
    size_t x = a + 1, y = b + 1, z = c + 1;
    if (kind.digest == DigestKind::Md5) a = x, b = y, c = z;
    else if (kind.digest == DigestKind::Sha256) a = z, b = x, c = y;
    else a = y, b = z, c = x;
  }
  if (kind.digest == DigestKind::Md5) put(hash[11], 2);
  else if (kind.digest == DigestKind::Sha256) put(uint32_t{hash[31]} << 8 | hash[30], 3);
  else put(hash[63], 2);
  return text;
}

}  // namespace

bool is_crypt(std::string_view stored) { return kind_of(stored); }

Result<bool> matches_crypt(std::string_view stored, std::string_view typed) {
  constexpr std::string_view kRounds = "rounds=";
  const Kind* kind = kind_of(stored);
  if (!kind) return false;
  stored.remove_prefix(kind->prefix.size());
  uint64_t rounds = kind->rounds;
  if (kind->digest != DigestKind::Md5 && stored.starts_with(kRounds)) {
    size_t end = stored.find('$');
    if (end == stored.npos) return false;
    auto number = parse_decimal(stored.substr(kRounds.size(), end - kRounds.size()));
    if (!number) return false;
    if (*number > kMostRounds)
      return Error{Errc::Unsupported, cat("the password is stored with ", *number,
                                          " rounds, and more than ", kMostRounds,
                                          " are not done here")};
    rounds = std::max(*number, kLeastRounds);
    stored.remove_prefix(end + 1);
  }
  size_t dollar = stored.find('$');
  if (dollar == stored.npos) return false;
  std::string_view salt = stored.substr(0, std::min(dollar, kind->most_salt));
  return encoded(*kind, crypt(*kind, rounds, typed, salt)) == stored.substr(dollar + 1);
}

}  // namespace hawser::pxelinux
