#include "net/http/auth.h"

#include <algorithm>

#include "net/http/request.h"
#include "src/base/base64.h"
#include "src/base/format.h"
#include "src/base/text.h"

namespace hawser::http {
namespace {

constexpr unsigned kMostChallenges = 8;
constexpr std::string_view kSession = "-sess";

std::string hash(DigestKind kind, std::string_view text) {
  return hex_bytes(digest_of(kind, bytes_of(text)), "");
}

/// Reads challenges (RFC 9110 §11.6.1): schemes, and parameters with '='. Lenient about commas.
class ChallengeReader {
 public:
  explicit ChallengeReader(std::string_view text) : rest_(text) {}

  struct Word {
    std::string_view name;
    std::optional<std::string> value;  ///< nothing: the word is a scheme
  };
  std::optional<Word> next() {
    skip(" \t,");
    if (rest_.empty()) return std::nullopt;
    Word word{take_until(" \t,="), std::nullopt};
    size_t blanks = rest_.find_first_not_of(" \t");
    if (blanks == rest_.npos || rest_[blanks] != '=') return word;
    rest_.remove_prefix(blanks + 1);
    skip(" \t");
    word.value = rest_.starts_with('"') ? quoted() : std::string(take_until(" \t,"));
    return word;
  }

 private:
  void skip(std::string_view these) {
    rest_.remove_prefix(std::min(rest_.find_first_not_of(these), rest_.size()));
  }
  std::string_view take_until(std::string_view these) {
    std::string_view taken = rest_.substr(0, rest_.find_first_of(these));
    rest_.remove_prefix(taken.size());
    return taken;
  }
  std::string quoted() {
    std::string text;
    size_t at = 1;
    for (; at < rest_.size() && rest_[at] != '"'; ++at) {
      if (rest_[at] == '\\' && at + 1 < rest_.size()) ++at;
      text.push_back(rest_[at]);
    }
    rest_.remove_prefix(std::min(at + 1, rest_.size()));
    return text;
  }
  std::string_view rest_;
};

/// False for digests that we do not have.
bool set_algorithm(DigestChallenge& challenge, std::string_view name) {
  challenge.algorithm = name;
  challenge.session = name.size() > kSession.size() &&
                      equal_ignoring_case(name.substr(name.size() - kSession.size()), kSession);
  if (challenge.session) name.remove_suffix(kSession.size());
  challenge.kind = equal_ignoring_case(name, "SHA-256") ? DigestKind::Sha256 : DigestKind::Md5;
  return challenge.kind == DigestKind::Sha256 || equal_ignoring_case(name, "MD5");
}

bool has_auth(std::string_view list) {
  while (!list.empty()) {
    size_t comma = std::min(list.find(','), list.size());
    if (equal_ignoring_case(trim(list.substr(0, comma)), "auth")) return true;
    list.remove_prefix(std::min(comma + 1, list.size()));
  }
  return false;
}

/// One challenge as it is read.
struct Candidate {
  DigestChallenge challenge;
  bool is_digest = false, usable = true;

  void take(std::string_view name, const std::string& value) {
    auto is = [name](std::string_view other) { return equal_ignoring_case(name, other); };
    if (is("realm")) challenge.realm = value;
    if (is("nonce")) challenge.nonce = value;
    if (is("opaque")) challenge.opaque = value;
    if (is("stale")) challenge.stale = equal_ignoring_case(value, "true");
    if (is("userhash")) challenge.hash_user = equal_ignoring_case(value, "true");
    if (is("algorithm")) usable &= set_algorithm(challenge, value);
    if (is("qop")) usable &= challenge.qop = has_auth(value);  // with auth-int alone: not ours
  }
  /// Replaces `best` if it is a better one.
  void offer(std::optional<DigestChallenge>& best) const {
    bool stronger = !best || (challenge.kind == DigestKind::Sha256 && best->kind == DigestKind::Md5);
    if (is_digest && usable && !challenge.nonce.empty() && stronger) best = challenge;
  }
};

/// RFC 9110 §5.6.4. No control character gets through, so that no header can be smuggled in.
std::string quote(std::string_view text) {
  std::string quoted = "\"";
  for (char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? '?' : c;
  }
  return quoted + '"';
}

/// RFC 8187 §3.2.1: for names that are not plain ASCII.
std::string extended(std::string_view text) {
  std::string out = "UTF-8''";
  for (char c : text) {
    bool plain = is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (plain) out += c;
    else out += cat('%', hex(static_cast<unsigned char>(c), 2));
  }
  return out;
}

bool is_plain(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c >= 0x20 && c < 0x7f; });
}

}  // namespace

std::optional<DigestChallenge> find_digest(std::string_view challenges) {
  std::optional<DigestChallenge> best;
  Candidate candidate;
  ChallengeReader reader(challenges);
  while (auto word = reader.next()) {
    if (word->value) {
      candidate.take(word->name, *word->value);
      continue;
    }
    candidate.offer(best);
    candidate = {};
    candidate.is_digest = equal_ignoring_case(word->name, "Digest");
  }
  candidate.offer(best);
  return best;
}

Authentication::Authentication(std::string_view credentials) : known_(!credentials.empty()) {
  size_t colon = std::min(credentials.find(':'), credentials.size());
  user_ = credentials.substr(0, colon);
  password_ = credentials.substr(std::min(colon + 1, credentials.size()));
}

bool Authentication::on_challenge(std::string_view challenges) {
  if (count_ > 1) challenges_ = 0;  // the nonce has been of use
  if (!known_ || ++challenges_ > kMostChallenges) return false;
  auto found = find_digest(challenges);
  // RFC 7616 §3.3: what was right with an old nonce is "stale"; anything else was wrong.
  if (!found || (challenge_ && (!found->stale || found->nonce == challenge_->nonce))) return false;
  challenge_ = std::move(found);
  count_ = 0;
  return true;
}

std::string Authentication::answer(std::string_view method, std::string_view target,
                                   uint64_t random) {
  if (!known_) return "";
  if (!challenge_) return cat("Basic ", base64(bytes_of(cat(user_, ":", password_))));
  if (count_ == 0) client_nonce_ = hex(random, 16);  // "-sess" hashes the first one into its key
  return digest_answer(method, target);
}

std::string digest_response(const DigestChallenge& challenge, std::string_view user,
                            std::string_view password, std::string_view method,
                            std::string_view target, std::string_view count,
                            std::string_view client_nonce) {
  DigestKind kind = challenge.kind;
  std::string key = hash(kind, cat(user, ":", challenge.realm, ":", password));
  if (challenge.session) key = hash(kind, cat(key, ":", challenge.nonce, ":", client_nonce));
  std::string middle = challenge.qop ? cat(":", count, ":", client_nonce, ":auth:") : ":";
  return hash(kind, cat(key, ":", challenge.nonce, middle, hash(kind, cat(method, ":", target))));
}

/// RFC 7616 §3.4.
std::string Authentication::digest_answer(std::string_view method, std::string_view target) {
  const DigestChallenge& c = *challenge_;
  std::string count = hex(++count_, 8);
  std::string text = "Digest ";
  if (c.hash_user)
    text += cat("username=", quote(hash(c.kind, cat(user_, ":", c.realm))), ", userhash=true");
  else if (is_plain(user_)) text += cat("username=", quote(user_));
  else text += cat("username*=", extended(user_));
  text += cat(", realm=", quote(c.realm), ", nonce=", quote(c.nonce), ", uri=", quote(target),
              ", response=\"",
              digest_response(c, user_, password_, method, target, count, client_nonce_), "\"");
  if (!c.algorithm.empty()) text += cat(", algorithm=", c.algorithm);  // a name that we know
  if (!c.opaque.empty()) text += cat(", opaque=", quote(c.opaque));
  if (c.qop) text += cat(", qop=auth, nc=", count, ", cnonce=\"", client_nonce_, '"');
  return text;
}

}  // namespace hawser::http
